// What the client's flows share.
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_FLOW_HPP
#define PROOFKEY_FLOW_HPP

#include <cstdint>
#include <proofkey/base.hpp>

namespace proofkey::detail {

/// A flow that a loop of the caller's drives.
template <typename Handle, auto free, auto step> class Flow : public Owner<Handle, free> {
  public:
    using Owner<Handle, free>::Owner;
    /// What to do next; what it points to is good until the next call with this object.
    [[nodiscard]] pk_step advance(const pk_event &event, std::uint64_t now) {
        pk_error error = PK_ERROR_INIT;
        pk_step next = PK_STEP_INIT;
        check(step(this->get(), &event, now, &next, &error), error);
        return next;
    }
};

} // namespace proofkey::detail

#endif
