#include "spoil.h"

#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define QUERY                                                                                                          \
    "response_type=code&client_id=agent&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=s"                           \
    "&scope=read&code_challenge_method=S256&code_challenge=" CHALLENGE

char shared_buffer[PK_REDIRECT_CAPACITY];
size_t shared_length;

static uint8_t bytes[32];

/* Asked for, and not granted. */
static pk_parameter details = {PK_LITERAL("authorization_details"), PK_LITERAL("[{\"type\":\"u\"}]")};

static pk_sign_in_config sign_in_config(enum spoil spoil) {
    static pk_text scope;
    pk_sign_in_config config = PK_SIGN_IN_CONFIG_INIT;
    scope = view("read", GOOD);
    if (spoil == BAD_SIZE) config.size--;
    config.issuer = view("https://as.example", spoil);
    config.authorization_endpoint = view("https://as.example/authorize", GOOD);
    config.token_endpoint = view("https://as.example/token", GOOD);
    config.client_id = view("agent", GOOD);
    config.loopback_path = view("/callback", GOOD);
    config.loopback_host = spoil == BAD_VALUE ? 77 : PK_HOST_V4;
    config.scopes = &scope;
    config.scope_count = 1;
    config.extra_parameters = &details;
    config.extra_parameter_count = 1;
    config.browse_timeout_ms = 60000;
    return config;
}

static pk_status version(uint64_t handle, enum spoil spoil, pk_error *error) {
    (void)handle;
    ONLY("bn");
    TEXT_CALL(pk_version(OUT_TEXT, error));
}
static pk_status check_version(uint64_t handle, enum spoil spoil, pk_error *error) {
    (void)handle;
    ONLY("");
    return PK_CHECK_VERSION(error);
}
static pk_status pair(uint64_t handle, enum spoil spoil, pk_error *error) {
    char challenge[44];
    (void)handle;
    ONLY("bn");
    TEXT_CALL(pk_pair(OUT_TEXT, challenge, sizeof challenge, NULL, error));
}
static pk_status challenge(uint64_t handle, enum spoil spoil, pk_error *error) {
    (void)handle;
    ONLY("ithbn");
    TEXT_CALL(pk_challenge(in(VERIFIER, spoil), in_length(VERIFIER, spoil), OUT_TEXT, error));
}
static pk_status challenge_read(uint64_t handle, enum spoil spoil, pk_error *error) {
    (void)handle;
    ONLY("oith");
    return pk_challenge_read(in(CHALLENGE, spoil), in_length(CHALLENGE, spoil), spoil == NO_OUT ? NULL : bytes, error);
}
static pk_status challenge_write(uint64_t handle, enum spoil spoil, pk_error *error) {
    (void)handle;
    ONLY("ibn");
    TEXT_CALL(pk_challenge_write(spoil == NO_INPUT ? NULL : bytes, OUT_TEXT, error));
}
static pk_status verify(uint64_t handle, enum spoil spoil, pk_error *error) {
    bool matches;
    (void)handle;
    ONLY("oith");
    return pk_verify(in(VERIFIER, spoil), in_length(VERIFIER, spoil), CHALLENGE, 43, spoil == NO_OUT ? NULL : &matches,
                     error);
}

static pk_status session_begin(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_authorization_request request = PK_AUTHORIZATION_REQUEST_INIT;
    pk_session session = {0};
    pk_status status;
    (void)handle;
    ONLY("oiths");
    if (spoil == BAD_SIZE) request.size++;
    request.issuer = view("https://as.example", GOOD);
    request.authorization_endpoint = view("https://as.example/authorize", GOOD);
    request.token_endpoint = view("https://as.example/token", GOOD);
    request.client_id = view("agent", spoil);
    request.redirect_uri = view("https://app.example/cb", GOOD);
    status = pk_session_begin(&request, spoil == NO_OUT ? NULL : &session, error);
    if (status == PK_OK) pk_session_free(session);
    return status;
}
static pk_status session_url(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_session session = {handle};
    ONLY("bn");
    TEXT_CALL(pk_session_authorization_url(session, OUT_TEXT, error));
}
static pk_status session_complete(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_session session = {handle};
    pk_token_request request;
    pk_status status;
    ONLY("oith");
    status = pk_session_complete(session, in("https://app.example/cb", spoil),
                                 in_length("https://app.example/cb", spoil), spoil == NO_OUT ? NULL : &request, error);
    return status == PK_NOT_OURS ? PK_OK : status;
}
static pk_status session_discard(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_session session = {handle};
    ONLY("");
    return pk_session_discard(session, error);
}
static pk_status session_free(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_session session = {handle};
    (void)error;
    ONLY("");
    return pk_session_free(session);
}
static pk_status token_request_http(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_token_request request = {handle};
    pk_http_request http = PK_HTTP_REQUEST_INIT;
    ONLY("os");
    if (spoil == BAD_SIZE) http.size--;
    return pk_token_request_http(request, spoil == NO_OUT ? NULL : &http, error);
}
static pk_http_response response(enum spoil spoil) {
    static pk_header header = {PK_LITERAL("content-type"), PK_LITERAL("application/json")};
    pk_http_response response = PK_HTTP_RESPONSE_INIT;
    if (spoil == BAD_SIZE) response.size--;
    response.status = 200;
    response.headers = spoil == NO_INPUT ? NULL : &header;
    response.header_count = spoil == TOO_LONG ? SIZE_MAX : 1;
    response.body =
        view("{\"access_token\":\"at-1\",\"refresh_token\":\"rt-1\",\"token_type\":\"Bearer\",\"expires_in\":60,"
             "\"scope\":\"other\",\"authorization_details\":[{\"type\":\"t\"}]}",
             GOOD);
    return response;
}
static pk_status token_request_tokens(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_token_request request = {handle};
    pk_tokens tokens = {0};
    pk_http_response answer = response(spoil);
    pk_status status;
    ONLY("oits");
    status = pk_token_request_tokens(request, &answer, 1, spoil == NO_OUT ? NULL : &tokens, error);
    if (status == PK_OK) pk_tokens_free(tokens);
    return status;
}
static pk_status token_request_free(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_token_request request = {handle};
    (void)error;
    ONLY("");
    return pk_token_request_free(request);
}

static pk_status sign_in_new(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_sign_in_config config = sign_in_config(spoil);
    pk_sign_in sign_in = {0};
    pk_status status;
    (void)handle;
    ONLY("oithsv");
    status = pk_sign_in_new(&config, spoil == NO_OUT ? NULL : &sign_in, error);
    if (status == PK_OK) pk_sign_in_free(sign_in);
    return status;
}
static pk_status sign_in_advance(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_sign_in sign_in = {handle};
    pk_event event = PK_EVENT_INIT;
    pk_step step = PK_STEP_INIT;
    ONLY("oithsv");
    event.kind = spoil == BAD_VALUE ? 99 : spoil == GOOD ? PK_EVENT_START : PK_EVENT_REDIRECT;
    event.redirect = view("https://app.example/cb", spoil);
    if (spoil == BAD_SIZE) event.size++;
    return pk_sign_in_advance(sign_in, &event, 1, spoil == NO_OUT ? NULL : &step, error);
}
static pk_status sign_in_outcome(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_sign_in sign_in = {handle};
    pk_tokens tokens;
    pk_status status;
    ONLY("o");
    status = pk_sign_in_outcome(sign_in, spoil == NO_OUT ? NULL : &tokens, error);
    return status == PK_NOTHING ? PK_OK : status;
}
static pk_status sign_in_free(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_sign_in sign_in = {handle};
    (void)error;
    ONLY("");
    return pk_sign_in_free(sign_in);
}

#define TOKENS_TEXT(name)                                                                                              \
    static pk_status name(uint64_t handle, enum spoil spoil, pk_error *error) {                                        \
        pk_tokens tokens = {handle};                                                                                   \
        ONLY("bn");                                                                                                    \
        TEXT_CALL(pk_##name(tokens, OUT_TEXT, error));                                                                 \
    }
TOKENS_TEXT(tokens_expose_access_token)
TOKENS_TEXT(tokens_expose_refresh_token)
TOKENS_TEXT(tokens_scope)
TOKENS_TEXT(tokens_issuer)
TOKENS_TEXT(tokens_client_id)
TOKENS_TEXT(tokens_resource)
TOKENS_TEXT(tokens_token_type)
TOKENS_TEXT(tokens_requested_scope)
TOKENS_TEXT(tokens_missing_scope)
TOKENS_TEXT(tokens_authorization_details)
static pk_status tokens_missing_authorization_detail(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_tokens tokens = {handle};
    ONLY("bn");
    TEXT_CALL(pk_tokens_missing_authorization_detail(tokens, 0, OUT_TEXT, error));
}
static pk_status tokens_expires_at(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_tokens tokens = {handle};
    uint64_t at;
    ONLY("o");
    return pk_tokens_expires_at(tokens, spoil == NO_OUT ? NULL : &at, error);
}
static pk_status tokens_free(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_tokens tokens = {handle};
    (void)error;
    ONLY("");
    return pk_tokens_free(tokens);
}

static pk_status receiver_bind(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_receiver receiver = {0};
    pk_status status;
    (void)handle;
    ONLY("oithv");
    status = pk_receiver_bind(spoil == BAD_VALUE ? 9 : PK_HOST_V4, 0, in("/cb", spoil), in_length("/cb", spoil),
                              spoil == NO_OUT ? NULL : &receiver, error);
    if (status == PK_OK) pk_receiver_free(receiver);
    return status;
}
static pk_status receiver_port(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_receiver receiver = {handle};
    uint16_t port;
    ONLY("o");
    return pk_receiver_port(receiver, spoil == NO_OUT ? NULL : &port, error);
}
static pk_status receiver_redirect_uri(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_receiver receiver = {handle};
    ONLY("bn");
    TEXT_CALL(pk_receiver_redirect_uri(receiver, OUT_TEXT, error));
}
static pk_status receiver_wait(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_receiver receiver = {handle};
    uint32_t received;
    ONLY("on");
    return pk_receiver_wait(receiver, 0, spoil == NO_OUT ? NULL : &received, buffer(spoil), sizeof shared_buffer, NULL,
                            error);
}
static pk_status receiver_cancel(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_receiver receiver = {handle};
    ONLY("");
    return pk_receiver_cancel(receiver, error);
}
static pk_status receiver_free(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_receiver receiver = {handle};
    (void)error;
    ONLY("");
    return pk_receiver_free(receiver);
}

static pk_policy policy(enum spoil spoil) {
    pk_policy policy = PK_POLICY_INIT;
    policy.issuer = view("https://as.example", GOOD);
    policy.code_lifetime_s = 60;
    policy.access_token_lifetime_s = 60;
    policy.max_mismatches = 5;
    policy.profile = spoil == BAD_VALUE ? 1 : PK_PROFILE_OAUTH21;
    return policy;
}
static pk_status redirect_uri_matches(uint64_t handle, enum spoil spoil, pk_error *error) {
    bool matches;
    (void)handle;
    ONLY("oith");
    return pk_redirect_uri_matches(in("https://a.example/", spoil), in_length("https://a.example/", spoil),
                                   "https://a.example/", 18, spoil == NO_OUT ? NULL : &matches, error);
}
static pk_status request_client_id(uint64_t handle, enum spoil spoil, pk_error *error) {
    (void)handle;
    ONLY("ithbn");
    TEXT_CALL(pk_grant_request_client_id(in(QUERY, spoil), in_length(QUERY, spoil), OUT_TEXT, error));
}
static pk_status judge(enum spoil spoil, pk_grant_request *request, pk_error *error) {
    pk_text uri = view("https://app.example/cb", GOOD), scope = view("read", GOOD);
    pk_client_record client = PK_CLIENT_RECORD_INIT;
    pk_policy chosen = policy(spoil);
    if (spoil == BAD_SIZE) client.size--;
    client.client_id = view("agent", GOOD);
    client.redirect_uris = &uri;
    client.redirect_uri_count = spoil == TOO_LONG ? SIZE_MAX : 1;
    client.scopes = &scope;
    client.scope_count = 1;
    return pk_grant_request_judge(in(QUERY, spoil == TOO_LONG ? GOOD : spoil),
                                  in_length(QUERY, spoil == TOO_LONG ? GOOD : spoil), &client, &chosen, request, error);
}
static pk_status request_judge(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_grant_request request = {0};
    pk_status status;
    (void)handle;
    ONLY("oithsv");
    status = judge(spoil, spoil == NO_OUT ? NULL : &request, error);
    if (status == PK_OK) pk_grant_request_free(request);
    return status;
}
static pk_status request_verdict(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_grant_request request = {handle};
    pk_request_verdict verdict = PK_REQUEST_VERDICT_INIT;
    ONLY("os");
    if (spoil == BAD_SIZE) verdict.size++;
    return pk_grant_request_verdict(request, spoil == NO_OUT ? NULL : &verdict, error);
}
static pk_status request_deny(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_grant_request request = {handle};
    ONLY("bn");
    TEXT_CALL(pk_grant_request_deny(request, OUT_TEXT, error));
}
static pk_status request_free(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_grant_request request = {handle};
    (void)error;
    ONLY("");
    return pk_grant_request_free(request);
}
static pk_status issue_new(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_grant_request request = {handle};
    pk_text scope = view("read", spoil == TOO_LONG ? GOOD : spoil);
    pk_issue issue = {0};
    pk_status status;
    ONLY("oith");
    status = pk_issue_new(request, "user-1", 6, &scope, spoil == TOO_LONG ? SIZE_MAX : 1,
                          spoil == NO_OUT ? NULL : &issue, error);
    if (status == PK_OK) pk_issue_free(issue);
    return status;
}

static pk_store_event store_event(enum spoil spoil) {
    static pk_found_grant found;
    pk_store_event event = PK_STORE_EVENT_INIT;
    pk_found_grant empty = PK_FOUND_GRANT_INIT;
    found = empty;
    event.kind = spoil == BAD_VALUE ? 0 : spoil == NO_INPUT ? PK_STORE_EVENT_FOUND : PK_STORE_EVENT_START;
    event.found_grant = &found; /* its own grant is null */
    if (spoil == BAD_SIZE) event.size = 0;
    return event;
}
#define ADVANCE(flow)                                                                                                  \
    static pk_status flow##_advance(uint64_t handle, enum spoil spoil, pk_error *error) {                              \
        pk_##flow flow = {handle};                                                                                     \
        pk_store_step step = PK_STORE_STEP_INIT;                                                                       \
        pk_store_event event = store_event(spoil);                                                                     \
        ONLY("oisv");                                                                                                  \
        return pk_##flow##_advance(flow, &event, spoil == NO_OUT ? NULL : &step, error);                               \
    }                                                                                                                  \
    static pk_status flow##_free(uint64_t handle, enum spoil spoil, pk_error *error) {                                 \
        pk_##flow flow = {handle};                                                                                     \
        (void)error;                                                                                                   \
        ONLY("");                                                                                                      \
        return pk_##flow##_free(flow);                                                                                 \
    }
#define OUTCOME(flow, function, type, init)                                                                            \
    static pk_status function(uint64_t handle, enum spoil spoil, pk_error *error) {                                    \
        pk_##flow flow = {handle};                                                                                     \
        type outcome = init;                                                                                           \
        pk_status status;                                                                                              \
        ONLY("os");                                                                                                    \
        if (spoil == BAD_SIZE) outcome.size--;                                                                         \
        status = pk_##function(flow, spoil == NO_OUT ? NULL : &outcome, error);                                        \
        return status == PK_NOTHING ? PK_OK : status;                                                                  \
    }
ADVANCE(issue)
OUTCOME(issue, issue_take_outcome, pk_issue_outcome, PK_ISSUE_OUTCOME_INIT)
ADVANCE(redeem)
OUTCOME(redeem, redeem_take_answer, pk_token_answer, PK_TOKEN_ANSWER_INIT)
ADVANCE(revoke)
OUTCOME(revoke, revoke_take_answer, pk_token_answer, PK_TOKEN_ANSWER_INIT)
ADVANCE(check)
OUTCOME(check, check_take_outcome, pk_check_outcome, PK_CHECK_OUTCOME_INIT)

static pk_status new_redeem(enum spoil spoil, pk_redeem *redeem, pk_error *error) {
    pk_text none = {NULL, 0};
    pk_policy chosen = policy(spoil);
    if (spoil == BAD_SIZE) chosen.size = SIZE_MAX;
    return pk_redeem_new(in("grant_type=authorization_code", spoil), in_length("grant_type=authorization_code", spoil),
                         none, none, &chosen, redeem, error);
}
static pk_status redeem_new(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_redeem redeem = {0};
    pk_status status;
    (void)handle;
    ONLY("oitsv"); /* a body is bytes: it need not be UTF-8 */
    status = new_redeem(spoil, spoil == NO_OUT ? NULL : &redeem, error);
    if (status == PK_OK) pk_redeem_free(redeem);
    return status;
}
static pk_status new_revoke(enum spoil spoil, pk_revoke *revoke, pk_error *error) {
    pk_text none = {NULL, 0};
    return pk_revoke_new(in("token=t", spoil), in_length("token=t", spoil), none, none, revoke, error);
}
static pk_status revoke_new(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_revoke revoke = {0};
    pk_status status;
    (void)handle;
    ONLY("oit"); /* a body is bytes: it need not be UTF-8 */
    status = new_revoke(spoil, spoil == NO_OUT ? NULL : &revoke, error);
    if (status == PK_OK) pk_revoke_free(revoke);
    return status;
}
static pk_status new_check(enum spoil spoil, pk_check *check, pk_error *error) {
    pk_text authorization = PK_LITERAL("Bearer x");
    return pk_check_new(authorization, in("https://api.example", spoil), in_length("https://api.example", spoil), NULL,
                        0, check, error);
}
static pk_status check_new(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_check check = {0};
    pk_status status;
    (void)handle;
    ONLY("oith");
    status = new_check(spoil, spoil == NO_OUT ? NULL : &check, error);
    if (status == PK_OK) pk_check_free(check);
    return status;
}

const struct function functions[] = {
    {"pk_version", NONE, version, 0},
    {"pk_check_version", NONE, check_version, 0},
    {"pk_pair", NONE, pair, 0},
    {"pk_challenge", NONE, challenge, 0},
    {"pk_challenge_read", NONE, challenge_read, 0},
    {"pk_challenge_write", NONE, challenge_write, 0},
    {"pk_verify", NONE, verify, 0},
    {"pk_session_begin", NONE, session_begin, 0},
    {"pk_session_authorization_url", SESSION, session_url, 0},
    {"pk_session_complete", SESSION, session_complete, 0},
    {"pk_session_discard", SESSION, session_discard, 0},
    {"pk_session_free", SESSION, session_free, 1},
    {"pk_session_seal", SESSION, session_seal, 0},
    {"pk_session_open", DATA_KEY, session_open, 0},
    {"pk_token_request_http", TOKEN_REQUEST, token_request_http, 0},
    {"pk_token_request_tokens", TOKEN_REQUEST, token_request_tokens, 0},
    {"pk_token_request_free", TOKEN_REQUEST, token_request_free, 1},
    {"pk_sign_in_new", NONE, sign_in_new, 0},
    {"pk_sign_in_advance", SIGN_IN, sign_in_advance, 0},
    {"pk_sign_in_outcome", SIGN_IN, sign_in_outcome, 0},
    {"pk_sign_in_free", SIGN_IN, sign_in_free, 1},
    {"pk_discovery_new", NONE, discovery_new, 0},
    {"pk_discovery_advance", DISCOVERY, discovery_advance, 0},
    {"pk_discovery_outcome", DISCOVERY, discovery_outcome, 0},
    {"pk_discovery_free", DISCOVERY, discovery_free, 1},
    {"pk_discovered_text", DISCOVERED, discovered_text, 0},
    {"pk_discovered_count", DISCOVERED, discovered_count, 0},
    {"pk_discovered_item", DISCOVERED, discovered_item, 0},
    {"pk_discovered_capability", DISCOVERED, discovered_capability, 0},
    {"pk_discovered_fetched_at", DISCOVERED, discovered_fetched_at, 0},
    {"pk_discovered_is_fresh", DISCOVERED, discovered_is_fresh, 0},
    {"pk_discovered_sign_in", DISCOVERED, discovered_sign_in, 0},
    {"pk_discovered_free", DISCOVERED, discovered_free, 1},
    {"pk_provider_read", NONE, provider_read, 0},
    {"pk_resource_read", NONE, resource_read, 0},
    {"pk_well_known_url", NONE, well_known_url, 0},
    {"pk_www_authenticate_parse", NONE, www_parse, 0},
    {"pk_www_authenticate_demand", CHALLENGED, www_demand, 0},
    {"pk_www_authenticate_challenge", CHALLENGED, www_challenge, 0},
    {"pk_www_authenticate_free", CHALLENGED, www_free, 1},
    {"pk_tokens_expose_access_token", TOKENS, tokens_expose_access_token, 0},
    {"pk_tokens_expose_refresh_token", TOKENS, tokens_expose_refresh_token, 0},
    {"pk_tokens_is_fresh", TOKENS, tokens_is_fresh, 0},
    {"pk_tokens_authorization", TOKENS, tokens_authorization, 0},
    {"pk_tokens_fingerprint", TOKENS, tokens_fingerprint, 0},
    {"pk_tokens_expires_at", TOKENS, tokens_expires_at, 0},
    {"pk_tokens_scope", TOKENS, tokens_scope, 0},
    {"pk_tokens_issuer", TOKENS, tokens_issuer, 0},
    {"pk_tokens_client_id", TOKENS, tokens_client_id, 0},
    {"pk_tokens_resource", TOKENS, tokens_resource, 0},
    {"pk_tokens_token_type", TOKENS, tokens_token_type, 0},
    {"pk_tokens_requested_scope", TOKENS, tokens_requested_scope, 0},
    {"pk_tokens_missing_scope", TOKENS, tokens_missing_scope, 0},
    {"pk_tokens_authorization_details", TOKENS, tokens_authorization_details, 0},
    {"pk_tokens_missing_authorization_detail", TOKENS, tokens_missing_authorization_detail, 0},
    {"pk_tokens_identity", TOKENS, tokens_identity, 0},
    {"pk_tokens_authorize", TOKENS, tokens_authorize, 0},
    {"pk_tokens_authorize_now", TOKENS, tokens_authorize_now, 0},
    {"pk_tokens_free", TOKENS, tokens_free, 1},
    {"pk_identity_get", IDENTITY, identity_get, 0},
    {"pk_identity_free", IDENTITY, identity_free, 1},
    {"pk_dpop_nonces_new", NONE, dpop_nonces_new, 0},
    {"pk_dpop_nonces_heard", NONCES, dpop_nonces_heard, 0},
    {"pk_dpop_nonces_free", NONCES, dpop_nonces_free, 1},
    {"pk_authorized_unsigned", AUTHORIZED, authorized_unsigned, 0},
    {"pk_authorized_sign", AUTHORIZED, authorized_sign, 0},
    {"pk_authorized_authorization", AUTHORIZED, authorized_authorization, 0},
    {"pk_authorized_dpop", AUTHORIZED, authorized_dpop, 0},
    {"pk_authorized_free", AUTHORIZED, authorized_free, 1},
    {"pk_resource_call_new", NONE, resource_call_new, 0},
    {"pk_resource_call_answered", RESOURCE_CALL, resource_call_answered, 0},
    {"pk_resource_call_free", RESOURCE_CALL, resource_call_free, 1},
    {"pk_id_token_verify", NONE, id_token_verify, 0},
    {"pk_key_set_read", NONE, key_set_read, 0},
    {"pk_dpop_proof_check", NONE, dpop_proof_check, 0},
    {"pk_dpop_proof_get", DPOP_PROOF, dpop_proof_get, 0},
    {"pk_dpop_proof_free", DPOP_PROOF, dpop_proof_free, 1},
    {"pk_raw_signature", NONE, raw_signature, 0},
    {"pk_data_key_generate", NONE, data_key_generate, 0},
    {"pk_data_key_from_bytes", NONE, data_key_from_bytes, 0},
    {"pk_data_key_from_text", NONE, data_key_from_text, 0},
    {"pk_data_key_expose_text", DATA_KEY, data_key_expose_text, 0},
    {"pk_data_key_free", DATA_KEY, data_key_free, 1},
    {"pk_client_document_write", NONE, client_document_write, 0},
    {"pk_client_document_read", NONE, client_document_read, 0},
    {"pk_client_document_get", CLIENT_DOCUMENT, client_document_get, 0},
    {"pk_client_document_free", CLIENT_DOCUMENT, client_document_free, 1},
    {"pk_access_check", NONE, access_check, 0},
    {"pk_access_new", NONE, access_new, 0},
    {"pk_access_advance", ACCESS, access_advance, 0},
    {"pk_access_take_outcome", ACCESS, access_take_outcome, 0},
    {"pk_access_end_session_url", ACCESS, access_end_session_url, 0},
    {"pk_access_free", ACCESS, access_free, 1},
    {"pk_file_store_default_folder", NONE, store_default_folder, 0},
    {"pk_file_store_open", NONE, store_open, 0},
    {"pk_file_store_folder", FILE_STORE, store_folder, 0},
    {"pk_file_store_load", FILE_STORE, store_load, 0},
    {"pk_file_store_swap", FILE_STORE, store_swap, 0},
    {"pk_file_store_lock", FILE_STORE, store_lock, 0},
    {"pk_file_store_key_place", FILE_STORE, store_key_place, 0},
    {"pk_file_store_file_key", FILE_STORE, store_file_key, 0},
    {"pk_file_store_decide_keyring", FILE_STORE, store_decide_keyring, 0},
    {"pk_file_store_free", FILE_STORE, store_free, 1},
    {"pk_file_lock_free", FILE_LOCK, lock_free, 1},
    {"pk_receiver_bind", NONE, receiver_bind, 0},
    {"pk_receiver_port", RECEIVER, receiver_port, 0},
    {"pk_receiver_redirect_uri", RECEIVER, receiver_redirect_uri, 0},
    {"pk_receiver_wait", RECEIVER, receiver_wait, 0},
    {"pk_receiver_cancel", RECEIVER, receiver_cancel, 0},
    {"pk_receiver_free", RECEIVER, receiver_free, 1},
    {"pk_redirect_uri_matches", NONE, redirect_uri_matches, 0},
    {"pk_grant_request_client_id", NONE, request_client_id, 0},
    {"pk_grant_request_judge", NONE, request_judge, 0},
    {"pk_grant_request_verdict", REQUEST, request_verdict, 0},
    {"pk_grant_request_deny", REQUEST, request_deny, 0},
    {"pk_grant_request_decline", REQUEST, request_decline, 0},
    {"pk_grant_request_free", REQUEST, request_free, 1},
    {"pk_issue_new", REQUEST, issue_new, 0},
    {"pk_issue_signed_in", ISSUE, issue_signed_in, 0},
    {"pk_issue_advance", ISSUE, issue_advance, 0},
    {"pk_issue_take_outcome", ISSUE, issue_take_outcome, 0},
    {"pk_issue_free", ISSUE, issue_free, 1},
    {"pk_redeem_new", NONE, redeem_new, 0},
    {"pk_redeem_present", REDEEM, redeem_present, 0},
    {"pk_redeem_advance", REDEEM, redeem_advance, 0},
    {"pk_redeem_take_answer", REDEEM, redeem_take_answer, 0},
    {"pk_body_with_id_token", NONE, body_with_id_token, 0},
    {"pk_redeem_free", REDEEM, redeem_free, 1},
    {"pk_revoke_new", NONE, revoke_new, 0},
    {"pk_revoke_advance", REVOKE, revoke_advance, 0},
    {"pk_revoke_take_answer", REVOKE, revoke_take_answer, 0},
    {"pk_revoke_free", REVOKE, revoke_free, 1},
    {"pk_check_new", NONE, check_new, 0},
    {"pk_check_demand", CHECKING, check_demand, 0},
    {"pk_check_present", CHECKING, check_present, 0},
    {"pk_check_advance", CHECKING, check_advance, 0},
    {"pk_check_take_outcome", CHECKING, check_take_outcome, 0},
    {"pk_check_free", CHECKING, check_free, 1},
};
const size_t function_count = sizeof functions / sizeof functions[0];

pk_session make_session(void) {
    pk_authorization_request request = PK_AUTHORIZATION_REQUEST_INIT;
    pk_text scope = view("read", GOOD);
    pk_session session = {0};
    request.issuer = view("https://as.example", GOOD);
    request.authorization_endpoint = view("https://as.example/authorize", GOOD);
    request.token_endpoint = view("https://as.example/token", GOOD);
    request.client_id = view("agent", GOOD);
    request.redirect_uri = view("https://app.example/cb", GOOD);
    request.scopes = &scope;
    request.scope_count = 1;
    request.resource = view("https://api.example/", GOOD);
    request.extra_parameters = &details;
    request.extra_parameter_count = 1;
    CHECK(pk_session_begin(&request, &session, NULL) == PK_OK);
    return session;
}
static pk_token_request make_token_request(void) {
    char url[4096], redirect[256];
    pk_session session = make_session();
    pk_token_request request = {0};
    const char *state;
    CHECK(pk_session_authorization_url(session, url, sizeof url, NULL, NULL) == PK_OK);
    state = strstr(url, "state=");
    CHECK(state != NULL);
    snprintf(redirect, sizeof redirect, "https://app.example/cb?code=c-1&state=%.43s", state + 6);
    CHECK(pk_session_complete(session, redirect, strlen(redirect), &request, NULL) == PK_OK);
    CHECK(pk_session_free(session) == PK_OK);
    return request;
}

uint64_t make(enum kind kind) {
    switch (kind) {
        case SESSION: return make_session().id;
        case TOKEN_REQUEST: return make_token_request().id;
        case SIGN_IN: {
            pk_sign_in_config config = sign_in_config(GOOD);
            pk_sign_in sign_in = {0};
            CHECK(pk_sign_in_new(&config, &sign_in, NULL) == PK_OK);
            return sign_in.id;
        }
        case TOKENS: {
            pk_token_request request = make_token_request();
            pk_http_response answer = response(GOOD);
            pk_tokens tokens = {0};
            CHECK(pk_token_request_tokens(request, &answer, 1, &tokens, NULL) == PK_OK);
            CHECK(pk_token_request_free(request) == PK_OK);
            return tokens.id;
        }
        case RECEIVER: {
            pk_receiver receiver = {0};
            CHECK(pk_receiver_bind(PK_HOST_V4, 0, "/cb", 3, &receiver, NULL) == PK_OK);
            return receiver.id;
        }
        case REQUEST: {
            pk_grant_request request = {0};
            CHECK(judge(GOOD, &request, NULL) == PK_OK);
            return request.id;
        }
        case ISSUE: {
            pk_grant_request request = {0};
            pk_issue issue = {0};
            CHECK(judge(GOOD, &request, NULL) == PK_OK);
            CHECK(pk_issue_new(request, "user-1", 6, NULL, 0, &issue, NULL) == PK_OK);
            CHECK(pk_grant_request_free(request) == PK_OK);
            return issue.id;
        }
        case REDEEM: {
            pk_redeem redeem = {0};
            CHECK(new_redeem(GOOD, &redeem, NULL) == PK_OK);
            return redeem.id;
        }
        case REVOKE: {
            pk_revoke revoke = {0};
            CHECK(new_revoke(GOOD, &revoke, NULL) == PK_OK);
            return revoke.id;
        }
        case CHECKING: {
            pk_check check = {0};
            CHECK(new_check(GOOD, &check, NULL) == PK_OK);
            return check.id;
        }
        case DISCOVERY: return make_discovery();
        case DISCOVERED: return make_discovered();
        case CHALLENGED: return make_challenged();
        case DATA_KEY: return make_data_key();
        case ACCESS: return make_access();
        case CLIENT_DOCUMENT: return make_client_document();
        case FILE_STORE: return make_file_store();
        case FILE_LOCK: return make_file_lock();
        case NONCES: return make_dpop_nonces();
        case IDENTITY: return make_identity();
        case AUTHORIZED: return make_authorized();
        case RESOURCE_CALL: return make_resource_call();
        case DPOP_PROOF: return make_dpop_proof();
        default: return 0;
    }
}

pk_status release(enum kind kind, uint64_t handle) {
    for (size_t i = 0; i < function_count; i++)
        if (functions[i].kind == kind && functions[i].frees) return functions[i].call(handle, GOOD, NULL);
    return SKIPPED;
}
