/* Access, and what it keeps: for the table. */
#include "spoil.h"

#define KEY "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define DOCUMENT_URL "https://app.example/client.json"
#define DOCUMENT_BODY                                                                                                  \
    "{\"client_id\":\"" DOCUMENT_URL "\",\"client_name\":\"An agent\",\"redirect_uris\":[\"http://127.0.0.1/cb\"]}"

static uint8_t hash[32];

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

pk_status data_key_generate(uint64_t handle, enum spoil spoil, pk_error *error) {
    ONLY("o");
    MADE(data_key, pk_data_key_generate(place, error));
}
pk_status data_key_from_bytes(uint64_t handle, enum spoil spoil, pk_error *error) {
    ONLY("oi");
    MADE(data_key, pk_data_key_from_bytes(spoil == NO_INPUT ? NULL : hash, place, error));
}
pk_status data_key_from_text(uint64_t handle, enum spoil spoil, pk_error *error) {
    ONLY("oith");
    MADE(data_key, pk_data_key_from_text(in(KEY, spoil), in_length(KEY, spoil), place, error));
}
pk_status data_key_expose_text(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_data_key key = {handle};
    ONLY("bn");
    TEXT_CALL(pk_data_key_expose_text(key, OUT_TEXT, error));
}
pk_status data_key_free(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_data_key key = {handle};
    (void)error;
    ONLY("");
    return pk_data_key_free(key);
}

/* The session's handle comes first: it is the one that a panic must kill, not the key's. */
static pk_status seal(pk_session session, pk_data_key key, enum spoil spoil, pk_error *error) {
    TEXT_CALL(pk_session_seal(session, key, 1000, OUT_TEXT, error));
}
pk_status session_seal(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_session session = {handle};
    pk_data_key key = {0};
    pk_status status;
    ONLY("bn");
    /* Where every function panics there is no key either, and the session's function panics all the same. */
    CHECK(pk_data_key_from_bytes(hash, &key, NULL) == PK_OK || pk_data_key_free(key) == PK_PANICKED);
    status = seal(session, key, spoil, error);
    pk_data_key_free(key);
    return status;
}
/* A session that make_data_key has sealed under its key. */
static char sealed[1024];
static size_t sealed_length;
pk_status session_open(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_data_key key = {handle};
    pk_text bytes = {sealed, sealed_length};
    ONLY("oith");
    MADE(session, pk_session_open(key, bytes, view("https://as.example", GOOD), view("agent", spoil),
                                  view("https://app.example/cb", GOOD), 999, place, error));
}

pk_status tokens_is_fresh(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_tokens tokens = {handle};
    bool fresh;
    ONLY("o");
    return pk_tokens_is_fresh(tokens, 1, spoil == NO_OUT ? NULL : &fresh, error);
}
pk_status tokens_authorization(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_tokens tokens = {handle};
    ONLY("ithbn");
    TEXT_CALL(pk_tokens_authorization(tokens, in("https://api.example/x", spoil),
                                      in_length("https://api.example/x", spoil), 1, OUT_TEXT, error));
}
pk_status tokens_fingerprint(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_tokens tokens = {handle};
    uint8_t to[32];
    ONLY("o");
    return pk_tokens_fingerprint(tokens, spoil == NO_OUT ? NULL : to, error);
}

pk_status client_document_write(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_text redirect_uri = PK_LITERAL("http://127.0.0.1/cb");
    pk_client_document_fields fields = PK_CLIENT_DOCUMENT_FIELDS_INIT;
    (void)handle;
    ONLY("ithsbn");
    if (spoil == BAD_SIZE) fields.size++;
    fields.client_id = view(DOCUMENT_URL, GOOD);
    fields.client_name = view("An agent", spoil == TOO_LONG ? GOOD : spoil);
    fields.redirect_uris = &redirect_uri;
    fields.redirect_uri_count = spoil == TOO_LONG ? SIZE_MAX : 1;
    TEXT_CALL(pk_client_document_write(&fields, OUT_TEXT, error));
}
pk_status client_document_read(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_text body = view(DOCUMENT_BODY, GOOD);
    ONLY("oith");
    MADE(client_document, pk_client_document_read(in(DOCUMENT_URL, spoil), in_length(DOCUMENT_URL, spoil), body.data,
                                                  body.length, place, error));
}
pk_status client_document_get(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_client_document document = {handle};
    pk_client_document_fields fields = PK_CLIENT_DOCUMENT_FIELDS_INIT;
    ONLY("os");
    if (spoil == BAD_SIZE) fields.size--;
    return pk_client_document_get(document, spoil == NO_OUT ? NULL : &fields, error);
}
pk_status client_document_free(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_client_document document = {handle};
    (void)error;
    ONLY("");
    return pk_client_document_free(document);
}

static pk_access_config config(enum spoil spoil) {
    static pk_parameter parameter = {PK_LITERAL("prompt"), PK_LITERAL("login")};
    pk_access_config config = PK_ACCESS_CONFIG_INIT;
    config.resource = view("https://api.example/", GOOD);
    config.issuer = view("https://as.example", spoil == TOO_LONG || spoil == NO_INPUT ? GOOD : spoil);
    config.authorization_endpoint = view("https://as.example/authorize", GOOD);
    config.token_endpoint = view("https://as.example/token", GOOD);
    config.client_id = view("agent", GOOD);
    config.extra_parameters = spoil == NO_INPUT ? NULL : &parameter;
    config.extra_parameter_count = spoil == TOO_LONG ? SIZE_MAX : 1;
    return config;
}
pk_status access_check(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_access_config given = config(spoil);
    (void)handle;
    ONLY("ithsv");
    if (spoil == BAD_SIZE) given.size++;
    if (spoil == BAD_VALUE) given.loopback_host = 77;
    return pk_access_check(&given, error);
}
pk_status access_new(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_text field = PK_LITERAL("Bearer error=\"invalid_token\"");
    pk_access_config given = config(spoil == BAD_UTF8 ? spoil : GOOD);
    pk_access_run run = PK_ACCESS_RUN_INIT;
    ONLY("oithsv");
    if (spoil == BAD_SIZE) run.size++;
    run.rejected = hash;
    run.www_authenticate = spoil == NO_INPUT ? NULL : &field;
    run.www_authenticate_count = spoil == TOO_LONG ? SIZE_MAX : 1;
    MADE(access, pk_access_new(&given, spoil == BAD_VALUE ? 6 : PK_GOAL_TOKEN, &run, place, error));
}
pk_status access_advance(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_access access = {handle};
    pk_event event = PK_EVENT_INIT;
    pk_step step = PK_STEP_INIT;
    ONLY("oithsv");
    event.kind = spoil == BAD_VALUE ? 99 : spoil == GOOD ? PK_EVENT_START : PK_EVENT_LOADED;
    event.value = view("x", spoil);
    if (spoil == BAD_UTF8) event.kind = PK_EVENT_REDIRECT; /* a value is bytes: it need not be UTF-8 */
    event.redirect = view("http://127.0.0.1/callback", spoil);
    if (spoil == BAD_SIZE) event.size++;
    return pk_access_advance(access, &event, 1, spoil == NO_OUT ? NULL : &step, error);
}
pk_status access_take_outcome(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_access access = {handle};
    pk_access_outcome outcome = PK_ACCESS_OUTCOME_INIT;
    pk_error warning = PK_ERROR_INIT;
    pk_status status;
    ONLY("os");
    if (spoil == BAD_SIZE) warning.size--;
    status = pk_access_take_outcome(access, spoil == NO_OUT ? NULL : &outcome, &warning, error);
    return status == PK_NOTHING ? PK_OK : status;
}
pk_status access_free(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_access access = {handle};
    (void)error;
    ONLY("");
    return pk_access_free(access);
}

uint64_t make_data_key(void) {
    pk_data_key key = {0};
    CHECK(pk_data_key_from_bytes(hash, &key, NULL) == PK_OK);
    if (sealed_length == 0) {
        pk_session session = make_session();
        CHECK(pk_session_seal(session, key, 1000, sealed, sizeof sealed, &sealed_length, NULL) == PK_OK);
        CHECK(pk_session_free(session) == PK_OK);
    }
    return key.id;
}
uint64_t make_client_document(void) {
    pk_text url = view(DOCUMENT_URL, GOOD), body = view(DOCUMENT_BODY, GOOD);
    pk_client_document document = {0};
    CHECK(pk_client_document_read(url.data, url.length, body.data, body.length, &document, NULL) == PK_OK);
    return document.id;
}
uint64_t make_access(void) {
    pk_access_config given = config(GOOD);
    pk_access access = {0};
    CHECK(pk_access_new(&given, PK_GOAL_TOKEN, NULL, &access, NULL) == PK_OK);
    return access.id;
}
