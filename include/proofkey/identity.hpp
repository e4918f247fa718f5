// Who signed in, and the ID tokens that say so.
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_IDENTITY_HPP
#define PROOFKEY_IDENTITY_HPP

#include <proofkey/base.hpp>

namespace proofkey {

/// Who signed in, by a verified ID token.
class Identity : public detail::Owner<pk_identity, pk_identity_free> {
  public:
    using Owner::Owner;
    /// Checks an ID token and owns what it says. None where the keys hold none that it could be signed with: they are
    /// fetched once more then.
    [[nodiscard]] static std::optional<Identity> verify(const pk_id_token &given) {
        pk_error error = PK_ERROR_INIT;
        pk_identity identity{};
        pk_status status = pk_id_token_verify(&given, &identity, &error);
        if (status == PK_NOTHING) return std::nullopt;
        detail::check(status, error);
        return Identity(identity);
    }

    /// What it says; good as long as this object.
    [[nodiscard]] pk_identity_fields fields() const {
        pk_error error = PK_ERROR_INIT;
        pk_identity_fields fields = PK_IDENTITY_FIELDS_INIT;
        detail::check(pk_identity_get(get(), &fields, &error), error);
        return fields;
    }
    [[nodiscard]] std::string issuer() const { return present(fields().issuer); }
    [[nodiscard]] std::string subject() const { return present(fields().subject); }
    [[nodiscard]] std::optional<std::string> name() const { return optional(fields().name); }
    [[nodiscard]] std::optional<std::string> preferred_username() const {
        return optional(fields().preferred_username);
    }
    [[nodiscard]] std::optional<std::string> email() const { return optional(fields().email); }
    /// Whether the issuer has seen that the address is the user's; none where it does not say.
    [[nodiscard]] std::optional<bool> email_verified() const {
        std::uint32_t said = fields().email_verified;
        if (said == PK_EMAIL_UNKNOWN) return std::nullopt;
        return said == PK_EMAIL_VERIFIED;
    }
    /// All claims, a JSON object.
    [[nodiscard]] std::string claims() const { return present(fields().claims); }

  private:
    static std::string present(const pk_text &text) { return std::string(text.data, text.length); }
    static std::optional<std::string> optional(const pk_text &text) {
        return text.data ? std::optional(present(text)) : std::nullopt;
    }
};

/// How many keys of the document at an issuer's jwks_uri can verify an ID token.
[[nodiscard]] inline std::size_t read_key_set(std::string_view body) {
    pk_error error = PK_ERROR_INIT;
    pk_text given = view(body);
    std::size_t count = 0;
    detail::check(pk_key_set_read(given.data, given.length, &count, &error), error);
    return count;
}

} // namespace proofkey

#endif
