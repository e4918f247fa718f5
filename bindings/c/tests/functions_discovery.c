/* The functions of discovery, for the table. */
#include "spoil.h"

#define ISSUER "https://as.example"
#define RESOURCE "https://api.example/mcp"
#define PROVIDER_BODY                                                                                                  \
    "{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"" ISSUER "/authorize\",\"token_endpoint\":\"" ISSUER      \
    "/token\",\"code_challenge_methods_supported\":[\"S256\"],\"scopes_supported\":[\"read\"]}"
#define RESOURCE_BODY "{\"resource\":\"" RESOURCE "\",\"authorization_servers\":[\"" ISSUER "\"]}"

static pk_status new_discovery(enum spoil spoil, pk_discovery *discovery, pk_error *error) {
    pk_text field = PK_LITERAL("Bearer error=\"invalid_token\"");
    pk_text issuer = PK_LITERAL(ISSUER);
    pk_discovery_config config = PK_DISCOVERY_CONFIG_INIT;
    if (spoil == BAD_SIZE) config.size--;
    config.issuer = view(ISSUER, spoil == TOO_LONG || spoil == NO_INPUT ? GOOD : spoil);
    config.resource = view(RESOURCE, GOOD);
    config.www_authenticate = spoil == NO_INPUT ? NULL : &field;
    config.www_authenticate_count = spoil == TOO_LONG ? SIZE_MAX : 1;
    config.allow_missing_s256 = &issuer;
    config.allow_missing_s256_count = 1;
    return pk_discovery_new(&config, discovery, error);
}
pk_status discovery_new(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_discovery discovery = {0};
    pk_status status;
    (void)handle;
    ONLY("oiths");
    status = new_discovery(spoil, spoil == NO_OUT ? NULL : &discovery, error);
    if (status == PK_OK) pk_discovery_free(discovery);
    return status;
}
pk_status discovery_advance(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_discovery discovery = {handle};
    pk_event event = PK_EVENT_INIT;
    pk_step step = PK_STEP_INIT;
    ONLY("oithsv");
    event.kind = spoil == BAD_VALUE ? 99 : spoil == GOOD ? PK_EVENT_START : PK_EVENT_REDIRECT;
    event.redirect = view("https://app.example/cb", spoil);
    if (spoil == BAD_SIZE) event.size++;
    return pk_discovery_advance(discovery, &event, 1, spoil == NO_OUT ? NULL : &step, error);
}
pk_status discovery_outcome(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_discovery discovery = {handle};
    pk_discovered discovered;
    pk_status status;
    ONLY("o");
    status = pk_discovery_outcome(discovery, spoil == NO_OUT ? NULL : &discovered, error);
    return status == PK_NOTHING ? PK_OK : status;
}
pk_status discovery_free(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_discovery discovery = {handle};
    (void)error;
    ONLY("");
    return pk_discovery_free(discovery);
}

pk_status discovered_text(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_discovered discovered = {handle};
    ONLY("vbn");
    TEXT_CALL(
        pk_discovered_text(discovered, spoil == BAD_VALUE ? PK_LIST_SCOPES : PK_FIELD_ISSUER_HOST, OUT_TEXT, error));
}
pk_status discovered_count(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_discovered discovered = {handle};
    size_t count;
    ONLY("ov");
    return pk_discovered_count(discovered, spoil == BAD_VALUE ? PK_FIELD_ISSUER : PK_LIST_SCOPES,
                               spoil == NO_OUT ? NULL : &count, error);
}
pk_status discovered_item(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_discovered discovered = {handle};
    ONLY("vbn");
    TEXT_CALL(pk_discovered_item(discovered, spoil == BAD_VALUE ? 0 : PK_LIST_PROVIDER_SCOPES, 0, OUT_TEXT, error));
}
pk_status discovered_capability(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_discovered discovered = {handle};
    pk_capability capability = PK_CAPABILITY_INIT;
    ONLY("osv");
    if (spoil == BAD_SIZE) capability.size--;
    return pk_discovered_capability(discovered, spoil == BAD_VALUE ? 0 : PK_FEATURE_REVOCATION,
                                    spoil == NO_OUT ? NULL : &capability, error);
}
pk_status discovered_fetched_at(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_discovered discovered = {handle};
    uint64_t at;
    ONLY("ov");
    return pk_discovered_fetched_at(discovered, spoil == BAD_VALUE ? 3 : PK_DOCUMENT_PROVIDER,
                                    spoil == NO_OUT ? NULL : &at, error);
}
pk_status discovered_is_fresh(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_discovered discovered = {handle};
    bool fresh;
    ONLY("o");
    return pk_discovered_is_fresh(discovered, 1, 1, spoil == NO_OUT ? NULL : &fresh, error);
}
pk_status discovered_sign_in(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_discovered discovered = {handle};
    pk_sign_in_config config = PK_SIGN_IN_CONFIG_INIT;
    ONLY("os");
    if (spoil == BAD_SIZE) config.size++;
    return pk_discovered_sign_in(discovered, spoil == NO_OUT ? NULL : &config, error);
}
pk_status discovered_free(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_discovered discovered = {handle};
    (void)error;
    ONLY("");
    return pk_discovered_free(discovered);
}

static pk_document document(const char *body, enum spoil spoil) {
    pk_document document = PK_DOCUMENT_INIT;
    if (spoil == BAD_SIZE) document.size++;
    document.issuer = view(ISSUER, GOOD);
    document.body = view(body, GOOD);
    document.metadata_url = view(ISSUER "/.well-known/oauth-authorization-server", spoil);
    document.fetched_at = 1;
    return document;
}
pk_status provider_read(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_document given = document(PROVIDER_BODY, spoil);
    pk_discovered discovered = {0};
    pk_status status;
    (void)handle;
    ONLY("oiths");
    status = pk_provider_read(&given, spoil == NO_OUT ? NULL : &discovered, error);
    if (status == PK_OK) pk_discovered_free(discovered);
    return status;
}
pk_status resource_read(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_document given = document(RESOURCE_BODY, spoil == BAD_SIZE ? spoil : GOOD);
    pk_discovered discovered = {0};
    pk_status status;
    (void)handle;
    ONLY("oiths");
    given.resource = view(RESOURCE, spoil);
    status = pk_resource_read(&given, spoil == NO_OUT ? NULL : &discovered, error);
    if (status == PK_OK) pk_discovered_free(discovered);
    return status;
}
pk_status well_known_url(uint64_t handle, enum spoil spoil, pk_error *error) {
    (void)handle;
    ONLY("ithvbn");
    TEXT_CALL(pk_well_known_url(spoil == BAD_VALUE ? 0 : PK_DOCUMENT_PROVIDER, in(ISSUER, spoil),
                                in_length(ISSUER, spoil), 1, OUT_TEXT, error));
}

static pk_status parse(enum spoil spoil, pk_www_authenticate *parsed, pk_error *error) {
    pk_text fields[] = {PK_LITERAL("Bearer error=\"invalid_token\", Basic realm=\"x\""), {"\xff\xfe", 2}};
    return pk_www_authenticate_parse(spoil == NO_INPUT ? NULL : fields, spoil == TOO_LONG ? SIZE_MAX : 2, parsed,
                                     error);
}
pk_status www_parse(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_www_authenticate parsed = {0};
    pk_status status;
    (void)handle;
    ONLY("oit"); /* a field is bytes: it need not be UTF-8 */
    status = parse(spoil, spoil == NO_OUT ? NULL : &parsed, error);
    if (status == PK_OK) pk_www_authenticate_free(parsed);
    return status;
}
pk_status www_demand(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_www_authenticate parsed = {handle};
    pk_demand demand = PK_DEMAND_INIT;
    ONLY("os");
    if (spoil == BAD_SIZE) demand.size--;
    return pk_www_authenticate_demand(parsed, spoil == NO_OUT ? NULL : &demand, error);
}
pk_status www_challenge(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_www_authenticate parsed = {handle};
    pk_auth_challenge challenge = PK_AUTH_CHALLENGE_INIT;
    ONLY("os");
    if (spoil == BAD_SIZE) challenge.size--;
    return pk_www_authenticate_challenge(parsed, 2, spoil == NO_OUT ? NULL : &challenge, error);
}
pk_status www_free(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_www_authenticate parsed = {handle};
    (void)error;
    ONLY("");
    return pk_www_authenticate_free(parsed);
}

uint64_t make_discovery(void) {
    pk_discovery discovery = {0};
    CHECK(new_discovery(GOOD, &discovery, NULL) == PK_OK);
    return discovery.id;
}
uint64_t make_discovered(void) {
    pk_document given = document(PROVIDER_BODY, GOOD);
    pk_discovered discovered = {0};
    CHECK(pk_provider_read(&given, &discovered, NULL) == PK_OK);
    return discovered.id;
}
uint64_t make_challenged(void) {
    pk_www_authenticate parsed = {0};
    CHECK(parse(GOOD, &parsed, NULL) == PK_OK);
    return parsed.id;
}
