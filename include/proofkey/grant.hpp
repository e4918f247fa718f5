// The authorization server's half.
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_GRANT_HPP
#define PROOFKEY_GRANT_HPP

#include <cstdint>
#include <proofkey/base.hpp>

namespace proofkey {

namespace detail {

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
    /// It comes to nothing, for one of the reasons PK_DECLINE_…: where to send the browser with a 303. None where the
    /// request was refused already.
    [[nodiscard]] std::optional<SecretText> decline(std::uint32_t why) const {
        return detail::text([this, why](auto... to) { return pk_grant_request_decline(get(), why, to...); });
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
    /// When the user signed in, in seconds since the epoch, and how: the authentication context class, if the server
    /// can say. Before the first event.
    void signed_in(std::uint64_t auth_time, std::optional<std::string_view> acr = std::nullopt) {
        pk_error error = PK_ERROR_INIT;
        detail::check(pk_issue_signed_in(get(), auth_time, view_or_none(acr), &error), error);
    }

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
    /// Has the flow judge the request's proof of possession before all else (RFC 9449 §5). Before the first event.
    void present(const pk_proof_rules &rules, const pk_request_proof &proof) {
        pk_error error = PK_ERROR_INIT;
        detail::check(pk_redeem_present(get(), &rules, &proof, &error), error);
    }

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

/// The body of an answer with tokens, with an ID token beside them that the server has signed (OpenID Connect Core
/// §3.1.3.3).
[[nodiscard]] inline SecretText body_with_id_token(std::string_view body, std::string_view identity) {
    pk_text given = view(body), token = view(identity);
    auto made = detail::text(
        [&](auto... to) { return pk_body_with_id_token(given.data, given.length, token.data, token.length, to...); });
    return std::move(*made);
}

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
    : public detail::StoreFlow<pk_check, pk_check_free, pk_check_advance, pk_check_outcome, pk_check_take_outcome> {
  public:
    using StoreFlow::StoreFlow;
    /// The header field Authorization as it came, the resource's own URI, and the scopes that it asks for.
    CheckToken(std::optional<std::string_view> authorization, std::string_view audience,
               const std::vector<std::string_view> &required_scopes = {})
        : StoreFlow(make(authorization, audience, required_scopes)) {}
    /// How the user must have signed in (RFC 9470), and where the resource's metadata are. Before the first event.
    void demand(const pk_check_demands &demands) {
        pk_error error = PK_ERROR_INIT;
        detail::check(pk_check_demand(get(), &demands, &error), error);
    }
    /// Has the flow judge the request's proof of possession before all else (RFC 9449 §7.1). Before the first event.
    void present(const pk_proof_rules &rules, const pk_request_proof &proof) {
        pk_error error = PK_ERROR_INIT;
        detail::check(pk_check_present(get(), &rules, &proof, &error), error);
    }

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
