// The sign-in flow.
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_SIGN_IN_HPP
#define PROOFKEY_SIGN_IN_HPP

#include <cstdint>
#include <proofkey/flow.hpp>
#include <proofkey/tokens.hpp>

namespace proofkey {

/// The sign-in flow.
class SignIn : public detail::Flow<pk_sign_in, pk_sign_in_free, pk_sign_in_advance> {
  public:
    using Flow::Flow;
    explicit SignIn(const pk_sign_in_config &config) : Flow(make(config)) {}
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

} // namespace proofkey

#endif
