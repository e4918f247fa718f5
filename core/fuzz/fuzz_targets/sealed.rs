//! Bytes of any kind where sealed ones are expected: nothing opens that was not sealed, and what is not
//! sealed is read without a fault.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proofkey::flow::access::{Access, AccessConfig, Goal};
use proofkey::seal::DataKey;
use proofkey::secret::SecretBytes;
use proofkey::session::PkceSession;
use proofkey::step::Event;
use std::sync::Arc;

const NOW: u64 = 1_800_000_000;

fn config() -> AccessConfig {
    AccessConfig {
        issuer: Some("https://as.example".into()),
        client_id: Some("agent".into()),
        ..AccessConfig::default()
    }
}

fuzz_target!(|bytes: &[u8]| {
    let key = DataKey::from_bytes(&[7; 32]).expect("32 bytes");
    let redirect_uri = "http://127.0.0.1:49152/callback";
    let opened = PkceSession::open(&key, bytes, "https://as.example", "agent", redirect_uri, NOW);
    assert!(opened.is_err());

    for (goal, key) in
        [(Goal::Token, Some(Arc::new(key))), (Goal::Token, None), (Goal::Resume, None)]
    {
        let sealed = key.is_some();
        let mut flow = Access::new(config(), goal, key).expect("a good configuration");
        flow.advance(Event::Start, NOW).expect("a step");
        let value = Some(SecretBytes::new(bytes.to_vec()));
        let step = flow.advance(Event::Loaded { revision: 1, value }, NOW);
        // A pending sign-in is deleted first, and opened then.
        if goal == Goal::Resume {
            let _ = flow.advance(Event::Swapped { swapped: true }, NOW);
        } else if sealed {
            assert!(step.is_err());
        }
    }
});
