//! Metadata of any bytes: what is read of it is what was asked for, and points nowhere near.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proofkey::client_document::ClientDocument;
use proofkey::metadata::{ProtectedResource, Provider};

fuzz_target!(|body: &[u8]| {
    let issuer = "https://as.example";
    if let Ok(provider) = Provider::read(issuer, body, false, "https://as.example/x", 0) {
        assert_eq!(provider.issuer, issuer);
        assert!(provider.offers_s256());
        for url in [Some(&provider.token_endpoint), provider.revocation_endpoint.as_ref()] {
            assert!(url.is_none_or(|url| url.starts_with("https://")));
        }
    }
    let resource = "https://mcp.example/mcp";
    if let Ok(found) = ProtectedResource::read(resource, body, "https://mcp.example/x", 0) {
        assert_eq!(found.resource, resource);
        let _ = found.issuer(None);
        let _ = found.scopes_to_ask_for();
    }
    let url = "https://agent.example/client.json";
    if let Ok(document) = ClientDocument::read(url, body) {
        let json = document.to_json().expect("what was read can be written");
        assert_eq!(ClientDocument::read(url, json.as_bytes()), Ok(document));
    }
});
