// proofkey.hpp: what it owns is freed once, moved not copied, and its errors say what the C functions say.
#include <cstdio>
#include <cstdlib>
#include <proofkey.h>
#include <proofkey.hpp>
#include <thread>
#include <type_traits>

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                       \
            std::exit(1);                                                                                              \
        }                                                                                                              \
    } while (0)

static_assert(!std::is_copy_constructible_v<proofkey::Session> && !std::is_copy_assignable_v<proofkey::Session>);
static_assert(std::is_nothrow_move_constructible_v<proofkey::Tokens>);
static_assert(!std::is_copy_constructible_v<proofkey::SecretText>);

static pk_authorization_request request() {
    pk_authorization_request request = PK_AUTHORIZATION_REQUEST_INIT;
    request.issuer = proofkey::view("https://as.example");
    request.authorization_endpoint = proofkey::view("https://as.example/authorize");
    request.token_endpoint = proofkey::view("https://as.example/token");
    request.client_id = proofkey::view("agent");
    request.redirect_uri = proofkey::view("https://app.example/cb");
    return request;
}

static void sessions() {
    proofkey::Session first(request());
    pk_session handle = first.get();
    proofkey::Session second = std::move(first);
    CHECK(!first && second.get().id == handle.id);
    std::string url = second.authorization_url();
    CHECK(!second.complete("https://app.example/cb?code=x&state=guessed"));
    std::string state = url.substr(url.find("state=") + 6, 43);
    auto redeemed = second.complete("https://app.example/cb?code=c-1&state=" + state);
    CHECK(redeemed);
    CHECK(std::string_view(redeemed->http().body.data).find("code_verifier=") != std::string_view::npos);
    second = proofkey::Session();
    CHECK(pk_session_free(handle) == PK_INVALID_HANDLE);

    pk_header header = {PK_LITERAL("content-type"), PK_LITERAL("application/json")};
    pk_http_response response = PK_HTTP_RESPONSE_INIT;
    response.status = 200;
    response.headers = &header;
    response.header_count = 1;
    response.body = proofkey::view(R"({"access_token":"at-1","token_type":"Bearer","expires_in":60})");
    proofkey::Tokens tokens = redeemed->tokens(response, 1000);
    CHECK(tokens.expose_access_token().expose() == "at-1");
    CHECK(!tokens.expose_refresh_token());
    CHECK(tokens.expires_at() == std::chrono::system_clock::from_time_t(1060));
    CHECK(tokens.scope().empty() && tokens.issuer() == "https://as.example" && tokens.client_id() == "agent");
}

static void errors() {
    pk_authorization_request bad = request();
    bad.issuer = proofkey::view("http://as.example");
    try {
        proofkey::Session session(bad);
        CHECK(false);
    } catch (const proofkey::Error &error) {
        CHECK(error.status() == PK_ERROR && error.code() == "invalid_configuration" && error.field() == "issuer");
        CHECK(error.family() == "fix_configuration" && !error.advice().empty());
    }
}

int main() {
    proofkey::check_version();
    proofkey::Pair pair = proofkey::pair();
    CHECK(proofkey::verify(pair.verifier.expose(), pair.challenge));
    CHECK(!proofkey::verify(pair.verifier.expose(), proofkey::pair().challenge));
    sessions();
    errors();
    proofkey::Receiver receiver(PK_HOST_V4, 0, "/cb");
    CHECK(receiver.redirect_uri() == "http://127.0.0.1:" + std::to_string(receiver.port()) + "/cb");
    std::thread other([&receiver] { receiver.cancel(); });
    CHECK(receiver.wait(std::chrono::minutes(10)).kind == PK_RECEIVED_CANCELLED);
    other.join();
    std::puts("done");
}
