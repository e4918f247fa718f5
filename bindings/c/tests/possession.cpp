// Tokens that are bound to a key, of the platform's or our own; the device grant; ID tokens; step-up: in C++.
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

static constexpr std::uint64_t NOW = 1800000000;
static constexpr std::string_view RESOURCE = "https://api.example/mcp";

static std::string_view read(const pk_text &text) { return {text.data, text.length}; }

// The code of the error that this throws; empty where it does not.
template <typename Act> static std::string refused(Act act) {
    try {
        act();
        return "";
    } catch (const proofkey::Error &error) {
        CHECK(std::string_view(error.what()).find("canary") == std::string_view::npos);
        return std::string(error.code());
    }
}

// A server whose answers to the token endpoint come in this order, and a platform with a key whose signatures are these
// bytes. It counts what it was asked.
struct World {
    std::vector<std::pair<int, std::string>> answers;
    std::string signature = std::string(64, '1');
    std::size_t asked = 0, keys = 0, signs = 0, shown = 0, waited = 0;
    std::string last_url{}, last_proof{};

    proofkey::Access::Outcome drive(proofkey::Access &flow) {
        // The base point of P-256, compressed (SEC 1 §2.3.3).
        static constexpr std::string_view point("\x03\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2"
                                                "\x77\x03\x7d\x81\x2d\xeb\x33\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96");
        static const pk_header header = {PK_LITERAL("Content-Type"), PK_LITERAL("application/json")};
        pk_event event = PK_EVENT_INIT;
        pk_http_response response = PK_HTTP_RESPONSE_INIT;
        std::string redirect;
        event.kind = PK_EVENT_START;
        for (;;) {
            pk_step step = flow.advance(event, NOW);
            event = PK_EVENT_INIT;
            switch (step.kind) {
                case PK_STEP_DONE: return flow.outcome();
                case PK_STEP_LOCK: event.kind = PK_EVENT_LOCKED; break;
                case PK_STEP_UNLOCK: event.kind = PK_EVENT_OK; break;
                case PK_STEP_LOAD: event.kind = PK_EVENT_LOADED; break;
                case PK_STEP_SWAP:
                    event.kind = PK_EVENT_SWAPPED;
                    event.swapped = 1;
                    break;
                case PK_STEP_KEY:
                    keys++;
                    CHECK(read(step.key_id) == "key-1" && read(step.alg) == "ES256");
                    event.kind = PK_EVENT_PUBLIC_KEY;
                    event.sec1 = proofkey::view(point);
                    break;
                case PK_STEP_SIGN:
                    signs++;
                    CHECK(read(step.key_id) == "key-1" && step.input.length > 0 &&
                          step.input.data[step.input.length] == 0);
                    event.kind = PK_EVENT_SIGNED;
                    event.signature = proofkey::view(signature);
                    break;
                case PK_STEP_SHOW_CODE:
                    shown++;
                    CHECK(read(step.user_code) == "WDJB-MJHT" &&
                          read(step.verification_uri) == "https://as.example/device");
                    CHECK(!step.verification_uri_complete.data && step.advice.length > 0 && step.poll_ms >= 1000);
                    CHECK(step.expires_in_s == 600);
                    event.kind = PK_EVENT_ELAPSED;
                    break;
                case PK_STEP_WAIT:
                    waited++;
                    CHECK(step.millis >= 1000);
                    event.kind = PK_EVENT_ELAPSED;
                    break;
                case PK_STEP_BROWSE: {
                    last_url = std::string(read(step.url));
                    std::string state = last_url.substr(last_url.find("&state=") + 7, 43);
                    redirect = "https://app.example/cb?code=c-1&state=" + state;
                    event.kind = PK_EVENT_REDIRECT;
                    event.redirect = proofkey::view(redirect);
                    break;
                }
                default:
                    CHECK(step.kind == PK_STEP_SEND && asked < answers.size());
                    last_proof.clear();
                    for (std::size_t n = 0; n < step.request.header_count; n++)
                        if (read(step.request.headers[n].name) == "DPoP")
                            last_proof = std::string(read(step.request.headers[n].value));
                    event.kind = PK_EVENT_RESPONSE;
                    response.status = static_cast<std::uint16_t>(answers[asked].first);
                    response.headers = &header;
                    response.header_count = 1;
                    response.body = proofkey::view(answers[asked++].second);
                    event.response = &response;
            }
        }
    }
};

static pk_access_config config() {
    pk_access_config config = PK_ACCESS_CONFIG_INIT;
    config.issuer = proofkey::view("https://as.example");
    config.resource = proofkey::view(RESOURCE);
    config.authorization_endpoint = proofkey::view("https://as.example/authorize");
    config.token_endpoint = proofkey::view("https://as.example/token");
    config.device_authorization_endpoint = proofkey::view("https://as.example/device_authorization");
    config.client_id = proofkey::view("agent");
    config.redirect_uri = proofkey::view("https://app.example/cb");
    return config;
}

static const char BOUND[] = R"({"access_token":"canary-1","token_type":"DPoP","expires_in":3600})";
static const char UNBOUND[] = R"({"access_token":"canary-1","token_type":"Bearer"})";

static pk_dpop_request request(std::string_view proof, std::string_view method, std::string_view url) {
    pk_dpop_request request = PK_DPOP_REQUEST_INIT;
    request.proof = proofkey::view(proof);
    request.method = proofkey::view(method);
    request.url = proofkey::view(url);
    request.now = NOW;
    request.window_s = 60;
    return request;
}

// A key of our own: each request has a proof of its own, with the nonce that its server wants.
static void own_key() {
    pk_access_config bound = config();
    bound.dpop = PK_DPOP_REQUIRED;
    proofkey::DpopNonces nonces;
    pk_access_run run = PK_ACCESS_RUN_INIT;
    run.nonces = nonces.get();
    CHECK(nonces.heard("https://as.example/any", "as-1"));
    World world{{{200, BOUND}}};
    proofkey::Access flow(bound, PK_GOAL_SIGN_IN, &run);
    proofkey::Access::Outcome outcome = world.drive(flow);
    CHECK(outcome.tokens->token_type() == "DPoP" && world.signs == 0 && !outcome.end_session_url);
    CHECK(world.last_url.find("&dpop_jkt=") != std::string::npos);
    proofkey::DpopProof sent(request(world.last_proof, "POST", "https://as.example/token"));
    CHECK(!sent.fields().defect.data && read(sent.fields().nonce) == "as-1");

    std::string url = std::string(RESOURCE) + "/tools?q=1";
    CHECK(refused([&] { (void)outcome.tokens->authorization(url, NOW); }) == "signing_failed");
    CHECK(nonces.heard(RESOURCE, "rs-1") && !nonces.heard(RESOURCE, "not a nonce"));
    std::optional<proofkey::Authorized> ready = outcome.tokens->authorize("GET", url, NOW, nonces);
    CHECK(ready && !ready->to_sign() && ready->authorization()->expose() == "DPoP canary-1");
    proofkey::SecretText proof = std::move(*ready->dpop());
    pk_dpop_request came = request(proof.expose(), "GET", "https://api.example/mcp/tools");
    came.access_token = proofkey::view("canary-1");
    came.nonce = proofkey::view("rs-1");
    proofkey::DpopProof checked(came);
    CHECK(!checked.fields().defect.data && checked.fields().issued_at == NOW && checked.fields().jti.length > 20);
    CHECK(read(checked.fields().thumbprint) == read(sent.fields().thumbprint));
    // Of another request, and with another token, it is none.
    came.method = proofkey::view("POST");
    CHECK(read(proofkey::DpopProof(came).fields().defect) == "htm");
    came.method = proofkey::view("GET");
    came.access_token = proofkey::view("another");
    CHECK(read(proofkey::DpopProof(came).fields().defect) == "ath");
    proofkey::Authorized second = outcome.tokens->authorize_now("GET", url, NOW, nonces);
    CHECK(second.dpop()->expose() != proof.expose());

    CHECK(!outcome.tokens->authorize("GET", url, NOW + 3600, nonces));
    CHECK(refused([&] { (void)outcome.tokens->authorize("GET", "https://api.example/", NOW, nonces); }) ==
          "wrong_resource");
    // A server that does not bind is refused, and without a demand is taken as it is.
    World lax{{{200, UNBOUND}}};
    proofkey::Access demanding(bound, PK_GOAL_SIGN_IN);
    CHECK(refused([&] { (void)lax.drive(demanding); }) == "token_not_bound");
    bound.dpop = PK_DPOP_PREFERRED;
    World again{{{200, UNBOUND}}};
    proofkey::Access preferring(bound, PK_GOAL_SIGN_IN);
    outcome = again.drive(preferring);
    proofkey::Authorized plain = outcome.tokens->authorize_now("GET", RESOURCE, NOW, nonces);
    CHECK(outcome.tokens->token_type() == "Bearer" && !plain.dpop() && !outcome.tokens->identity());
    CHECK(plain.authorization()->expose() == "Bearer canary-1");
    CHECK(refused([&] { plain.sign(again.signature); }) == "nothing");
}

// A key that the platform keeps: it signs for the token endpoint, and for each request.
static void platform_key() {
    pk_access_config bound = config();
    bound.dpop = PK_DPOP_REQUIRED;
    bound.dpop_key = proofkey::view("key-1");
    World world{{{200, BOUND}}};
    proofkey::Access flow(bound, PK_GOAL_SIGN_IN);
    proofkey::Access::Outcome outcome = world.drive(flow);
    CHECK(world.keys == 1 && world.signs == 1);
    proofkey::DpopNonces nonces;
    proofkey::Authorized unsigned_yet = outcome.tokens->authorize_now("GET", RESOURCE, NOW, nonces);
    CHECK(!unsigned_yet.authorization() && !unsigned_yet.dpop());
    std::string input(read(unsigned_yet.to_sign()->input));
    CHECK(read(unsigned_yet.to_sign()->key_id) == "key-1" && input.find('.') != std::string::npos);
    unsigned_yet.sign(world.signature);
    CHECK(!unsigned_yet.to_sign() && unsigned_yet.authorization()->expose() == "DPoP canary-1");
    proofkey::SecretText proof = std::move(*unsigned_yet.dpop());
    CHECK(proof.expose().substr(0, input.size()) == input);
    // What is no signature of that key is noticed by the server, and what is none at all here.
    CHECK(read(proofkey::DpopProof(request(proof.expose(), "GET", RESOURCE)).fields().defect) == "signature");
    proofkey::Authorized wrong = outcome.tokens->authorize_now("GET", RESOURCE, NOW, nonces);
    CHECK(refused([&] { wrong.sign("no signature"); }) == "signing_failed");
    CHECK(!wrong.to_sign() && !wrong.authorization());
    World broken{{{200, BOUND}}};
    broken.signature = "no signature";
    proofkey::Access failing(bound, PK_GOAL_SIGN_IN);
    CHECK(refused([&] { (void)broken.drive(failing); }) == "signing_failed");

    std::string der("\x30\x06\x02\x01\x05\x02\x01\x07", 8);
    auto raw = proofkey::raw_signature(der);
    CHECK(raw && (*raw)[31] == 5 && (*raw)[63] == 7 && (*raw)[0] == 0);
    CHECK(!proofkey::raw_signature("no signature") && proofkey::raw_signature(world.signature));
}

static void device() {
    pk_access_config shown = config();
    shown.device = 1;
    World world{{{200, R"({"device_code":"canary-2","user_code":"WDJB-MJHT","expires_in":600,)"
                       R"("verification_uri":"https://as.example/device","interval":1})"},
                 {400, R"({"error":"authorization_pending"})"},
                 {200, UNBOUND}}};
    proofkey::Access flow(shown, PK_GOAL_SIGN_IN);
    CHECK(world.drive(flow).source == PK_SOURCE_SIGNED_IN && world.asked == 3);
    CHECK(world.shown == 1 && world.waited == 1);
    shown.resumable = 1;
    CHECK(refused([&] { proofkey::Access::check(shown); }) == "invalid_configuration");
}

static void identities() {
    // Of tests/vectors: id-token-good-es256.
    static constexpr std::string_view TOKEN =
        "eyJhbGciOiJFUzI1NiIsImtpZCI6ImVjLTEiLCJ0eXAiOiJKV1QifQ."
        "eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUiLCJzdWIiOiIyNDgyODk3NjEwMDEiLCJhdWQiOiJhZ2VudCIsImV4cCI6MTgwMDAwMzYwMCwiaW"
        "F0"
        "IjoxNzk5OTk5OTkwLCJub25jZSI6Im4tMFM2X1d6QTJNaiIsImF0X2hhc2giOiJSOFBZYUlRZGNZRWRrU2M5VGVHeWlRIn0."
        "w0fhQxZB1dHDqbIprgX-2mvspILnBaFEQKzy110EcAMrOtIaUl8UU-c05jxQwYan8ik0eUPd2pKsDgJaT0q11g";
    static constexpr std::string_view KEYS =
        R"({"keys":[{"kty":"EC","crv":"P-256","x":"XXjeSMqPqp2W5r3meCaksIcKSaLN5jzKOWxPA5kmoAo",)"
        R"("y":"Pgo2gxnUQuLjzx6SlCPtVshC8Bxhk4DZTeAPjp-1cCE","kid":"ec-1","use":"sig"}]})";
    pk_id_token given = PK_ID_TOKEN_INIT;
    given.token = proofkey::view(TOKEN);
    given.keys = proofkey::view(KEYS);
    given.issuer = proofkey::view("https://as.example");
    given.client_id = proofkey::view("agent");
    given.nonce = proofkey::view("n-0S6_WzA2Mj");
    given.access_token = proofkey::view("at-1");
    given.now = NOW;
    auto identity = proofkey::Identity::verify(given);
    CHECK(identity && identity->subject() == "248289761001" && identity->issuer() == "https://as.example");
    CHECK(!identity->name() && !identity->email() && !identity->preferred_username() && !identity->email_verified());
    pk_identity_fields fields = identity->fields();
    CHECK(fields.audience_count == 1 && read(fields.audience[0]) == "agent" && fields.amr_count == 0);
    CHECK(fields.expires_at == NOW + 3600 && fields.has_auth_time == 0 && fields.acr.data == nullptr);
    CHECK(identity->claims().find("\"at_hash\"") != std::string::npos);
    given.max_age = 60;
    given.has_max_age = 1;
    CHECK(refused([&] { (void)proofkey::Identity::verify(given); }) == "id_token_refused");
    given.has_max_age = 0;
    given.nonce = proofkey::view("canary");
    CHECK(refused([&] { (void)proofkey::Identity::verify(given); }) == "id_token_refused");
    given.keys = proofkey::view(R"({"keys":[]})");
    CHECK(!proofkey::Identity::verify(given));
    CHECK(proofkey::read_key_set(KEYS) == 1 && proofkey::read_key_set(R"({"keys":[]})") == 0);
    CHECK(refused([&] { (void)proofkey::read_key_set("{}"); }) == "invalid_key_set");
}

// What a resource demands goes into the next sign-in.
static void step_up() {
    World world{{{200, R"({"access_token":"at-1","token_type":"Bearer","scope":"read"})"}}};
    pk_text scopes[] = {proofkey::view("read"), proofkey::view("list")};
    pk_access_config asking = config();
    asking.scopes = scopes;
    asking.scope_count = 2;
    // No sign-in goes beyond the ceiling, and so not what the program itself asks for.
    asking.scope_ceiling = scopes;
    asking.scope_ceiling_count = 1;
    CHECK(refused([&] { proofkey::Access::check(asking); }) == "invalid_configuration");
    asking.scope_ceiling_count = 2;
    pk_parameter details{};
    details.name = proofkey::view("authorization_details");
    details.value = proofkey::view(R"([{"type":"payment"},{"type":"files"}])");
    asking.extra_parameters = &details;
    asking.extra_parameter_count = 1;
    proofkey::Access flow(asking, PK_GOAL_SIGN_IN);
    proofkey::Access::Outcome outcome = world.drive(flow);
    CHECK(outcome.tokens->missing_authorization_details() == (std::vector<std::string>{"payment", "files"}));
    CHECK(outcome.tokens->requested_scope() == "read list" && outcome.tokens->missing_scope() == "list");
    CHECK(!outcome.tokens->authorization_details());

    pk_text field = proofkey::view(R"(Bearer error="insufficient_scope", scope="write")");
    pk_resource_answer answer = PK_RESOURCE_ANSWER_INIT;
    answer.tokens = outcome.tokens->get();
    answer.status = 200;
    proofkey::ResourceCall call;
    CHECK(call.answered(answer).kind == PK_REACTION_ACCEPT);
    answer.status = 401;
    CHECK(call.answered(answer).kind == PK_REACTION_REFRESH);
    answer.status = 403;
    answer.www_authenticate = &field;
    answer.www_authenticate_count = 1;
    pk_reaction reaction = call.answered(answer);
    CHECK(reaction.kind == PK_REACTION_SIGN_IN && reaction.step_up.scope_count == 3);
    CHECK(read(reaction.step_up.scopes[2]) == "write" && reaction.step_up.www_authenticate_count == 1);
    pk_access_run run = PK_ACCESS_RUN_INIT;
    run.step_up = &reaction.step_up;
    run.www_authenticate = reaction.step_up.www_authenticate;
    run.www_authenticate_count = reaction.step_up.www_authenticate_count;
    World again{{{200, UNBOUND}}};
    proofkey::Access next(config(), PK_GOAL_SIGN_IN, &run);
    (void)again.drive(next);
    CHECK(again.last_url.find("scope=read+list+write") != std::string::npos ||
          again.last_url.find("scope=read%20list%20write") != std::string::npos);
    // It demands the same again: given up. And a ceiling is not passed.
    CHECK(refused([&] { (void)call.answered(answer); }) == "step_up_refused");
    for (const auto &ceiling : {std::vector<std::string_view>{}, std::vector<std::string_view>{"list"}}) {
        proofkey::ResourceCall low(ceiling);
        try {
            (void)low.answered(answer);
            CHECK(false);
        } catch (const proofkey::Error &error) {
            CHECK(error.code() == "scope_ceiling" && error.field() == "write");
        }
    }
    proofkey::ResourceCall high(std::vector<std::string_view>{"write"});
    CHECK(high.answered(answer).kind == PK_REACTION_SIGN_IN);
    // Without tokens at hand their scopes are said.
    answer.tokens = pk_tokens{0};
    answer.granted_scope = proofkey::view("read write");
    proofkey::ResourceCall other;
    CHECK(refused([&] { (void)other.answered(answer); }) == "step_up_refused");
}

int main() {
    own_key();
    platform_key();
    device();
    identities();
    step_up();
    std::puts("done");
}
