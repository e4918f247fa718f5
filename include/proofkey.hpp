// ProofKey for C++17: the C functions of proofkey.h with owners that cannot be copied, texts, and exceptions.
//
// Every owner frees its handle when it goes. Misuse, errors of the protocol and panics come as
// proofkey::Error; what may be absent is std::optional. Texts that are secret stand in a proofkey::SecretText,
// which wipes itself.
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_HPP
#define PROOFKEY_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <proofkey.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace proofkey {

/// What went wrong: status, stable code, family, the message as what(), and what to do.
class Error : public std::runtime_error {
  public:
    explicit Error(const pk_error &error) : std::runtime_error(error.message), error_(error) {}

    [[nodiscard]] pk_status status() const noexcept { return error_.status; }
    [[nodiscard]] std::string_view code() const noexcept { return error_.code; }
    [[nodiscard]] std::string_view family() const noexcept { return error_.family; }
    [[nodiscard]] std::string_view field() const noexcept { return error_.field; }
    [[nodiscard]] std::string_view advice() const noexcept { return error_.advice; }

  private:
    pk_error error_;
};

/// A text that is wiped when it goes. It can be moved, not copied, and is not printed by accident.
class SecretText {
  public:
    SecretText() = default;
    explicit SecretText(std::size_t size) : bytes_(size) {}
    SecretText(const SecretText &) = delete;
    SecretText &operator=(const SecretText &) = delete;
    SecretText(SecretText &&other) noexcept : bytes_(std::move(other.bytes_)) { other.bytes_.clear(); }
    SecretText &operator=(SecretText &&other) noexcept {
        if (this != &other) {
            wipe();
            bytes_ = std::move(other.bytes_);
            other.bytes_.clear();
        }
        return *this;
    }
    ~SecretText() { wipe(); }

    /// The text itself, without the NUL that follows it. Copies made of it are the caller's to wipe.
    [[nodiscard]] std::string_view expose() const noexcept {
        return bytes_.empty() ? std::string_view() : std::string_view(bytes_.data(), bytes_.size() - 1);
    }
    /// The same as a C string.
    [[nodiscard]] const char *expose_c_str() const noexcept { return bytes_.empty() ? "" : bytes_.data(); }

    [[nodiscard]] char *data() noexcept { return bytes_.data(); }
    [[nodiscard]] std::size_t capacity() const noexcept { return bytes_.size(); }

  private:
    void wipe() noexcept {
        volatile char *byte = bytes_.data();
        for (std::size_t left = bytes_.size(); left > 0; left--) *byte++ = 0;
    }
    std::vector<char> bytes_;
};

namespace detail {

/// Throws unless the status is PK_OK.
inline void check(pk_status status, const pk_error &error) {
    if (status != PK_OK) throw Error(error);
}

/// Learns the length, makes the buffer, fills it. None where there is no such text.
template <typename Call> std::optional<SecretText> text(Call call) {
    pk_error error = PK_ERROR_INIT;
    std::size_t length = 0;
    pk_status status = call(nullptr, 0, &length, &error);
    if (status == PK_NOTHING) return std::nullopt;
    if (status != PK_BUFFER_TOO_SMALL) throw Error(error);
    SecretText text(length + 1);
    check(call(text.data(), text.capacity(), &length, &error), error);
    return text;
}

template <typename Call> std::string plain(Call call) {
    std::optional<SecretText> found = text(call);
    return found ? std::string(found->expose()) : std::string();
}

/// Owns a handle.
template <typename Handle, pk_status (*free)(Handle)> class Owner {
  public:
    Owner() noexcept = default;
    explicit Owner(Handle handle) noexcept : handle_(handle) {}
    Owner(const Owner &) = delete;
    Owner &operator=(const Owner &) = delete;
    Owner(Owner &&other) noexcept : handle_(std::exchange(other.handle_, Handle{})) {}
    Owner &operator=(Owner &&other) noexcept {
        if (this != &other) {
            reset();
            handle_ = std::exchange(other.handle_, Handle{});
        }
        return *this;
    }
    ~Owner() { reset(); }

    /// The handle, for the functions of proofkey.h; it stays owned.
    [[nodiscard]] Handle get() const noexcept { return handle_; }
    [[nodiscard]] explicit operator bool() const noexcept { return handle_.id != 0; }
    void reset() noexcept {
        if (handle_.id != 0) free(std::exchange(handle_, Handle{}));
    }

  private:
    Handle handle_{};
};

/// A flow over the caller's grant store.
template <typename Handle, auto free, auto step, typename Outcome, auto take>
class StoreFlow : public Owner<Handle, free> {
  public:
    using Owner<Handle, free>::Owner;
    /// What the store does next. Begin with PK_STORE_EVENT_START; what the step points to is good until the next
    /// call with this object.
    [[nodiscard]] pk_store_step advance(const pk_store_event &event) {
        pk_error error = PK_ERROR_INIT;
        pk_store_step next = PK_STORE_STEP_INIT;
        check(step(this->get(), &event, &next, &error), error);
        return next;
    }
    /// What came of it, once, after PK_STORE_STEP_DONE; what it points to is good until the next call with this
    /// object. Before, and from the second time on, an Error with the status PK_NOTHING is thrown.
    [[nodiscard]] Outcome outcome() {
        pk_error error = PK_ERROR_INIT;
        Outcome outcome = pk_sized<Outcome>();
        check(take(this->get(), &outcome, &error), error);
        return outcome;
    }
};

} // namespace detail

/// A text for the structures of proofkey.h; it must outlive the call.
inline pk_text view(std::string_view text) noexcept { return pk_text{text.data() ? text.data() : "", text.size()}; }

/// The same for one that may be absent.
inline pk_text view_or_none(std::optional<std::string_view> text) noexcept {
    return text ? view(*text) : pk_text{nullptr, 0};
}

/// The same for a list; the texts and what comes back must outlive the call.
inline std::vector<pk_text> views(const std::vector<std::string_view> &texts) {
    std::vector<pk_text> all;
    all.reserve(texts.size());
    for (std::string_view text : texts) all.push_back(view(text));
    return all;
}

/// Throws unless this header fits the library that is loaded.
inline void check_version() {
    pk_error error = PK_ERROR_INIT;
    detail::check(PK_CHECK_VERSION(&error), error);
}

struct Pair {
    SecretText verifier;
    std::string challenge;
};

/// A code verifier and its challenge, S256 (RFC 7636 §4).
inline Pair pair() {
    pk_error error = PK_ERROR_INIT;
    Pair pair{SecretText(44), {}};
    char challenge[44];
    detail::check(pk_pair(pair.verifier.data(), 44, nullptr, challenge, sizeof challenge, nullptr, &error), error);
    pair.challenge = challenge;
    return pair;
}

/// Whether the challenge is that of the verifier (RFC 7636 §4.6).
inline bool verify(std::string_view verifier, std::string_view challenge) {
    pk_error error = PK_ERROR_INIT;
    bool matches = false;
    pk_text left = view(verifier), right = view(challenge);
    detail::check(pk_verify(left.data, left.length, right.data, right.length, &matches, &error), error);
    return matches;
}

/// The tokens of one sign-in.
class Tokens : public detail::Owner<pk_tokens, pk_tokens_free> {
  public:
    using Owner::Owner;
    [[nodiscard]] SecretText expose_access_token() const {
        return std::move(*detail::text([this](auto... to) { return pk_tokens_expose_access_token(get(), to...); }));
    }
    [[nodiscard]] std::optional<SecretText> expose_refresh_token() const {
        return detail::text([this](auto... to) { return pk_tokens_expose_refresh_token(get(), to...); });
    }
    [[nodiscard]] std::optional<std::chrono::system_clock::time_point> expires_at() const {
        pk_error error = PK_ERROR_INIT;
        std::uint64_t at = 0;
        pk_status status = pk_tokens_expires_at(get(), &at, &error);
        if (status == PK_NOTHING) return std::nullopt;
        detail::check(status, error);
        return std::chrono::system_clock::from_time_t(static_cast<std::time_t>(at));
    }
    [[nodiscard]] std::string scope() const {
        return detail::plain([this](auto... to) { return pk_tokens_scope(get(), to...); });
    }
    [[nodiscard]] std::string issuer() const {
        return detail::plain([this](auto... to) { return pk_tokens_issuer(get(), to...); });
    }
    [[nodiscard]] std::string client_id() const {
        return detail::plain([this](auto... to) { return pk_tokens_client_id(get(), to...); });
    }
};

/// A code and the verifier that redeems it.
class TokenRequest : public detail::Owner<pk_token_request, pk_token_request_free> {
  public:
    using Owner::Owner;
    /// The request; what it points to is good until the next call with this object.
    [[nodiscard]] pk_http_request http() const {
        pk_error error = PK_ERROR_INIT;
        pk_http_request request = PK_HTTP_REQUEST_INIT;
        detail::check(pk_token_request_http(get(), &request, &error), error);
        return request;
    }
    [[nodiscard]] Tokens tokens(const pk_http_response &response, std::uint64_t now) {
        pk_error error = PK_ERROR_INIT;
        pk_tokens tokens{};
        detail::check(pk_token_request_tokens(get(), &response, now, &tokens, &error), error);
        return Tokens(tokens);
    }
};

/// One pending sign-in, used once.
class Session : public detail::Owner<pk_session, pk_session_free> {
  public:
    using Owner::Owner;
    explicit Session(const pk_authorization_request &request) : Owner(begin(request)) {}
    [[nodiscard]] std::string authorization_url() const {
        return detail::plain([this](auto... to) { return pk_session_authorization_url(get(), to...); });
    }
    /// None where the redirect is not of this session: wait on. Throws where it ends the session.
    [[nodiscard]] std::optional<TokenRequest> complete(std::string_view redirect) {
        pk_error error = PK_ERROR_INIT;
        pk_token_request request{};
        pk_text given = view(redirect);
        pk_status status = pk_session_complete(get(), given.data, given.length, &request, &error);
        if (status == PK_NOT_OURS) return std::nullopt;
        detail::check(status, error);
        return TokenRequest(request);
    }

  private:
    static pk_session begin(const pk_authorization_request &request) {
        pk_error error = PK_ERROR_INIT;
        pk_session session{};
        detail::check(pk_session_begin(&request, &session, &error), error);
        return session;
    }
};

/// The sign-in flow.
class SignIn : public detail::Owner<pk_sign_in, pk_sign_in_free> {
  public:
    using Owner::Owner;
    explicit SignIn(const pk_sign_in_config &config) : Owner(make(config)) {}
    /// What to do next; what it points to is good until the next call with this object.
    [[nodiscard]] pk_step advance(const pk_event &event, std::uint64_t now) {
        pk_error error = PK_ERROR_INIT;
        pk_step step = PK_STEP_INIT;
        detail::check(pk_sign_in_advance(get(), &event, now, &step, &error), error);
        return step;
    }
    /// The tokens, once, after PK_STEP_DONE.
    [[nodiscard]] Tokens outcome() {
        pk_error error = PK_ERROR_INIT;
        pk_tokens tokens{};
        detail::check(pk_sign_in_outcome(get(), &tokens, &error), error);
        return Tokens(tokens);
    }

  private:
    static pk_sign_in make(const pk_sign_in_config &config) {
        pk_error error = PK_ERROR_INIT;
        pk_sign_in sign_in{};
        detail::check(pk_sign_in_new(&config, &sign_in, &error), error);
        return sign_in;
    }
};

/// What discovery found, or what was read from one document. It never changes.
class Discovered : public detail::Owner<pk_discovered, pk_discovered_free> {
  public:
    using Owner::Owner;
    /// PK_FIELD_ISSUER and the like. None where the documents do not say it.
    [[nodiscard]] std::optional<std::string> text(std::uint32_t field) const {
        auto found = detail::text([this, field](auto... to) { return pk_discovered_text(get(), field, to...); });
        if (!found) return std::nullopt;
        return std::string(found->expose());
    }
    /// PK_LIST_SCOPES and the like. None where the documents have no such list.
    [[nodiscard]] std::optional<std::vector<std::string>> list(std::uint32_t list) const {
        pk_error error = PK_ERROR_INIT;
        std::size_t count = 0;
        pk_status status = pk_discovered_count(get(), list, &count, &error);
        if (status == PK_NOTHING) return std::nullopt;
        detail::check(status, error);
        std::vector<std::string> items;
        for (std::size_t n = 0; n < count; n++)
            items.push_back(
                detail::plain([this, list, n](auto... to) { return pk_discovered_item(get(), list, n, to...); }));
        return items;
    }
    /// PK_FEATURE_S256 and the like; what it points to is good as long as this object.
    [[nodiscard]] pk_capability capability(std::uint32_t feature) const {
        pk_error error = PK_ERROR_INIT;
        pk_capability capability = PK_CAPABILITY_INIT;
        detail::check(pk_discovered_capability(get(), feature, &capability, &error), error);
        return capability;
    }
    /// PK_DOCUMENT_PROVIDER or PK_DOCUMENT_RESOURCE, in seconds since the epoch. None where it was not read.
    [[nodiscard]] std::optional<std::uint64_t> fetched_at(std::uint32_t document) const {
        pk_error error = PK_ERROR_INIT;
        std::uint64_t at = 0;
        pk_status status = pk_discovered_fetched_at(get(), document, &at, &error);
        if (status == PK_NOTHING) return std::nullopt;
        detail::check(status, error);
        return at;
    }
    /// Whether every document that was read is younger than this age; both in seconds.
    [[nodiscard]] bool is_fresh(std::uint64_t now, std::uint64_t max_age_s) const {
        pk_error error = PK_ERROR_INIT;
        bool fresh = false;
        detail::check(pk_discovered_is_fresh(get(), now, max_age_s, &fresh, &error), error);
        return fresh;
    }
    /// Fills in what a sign-in needs to know of the server; see pk_discovered_sign_in. What the configuration points
    /// to is good as long as this object.
    void fill(pk_sign_in_config &config) const {
        pk_error error = PK_ERROR_INIT;
        detail::check(pk_discovered_sign_in(get(), &config, &error), error);
    }
};

/// An authorization server's metadata that was fetched before.
[[nodiscard]] inline Discovered read_provider(const pk_document &document) {
    pk_error error = PK_ERROR_INIT;
    pk_discovered discovered{};
    detail::check(pk_provider_read(&document, &discovered, &error), error);
    return Discovered(discovered);
}

/// A protected resource's metadata that was fetched before, and the issuer to go on with.
[[nodiscard]] inline Discovered read_resource(const pk_document &document) {
    pk_error error = PK_ERROR_INIT;
    pk_discovered discovered{};
    detail::check(pk_resource_read(&document, &discovered, &error), error);
    return Discovered(discovered);
}

/// The addresses of a document, in the order in which they are asked: PK_DOCUMENT_PROVIDER of an issuer, or
/// PK_DOCUMENT_RESOURCE of a resource.
[[nodiscard]] inline std::vector<std::string> well_known_urls(std::uint32_t document, std::string_view identifier) {
    pk_text given = view(identifier);
    std::vector<std::string> urls;
    for (;;) {
        auto url = detail::text(
            [&](auto... to) { return pk_well_known_url(document, given.data, given.length, urls.size(), to...); });
        if (!url) return urls;
        urls.emplace_back(url->expose());
    }
}

/// The discovery flow: from an issuer, or from a resource and its 401, to both documents.
class Discovery : public detail::Owner<pk_discovery, pk_discovery_free> {
  public:
    using Owner::Owner;
    explicit Discovery(const pk_discovery_config &config) : Owner(make(config)) {}
    /// What to do next; what it points to is good until the next call with this object.
    [[nodiscard]] pk_step advance(const pk_event &event, std::uint64_t now) {
        pk_error error = PK_ERROR_INIT;
        pk_step step = PK_STEP_INIT;
        detail::check(pk_discovery_advance(get(), &event, now, &step, &error), error);
        return step;
    }
    /// What was found, once, after PK_STEP_DONE.
    [[nodiscard]] Discovered outcome() {
        pk_error error = PK_ERROR_INIT;
        pk_discovered discovered{};
        detail::check(pk_discovery_outcome(get(), &discovered, &error), error);
        return Discovered(discovered);
    }

  private:
    static pk_discovery make(const pk_discovery_config &config) {
        pk_error error = PK_ERROR_INIT;
        pk_discovery discovery{};
        detail::check(pk_discovery_new(&config, &discovery, &error), error);
        return discovery;
    }
};

/// The WWW-Authenticate fields of an answer, parsed. What its structures point to is good as long as this object.
class WwwAuthenticate : public detail::Owner<pk_www_authenticate, pk_www_authenticate_free> {
  public:
    using Owner::Owner;
    explicit WwwAuthenticate(const std::vector<std::string_view> &fields) : Owner(parse(fields)) {}
    /// What is asked for; none where there is no Bearer or DPoP challenge.
    [[nodiscard]] std::optional<pk_demand> demand() const {
        pk_error error = PK_ERROR_INIT;
        pk_demand demand = PK_DEMAND_INIT;
        pk_status status = pk_www_authenticate_demand(get(), &demand, &error);
        if (status == PK_NOTHING) return std::nullopt;
        detail::check(status, error);
        return demand;
    }
    /// All challenges, and after them those that were left out.
    [[nodiscard]] std::vector<pk_auth_challenge> challenges() const {
        std::vector<pk_auth_challenge> all;
        for (;;) {
            pk_error error = PK_ERROR_INIT;
            pk_auth_challenge one = PK_AUTH_CHALLENGE_INIT;
            pk_status status = pk_www_authenticate_challenge(get(), all.size(), &one, &error);
            if (status == PK_NOTHING) return all;
            detail::check(status, error);
            all.push_back(one);
        }
    }

  private:
    static pk_www_authenticate parse(const std::vector<std::string_view> &fields) {
        pk_error error = PK_ERROR_INIT;
        pk_www_authenticate parsed{};
        std::vector<pk_text> given = views(fields);
        detail::check(pk_www_authenticate_parse(given.data(), given.size(), &parsed, &error), error);
        return parsed;
    }
};

/// The loopback receiver. cancel() may be called from another thread while wait() runs.
class Receiver : public detail::Owner<pk_receiver, pk_receiver_free> {
  public:
    using Owner::Owner;
    Receiver(std::uint32_t host, std::uint16_t port, std::string_view path) : Owner(bind(host, port, path)) {}
    [[nodiscard]] std::uint16_t port() const {
        pk_error error = PK_ERROR_INIT;
        std::uint16_t port = 0;
        detail::check(pk_receiver_port(get(), &port, &error), error);
        return port;
    }
    [[nodiscard]] std::string redirect_uri() const {
        return detail::plain([this](auto... to) { return pk_receiver_redirect_uri(get(), to...); });
    }
    struct Received {
        std::uint32_t kind; ///< PK_RECEIVED_REDIRECT and the like.
        SecretText redirect;
    };
    [[nodiscard]] Received wait(std::chrono::milliseconds timeout) const {
        pk_error error = PK_ERROR_INIT;
        Received received{0, SecretText(PK_REDIRECT_CAPACITY)};
        std::size_t length = 0;
        std::uint64_t left = timeout.count() > 0 ? static_cast<std::uint64_t>(timeout.count()) : 0;
        detail::check(pk_receiver_wait(get(), left, &received.kind, received.redirect.data(),
                                       received.redirect.capacity(), &length, &error),
                      error);
        SecretText exact(length + 1);
        std::string_view(received.redirect.data(), length).copy(exact.data(), length);
        received.redirect = std::move(exact);
        return received;
    }
    void cancel() const {
        pk_error error = PK_ERROR_INIT;
        detail::check(pk_receiver_cancel(get(), &error), error);
    }

  private:
    static pk_receiver bind(std::uint32_t host, std::uint16_t port, std::string_view path) {
        pk_error error = PK_ERROR_INIT;
        pk_receiver receiver{};
        pk_text given = view(path);
        detail::check(pk_receiver_bind(host, port, given.data, given.length, &receiver, &error), error);
        return receiver;
    }
};

/// Whether a redirect URI that was sent is the registered one (RFC 9700 §2.1).
inline bool redirect_uri_matches(std::string_view registered, std::string_view sent) {
    pk_error error = PK_ERROR_INIT;
    bool matches = false;
    pk_text left = view(registered), right = view(sent);
    detail::check(pk_redirect_uri_matches(left.data, left.length, right.data, right.length, &matches, &error), error);
    return matches;
}

/// The authorization server's half begins here: an authorization request that was judged (RFC 6749 §4.1.1).
class GrantRequest : public detail::Owner<pk_grant_request, pk_grant_request_free> {
  public:
    using Owner::Owner;
    GrantRequest(std::string_view query, const pk_client_record &client, const pk_policy &policy)
        : Owner(judge(query, client, policy)) {}
    /// The client that a query names, so that its record can be looked up. None where it names none, or several:
    /// show that to the user on a page with status 400.
    [[nodiscard]] static std::optional<std::string> client_id(std::string_view query) {
        pk_text given = view(query);
        auto found =
            detail::text([&given](auto... to) { return pk_grant_request_client_id(given.data, given.length, to...); });
        if (!found) return std::nullopt;
        return std::string(found->expose());
    }
    /// What was found; what it points to is good until the next call with this object. Throws once an Issue took it.
    [[nodiscard]] pk_request_verdict verdict() const {
        pk_error error = PK_ERROR_INIT;
        pk_request_verdict verdict = PK_REQUEST_VERDICT_INIT;
        detail::check(pk_grant_request_verdict(get(), &verdict, &error), error);
        return verdict;
    }
    /// The user said no: where to send the browser with a 303. None where the request was refused.
    [[nodiscard]] std::optional<SecretText> deny() const {
        return detail::text([this](auto... to) { return pk_grant_request_deny(get(), to...); });
    }

  private:
    static pk_grant_request judge(std::string_view query, const pk_client_record &client, const pk_policy &policy) {
        pk_error error = PK_ERROR_INIT;
        pk_grant_request request{};
        pk_text given = view(query);
        detail::check(pk_grant_request_judge(given.data, given.length, &client, &policy, &request, &error), error);
        return request;
    }
};

/// The flow that issues a code. The location of its outcome is a secret.
class Issue
    : public detail::StoreFlow<pk_issue, pk_issue_free, pk_issue_advance, pk_issue_outcome, pk_issue_take_outcome> {
  public:
    using StoreFlow::StoreFlow;
    /// The user has allowed these scopes. An accepted request is used up, also where this throws; a refused one
    /// is an Error with the status PK_NOTHING.
    Issue(GrantRequest &request, std::string_view subject, const std::vector<std::string_view> &scopes)
        : StoreFlow(make(request, subject, scopes)) {}

  private:
    static pk_issue make(GrantRequest &request, std::string_view subject, const std::vector<std::string_view> &scopes) {
        pk_error error = PK_ERROR_INIT;
        pk_issue issue{};
        pk_text user = view(subject);
        std::vector<pk_text> allowed = views(scopes);
        detail::check(
            pk_issue_new(request.get(), user.data, user.length, allowed.data(), allowed.size(), &issue, &error), error);
        return issue;
    }
};

/// The flow behind the token endpoint (RFC 6749 §4.1.3, §6, RFC 7636 §4.6). The body of its outcome is a secret.
class Redeem
    : public detail::StoreFlow<pk_redeem, pk_redeem_free, pk_redeem_advance, pk_token_answer, pk_redeem_take_answer> {
  public:
    using StoreFlow::StoreFlow;
    /// A request's body, and its header fields Content-Type and Authorization as they came.
    Redeem(std::string_view body, std::optional<std::string_view> content_type,
           std::optional<std::string_view> authorization, const pk_policy &policy)
        : StoreFlow(make(body, content_type, authorization, policy)) {}

  private:
    static pk_redeem make(std::string_view body, std::optional<std::string_view> content_type,
                          std::optional<std::string_view> authorization, const pk_policy &policy) {
        pk_error error = PK_ERROR_INIT;
        pk_redeem redeem{};
        detail::check(pk_redeem_new(body.data(), body.size(), view_or_none(content_type), view_or_none(authorization),
                                    &policy, &redeem, &error),
                      error);
        return redeem;
    }
};

/// The flow behind the revocation endpoint (RFC 7009).
class RevokeToken
    : public detail::StoreFlow<pk_revoke, pk_revoke_free, pk_revoke_advance, pk_token_answer, pk_revoke_take_answer> {
  public:
    using StoreFlow::StoreFlow;
    /// A request's body, and its header fields Content-Type and Authorization as they came.
    RevokeToken(std::string_view body, std::optional<std::string_view> content_type,
                std::optional<std::string_view> authorization)
        : StoreFlow(make(body, content_type, authorization)) {}

  private:
    static pk_revoke make(std::string_view body, std::optional<std::string_view> content_type,
                          std::optional<std::string_view> authorization) {
        pk_error error = PK_ERROR_INIT;
        pk_revoke revoke{};
        detail::check(pk_revoke_new(body.data(), body.size(), view_or_none(content_type), view_or_none(authorization),
                                    &revoke, &error),
                      error);
        return revoke;
    }
};

/// The flow behind a resource (RFC 6750).
class CheckToken
    : public detail::StoreFlow<pk_check, pk_check_free, pk_check_advance, pk_access, pk_check_take_access> {
  public:
    using StoreFlow::StoreFlow;
    /// The header field Authorization as it came, the resource's own URI, and the scopes that it asks for.
    CheckToken(std::optional<std::string_view> authorization, std::string_view audience,
               const std::vector<std::string_view> &required_scopes = {})
        : StoreFlow(make(authorization, audience, required_scopes)) {}

  private:
    static pk_check make(std::optional<std::string_view> authorization, std::string_view audience,
                         const std::vector<std::string_view> &required_scopes) {
        pk_error error = PK_ERROR_INIT;
        pk_check made{};
        pk_text resource = view(audience);
        std::vector<pk_text> required = views(required_scopes);
        detail::check(pk_check_new(view_or_none(authorization), resource.data, resource.length, required.data(),
                                   required.size(), &made, &error),
                      error);
        return made;
    }
};

} // namespace proofkey

#endif
