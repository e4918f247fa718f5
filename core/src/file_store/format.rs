//! What a file of the store looks like, so that a file that is cut short, damaged, foreign or of
//! another version is noticed.
//!
//! | bytes | what |
//! |---|---|
//! | 0 to 7 | `PROOFKEY` |
//! | 8 | the version of the format: 1. These nine bytes mean the same in every version |
//! | 9 | what it holds: `r` a record, `k` the data key |
//! | 10 to 13 | the length of the value, big-endian |
//! | 14 to 45 | SHA-256 over bytes 0 to 13 and the value |
//! | 46 to the end | the value |
//!
//! The checksum finds accidents. Who may write the file can make a new one: against that a record is
//! sealed before it comes here.

use sha2::{Digest as _, Sha256};
use std::io::{self, Read};
use zeroize::Zeroizing;

const MAGIC: [u8; 8] = *b"PROOFKEY";
const VERSION: u8 = 1;
/// What comes before the checksum.
const FACTS: usize = 14;
/// What comes before the value.
pub(super) const HEAD: usize = FACTS + 32;

/// What a file holds, so that one is not taken for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    Record = b'r',
    /// 32 bytes; or none, which says that the key is in the system's keyring.
    DataKey = b'k',
}

impl Kind {
    fn takes(self, length: u64) -> bool {
        match self {
            Self::Record => true,
            Self::DataKey => length == 0 || length == super::DATA_KEY_LEN as u64,
        }
    }
}

/// Why a file is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// What is wrong with it, as the middle of a sentence.
    Bad(&'static str),
    /// It is of that version.
    Newer(u8),
}

/// What stands before the value in its file.
pub(super) fn head(kind: Kind, value: &[u8]) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    let (facts, checksum) = head.split_at_mut(FACTS);
    let length = u32::try_from(value.len()).unwrap_or(u32::MAX); // VALUE_MAX is checked before
    facts[..8].copy_from_slice(&MAGIC);
    facts[8] = VERSION;
    facts[9] = kind as u8;
    facts[10..].copy_from_slice(&length.to_be_bytes());
    checksum.copy_from_slice(&sum(facts, value));
    head
}

fn sum(facts: &[u8], value: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(facts).chain_update(value).finalize().into()
}

/// Reads the value out of a file of that many bytes. The value is read into one buffer of its size,
/// so that no unwiped copy of it is left.
pub(super) fn read(
    mut file: impl Read,
    size: u64,
    kind: Kind,
) -> io::Result<Result<Zeroizing<Vec<u8>>, Flaw>> {
    let mut head = [0; HEAD];
    let got = fill(&mut file, &mut head)?;
    if let Err(flaw) = check_head(&head[..got], size, kind) {
        return Ok(Err(flaw));
    }
    let (facts, checksum) = head.split_at(FACTS);
    let mut value = Zeroizing::new(vec![0; usize::try_from(size).unwrap_or(HEAD) - HEAD]);
    let whole = fill(&mut file, &mut value)? == value.len() && fill(&mut file, &mut [0])? == 0;
    Ok(if whole && sum(facts, &value)[..] == *checksum {
        Ok(value)
    } else {
        Err(Flaw::Bad("is damaged: its checksum is wrong"))
    })
}

/// Judges what comes before the value; after that the file is `HEAD` bytes long at least.
fn check_head(head: &[u8], size: u64, kind: Kind) -> Result<(), Flaw> {
    if head.is_empty() {
        return Err(Flaw::Bad("is empty"));
    }
    if !head.iter().zip(MAGIC).all(|(there, ours)| *there == ours) {
        return Err(Flaw::Bad("was not written by ProofKey"));
    }
    match head.get(8) {
        Some(0) => return Err(Flaw::Bad("is of an older version than any that can be read")),
        Some(&version) if version > VERSION => return Err(Flaw::Newer(version)),
        _ => {}
    }
    let Some([what, length @ ..]) = head.get(9..FACTS).filter(|_| head.len() == HEAD) else {
        return Err(Flaw::Bad("is cut short"));
    };
    let length = length.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    if *what != kind as u8 || !kind.takes(length) {
        return Err(Flaw::Bad("holds something else than its name says"));
    }
    match size.cmp(&(HEAD as u64 + length)) {
        core::cmp::Ordering::Less => Err(Flaw::Bad("is cut short")),
        core::cmp::Ordering::Greater => Err(Flaw::Bad("is longer than it says")),
        core::cmp::Ordering::Equal => Ok(()),
    }
}

/// Reads until the buffer is full or the file has ended; says how much came.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while got < buffer.len() {
        match file.read(&mut buffer[got..]) {
            Ok(0) => break,
            Ok(more) => got += more,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(got)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn file(kind: Kind, value: &[u8]) -> Vec<u8> {
        [&head(kind, value)[..], value].concat()
    }

    fn read_back(file: &[u8], kind: Kind) -> Result<Vec<u8>, Flaw> {
        read(file, file.len() as u64, kind).unwrap().map(|value| value.to_vec())
    }

    #[test]
    fn the_layout_is_as_written_down() {
        let file = file(Kind::Record, b"abc");
        assert_eq!(file[..14], *b"PROOFKEY\x01r\0\0\0\x03");
        let sum = "7a9fb83a1e1a28fb32f1f38cc3a23a78a98e07357ed5b81f787e1496754b7c70";
        let hex: String = file[14..46].iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, sum);
        assert_eq!(file[46..], *b"abc");
    }

    #[test]
    fn what_was_written_is_read_back_as_its_kind_alone() {
        for value in [&b""[..], b"a", &[7; 1000]] {
            assert_eq!(read_back(&file(Kind::Record, value), Kind::Record).unwrap(), value);
        }
        assert_eq!(read_back(&file(Kind::DataKey, &[7; 32]), Kind::DataKey).unwrap(), [7; 32]);
        assert_eq!(read_back(&file(Kind::DataKey, b""), Kind::DataKey).unwrap(), b"");
        for (wrong, kind) in [
            (file(Kind::Record, &[7; 32]), Kind::DataKey),
            (file(Kind::DataKey, &[7; 32]), Kind::Record),
            (file(Kind::DataKey, &[7; 31]), Kind::DataKey),
        ] {
            assert!(matches!(read_back(&wrong, kind), Err(Flaw::Bad(_))));
        }
    }

    #[test]
    fn every_bit_and_every_length_is_checked() {
        let whole = file(Kind::Record, b"value");
        for bit in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(read_back(&flipped, Kind::Record).is_err(), "bit {bit}");
        }
        for length in 0..whole.len() {
            assert!(matches!(read_back(&whole[..length], Kind::Record), Err(Flaw::Bad(_))));
        }
        let longer = [&whole[..], b"x"].concat();
        assert!(matches!(read_back(&longer, Kind::Record), Err(Flaw::Bad(_))));
    }

    #[test]
    fn a_file_that_changes_its_length_while_it_is_read_is_not_used() {
        let whole = file(Kind::Record, b"value");
        let size = whole.len() as u64;
        let shorter = &whole[..whole.len() - 1];
        assert!(read(shorter, size, Kind::Record).unwrap().is_err());
        let longer = [&whole[..], b"x"].concat();
        assert!(read(&longer[..], size, Kind::Record).unwrap().is_err());
    }

    #[test]
    fn a_newer_version_is_told_from_damage() {
        let mut newer = file(Kind::Record, b"value");
        newer[8] = 2;
        assert_eq!(read_back(&newer, Kind::Record), Err(Flaw::Newer(2)));
        // Whatever its shape: a later version may have a shorter head.
        assert_eq!(read_back(&newer[..9], Kind::Record), Err(Flaw::Newer(2)));
        newer[8] = 0;
        assert!(matches!(read_back(&newer, Kind::Record), Err(Flaw::Bad(_))));
    }
}
