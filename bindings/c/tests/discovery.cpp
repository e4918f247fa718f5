// A whole discovery in C++, from a resource's 401 to the configuration of a sign-in, and what may go wrong on its way.
#include <cstdio>
#include <cstdlib>
#include <proofkey.hpp>

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                       \
            std::exit(1);                                                                                              \
        }                                                                                                              \
    } while (0)

static constexpr std::string_view ISSUER = "https://as.example", RESOURCE = "https://api.example/mcp";
static constexpr std::string_view PROVIDER_BODY =
    R"({"issuer":"https://as.example","authorization_endpoint":"https://as.example/authorize",)"
    R"("token_endpoint":"https://as.example/token","code_challenge_methods_supported":["S256"],)"
    R"("authorization_response_iss_parameter_supported":true,"scopes_supported":[]})";
static constexpr std::string_view RESOURCE_BODY =
    R"({"resource":"https://api.example/mcp","authorization_servers":["https://as.example"]})";

// The flow's next step after an answer of 200 with this body.
static pk_step answer(proofkey::Discovery &flow, std::string_view body, std::uint64_t now) {
    pk_header header = {PK_LITERAL("Content-Type"), PK_LITERAL("application/json")};
    pk_http_response response = PK_HTTP_RESPONSE_INIT;
    response.status = 200;
    response.headers = &header;
    response.header_count = 1;
    response.body = proofkey::view(body);
    pk_event event = PK_EVENT_INIT;
    event.kind = PK_EVENT_RESPONSE;
    event.response = &response;
    return flow.advance(event, now);
}

static std::string_view asked(const pk_step &step) {
    CHECK(step.kind == PK_STEP_SEND && !step.finish);
    return {step.request.url.data, step.request.url.length};
}

static proofkey::Discovery begin(const std::vector<std::string_view> &fields) {
    std::vector<pk_text> lent = proofkey::views(fields);
    pk_discovery_config config = PK_DISCOVERY_CONFIG_INIT;
    config.resource = proofkey::view(RESOURCE);
    config.www_authenticate = lent.data();
    config.www_authenticate_count = lent.size();
    return proofkey::Discovery(config);
}

static proofkey::Discovered discover() {
    proofkey::Discovery flow = begin({R"(Bearer scope="read write", resource_metadata="https://api.example/meta")"});
    pk_event start = PK_EVENT_INIT;
    start.kind = PK_EVENT_START;
    CHECK(asked(flow.advance(start, 0)) == "https://api.example/meta");
    CHECK(asked(answer(flow, RESOURCE_BODY, 1000)) == "https://as.example/.well-known/oauth-authorization-server");
    CHECK(answer(flow, PROVIDER_BODY, 2000).kind == PK_STEP_DONE);
    proofkey::Discovered found = flow.outcome();
    try {
        (void)flow.outcome();
        CHECK(false);
    } catch (const proofkey::Error &error) {
        CHECK(error.status() == PK_NOTHING);
    }
    return found; // It outlives its flow.
}

static void found_and_signed_in() {
    proofkey::Discovered found = discover();
    CHECK(found.text(PK_FIELD_ISSUER_HOST) == "as.example");
    CHECK(found.text(PK_FIELD_RESOURCE_METADATA_URL) == "https://api.example/meta");
    CHECK(!found.text(PK_FIELD_REGISTRATION_ENDPOINT));
    CHECK((found.list(PK_LIST_SCOPES) == std::vector<std::string>{"read", "write"}));
    CHECK(found.list(PK_LIST_PROVIDER_SCOPES)->empty() && !found.list(PK_LIST_GRANT_TYPES));
    CHECK(found.capability(PK_FEATURE_ISS).support == PK_SUPPORT_REQUIRED);
    CHECK(found.fetched_at(PK_DOCUMENT_RESOURCE) == 1000u && found.fetched_at(PK_DOCUMENT_PROVIDER) == 2000u);
    // Both must be fresh, and neither from the future.
    CHECK(found.is_fresh(2000, 1001) && !found.is_fresh(2000, 1000) && !found.is_fresh(1999, 5000));

    pk_sign_in_config config = PK_SIGN_IN_CONFIG_INIT;
    config.client_id = proofkey::view("agent");
    config.redirect_uri = proofkey::view("https://app.example/cb");
    found.fill(config);
    CHECK(config.iss_promised == 1 && config.browse_timeout_ms == 300000 && config.scope_count == 2);
    config.browse_timeout_ms = 60000;
    found.fill(config); // What was chosen stays.
    CHECK(config.browse_timeout_ms == 60000 && std::string_view(config.client_id.data) == "agent");
    proofkey::SignIn sign_in(config);
    found.reset(); // The sign-in has its own copies.
    pk_event start = PK_EVENT_INIT;
    start.kind = PK_EVENT_START;
    std::string url(sign_in.advance(start, 0).url.data);
    CHECK(url.rfind("https://as.example/authorize?", 0) == 0);
    CHECK(url.find("resource=https%3A%2F%2Fapi.example%2Fmcp") != std::string::npos);
}

static void documents() {
    pk_document document = PK_DOCUMENT_INIT;
    document.issuer = proofkey::view(ISSUER);
    document.body = proofkey::view(PROVIDER_BODY);
    document.metadata_url = proofkey::view("https://as.example/cached");
    proofkey::Discovered cached = proofkey::read_provider(document);
    CHECK(cached.text(PK_FIELD_METADATA_URL) == "https://as.example/cached" && !cached.text(PK_FIELD_RESOURCE));
    CHECK(cached.list(PK_LIST_SCOPES)->empty() && !cached.fetched_at(PK_DOCUMENT_RESOURCE));

    document.resource = proofkey::view(RESOURCE);
    document.body = proofkey::view(RESOURCE_BODY);
    proofkey::Discovered resource = proofkey::read_resource(document);
    CHECK(resource.text(PK_FIELD_ISSUER) == ISSUER && !resource.text(PK_FIELD_TOKEN_ENDPOINT));
    pk_sign_in_config config = PK_SIGN_IN_CONFIG_INIT;
    try {
        resource.fill(config);
        CHECK(false);
    } catch (const proofkey::Error &error) {
        CHECK(error.status() == PK_NOTHING && config.issuer.data == nullptr);
    }
    document.issuer = proofkey::view("https://other.example");
    try {
        (void)proofkey::read_resource(document);
        CHECK(false);
    } catch (const proofkey::Error &error) {
        CHECK(error.code() == "issuer_not_listed");
    }
    CHECK((proofkey::well_known_urls(PK_DOCUMENT_RESOURCE, RESOURCE) ==
           std::vector<std::string>{"https://api.example/.well-known/oauth-protected-resource/mcp",
                                    "https://api.example/.well-known/oauth-protected-resource"}));
}

static void challenges() {
    proofkey::WwwAuthenticate parsed(
        {R"(Basic realm="a\"b", DPoP error="insufficient_scope", scope="x  y")", "Bearer =,"});
    std::optional<pk_demand> demand = parsed.demand();
    CHECK(demand && std::string_view(demand->scheme.data) == "dpop");
    CHECK(std::string_view(demand->scope.data) == "x y" && !demand->resource_metadata.data);
    CHECK(!demand->acr_values.data && !demand->has_max_age);
    proofkey::WwwAuthenticate stepped(
        {R"(Bearer error="insufficient_user_authentication", acr_values="a b", max_age=60)"});
    demand = stepped.demand();
    CHECK(demand && std::string_view(demand->acr_values.data) == "a b" && demand->has_max_age);
    CHECK(demand->max_age == 60);
    std::vector<pk_auth_challenge> all = parsed.challenges();
    CHECK(all.size() == 3 && all[0].parameter_count == 1);
    CHECK(std::string_view(all[0].parameters[0].value.data) == "a\"b");
    CHECK(!all[2].scheme.data && std::string_view(all[2].defect.data) == "syntax");
    CHECK(!proofkey::WwwAuthenticate(std::vector<std::string_view>()).demand());
}

int main() {
    found_and_signed_in();
    documents();
    challenges();
    std::puts("done");
}
