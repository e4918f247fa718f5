// One request to a resource, with all of its tries.
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_RESOURCE_CALL_HPP
#define PROOFKEY_RESOURCE_CALL_HPP

#include <proofkey/base.hpp>

namespace proofkey {

/// One request of the program; it remembers what was tried.
class ResourceCall : public detail::Owner<pk_resource_call, pk_resource_call_free> {
  public:
    /// Whatever the resource demands may be asked for.
    ResourceCall() : Owner(make(nullptr, 0)) {}
    /// These scopes alone may be asked for without the user's word.
    explicit ResourceCall(const std::vector<std::string_view> &scope_ceiling) : Owner(make(views(scope_ceiling))) {}
    /// What an answer means; what it points to is good until the next call with this object. Where nothing more is
    /// tried an Error is thrown.
    [[nodiscard]] pk_reaction answered(const pk_resource_answer &answer) {
        pk_error error = PK_ERROR_INIT;
        pk_reaction reaction = PK_REACTION_INIT;
        detail::check(pk_resource_call_answered(get(), &answer, &reaction, &error), error);
        return reaction;
    }

  private:
    static pk_resource_call make(const std::vector<pk_text> &ceiling) {
        // A ceiling of no scopes is one all the same.
        static const pk_text nothing{};
        return make(ceiling.empty() ? &nothing : ceiling.data(), ceiling.size());
    }
    static pk_resource_call make(const pk_text *ceiling, std::size_t count) {
        pk_error error = PK_ERROR_INIT;
        pk_resource_call call{};
        detail::check(pk_resource_call_new(ceiling, count, &call, &error), error);
        return call;
    }
};

} // namespace proofkey

#endif
