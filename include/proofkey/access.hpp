// Access to a resource: from an address to a token that is kept and stays fresh.
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_ACCESS_HPP
#define PROOFKEY_ACCESS_HPP

#include <proofkey/data_key.hpp>
#include <proofkey/discovery.hpp>
#include <proofkey/resource_call.hpp>
#include <proofkey/tokens.hpp>

namespace proofkey {

/// The access flow. What is pending or was got lies in the caller's store: the steps say what is read and written.
class Access : public detail::Flow<pk_access, pk_access_free, pk_access_advance> {
  public:
    using Flow::Flow;
    /// The goal is PK_GOAL_TOKEN and the like; the run, which may be null, is what is only so this once. The objects
    /// whose handles stand in it may go afterwards.
    Access(const pk_access_config &config, std::uint32_t goal, const pk_access_run *run = nullptr)
        : Flow(make(config, goal, run)) {}
    /// Throws unless a configuration is one that an access takes.
    static void check(const pk_access_config &config) {
        pk_error error = PK_ERROR_INIT;
        detail::check(pk_access_check(&config, &error), error);
    }

    struct Outcome {
        std::optional<Tokens> tokens;         ///< None after PK_GOAL_SIGN_OUT.
        std::optional<Discovered> discovered; ///< For `known` of the next run; none where nothing had to be.
        std::uint32_t source;                 ///< PK_SOURCE_KEPT and the like; 0 after PK_GOAL_SIGN_OUT.
        bool stored;                          ///< Whether the store holds these tokens, or nothing more.
        std::uint32_t revoked;                ///< After PK_GOAL_SIGN_OUT: PK_REVOKED_YES and the like.
        std::optional<Error> warning;         ///< What went wrong without ending the flow.
        /// After PK_GOAL_SIGN_OUT: where the browser ends its session with the server, if it has one. For the browser
        /// and for no log.
        std::optional<SecretText> end_session_url;
    };
    /// What came of it, once, after PK_STEP_DONE. Before, and from the second time on, an Error with the status
    /// PK_NOTHING is thrown.
    [[nodiscard]] Outcome outcome() {
        pk_error error = PK_ERROR_INIT, warning = PK_ERROR_INIT;
        pk_access_outcome came = PK_ACCESS_OUTCOME_INIT;
        detail::check(pk_access_take_outcome(get(), &came, &warning, &error), error);
        Outcome outcome{{}, {}, came.source, came.stored != 0, came.revoked, {}, {}};
        if (came.tokens.id != 0) outcome.tokens.emplace(came.tokens);
        if (came.discovered.id != 0) outcome.discovered.emplace(came.discovered);
        if (warning.status != PK_OK) outcome.warning.emplace(warning);
        outcome.end_session_url = detail::text([this](auto... to) { return pk_access_end_session_url(get(), to...); });
        return outcome;
    }

  private:
    static pk_access make(const pk_access_config &config, std::uint32_t goal, const pk_access_run *run) {
        pk_error error = PK_ERROR_INIT;
        pk_access access{};
        detail::check(pk_access_new(&config, goal, run, &access, &error), error);
        return access;
    }
};

} // namespace proofkey

#endif
