//! The control of `wiping.rs`: the same search finds freed secrets where the allocator does not wipe. If it
//! did not, finding none there would prove nothing.
#![cfg(target_os = "linux")]

mod support;

#[test]
fn freed_secrets_are_found_without_the_allocator() {
    support::leave_copies_behind();
    assert!(support::windows_left() > 0);
}
