/* No text that the library says holds a secret: neither the code, the verifier, the state nor a token, whatever the
 * server answers and whoever sends the redirect. Every window of 8 bytes is looked for. */
#include "functions.h"

#define CODE "canary-code-7Qe2xV9mLr4Tz8Kp"
#define TOKEN "canary-token-3Hs6wB1nYd5Ug0Jc"
#define TEXT(literal) ((pk_text){literal, sizeof literal - 1})

static char verifier[64], state[64];

/* Whether a window of the secret stands in these bytes. */
static int holds(const void *bytes, size_t size, const char *secret) {
    for (size_t from = 0; from + 8 <= strlen(secret); from++)
        for (size_t at = 0; at + 8 <= size; at++)
            if (memcmp((const char *)bytes + at, secret + from, 8) == 0) return 1;
    return 0;
}

static void check_silent(const pk_error *error) {
    CHECK(!holds(error, sizeof *error, CODE));
    CHECK(!holds(error, sizeof *error, TOKEN));
    CHECK(!holds(error, sizeof *error, state));
    CHECK(verifier[0] == 0 || !holds(error, sizeof *error, verifier));
}

/* The 43 characters after a parameter's name. */
static void copy_parameter(char *to, const char *text, size_t length, const char *name) {
    for (size_t at = 0; at + strlen(name) + 43 <= length; at++)
        if (memcmp(text + at, name, strlen(name)) == 0) {
            memcpy(to, text + at + strlen(name), 43);
            to[43] = 0;
            return;
        }
    CHECK(!"the parameter is there");
}

static pk_session begin(void) {
    pk_error error = PK_ERROR_INIT;
    pk_authorization_request request = PK_AUTHORIZATION_REQUEST_INIT;
    pk_session session;
    char url[PK_REDIRECT_CAPACITY];
    size_t length;
    request.issuer = TEXT("https://as.example");
    request.authorization_endpoint = TEXT("https://as.example/authorize");
    request.token_endpoint = TEXT("https://as.example/token");
    request.client_id = TEXT("agent");
    request.redirect_uri = TEXT("http://127.0.0.1:4711/callback");
    CHECK(pk_session_begin(&request, &session, &error) == PK_OK);
    CHECK(pk_session_authorization_url(session, url, sizeof url, &length, &error) == PK_OK);
    copy_parameter(state, url, length, "&state=");
    verifier[0] = 0;
    return session;
}

/* A redirect with this query, in which %s is the state, is no success; what is said of it is silent. */
static void redirect_is_silent(const char *query) {
    pk_error error = PK_ERROR_INIT;
    pk_session session = begin();
    pk_token_request request;
    char uri[1024];
    int length = snprintf(uri, sizeof uri, query, state);
    CHECK(pk_session_complete(session, uri, (size_t)length, &request, &error) != PK_OK);
    check_silent(&error);
    CHECK(pk_session_free(session) == PK_OK);
}

/* An answer with this body, in which the code and the verifier stand as %s in this order, is an error that says
 * neither. */
static void answer_is_silent(uint16_t status, const char *body) {
    pk_error error = PK_ERROR_INIT;
    pk_session session = begin();
    pk_token_request request;
    pk_http_request http = PK_HTTP_REQUEST_INIT;
    pk_http_response response = PK_HTTP_RESPONSE_INIT;
    pk_tokens tokens;
    const pk_header type = {TEXT("Content-Type"), TEXT("application/json")};
    char uri[512], text[1024];
    int length = snprintf(uri, sizeof uri, "http://127.0.0.1:4711/callback?code=%s&state=%s", CODE, state);
    CHECK(pk_session_complete(session, uri, (size_t)length, &request, &error) == PK_OK);
    CHECK(pk_token_request_http(request, &http, &error) == PK_OK);
    CHECK(holds(http.body.data, http.body.length, CODE)); /* the control: the search finds what is there */
    copy_parameter(verifier, http.body.data, http.body.length, "&code_verifier=");
    length = snprintf(text, sizeof text, body, CODE, verifier);
    response.status = status;
    response.headers = &type;
    response.header_count = 1;
    response.body = (pk_text){text, (size_t)length};
    CHECK(pk_token_request_tokens(request, &response, 0, &tokens, &error) == PK_ERROR);
    check_silent(&error);
    CHECK(pk_token_request_free(request) == PK_OK);
    CHECK(pk_session_free(session) == PK_OK);
}

/* Nor does an error say a token, a data key or what is stored. */
static void refusals_are_silent(void) {
    pk_error error = PK_ERROR_INIT;
    pk_session session = begin();
    pk_token_request request;
    pk_http_response response = PK_HTTP_RESPONSE_INIT;
    pk_tokens tokens;
    pk_data_key key;
    const pk_header type = {TEXT("Content-Type"), TEXT("application/json")};
    char uri[512], value[8192];
    int length = snprintf(uri, sizeof uri, "http://127.0.0.1:4711/callback?code=%s&state=%s", CODE, state);
    CHECK(pk_session_complete(session, uri, (size_t)length, &request, &error) == PK_OK);
    response.status = 200;
    response.headers = &type;
    response.header_count = 1;
    response.body = TEXT("{\"access_token\":\"" TOKEN "\",\"token_type\":\"Bearer\"}");
    CHECK(pk_token_request_tokens(request, &response, 0, &tokens, &error) == PK_OK);
    CHECK(pk_tokens_authorization(tokens, "https://x.example/", 18, 0, value, sizeof value, NULL, &error) == PK_ERROR);
    check_silent(&error);
    CHECK(strcmp(error.code, "wrong_resource") == 0 && holds(&error, sizeof error, "x.example"));
    CHECK(pk_tokens_free(tokens) == PK_OK && pk_token_request_free(request) == PK_OK);
    CHECK(pk_data_key_from_text(TOKEN, strlen(TOKEN), &key, &error) == PK_ERROR);
    check_silent(&error);
    CHECK(pk_data_key_generate(&key, &error) == PK_OK);
    CHECK(pk_session_open(key, TEXT(TOKEN), TEXT("https://as.example"), TEXT("agent"), TEXT("https://app.example/cb"),
                          0, &session, &error) == PK_ERROR);
    check_silent(&error);
    CHECK(pk_data_key_free(key) == PK_OK && pk_session_free(session) == PK_OK);
}

/* A sign-in on another device, in whose answers the device code and the tokens are canaries. */
static pk_status device(uint32_t dpop, const char *answer, uint16_t status, pk_access_outcome *outcome,
                        pk_error *error) {
    const pk_header type = {TEXT("Content-Type"), TEXT("application/json")};
    const pk_text answers[] = {TEXT("{\"device_code\":\"" CODE "\",\"user_code\":\"A-1\",\"expires_in\":60,"
                                    "\"verification_uri\":\"https://as.example/device\"}"),
                               {answer, strlen(answer)}};
    size_t asked = 0;
    pk_access_config config = PK_ACCESS_CONFIG_INIT;
    pk_http_response response = PK_HTTP_RESPONSE_INIT;
    pk_event event = PK_EVENT_INIT;
    pk_access access;
    pk_status said;
    config.issuer = TEXT("https://as.example");
    config.resource = TEXT("https://api.example/");
    config.authorization_endpoint = TEXT("https://as.example/authorize");
    config.token_endpoint = TEXT("https://as.example/token");
    config.device_authorization_endpoint = TEXT("https://as.example/device_authorization");
    config.client_id = TEXT("agent");
    config.device = 1;
    config.dpop = dpop;
    CHECK(pk_access_new(&config, PK_GOAL_SIGN_IN, NULL, &access, error) == PK_OK);
    event.kind = PK_EVENT_START;
    for (;;) {
        pk_step step = PK_STEP_INIT;
        said = pk_access_advance(access, &event, 0, &step, error);
        if (said != PK_OK || step.kind == PK_STEP_DONE) break;
        event = (pk_event)PK_EVENT_INIT;
        event.swapped = 1;
        event.kind = step.kind == PK_STEP_LOCK        ? PK_EVENT_LOCKED
                     : step.kind == PK_STEP_LOAD      ? PK_EVENT_LOADED
                     : step.kind == PK_STEP_SWAP      ? PK_EVENT_SWAPPED
                     : step.kind == PK_STEP_UNLOCK    ? PK_EVENT_OK
                     : step.kind == PK_STEP_SHOW_CODE ? PK_EVENT_ELAPSED
                                                      : PK_EVENT_RESPONSE;
        if (step.kind == PK_STEP_SHOW_CODE) CHECK(!holds(step.user_code.data, step.user_code.length, CODE));
        if (step.kind != PK_STEP_SEND) continue;
        CHECK(asked < 2);
        response.status = asked == 0 ? 200 : status;
        response.headers = &type;
        response.header_count = 1;
        response.body = answers[asked++];
        event.response = &response;
    }
    CHECK(asked == 2);
    if (said == PK_OK) said = pk_access_take_outcome(access, outcome, NULL, error);
    CHECK(pk_access_free(access) == PK_OK);
    return said;
}

/* Nor does one of the device grant, of a token that is bound to a key, or of an ID token. */
static void possession_is_silent(void) {
    pk_error error = PK_ERROR_INIT;
    pk_access_outcome outcome = PK_ACCESS_OUTCOME_INIT;
    pk_id_token given = PK_ID_TOKEN_INIT;
    pk_identity identity;
    const pk_dpop_nonces none = {0};
    pk_authorized authorized;
    char value[64];
    const char *refused[] = {"{\"error\":\"access_denied\",\"error_description\":\"you sent " CODE "\"}",
                             "{\"error\":\"" CODE "\"}", CODE,
                             "{\"access_token\":\"" TOKEN "\",\"token_type\":\"mac\"}"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        CHECK(device(PK_DPOP_PREFERRED, refused[i], i < 3 ? 400 : 200, &outcome, &error) == PK_ERROR);
        check_silent(&error);
    }
    CHECK(device(PK_DPOP_REQUIRED, "{\"access_token\":\"" TOKEN "\",\"token_type\":\"Bearer\"}", 200, &outcome,
                 &error) == PK_ERROR);
    check_silent(&error);
    CHECK(strcmp(error.code, "token_not_bound") == 0);
    CHECK(device(PK_DPOP_REQUIRED, "{\"access_token\":\"" TOKEN "\",\"token_type\":\"DPoP\"}", 200, &outcome, &error) ==
          PK_OK);
    CHECK(pk_tokens_authorization(outcome.tokens, "https://api.example/", 20, 0, value, sizeof value, NULL, &error) ==
          PK_ERROR);
    check_silent(&error);
    CHECK(strcmp(error.code, "signing_failed") == 0);
    CHECK(pk_tokens_authorize(outcome.tokens, "GET", 3, "https://x.example/", 18, 0, none, &authorized, &error) ==
          PK_ERROR);
    check_silent(&error);
    CHECK(pk_tokens_authorize(outcome.tokens, "GET", 3, "https://api.example/", 20, 0, none, &authorized, &error) ==
          PK_OK);
    /* The control: there it is. */
    CHECK(pk_authorized_authorization(authorized, value, sizeof value, NULL, &error) == PK_OK);
    CHECK(holds(value, sizeof value, TOKEN));
    CHECK(pk_authorized_free(authorized) == PK_OK && pk_tokens_free(outcome.tokens) == PK_OK);

    given.keys = TEXT("{\"keys\":[]}");
    given.issuer = TEXT("https://as.example");
    given.client_id = TEXT("agent");
    given.access_token = TEXT(TOKEN);
    given.nonce = TEXT(CODE);
    /* {"alg":"none"}, {"alg":"HS256"}, and what is no JWT. */
    for (size_t i = 0; i < 3; i++) {
        given.token = i == 0   ? TEXT("eyJhbGciOiJub25lIn0." TOKEN ".")
                      : i == 1 ? TEXT("eyJhbGciOiJIUzI1NiJ9." TOKEN "." TOKEN)
                               : TEXT(TOKEN);
        CHECK(pk_id_token_verify(&given, &identity, &error) == PK_ERROR);
        check_silent(&error);
        CHECK(strcmp(error.code, "id_token_refused") == 0);
    }
}

int main(void) {
    redirect_is_silent("http://127.0.0.1:4711/callback?code=" CODE "&state=no%.0s");
    redirect_is_silent("http://127.0.0.1:4712/callback?code=" CODE "&state=%s");
    redirect_is_silent("http://127.0.0.1:4711/callback?code=" CODE "&state=%s&code=" CODE);
    redirect_is_silent("http://127.0.0.1:4711/callback?code=" CODE "&state=%s&error=access_denied");
    redirect_is_silent("http://127.0.0.1:4711/callback?code=" CODE "&state=%s&iss=https://" CODE ".example");
    redirect_is_silent("http://127.0.0.1:4711/callback?code=" CODE "%%00&state=%s");
    redirect_is_silent("http://127.0.0.1:4711/callback?state=%s#code=" CODE);

    answer_is_silent(400, "{\"error\":\"invalid_grant\",\"error_description\":\"you sent %s\"}");
    answer_is_silent(400, "{\"error\":\"invalid_grant\",\"error_description\":\"%s and %s\"}");
    answer_is_silent(400, "{\"error\":\"%s\"}");
    answer_is_silent(400, "%s %s");
    answer_is_silent(200, "{\"access_token\":\"" TOKEN "\",\"token_type\":\"mac\"}");
    answer_is_silent(200, "{\"access_token\":\"" TOKEN "\",\"token_type\":\"Bearer\",\"expires_in\":-1}");
    answer_is_silent(200, "{\"access_token\":\"" TOKEN "\",\"access_token\":\"" TOKEN "\"}");
    answer_is_silent(200, "{\"access_token\":\"" TOKEN "\"");
    answer_is_silent(500, "{\"error\":\"server_error\",\"error_description\":\"%s\"}");
    answer_is_silent(302, "%s");
    refusals_are_silent();
    possession_is_silent();
    return 0;
}
