// The tokens of one sign-in.
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_TOKENS_HPP
#define PROOFKEY_TOKENS_HPP

#include <array>
#include <chrono>
#include <cstdint>
#include <proofkey/identity.hpp>
#include <proofkey/possession.hpp>

namespace proofkey {

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
    /// Whether the access token can still be used, in seconds since the epoch.
    [[nodiscard]] bool is_fresh(std::uint64_t now) const {
        pk_error error = PK_ERROR_INIT;
        bool fresh = false;
        detail::check(pk_tokens_is_fresh(get(), now, &fresh, &error), error);
        return fresh;
    }
    /// The header field Authorization for a request to this address. None where the token must be refreshed first;
    /// throws where the address does not lie in the resource that the token is for.
    [[nodiscard]] std::optional<SecretText> authorization(std::string_view url, std::uint64_t now) const {
        pk_text given = view(url);
        return detail::text([this, given, now](auto... to) {
            return pk_tokens_authorization(get(), given.data, given.length, now, to...);
        });
    }
    /// The header fields for a request with this method to this address, with a proof where the token is bound to a
    /// key. None where the token must be refreshed first; throws where the address does not lie in the resource that
    /// the token is for.
    [[nodiscard]] std::optional<Authorized> authorize(std::string_view method, std::string_view url, std::uint64_t now,
                                                      const DpopNonces &nonces) const {
        return authorize(pk_tokens_authorize, method, url, now, nonces);
    }
    /// The same, fresh or not: for tokens that an access has just given.
    [[nodiscard]] Authorized authorize_now(std::string_view method, std::string_view url, std::uint64_t now,
                                           const DpopNonces &nonces) const {
        return std::move(*authorize(pk_tokens_authorize_now, method, url, now, nonces));
    }
    /// Bearer, or DPoP where the token is bound to a key.
    [[nodiscard]] std::string token_type() const {
        return detail::plain([this](auto... to) { return pk_tokens_token_type(get(), to...); });
    }
    /// Who signed in; none where no ID token was verified.
    [[nodiscard]] std::optional<Identity> identity() const {
        pk_error error = PK_ERROR_INIT;
        pk_identity identity{};
        pk_status status = pk_tokens_identity(get(), &identity, &error);
        if (status == PK_NOTHING) return std::nullopt;
        detail::check(status, error);
        return Identity(identity);
    }
    /// Names the access token without showing it: its SHA-256, for `rejected` of a pk_access_run.
    [[nodiscard]] std::array<unsigned char, 32> fingerprint() const {
        pk_error error = PK_ERROR_INIT;
        std::array<unsigned char, 32> hash{};
        detail::check(pk_tokens_fingerprint(get(), hash.data(), &error), error);
        return hash;
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
    /// The scopes that the last sign-in asked for.
    [[nodiscard]] std::string requested_scope() const {
        return detail::plain([this](auto... to) { return pk_tokens_requested_scope(get(), to...); });
    }
    /// Those of them that were not granted.
    [[nodiscard]] std::string missing_scope() const {
        return detail::plain([this](auto... to) { return pk_tokens_missing_scope(get(), to...); });
    }
    /// The authorization details that were granted, JSON (RFC 9396 §7); none where the answer has none.
    [[nodiscard]] std::optional<std::string> authorization_details() const {
        auto found = detail::text([this](auto... to) { return pk_tokens_authorization_details(get(), to...); });
        if (!found) return std::nullopt;
        return std::string(found->expose());
    }
    /// The types of the authorization details that were asked for and of which none was granted, each once.
    [[nodiscard]] std::vector<std::string> missing_authorization_details() const {
        std::vector<std::string> types;
        for (std::size_t n = 0;; n++) {
            auto found =
                detail::text([this, n](auto... to) { return pk_tokens_missing_authorization_detail(get(), n, to...); });
            if (!found) return types;
            types.emplace_back(found->expose());
        }
    }
    [[nodiscard]] std::string issuer() const {
        return detail::plain([this](auto... to) { return pk_tokens_issuer(get(), to...); });
    }
    [[nodiscard]] std::string client_id() const {
        return detail::plain([this](auto... to) { return pk_tokens_client_id(get(), to...); });
    }
    /// None where no resource was asked for (RFC 8707).
    [[nodiscard]] std::optional<std::string> resource() const {
        auto found = detail::text([this](auto... to) { return pk_tokens_resource(get(), to...); });
        if (!found) return std::nullopt;
        return std::string(found->expose());
    }

  private:
    template <typename Call>
    std::optional<Authorized> authorize(Call call, std::string_view method, std::string_view url, std::uint64_t now,
                                        const DpopNonces &nonces) const {
        pk_error error = PK_ERROR_INIT;
        pk_text verb = view(method), to = view(url);
        pk_authorized made{};
        pk_status status = call(get(), verb.data, verb.length, to.data, to.length, now, nonces.get(), &made, &error);
        if (status == PK_NOTHING) return std::nullopt;
        detail::check(status, error);
        return Authorized(made);
    }
};

} // namespace proofkey

#endif
