// The pair of RFC 7636 and its verification.
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_PAIR_HPP
#define PROOFKEY_PAIR_HPP

#include <proofkey/base.hpp>

namespace proofkey {

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

} // namespace proofkey

#endif
