// Tokens that only the holder of a key can use (RFC 9449).
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_POSSESSION_HPP
#define PROOFKEY_POSSESSION_HPP

#include <array>
#include <proofkey/base.hpp>

namespace proofkey {

/// The newest nonce of each server. A program keeps one for all its accesses and requests.
class DpopNonces : public detail::Owner<pk_dpop_nonces, pk_dpop_nonces_free> {
  public:
    DpopNonces() : Owner(make()) {}
    /// Remembers the value of the header field DPoP-Nonce of an answer from this address; whether it was taken.
    bool heard(std::string_view url, std::string_view nonce) {
        pk_error error = PK_ERROR_INIT;
        pk_text from = view(url), value = view(nonce);
        bool taken = false;
        detail::check(pk_dpop_nonces_heard(get(), from.data, from.length, value.data, value.length, &taken, &error),
                      error);
        return taken;
    }

  private:
    static pk_dpop_nonces make() {
        pk_error error = PK_ERROR_INIT;
        pk_dpop_nonces nonces{};
        detail::check(pk_dpop_nonces_new(&nonces, &error), error);
        return nonces;
    }
};

/// The header fields of one request; see Tokens::authorize.
class Authorized : public detail::Owner<pk_authorized, pk_authorized_free> {
  public:
    using Owner::Owner;
    /// What a key of the platform is to sign before the fields are there; none where nothing is. What it points to is
    /// good until the next call with this object.
    [[nodiscard]] std::optional<pk_unsigned_proof> to_sign() const {
        pk_error error = PK_ERROR_INIT;
        pk_unsigned_proof proof = PK_UNSIGNED_PROOF_INIT;
        pk_status status = pk_authorized_unsigned(get(), &proof, &error);
        if (status == PK_NOTHING) return std::nullopt;
        detail::check(status, error);
        return proof;
    }
    /// Its signature: 64 bytes, or DER.
    void sign(std::string_view signature) {
        pk_error error = PK_ERROR_INIT;
        pk_text given = view(signature);
        detail::check(pk_authorized_sign(get(), given.data, given.length, &error), error);
    }
    /// The header field Authorization; none before what is to be signed is.
    [[nodiscard]] std::optional<SecretText> authorization() const {
        return detail::text([this](auto... to) { return pk_authorized_authorization(get(), to...); });
    }
    /// The header field DPoP; none where the token is bound to no key.
    [[nodiscard]] std::optional<SecretText> dpop() const {
        return detail::text([this](auto... to) { return pk_authorized_dpop(get(), to...); });
    }
};

/// A proof that a server has checked.
class DpopProof : public detail::Owner<pk_dpop_proof, pk_dpop_proof_free> {
  public:
    using Owner::Owner;
    explicit DpopProof(const pk_dpop_request &request) : Owner(make(request)) {}
    /// What came of it; good as long as this object. Where `defect` is there the proof is not taken.
    [[nodiscard]] pk_dpop_proof_fields fields() const {
        pk_error error = PK_ERROR_INIT;
        pk_dpop_proof_fields fields = PK_DPOP_PROOF_FIELDS_INIT;
        detail::check(pk_dpop_proof_get(get(), &fields, &error), error);
        return fields;
    }

  private:
    static pk_dpop_proof make(const pk_dpop_request &request) {
        pk_error error = PK_ERROR_INIT;
        pk_dpop_proof proof{};
        detail::check(pk_dpop_proof_check(&request, &proof, &error), error);
        return proof;
    }
};

/// An ES256 signature as a JWS has it, from whichever spelling a platform gave; none where the bytes are none.
[[nodiscard]] inline std::optional<std::array<unsigned char, 64>> raw_signature(std::string_view signature) {
    pk_error error = PK_ERROR_INIT;
    pk_text given = view(signature);
    std::array<unsigned char, 64> raw{};
    pk_status status = pk_raw_signature(given.data, given.length, raw.data(), &error);
    if (status == PK_NOTHING) return std::nullopt;
    detail::check(status, error);
    return raw;
}

} // namespace proofkey

#endif
