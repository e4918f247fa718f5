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
    return 0;
}
