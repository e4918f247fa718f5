/* Keys, identities and requests with proofs: for the table. */
#include "spoil.h"

#define URL "https://api.example/x"
#define NOW 1800000000u
/* Of tests/vectors: id-token-good-es256, and the example of RFC 9449 §4.1. */
#define ID_TOKEN                                                                                                       \
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImVjLTEiLCJ0eXAiOiJKV1QifQ."                                                          \
    "eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUiLCJzdWIiOiIyNDgyODk3NjEwMDEiLCJhdWQiOiJhZ2VudCIsImV4cCI6MTgwMDAwMzYwMCwiaWF0" \
    "IjoxNzk5OTk5OTkwLCJub25jZSI6Im4tMFM2X1d6QTJNaiIsImF0X2hhc2giOiJSOFBZYUlRZGNZRWRrU2M5VGVHeWlRIn0."                 \
    "w0fhQxZB1dHDqbIprgX-2mvspILnBaFEQKzy110EcAMrOtIaUl8UU-c05jxQwYan8ik0eUPd2pKsDgJaT0q11g"
#define KEYS                                                                                                           \
    "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"XXjeSMqPqp2W5r3meCaksIcKSaLN5jzKOWxPA5kmoAo\","              \
    "\"y\":\"Pgo2gxnUQuLjzx6SlCPtVshC8Bxhk4DZTeAPjp-1cCE\",\"kid\":\"ec-1\",\"use\":\"sig\"}]}"
#define PROOF                                                                                                          \
    "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJo" \
    "RjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19."    \
    "eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0" \
    "IjoxNTYyMjYyNjE2fQ."                                                                                              \
    "2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg"

/* A function that makes a handle: it is freed at once. */
#define MADE(type, call)                                                                                               \
    do {                                                                                                               \
        pk_##type made = {0};                                                                                          \
        pk_##type *place = spoil == NO_OUT ? NULL : &made;                                                             \
        pk_status status = call;                                                                                       \
        (void)handle;                                                                                                  \
        if (status == PK_OK) pk_##type##_free(made);                                                                   \
        return status;                                                                                                 \
    } while (0)
#define FREES(type)                                                                                                    \
    pk_status type##_free(uint64_t handle, enum spoil spoil, pk_error *error) {                                        \
        pk_##type freed = {handle};                                                                                    \
        (void)error;                                                                                                   \
        ONLY("");                                                                                                      \
        return pk_##type##_free(freed);                                                                                \
    }
FREES(dpop_nonces)
FREES(identity)
FREES(authorized)
FREES(resource_call)
FREES(dpop_proof)

/* A key of the platform's: its public half is the base point of P-256, and any 64 bytes are taken for a signature. */
static const char point[] = "\x03\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2"
                            "\x77\x03\x7d\x81\x2d\xeb\x33\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96";
static const char signature[] = "1111111111111111111111111111111111111111111111111111111111111111";

/* What answers a step of a sign-in whose tokens are bound to that key. */
static void answer(const pk_step *step, pk_http_response *response, char *redirect, size_t room, pk_event *event) {
    static const pk_header header = {PK_LITERAL("content-type"), PK_LITERAL("application/json")};
    const char *state;
    *event = (pk_event)PK_EVENT_INIT;
    switch (step->kind) {
        case PK_STEP_LOCK: event->kind = PK_EVENT_LOCKED; break;
        case PK_STEP_UNLOCK: event->kind = PK_EVENT_OK; break;
        case PK_STEP_LOAD: event->kind = PK_EVENT_LOADED; break;
        case PK_STEP_SWAP:
            event->kind = PK_EVENT_SWAPPED;
            event->swapped = 1;
            break;
        case PK_STEP_KEY:
            event->kind = PK_EVENT_PUBLIC_KEY;
            event->sec1 = (pk_text){point, sizeof point - 1};
            break;
        case PK_STEP_SIGN:
            event->kind = PK_EVENT_SIGNED;
            event->signature = (pk_text){signature, sizeof signature - 1};
            break;
        case PK_STEP_BROWSE:
            state = strstr(step->url.data, "&state=");
            CHECK(state != NULL);
            snprintf(redirect, room, "https://app.example/cb?code=c-1&state=%.43s", state + 7);
            event->kind = PK_EVENT_REDIRECT;
            event->redirect = view(redirect, GOOD);
            break;
        default:
            CHECK(step->kind == PK_STEP_SEND);
            event->kind = PK_EVENT_RESPONSE;
            response->status = 200;
            response->headers = &header;
            response->header_count = 1;
            response->body = view("{\"access_token\":\"at-1\",\"token_type\":\"DPoP\"}", GOOD);
            event->response = response;
    }
}

/* Tokens that are bound to the platform's key, signed in for once. */
static pk_tokens bound_tokens(void) {
    static pk_tokens tokens;
    pk_access_config config = PK_ACCESS_CONFIG_INIT;
    pk_access_outcome outcome = PK_ACCESS_OUTCOME_INIT;
    pk_event event = PK_EVENT_INIT;
    pk_http_response response = PK_HTTP_RESPONSE_INIT;
    pk_access access;
    char redirect[128];
    if (tokens.id != 0) return tokens;
    config.issuer = view("https://as.example", GOOD);
    config.resource = view("https://api.example/", GOOD);
    config.authorization_endpoint = view("https://as.example/authorize", GOOD);
    config.token_endpoint = view("https://as.example/token", GOOD);
    config.client_id = view("agent", GOOD);
    config.redirect_uri = view("https://app.example/cb", GOOD);
    config.dpop = PK_DPOP_REQUIRED;
    config.dpop_key = view("key-1", GOOD);
    CHECK(pk_access_new(&config, PK_GOAL_SIGN_IN, NULL, &access, NULL) == PK_OK);
    event.kind = PK_EVENT_START;
    for (;;) {
        pk_step step = PK_STEP_INIT;
        CHECK(pk_access_advance(access, &event, NOW, &step, NULL) == PK_OK);
        if (step.kind == PK_STEP_DONE) break;
        answer(&step, &response, redirect, sizeof redirect, &event);
    }
    CHECK(pk_access_take_outcome(access, &outcome, NULL, NULL) == PK_OK && pk_access_free(access) == PK_OK);
    tokens = outcome.tokens;
    return tokens;
}

pk_status dpop_nonces_new(uint64_t handle, enum spoil spoil, pk_error *error) {
    ONLY("o");
    MADE(dpop_nonces, pk_dpop_nonces_new(place, error));
}
pk_status dpop_nonces_heard(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_dpop_nonces nonces = {handle};
    bool taken;
    ONLY("oith");
    return pk_dpop_nonces_heard(nonces, URL, strlen(URL), in("n-1", spoil), in_length("n-1", spoil),
                                spoil == NO_OUT ? NULL : &taken, error);
}

pk_status tokens_identity(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_tokens tokens = {handle};
    pk_identity identity;
    pk_status status;
    ONLY("o");
    status = pk_tokens_identity(tokens, spoil == NO_OUT ? NULL : &identity, error);
    return status == PK_NOTHING ? PK_OK : status;
}
pk_status identity_get(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_identity identity = {handle};
    pk_identity_fields fields = PK_IDENTITY_FIELDS_INIT;
    ONLY("os");
    if (spoil == BAD_SIZE) fields.size--;
    return pk_identity_get(identity, spoil == NO_OUT ? NULL : &fields, error);
}

/* The nonces are others than the tokens' handle: without any. */
static const pk_dpop_nonces none = {0};
pk_status tokens_authorize(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_tokens tokens = {handle};
    ONLY("oith");
    MADE(authorized,
         pk_tokens_authorize(tokens, "GET", 3, in(URL, spoil), in_length(URL, spoil), 1, none, place, error));
}
pk_status tokens_authorize_now(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_tokens tokens = {handle};
    ONLY("oith");
    MADE(authorized, pk_tokens_authorize_now(tokens, in("GET", spoil), in_length("GET", spoil), URL, strlen(URL), NOW,
                                             none, place, error));
}
pk_status authorized_unsigned(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_authorized authorized = {handle};
    pk_unsigned_proof proof = PK_UNSIGNED_PROOF_INIT;
    pk_status status;
    ONLY("os");
    if (spoil == BAD_SIZE) proof.size--;
    status = pk_authorized_unsigned(authorized, spoil == NO_OUT ? NULL : &proof, error);
    return status == PK_NOTHING ? PK_OK : status;
}
pk_status authorized_sign(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_authorized authorized = {handle};
    pk_status status;
    ONLY("it");
    status = pk_authorized_sign(authorized, in(signature, spoil), in_length(signature, spoil), error);
    return status == PK_NOTHING ? PK_OK : status;
}
pk_status authorized_authorization(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_authorized authorized = {handle};
    ONLY("bn");
    TEXT_CALL(pk_authorized_authorization(authorized, OUT_TEXT, error));
}
pk_status authorized_dpop(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_authorized authorized = {handle};
    ONLY("bn");
    TEXT_CALL(pk_authorized_dpop(authorized, OUT_TEXT, error));
}

pk_status resource_call_new(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_text ceiling = view("read", spoil == TOO_LONG ? GOOD : spoil);
    ONLY("oith");
    MADE(resource_call, pk_resource_call_new(&ceiling, spoil == TOO_LONG ? SIZE_MAX : 1, place, error));
}
pk_status resource_call_answered(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_resource_call call = {handle};
    pk_text field = PK_LITERAL("Bearer");
    pk_resource_answer answer = PK_RESOURCE_ANSWER_INIT;
    pk_reaction reaction = PK_REACTION_INIT;
    ONLY("oiths");
    answer.status = 200;
    answer.granted_scope = view("read", spoil == TOO_LONG || spoil == NO_INPUT ? GOOD : spoil);
    answer.www_authenticate = spoil == NO_INPUT ? NULL : &field;
    answer.www_authenticate_count = spoil == TOO_LONG ? SIZE_MAX : 1;
    if (spoil == BAD_SIZE) reaction.size++;
    return pk_resource_call_answered(call, &answer, spoil == NO_OUT ? NULL : &reaction, error);
}
pk_status access_end_session_url(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_access access = {handle};
    pk_status status;
    ONLY("");
    status = pk_access_end_session_url(access, NULL, 0, NULL, error);
    return status == PK_NOTHING ? PK_OK : status;
}

static pk_id_token given_token(enum spoil spoil) {
    pk_id_token given = PK_ID_TOKEN_INIT;
    if (spoil == BAD_SIZE) given.size++;
    given.token = view(ID_TOKEN, spoil);
    given.keys = view(KEYS, GOOD);
    given.issuer = view("https://as.example", GOOD);
    given.client_id = view("agent", GOOD);
    given.nonce = view("n-0S6_WzA2Mj", GOOD);
    given.access_token = view("at-1", GOOD);
    given.now = NOW;
    return given;
}
pk_status id_token_verify(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_id_token given = given_token(spoil);
    ONLY("oiths");
    MADE(identity, pk_id_token_verify(&given, place, error));
}
pk_status key_set_read(uint64_t handle, enum spoil spoil, pk_error *error) {
    size_t count;
    (void)handle;
    ONLY("oit"); /* a body is bytes: it need not be UTF-8 */
    return pk_key_set_read(in(KEYS, spoil), in_length(KEYS, spoil), spoil == NO_OUT ? NULL : &count, error);
}

static pk_dpop_request given_proof(enum spoil spoil) {
    pk_dpop_request request = PK_DPOP_REQUEST_INIT;
    if (spoil == BAD_SIZE) request.size--;
    request.proof = view(PROOF, spoil);
    request.method = view("POST", GOOD);
    request.url = view("https://server.example.com/token", GOOD);
    request.now = 1562262616;
    request.window_s = 60;
    return request;
}
pk_status dpop_proof_check(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_dpop_request request = given_proof(spoil);
    ONLY("oiths");
    MADE(dpop_proof, pk_dpop_proof_check(&request, place, error));
}
pk_status dpop_proof_get(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_dpop_proof proof = {handle};
    pk_dpop_proof_fields fields = PK_DPOP_PROOF_FIELDS_INIT;
    ONLY("os");
    if (spoil == BAD_SIZE) fields.size--;
    return pk_dpop_proof_get(proof, spoil == NO_OUT ? NULL : &fields, error);
}
pk_status raw_signature(uint64_t handle, enum spoil spoil, pk_error *error) {
    uint8_t raw[64];
    (void)handle;
    ONLY("oit");
    return pk_raw_signature(in(signature, spoil), in_length(signature, spoil), spoil == NO_OUT ? NULL : raw, error);
}

uint64_t make_dpop_nonces(void) {
    pk_dpop_nonces nonces = {0};
    CHECK(pk_dpop_nonces_new(&nonces, NULL) == PK_OK);
    return nonces.id;
}
uint64_t make_identity(void) {
    pk_id_token given = given_token(GOOD);
    pk_identity identity = {0};
    CHECK(pk_id_token_verify(&given, &identity, NULL) == PK_OK);
    return identity.id;
}
/* Signed for by the platform's key. */
uint64_t make_authorized(void) {
    pk_authorized authorized = {0};
    pk_unsigned_proof proof = PK_UNSIGNED_PROOF_INIT;
    CHECK(pk_tokens_authorize_now(bound_tokens(), "GET", 3, URL, strlen(URL), NOW, none, &authorized, NULL) == PK_OK);
    CHECK(pk_authorized_unsigned(authorized, &proof, NULL) == PK_OK && strcmp(proof.key_id.data, "key-1") == 0);
    CHECK(pk_authorized_sign(authorized, signature, sizeof signature - 1, NULL) == PK_OK);
    return authorized.id;
}
uint64_t make_resource_call(void) {
    pk_resource_call call = {0};
    CHECK(pk_resource_call_new(NULL, 0, &call, NULL) == PK_OK);
    return call.id;
}
uint64_t make_dpop_proof(void) {
    pk_dpop_request request = given_proof(GOOD);
    pk_dpop_proof proof = {0};
    request.proof = view("none", GOOD); /* which costs nothing to find out */
    CHECK(pk_dpop_proof_check(&request, &proof, NULL) == PK_OK);
    return proof.id;
}
