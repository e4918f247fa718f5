//! Threat "secrets in memory": with the allocator nothing of a freed secret is left.
#![cfg(target_os = "linux")]

mod support;

#[global_allocator]
static ALLOCATOR: proofkey_wipe::Wiping = proofkey_wipe::Wiping::SYSTEM;

#[test]
fn freed_secrets_are_gone() {
    support::leave_copies_behind();
    assert_eq!(support::windows_left(), 0);
}

#[test]
fn blocks_keep_their_content_when_they_grow_and_shrink() {
    let mut bytes: Vec<u8> = Vec::new();
    for n in 0..100_000_u32 {
        bytes.push(n.to_le_bytes()[0]);
    }
    bytes.truncate(1000);
    bytes.shrink_to_fit();
    assert!(bytes.iter().zip(0..1000_u32).all(|(byte, n)| *byte == n.to_le_bytes()[0]));
    assert_eq!(vec![0_u8; 5000].iter().map(|byte| u32::from(*byte)).sum::<u32>(), 0);
}
