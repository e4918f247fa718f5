//! What discovery reads of the caller's memory, and lends of its own.

use super::odd::Odd;
use super::{ABSENT, handed_out, literal, with_nul};
use proofkey_c::capability::*;
use proofkey_c::discovered::*;
use proofkey_c::document::*;
use proofkey_c::known::*;
use proofkey_c::sign_in::pk_sign_in_config;
use proofkey_c::status::*;
use proofkey_c::www_authenticate::*;
use std::ptr::null_mut;

/// A document at odd addresses; what the getters and the filled configuration point to stays until the free.
#[test]
fn what_was_discovered_is_lent_until_it_is_freed() {
    let body = Odd::of(
        b"{\"issuer\":\"https://as.example\",\"authorization_endpoint\":\"https://as.example/authorize\",\
          \"token_endpoint\":\"https://as.example/token\",\"code_challenge_methods_supported\":[\"S256\"]}",
    );
    let document = Odd::value(pk_document {
        size: size_of::<pk_document>(),
        issuer: literal("https://as.example"),
        resource: ABSENT,
        body: body.text(),
        metadata_url: literal("https://as.example/meta"),
        fetched_at: 7,
        allow_missing_s256: 0,
    });
    let found = Odd::new(8);
    assert_eq!(unsafe { pk_provider_read(document.at(), found.at(), null_mut()) }, PK_OK);
    drop((body, document));
    let found: pk_discovered = found.read();
    let (config, line) = (Odd::sized::<pk_sign_in_config>(), Odd::sized::<pk_capability>());
    // Only the size is written yet: a caller sets the others to zero.
    unsafe { config.at::<u8>().write_bytes(0, size_of::<pk_sign_in_config>()) };
    unsafe { config.at::<usize>().write_unaligned(size_of::<pk_sign_in_config>()) };
    unsafe {
        assert_eq!(pk_discovered_sign_in(found, config.at(), null_mut()), PK_OK);
        let s256 = pk_discovered_capability(found, PK_FEATURE_S256, line.at(), null_mut());
        assert_eq!(s256, PK_OK);
        // Neither is disturbed by another call.
        let (count, at) = (Odd::new(size_of::<usize>()), Odd::new(8));
        assert_eq!(pk_discovered_count(found, PK_LIST_SCOPES, count.at(), null_mut()), PK_OK);
        assert_eq!(count.read::<usize>(), 0);
        let fetched = pk_discovered_fetched_at(found, PK_DOCUMENT_PROVIDER, at.at(), null_mut());
        assert_eq!((fetched, at.read::<u64>()), (PK_OK, 7));
        let host = Odd::of(&[b'x'; 11]);
        let field = PK_FIELD_ISSUER_HOST;
        let text = pk_discovered_text(found, field, host.chars(), 11, null_mut(), null_mut());
        assert_eq!((text, host.bytes()), (PK_OK, with_nul(b"as.example")));

        let config: pk_sign_in_config = config.read();
        assert_eq!(handed_out(config.token_endpoint), "https://as.example/token");
        assert_eq!((config.scope_count, config.browse_timeout_ms), (0, 300_000));
        assert_eq!(handed_out(line.read::<pk_capability>().support_name), "supported");
    }
    assert_eq!(pk_discovered_free(found), PK_OK);

    let field = Odd::of(b"DPoP scope=\"a b\", x=\xff");
    let fields = Odd::list(&[field.text()]);
    let parsed = Odd::new(8);
    let made = unsafe { pk_www_authenticate_parse(fields.at(), 1, parsed.at(), null_mut()) };
    assert_eq!(made, PK_OK);
    drop((field, fields));
    let parsed: pk_www_authenticate = parsed.read();
    let one = Odd::sized::<pk_auth_challenge>();
    unsafe {
        assert_eq!(pk_www_authenticate_challenge(parsed, 0, one.at(), null_mut()), PK_OK);
        let one: pk_auth_challenge = one.read();
        // The field ends where it is no longer one, and is left out as a whole.
        assert_eq!((one.scheme.data.is_null(), handed_out(one.defect)), (true, "syntax".into()));
        let demand = Odd::sized::<pk_demand>();
        assert_eq!(pk_www_authenticate_demand(parsed, demand.at(), null_mut()), PK_NOTHING);
    }
    assert_eq!(pk_www_authenticate_free(parsed), PK_OK);
}
