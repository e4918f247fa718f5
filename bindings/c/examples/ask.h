/* A request to the resource with all of its tries. */
#ifndef ASK_H
#define ASK_H

#include "drive.h"

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
 * that asks for more; each is tried so often and no more. The last answer is in *answer then. */
static pk_status ask(const char *url, const pk_access_config *config, uint32_t goal, pk_access_run run,
                     struct driver *driver, pk_tokens *tokens, struct answer *answer, pk_error *error) {
    pk_resource_call call = {0};
    pk_status status = pk_resource_call_new(NULL, 0, &call, error);
    while (status == PK_OK) {
        uint8_t fingerprint[32];
        pk_text fields[MAX_HEADERS], nonce[MAX_HEADERS];
        pk_resource_answer said = PK_RESOURCE_ANSWER_INIT;
        pk_reaction reaction = PK_REACTION_INIT;
        bool taken;
        status = request(url, *tokens, run.nonces, answer, error);
        if (status != PK_OK) break;
        if (header_values(answer, "DPoP-Nonce", nonce) == 1)
            pk_dpop_nonces_heard(run.nonces, url, strlen(url), nonce[0].data, nonce[0].length, &taken, NULL);
        said.status = (uint16_t)answer->status;
        said.tokens = *tokens;
        said.www_authenticate = fields;
        said.www_authenticate_count = header_values(answer, "WWW-Authenticate", fields);
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
    return status;
}

#endif
