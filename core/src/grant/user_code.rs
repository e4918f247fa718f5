//! User codes of the device grant (RFC 8628 §6.1).

use crate::error::Error;
use crate::random;

/// Letters that are no vowels and look like no others, so that a code spells no word (RFC 8628 §6.1).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

const CODE_LETTERS: usize = 8;

/// A new user code, as it is shown: `WDJB-MJHT`. 20 letters, eight times: 34 bits, which a limit on guesses has to
/// protect (RFC 8628 §5.1, §6.1).
///
/// # Errors
/// [`Error::RandomUnavailable`].
pub fn user_code() -> Result<String, Error> {
    let mut letters = String::with_capacity(CODE_LETTERS + 1);
    while letters.len() < CODE_LETTERS {
        for byte in random::bytes::<16>()?.iter() {
            // 240 is a multiple of 20: no letter comes more often than another.
            if *byte < 240 && letters.len() < CODE_LETTERS {
                letters.push(char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
            }
        }
    }
    letters.insert(CODE_LETTERS / 2, '-');
    Ok(letters)
}

/// The user code that a person has typed, as it was shown: case, hyphens and spaces do not count (RFC 8628 §6.1).
/// `None` if it can be none.
#[must_use]
pub fn read_user_code(typed: &str) -> Option<String> {
    if typed.len() > 4 * CODE_LETTERS {
        return None;
    }
    let mut letters = String::with_capacity(CODE_LETTERS + 1);
    for c in typed.chars().filter(|c| !matches!(c, '-' | ' ')) {
        let letter = u8::try_from(c).ok()?.to_ascii_uppercase();
        LETTERS.contains(&letter).then(|| letters.push(char::from(letter)))?;
    }
    (letters.len() == CODE_LETTERS).then(|| {
        letters.insert(CODE_LETTERS / 2, '-');
        letters
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8628 §6.1: what is shown is read again, however it is typed; nothing else is a code.
    #[test]
    fn user_codes_are_read_as_people_type_them() {
        let code = user_code().unwrap_or_default();
        assert_eq!(read_user_code(&code), Some(code.clone()));
        assert_eq!(code.len(), 9);
        assert!(code.bytes().all(|b| b == b'-' || LETTERS.contains(&b)), "{code}");
        let typed = code.to_lowercase().replace('-', "  ");
        assert_eq!(read_user_code(&typed), Some(code));
        for wrong in
            ["", "BCDF-GHJ", "BCDF-GHJKL", "ACDF-GHJK", "BCDF-GHJ1", "BCDF-GHJÜ", &"-".repeat(99)]
        {
            assert_eq!(read_user_code(wrong), None, "{wrong}");
        }
    }
}
