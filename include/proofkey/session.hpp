// One pending sign-in, for those who bring their own loop.
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_SESSION_HPP
#define PROOFKEY_SESSION_HPP

#include <cstdint>
#include <proofkey/data_key.hpp>
#include <proofkey/tokens.hpp>

namespace proofkey {

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
    /// The session as bytes that may lie on a disk until a time in seconds since the epoch. It stays as it is.
    [[nodiscard]] SecretText seal(const DataKey &key, std::uint64_t expires_at) const {
        return std::move(
            *detail::text([&](auto... to) { return pk_session_seal(get(), key.get(), expires_at, to...); }));
    }
    /// Opens what seal() gave; see pk_session_open.
    [[nodiscard]] static Session open(const DataKey &key, std::string_view sealed, std::string_view issuer,
                                      std::string_view client_id, std::string_view redirect_uri, std::uint64_t now) {
        pk_error error = PK_ERROR_INIT;
        pk_session session{};
        detail::check(pk_session_open(key.get(), view(sealed), view(issuer), view(client_id), view(redirect_uri), now,
                                      &session, &error),
                      error);
        return Session(session);
    }

  private:
    static pk_session begin(const pk_authorization_request &request) {
        pk_error error = PK_ERROR_INIT;
        pk_session session{};
        detail::check(pk_session_begin(&request, &session, &error), error);
        return session;
    }
};

} // namespace proofkey

#endif
