#![allow(clippy::unwrap_used, clippy::panic)]
use super::*;

const CONTEXT: [&str; 2] = ["tokens-x", "client"];

fn reason(result: Result<Zeroizing<Vec<u8>>, Error>) -> &'static str {
    match result.unwrap_err() {
        Error::RecordUnreadable { reason } => reason,
        other => panic!("{other}"),
    }
}

#[test]
fn what_was_sealed_opens_with_its_key_in_its_context() {
    let key = DataKey::generate().unwrap();
    let sealed = seal(Some(&key), &CONTEXT, b"plain").unwrap();
    assert_eq!(**open(Some(&key), &CONTEXT, sealed.expose()).unwrap(), *b"plain");
    assert!(!sealed.expose().windows(5).any(|window| window == b"plain"));

    let other = DataKey::generate().unwrap();
    assert!(reason(open(Some(&other), &CONTEXT, sealed.expose())).contains("another key"));
    for context in [&["tokens-x"][..], &["tokens-xc", "lient"], &["tokens-y", "client"], &[]] {
        assert!(open(Some(&key), context, sealed.expose()).is_err(), "{context:?}");
    }
}

#[test]
fn every_bit_counts_and_so_does_every_byte_at_the_end() {
    let key = DataKey::generate().unwrap();
    let sealed = seal(Some(&key), &CONTEXT, b"0123456789").unwrap();
    let sealed = sealed.expose();
    for at in 0..sealed.len() * 8 {
        let mut flipped = sealed.to_vec();
        flipped[at / 8] ^= 1 << (at % 8);
        assert!(open(Some(&key), &CONTEXT, &flipped).is_err(), "bit {at}");
    }
    for length in 0..sealed.len() {
        assert!(open(Some(&key), &CONTEXT, &sealed[..length]).is_err(), "{length}");
    }
    let longer = [sealed, b"x"].concat();
    assert!(open(Some(&key), &CONTEXT, &longer).is_err());
}

#[test]
fn the_same_text_is_sealed_anew_each_time() {
    let key = DataKey::generate().unwrap();
    let one = seal(Some(&key), &CONTEXT, b"plain").unwrap();
    let two = seal(Some(&key), &CONTEXT, b"plain").unwrap();
    assert_ne!(one.expose(), two.expose());
}

#[test]
fn sealed_and_open_are_never_taken_for_each_other() {
    let key = DataKey::generate().unwrap();
    let sealed = seal(Some(&key), &CONTEXT, b"plain").unwrap();
    let plain = seal(None, &CONTEXT, b"plain").unwrap();
    assert_eq!(**open(None, &CONTEXT, plain.expose()).unwrap(), *b"plain");
    assert!(reason(open(Some(&key), &CONTEXT, plain.expose())).contains("not sealed"));
    assert!(reason(open(None, &CONTEXT, sealed.expose())).contains("no key"));
    assert!(reason(open(None, &CONTEXT, b"PKs2\0plain")).contains("version"));
    assert!(reason(open(None, &CONTEXT, &vec![0; MAX + 1])).contains("256 KiB"));
}

#[test]
fn a_key_is_32_bytes_as_bytes_and_as_text() {
    let key = DataKey::generate().unwrap();
    let text = key.expose_text();
    assert_eq!(text.len(), 43);
    assert_eq!(
        DataKey::from_text(&format!("{}\n", *text)).unwrap().expose_bytes(),
        key.expose_bytes()
    );
    for wrong in ["", "AAAA", &format!("{}=", *text), &text[1..], &format!("{}A", *text)] {
        assert_eq!(DataKey::from_text(wrong).unwrap_err().code(), "invalid_configuration");
    }
    assert!(DataKey::from_bytes(&[0; 31]).is_err());
    assert_eq!(format!("{key:?}"), "DataKey(…)");
}
