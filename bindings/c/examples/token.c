/* Gives a fresh access token for a resource, from the store that all languages and the program `proofkey` share.
 *
 *   token [-b | --device] [-c CLIENT_ID] [-n CLIENT_NAME] RESOURCE [URL]
 *
 * The token is printed; with a URL, which lies in the resource, that is asked for with it and its answer is printed.
 * What is kept is used, and refreshed when it must be. Where that is not enough a user is needed: with -b the browser
 * opens (the program that the environment variable BROWSER names, else xdg-open), with --device a code is shown that
 * is entered on another device. -c names a client that is registered, -n one that registers itself.
 *
 * Where the server offers it the token is bound to a key, which the library makes and keeps with it: a copy of the
 * token alone is of no use then, and a URL is to be asked for here. */
#define _POSIX_C_SOURCE 200809L

#include "drive.h"

#include <getopt.h>
#include <strings.h>

/* The values of the header fields of this name. Returns how many there are. */
static size_t header_values(const struct answer *answer, const char *name, pk_text values[MAX_HEADERS]) {
    size_t count = 0;
    for (size_t i = 0; i < answer->header_count; i++)
        if (answer->headers[i].name.length == strlen(name) &&
            strncasecmp(answer->headers[i].name.data, name, strlen(name)) == 0)
            values[count++] = answer->headers[i].value;
    return count;
}

/* One try of a request: with the token, and a proof of its key where it is bound to one. */
static pk_status request(const char *url, pk_tokens tokens, pk_dpop_nonces nonces, struct answer *answer,
                         pk_error *error) {
    char authorization[8192], dpop[8192] = "";
    pk_authorized authorized = {0};
    pk_status status =
        pk_tokens_authorize_now(tokens, "GET", 3, url, strlen(url), (uint64_t)time(NULL), nonces, &authorized, error);
    if (status == PK_OK)
        status = pk_authorized_authorization(authorized, authorization, sizeof authorization, NULL, error);
    if (status == PK_OK) status = pk_authorized_dpop(authorized, dpop, sizeof dpop, NULL, error);
    if (status == PK_NOTHING) status = PK_OK; /* it is bound to none */
    if (status == PK_OK && call_resource(url, authorization, dpop, answer, error) != 0) status = PK_ERROR;
    pk_authorized_free(authorized);
    wipe(authorization, sizeof authorization);
    wipe(dpop, sizeof dpop);
    return status;
}

/* Asks for the URL. What the answer means for the token is the library's to say: another proof, a refresh, or a sign-in
 * that asks for more; each is tried so often and no more. */
static pk_status ask(const char *url, const pk_access_config *config, uint32_t goal, pk_access_run run,
                     struct driver *driver, pk_tokens *tokens, pk_error *error) {
    static struct answer answer;
    pk_resource_call call = {0};
    pk_status status = pk_resource_call_new(NULL, 0, &call, error);
    while (status == PK_OK) {
        uint8_t fingerprint[32];
        pk_text fields[MAX_HEADERS], nonce[MAX_HEADERS];
        pk_resource_answer said = PK_RESOURCE_ANSWER_INIT;
        pk_reaction reaction = PK_REACTION_INIT;
        bool taken;
        status = request(url, *tokens, run.nonces, &answer, error);
        if (status != PK_OK) break;
        if (header_values(&answer, "DPoP-Nonce", nonce) == 1)
            pk_dpop_nonces_heard(run.nonces, url, strlen(url), nonce[0].data, nonce[0].length, &taken, NULL);
        said.status = (uint16_t)answer.status;
        said.tokens = *tokens;
        said.www_authenticate = fields;
        said.www_authenticate_count = header_values(&answer, "WWW-Authenticate", fields);
        status = pk_resource_call_answered(call, &said, &reaction, error);
        if (status != PK_OK || reaction.kind == PK_REACTION_ACCEPT) break;
        if (reaction.kind == PK_REACTION_RETRY) continue;
        if (reaction.kind == PK_REACTION_SIGN_IN && goal == PK_GOAL_TOKEN) {
            fprintf(stderr, "the resource wants another sign-in: allow one with -b or --device\n");
            break;
        }
        run.www_authenticate = said.www_authenticate;
        run.www_authenticate_count = said.www_authenticate_count;
        if (reaction.kind == PK_REACTION_SIGN_IN) {
            run.step_up = &reaction.step_up;
            run.rejected = NULL;
        } else {
            pk_tokens_fingerprint(*tokens, fingerprint, NULL);
            run.rejected = fingerprint;
            run.step_up = NULL;
        }
        pk_tokens_free(*tokens);
        *tokens = (pk_tokens){0};
        status = get_tokens(config, reaction.kind == PK_REACTION_SIGN_IN ? PK_GOAL_SIGN_IN : goal, &run, driver, tokens,
                            error);
    }
    pk_resource_call_free(call);
    if (status == PK_OK) printf("%ld %.*s\n", answer.status, (int)answer.body_used, answer.body);
    return status;
}

static pk_status print_token(pk_tokens tokens, pk_error *error) {
    char token[8192];
    pk_status status = pk_tokens_expose_access_token(tokens, token, sizeof token, NULL, error);
    if (status == PK_OK) puts(token);
    wipe(token, sizeof token);
    return status;
}

/* Opens the shared store, and its key. */
static pk_status open_store(struct driver *driver, pk_data_key *key, pk_error *error) {
    static char folder[4096];
    uint32_t place = 0;
    pk_status status = pk_file_store_default_folder(folder, sizeof folder, NULL, error);
    if (status == PK_OK) status = pk_file_store_open(folder, strlen(folder), &driver->store, error);
    if (status == PK_OK) status = pk_file_store_key_place(driver->store, &place, error);
    if (status != PK_OK) return status;
    /* A program that knows a keyring reads PK_KEYRING_SERVICE, PK_KEYRING_ACCOUNT there, and where the place is
     * undecided makes the entry. This one does not, and then says so: it never makes a second key. */
    if (place == PK_KEY_PLACE_UNDECIDED)
        fprintf(stderr,
                "what is kept is sealed under a key that lies beside it in %s: other users cannot read it, "
                "other programs of yours can\n",
                folder);
    return pk_file_store_file_key(driver->store, key, error);
}

int main(int argc, char **argv) {
    static struct driver driver;
    pk_error error = PK_ERROR_INIT;
    pk_access_config config = PK_ACCESS_CONFIG_INIT;
    pk_access_run run = PK_ACCESS_RUN_INIT;
    pk_tokens tokens = {0};
    uint32_t goal = PK_GOAL_TOKEN;
    struct sigaction action = {.sa_handler = interrupt};
    static const struct option names[] = {{"device", no_argument, NULL, 'd'}, {NULL, 0, NULL, 0}};
    int option;
    config.dpop = PK_DPOP_PREFERRED;
    while ((option = getopt_long(argc, argv, "bdc:n:", names, NULL)) != -1) {
        if (option == 'b' || option == 'd') goal = PK_GOAL_TOKEN_OR_SIGN_IN;
        if (option == 'b')
            config.device = 0;
        else if (option == 'd')
            config.device = 1;
        else if (option == 'c')
            config.client_id = text(optarg);
        else if (option == 'n')
            config.client_name = text(optarg);
        else
            optind = argc;
    }
    if (argc - optind < 1 || argc - optind > 2) return fprintf(stderr, "see the head of token.c\n"), 2;
    config.resource = text(argv[optind]);
    sigaction(SIGINT, &action, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    pk_status status = PK_CHECK_VERSION(&error);
    if (status == PK_OK) status = pk_dpop_nonces_new(&run.nonces, &error);
    if (status == PK_OK) status = open_store(&driver, &run.data_key, &error);
    if (status == PK_OK) status = get_tokens(&config, goal, &run, &driver, &tokens, &error);
    if (status == PK_OK && argc - optind == 2)
        status = ask(argv[optind + 1], &config, goal, run, &driver, &tokens, &error);
    else if (status == PK_OK)
        status = print_token(tokens, &error);
    if (status != PK_OK) fprintf(stderr, "%s\n%s\n", error.message, error.advice);
    pk_tokens_free(tokens);
    pk_data_key_free(run.data_key);
    pk_dpop_nonces_free(run.nonces);
    pk_file_store_free(driver.store);
    curl_global_cleanup();
    return status != PK_OK;
}
