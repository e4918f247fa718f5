/* What tests/faults has to do, a line each, and what comes of it, a line each: the
 * codes of errors, and `ok` with the scopes, with commas between them.
 *
 *   MEETS TRIES TIMEOUT_S WHERE CLIENT_ID STORE SCOPE... */
#define _POSIX_C_SOURCE 200809L

#include "ask.h"

enum { MAX_WORDS = 16 };

struct fault_case {
    const char *meets, *place, *store;
    int tries;
    pk_text scopes[MAX_WORDS];
    pk_access_config config;
};

static int meets(const struct fault_case *one, const char *name) { return strcmp(one->meets, name) == 0; }

static int read_case(char *line, struct fault_case *one) {
    char *words[MAX_WORDS];
    size_t count = 0;
    for (char *word = strtok(line, " \n"); word != NULL && count < MAX_WORDS; word = strtok(NULL, " \n"))
        words[count++] = word;
    if (count < 6) return -1;
    one->meets = words[0];
    one->tries = atoi(words[1]);
    one->place = words[3];
    one->store = words[5];
    for (size_t i = 6; i < count; i++) one->scopes[i - 6] = text(words[i]);
    one->config = (pk_access_config)PK_ACCESS_CONFIG_INIT;
    one->config.browse_timeout_ms = (uint64_t)atoi(words[2]) * 1000;
    one->config.client_id = text(words[4]);
    one->config.scopes = one->scopes;
    one->config.scope_count = count - 6;
    one->config.device = meets(one, "device");
    one->config.push = meets(one, "push");
    one->config.dpop = meets(one, "dpop") ? PK_DPOP_REQUIRED : PK_DPOP_NEVER;
    if (meets(one, "request"))
        one->config.resource = text(one->place);
    else
        one->config.issuer = text(one->place);
    return 0;
}

/* One try, and what came of it as a word or more. Returns whether it succeeded.
 */
static int attempt(const struct fault_case *one, uint32_t goal, int asks, char *said, size_t room) {
    static struct driver driver;
    static struct answer answer;
    pk_error error = PK_ERROR_INIT;
    pk_access_run run = PK_ACCESS_RUN_INIT;
    pk_tokens tokens = {0};
    char scope[1024];
    memset(&driver, 0, sizeof driver);
    memset(&answer, 0, sizeof answer);
    pk_status status = pk_dpop_nonces_new(&run.nonces, &error);
    if (status == PK_OK) status = pk_file_store_open(one->store, strlen(one->store), &driver.store, &error);
    if (status == PK_OK) status = pk_file_store_file_key(driver.store, &run.data_key, &error);
    if (status == PK_OK) status = get_tokens(&one->config, goal, &run, &driver, &tokens, &error);
    if (status == PK_OK && asks) status = ask(one->place, &one->config, goal, run, &driver, &tokens, &answer, &error);
    if (status == PK_OK) status = pk_tokens_scope(tokens, scope, sizeof scope, NULL, &error);
    if (status != PK_OK)
        snprintf(said, room, "%s", error.code);
    else if (asks && answer.status != 200)
        snprintf(said, room, "http_%ld", answer.status);
    else
        snprintf(said, room, "ok%s%s", asks || *scope == '\0' ? "" : " ", asks ? "" : scope);
    pk_tokens_free(tokens);
    pk_data_key_free(run.data_key);
    pk_dpop_nonces_free(run.nonces);
    pk_file_store_free(driver.store);
    return status == PK_OK;
}

int main(void) {
    char line[8192], said[2048];
    struct sigaction action = {.sa_handler = interrupt};
    sigaction(SIGINT, &action, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    while (fgets(line, sizeof line, stdin) != NULL) {
        struct fault_case one;
        memset(&one, 0, sizeof one);
        if (read_case(line, &one) != 0) return 2;
        int signed_in = attempt(&one, PK_GOAL_SIGN_IN, 0, said, sizeof said);
        if (signed_in && meets(&one, "request"))
            attempt(&one, PK_GOAL_TOKEN_OR_SIGN_IN, 1, said, sizeof said);
        else if (signed_in && meets(&one, "refresh"))
            for (int i = 0; i < one.tries; i++) {
                attempt(&one, PK_GOAL_TOKEN, 0, said, sizeof said);
                if (i + 1 < one.tries) printf("%s,", said);
            }
        else if (meets(&one, "refresh"))
            printf("sign-in: ");
        printf("%s\n", said);
        fflush(stdout);
    }
    curl_global_cleanup();
    return 0;
}
