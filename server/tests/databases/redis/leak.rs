//! P21: what lies on Redis' disk.

use super::private::Private;
use base64::Engine as _;
use proofkey_server::testing::fixture::{issued, redeem, refresh, tokens_in};
use sha2::{Digest as _, Sha256};

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn bytes_below(folder: &std::path::Path) -> Vec<u8> {
    std::fs::read_dir(folder)
        .unwrap()
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() { bytes_below(&path) } else { std::fs::read(&path).unwrap() }
        })
        .collect()
}

/// Of code, token and verifier nothing is in the append-only file, neither as text nor as bytes, not even the
/// secret halves; of code and token the hash is, and so is the challenge.
#[tokio::test]
async fn the_append_only_file_holds_hashes_and_no_secret() {
    let server = Private::lasting();
    let store = server.store().await;
    let (verifier, code) = issued(&store).await;
    let first = tokens_in(&redeem(&store, &code, Some(verifier.expose_verifier())).await);
    let second = tokens_in(&refresh(&store, &first.refresh, "", 0).await);
    let bytes = bytes_below(server.0.text("data").as_ref());
    let tokens = [&code, &first.access, &first.refresh, &second.access, &second.refresh];
    let secrets = tokens.iter().map(|text| text.split_once('.').unwrap().1);
    for secret in secrets.chain([verifier.expose_verifier()]) {
        assert!(!contains(&bytes, secret.as_bytes()), "a secret as text");
        let raw = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(secret).unwrap();
        assert!(!contains(&bytes, &raw), "a secret as bytes");
    }
    for text in tokens {
        assert!(
            contains(&bytes, &Sha256::digest(text)),
            "the scan finds nothing: it proves nothing"
        );
    }
    assert!(contains(&bytes, verifier.challenge().to_text().as_bytes()));
}
