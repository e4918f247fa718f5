// An authorization server in C++ with a store in memory: a request is judged, a code issued, redeemed with the wrong
// and with the right verifier, its token checked, refreshed and given back. P20, P23, P24, P26 to P29.
#include <cstdio>
#include <cstdlib>
#include <type_traits>

#include "memory_store.hpp"

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                       \
            std::exit(1);                                                                                              \
        }                                                                                                              \
    } while (0)

static_assert(!std::is_copy_constructible_v<proofkey::GrantRequest> && !std::is_copy_assignable_v<proofkey::Issue>);
static_assert(!std::is_copy_constructible_v<proofkey::Redeem> && !std::is_copy_constructible_v<proofkey::CheckToken>);
static_assert(std::is_nothrow_move_constructible_v<proofkey::Redeem>);

static bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// What stands between `before` and `after`.
static std::string between(std::string_view text, std::string_view before, char after) {
    std::size_t from = text.find(before);
    CHECK(from != std::string_view::npos);
    text.remove_prefix(from + before.size());
    return std::string(text.substr(0, text.find(after)));
}

using Store = MemoryStore;

// The loop that a server writes once.
template <typename Flow> static auto run(Flow &flow, Store &store) {
    pk_store_event event = PK_STORE_EVENT_INIT;
    event.kind = PK_STORE_EVENT_START;
    for (;;) {
        pk_store_step step = flow.advance(event);
        if (step.kind == PK_STORE_STEP_DONE) return flow.outcome();
        event = store.answer(step);
    }
}

template <typename Act> static void throws(pk_status status, std::string_view code, Act act) {
    try {
        act();
    } catch (const proofkey::Error &error) {
        CHECK(error.status() == status && (code.empty() || error.code() == code));
        return;
    }
    CHECK(!"it threw");
}

static pk_policy policy() {
    pk_policy policy = PK_POLICY_INIT;
    policy.issuer = proofkey::view("https://as.example");
    policy.code_lifetime_s = 60;
    policy.access_token_lifetime_s = 300;
    policy.refresh_token_lifetime_s = 600;
    policy.reuse_window_s = 10;
    policy.max_mismatches = 5;
    policy.profile = PK_PROFILE_OAUTH21;
    return policy;
}

static proofkey::GrantRequest judge(const std::string &query) {
    static const pk_text uri = proofkey::view("https://app.example/cb");
    static const pk_text scopes[] = {proofkey::view("read"), proofkey::view("write")};
    pk_client_record client = PK_CLIENT_RECORD_INIT;
    client.client_id = proofkey::view("agent");
    client.redirect_uris = &uri;
    client.redirect_uri_count = 1;
    client.scopes = scopes;
    client.scope_count = 2;
    client.may_refresh = 1;
    return proofkey::GrantRequest(query, client, policy());
}

static std::string query(const std::string &challenge, const std::string &uri = "https%3A%2F%2Fapp.example%2Fcb") {
    return "response_type=code&client_id=agent&redirect_uri=" + uri +
           "&scope=read&state=s-1&code_challenge=" + challenge + "&code_challenge_method=S256";
}

static void requests() {
    std::string good = query(proofkey::pair().challenge);
    CHECK(proofkey::GrantRequest::client_id(good) == "agent");
    CHECK(!proofkey::GrantRequest::client_id("client_id=a&client_id=b"));
    CHECK(proofkey::redirect_uri_matches("http://127.0.0.1/cb", "http://127.0.0.1:4711/cb"));
    CHECK(!proofkey::redirect_uri_matches("https://app.example/cb", "https://app.example/cb/"));

    // No redirect to where nobody registered (P26), and nothing to be issued or denied.
    proofkey::GrantRequest page = judge(query(proofkey::pair().challenge, "https%3A%2F%2Fevil.example%2Fcb"));
    CHECK(page.verdict().kind == PK_REQUEST_PAGE && !page.verdict().location.data);
    CHECK(!page.deny());
    throws(PK_NOTHING, "", [&page] { proofkey::Issue issue(page, "alice", {}); });
    CHECK(page.verdict().kind == PK_REQUEST_PAGE);
    // Without a challenge the client is told (P20).
    proofkey::GrantRequest bare = judge("response_type=code&client_id=agent&state=s-1"
                                        "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb");
    CHECK(bare.verdict().kind == PK_REQUEST_REDIRECT && read(bare.verdict().error) == "invalid_request");
    CHECK(has(read(bare.verdict().location), "state=s-1"));

    proofkey::GrantRequest first = judge(good);
    pk_grant_request handle = first.get();
    proofkey::GrantRequest request = std::move(first);
    CHECK(!first && request.get().id == handle.id);
    pk_request_verdict verdict = request.verdict();
    CHECK(verdict.kind == PK_REQUEST_ACCEPTED && read(verdict.client_id) == "agent" && read(verdict.scope) == "read");
    std::optional<proofkey::SecretText> denied = request.deny();
    CHECK(denied && has(denied->expose(), "error=access_denied"));
    // More than was asked for: an error, and the request is used up.
    throws(PK_ERROR, "invalid_configuration", [&request] { proofkey::Issue issue(request, "alice", {"write"}); });
    throws(PK_ERROR, "flow_ended", [&request] { static_cast<void>(request.verdict()); });
    request.reset();
    CHECK(pk_grant_request_free(handle) == PK_INVALID_HANDLE);
}

// A code for this challenge.
static std::string issue(Store &store, const std::string &challenge) {
    proofkey::GrantRequest request = judge(query(challenge));
    proofkey::Issue issue(request, "alice", {"read"});
    throws(PK_NOTHING, "", [&issue] { static_cast<void>(issue.outcome()); });
    pk_issue_outcome outcome = run(issue, store);
    CHECK(outcome.issued == (store.broken ? 0u : 1u));
    std::string location(read(outcome.location));
    CHECK(location.compare(0, 23, "https://app.example/cb?") == 0 && has(location, "state=s-1"));
    throws(PK_NOTHING, "", [&issue] { static_cast<void>(issue.outcome()); });
    return store.broken ? location : between(location, "code=", '&');
}

struct Answer {
    std::uint16_t status;
    std::string audit, body;
};

template <typename Flow> static Answer answered(Flow flow, Store &store) {
    Flow moved = std::move(flow);
    pk_token_answer answer = run(moved, store);
    // Nobody keeps it (RFC 6749 §5.1, P28).
    bool kept = true;
    for (std::size_t i = 0; i < answer.header_count; i++)
        if (read(answer.headers[i].value) == "no-store") kept = false;
    CHECK(!kept);
    return {answer.status, std::string(read(answer.audit)), std::string(read(answer.body))};
}

static constexpr std::string_view form = "application/x-www-form-urlencoded";

static Answer redeem(Store &store, const std::string &code, std::string_view verifier) {
    std::string body =
        "grant_type=authorization_code&client_id=agent&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&code=" + code +
        "&code_verifier=" + std::string(verifier);
    return answered(proofkey::Redeem(body, form, std::nullopt, policy()), store);
}

static Answer refresh(Store &store, const std::string &token, const std::string &more = "") {
    std::string body = "grant_type=refresh_token&client_id=agent&refresh_token=" + token + more;
    return answered(proofkey::Redeem(body, form, std::nullopt, policy()), store);
}

static Answer give_back(Store &store, const std::string &token, const std::string &client_id) {
    return answered(proofkey::RevokeToken("client_id=" + client_id + "&token=" + token, form, std::nullopt), store);
}

// The HTTP status that a resource answers this header field with, 200 where it lets it pass.
static unsigned check(Store &store, std::optional<std::string_view> authorization, std::string_view scope = "read") {
    proofkey::CheckToken check(authorization, "https://api.example", {scope});
    pk_check_outcome access = run(check, store);
    if (!access.granted) return access.status;
    CHECK(read(access.subject) == "alice" && read(access.client_id) == "agent" && read(access.scope) == "read");
    CHECK(access.expires_at == 1300);
    return 200;
}

static void whole_flow() {
    Store store;
    proofkey::Pair pair = proofkey::pair(), thief = proofkey::pair();
    std::string code = issue(store, pair.challenge);
    std::string grant_id = code.substr(0, code.find('.'));

    // The thief of a code costs its owner nothing but one of five tries (P23).
    Answer stolen = redeem(store, code, thief.verifier.expose());
    CHECK(stolen.status == 400 && has(stolen.body, "invalid_grant") && stolen.audit == "mismatch");
    CHECK(store.mismatches(grant_id) == 1 && !store.revoked(grant_id));

    Answer redeemed = redeem(store, code, pair.verifier.expose());
    CHECK(redeemed.status == 200 && redeemed.audit == "issued");
    std::string bearer = "Bearer " + between(redeemed.body, "\"access_token\":\"", '"');
    CHECK(check(store, bearer) == 200);
    CHECK(check(store, std::nullopt) == 401);
    CHECK(check(store, bearer + "x") == 401);
    CHECK(check(store, bearer, "write") == 403);
    store.now = 1300;
    CHECK(check(store, bearer) == 401);
    store.now = 1000;
    store.broken = true; // nothing is accepted, nothing issued (P29)
    CHECK(check(store, bearer) == 503);
    CHECK(has(issue(store, pair.challenge), "error=server_error"));
    store.broken = false;

    // Used again with the right verifier: a leak, and all that came of the code ends (P24).
    Answer again = redeem(store, code, pair.verifier.expose());
    CHECK(again.status == 400 && again.audit == "replay_revoked" && store.revoked(grant_id));
    CHECK(check(store, bearer) == 401);
}

// P27: rotation, the window for the predecessor, and the end of a family; RFC 7009: the other end.
static void refreshes() {
    for (bool by_hand : {false, true}) {
        Store store;
        proofkey::Pair pair = proofkey::pair();
        std::string code = issue(store, pair.challenge);
        Answer first = redeem(store, code, pair.verifier.expose());
        std::string old = between(first.body, "\"refresh_token\":\"", '"');
        CHECK(check(store, "Bearer " + old) == 401);

        CHECK(refresh(store, old, "&scope=write").audit == "wrong_scope");
        Answer second = refresh(store, old, "&scope=read");
        CHECK(second.status == 200 && second.audit == "refreshed");
        store.now = 1009;
        Answer spared = refresh(store, old);
        CHECK(spared.audit == "refreshed" && check(store, "Bearer " + between(first.body, "token\":\"", '"')) == 200);
        store.now = 1000;
        std::string bearer = "Bearer " + between(second.body, "\"access_token\":\"", '"');
        std::string next = between(second.body, "\"refresh_token\":\"", '"');
        CHECK(check(store, bearer) == 200);
        if (by_hand) {
            CHECK(give_back(store, next, "thief").audit == "wrong_client" && check(store, bearer) == 200);
            Answer given = give_back(store, next, "agent");
            CHECK(given.status == 200 && given.audit == "token_revoked" && given.body.empty());
            CHECK(give_back(store, "x", "agent").audit == "unknown_token");
        } else {
            CHECK(refresh(store, next).audit == "refreshed");
            CHECK(refresh(store, old).audit == "reuse_revoked"); // its successor was used
        }
        CHECK(check(store, bearer) == 401 && refresh(store, next).audit == "revoked");
    }
}

// The example of RFC 9449 §4.1, the thumbprint of its key, and its time.
static constexpr std::string_view proof_field =
    "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJo"
    "RjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19."
    "eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0"
    "IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
static constexpr std::string_view thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

static pk_request_proof proof(const std::vector<pk_text> &fields) {
    pk_request_proof proof = PK_REQUEST_PROOF_INIT;
    proof.fields = fields.data();
    proof.field_count = fields.size();
    proof.method = proofkey::view("POST");
    proof.url = proofkey::view("https://server.example.com/token");
    proof.now = 1562262616;
    return proof;
}

// RFC 9449 §5, §7, §8, §10, §11.1: what is bound to a key is worth nothing without it.
static void keys() {
    Store store;
    proofkey::Pair pair = proofkey::pair();
    proofkey::GrantRequest request = judge(query(pair.challenge) + "&max_age=0&prompt=login&login_hint=ada&nonce=n-1" +
                                           "&dpop_jkt=" + std::string(thumbprint));
    pk_request_verdict asked = request.verdict();
    CHECK(asked.has_max_age && asked.max_age == 0 && read(asked.prompt) == "login" && read(asked.login_hint) == "ada");
    CHECK(read(asked.dpop_jkt) == thumbprint && read(asked.nonce) == "n-1" && read(asked.acr_values).empty());
    CHECK(has(request.decline(PK_DECLINE_LOGIN_REQUIRED)->expose(), "error=login_required"));
    proofkey::Issue issue(request, "alice", {"read"});
    issue.signed_in(900, "strong");
    std::string code = between(read(run(issue, store).location), "code=", '&');

    std::string body =
        "grant_type=authorization_code&client_id=agent&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&code=" + code +
        "&code_verifier=" + std::string(pair.verifier.expose());
    pk_proof_rules rules = PK_PROOF_RULES_INIT;
    rules.window_s = 60;
    const std::vector<pk_text> none, one = {proofkey::view(proof_field)};
    auto redeem = [&](const std::vector<pk_text> &fields) {
        proofkey::Redeem flow(body, form, std::nullopt, policy());
        flow.present(rules, proof(fields));
        return flow;
    };
    CHECK(answered(redeem(none), store).audit == "proof_missing");
    std::array<std::uint8_t, 32> key{};
    rules.nonce_key = key.data();
    rules.nonce_lifetime_s = 300;
    {
        proofkey::Redeem flow = redeem(one);
        pk_token_answer answer = run(flow, store);
        CHECK(read(answer.audit) == "nonce_demanded" && !answer.grant);
        CHECK(read(answer.headers[answer.header_count - 1].name) == "DPoP-Nonce");
    }
    rules.nonce_key = nullptr;
    proofkey::Redeem flow = redeem(one);
    pk_token_answer answer = run(flow, store);
    CHECK(answer.status == 200 && answer.first == 1 && read(answer.scope) == "read");
    CHECK(store.remembered_for == 121);
    CHECK(read(answer.grant->nonce) == "n-1" && answer.grant->has_auth_time && answer.grant->auth_time == 900);
    std::string said(read(answer.body));
    CHECK(has(said, "\"token_type\":\"DPoP\""));
    CHECK(has(proofkey::body_with_id_token(said, "a.b.c").expose(), ",\"id_token\":\"a.b.c\"}"));
    throws(PK_ERROR, "invalid_configuration", [&] { static_cast<void>(proofkey::body_with_id_token(said, "x")); });
    throws(PK_ERROR, "invalid_configuration", [&] { flow.present(rules, proof(one)); });
    CHECK(answered(redeem(one), store).audit == "proof_replayed");

    std::string token = between(said, "\"access_token\":\"", '"');
    CHECK(check(store, "Bearer " + token) == 401);
    proofkey::CheckToken bound("DPoP " + token, "https://api.example");
    bound.present(rules, proof(one));
    pk_check_outcome access = run(bound, store);
    CHECK(access.status == 401 && has(read(access.www_authenticate), "the proof is wrong: ath") && !access.grant);
}

// RFC 9470, RFC 9728 §5.1: a sign-in that is too old, and where to go on.
static void demands() {
    Store store;
    proofkey::Pair pair = proofkey::pair();
    std::string bearer = "Bearer " + between(redeem(store, issue(store, pair.challenge), pair.verifier.expose()).body,
                                             "\"access_token\":\"", '"');
    pk_check_demands asked = PK_CHECK_DEMANDS_INIT;
    asked.metadata_url = proofkey::view("https://api.example/.well-known/oauth-protected-resource");
    asked.has_max_age = 1;
    proofkey::CheckToken old(bearer, "https://api.example");
    old.demand(asked);
    pk_check_outcome access = run(old, store);
    CHECK(access.status == 401 && has(read(access.www_authenticate), "insufficient_user_authentication"));
    CHECK(has(read(access.www_authenticate), "resource_metadata=") && access.header_count == 1);
    CHECK(read(access.headers[0].value) == read(access.www_authenticate));
}

int main() {
    requests();
    whole_flow();
    refreshes();
    keys();
    demands();
    std::puts("done");
}
