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

#include "ask.h"

#include <getopt.h>

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
    static struct answer answer;
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
        status = ask(argv[optind + 1], &config, goal, run, &driver, &tokens, &answer, &error);
    else if (status == PK_OK)
        status = print_token(tokens, &error);
    if (status == PK_OK && argc - optind == 2) printf("%ld %.*s\n", answer.status, (int)answer.body_used, answer.body);
    if (status != PK_OK) fprintf(stderr, "%s\n%s\n", error.message, error.advice);
    pk_tokens_free(tokens);
    pk_data_key_free(run.data_key);
    pk_dpop_nonces_free(run.nonces);
    pk_file_store_free(driver.store);
    curl_global_cleanup();
    return status != PK_OK;
}
