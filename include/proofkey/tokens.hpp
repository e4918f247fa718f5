// The tokens of one sign-in.
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_TOKENS_HPP
#define PROOFKEY_TOKENS_HPP

#include <array>
#include <chrono>
#include <cstdint>
#include <proofkey/base.hpp>

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
};

} // namespace proofkey

#endif
