//! `WWW-Authenticate` (RFC 9110 §11.6.1), parsed: several challenges in a field, several fields, quoted
//! strings, parameters in any order.
//!
//! The parser is total. A challenge with a defect is left out and its defect is kept; where the defect
//! hides the place at which the next challenge begins, the rest of that field is left out with it.

use crate::grammar::is_scope_token;

/// No more fields than this are read, no longer ones, and no more challenges and parameters.
const MAX_FIELDS: usize = 16;
const MAX_FIELD: usize = 8 * 1024;
const MAX_CHALLENGES: usize = 32;
const MAX_PARAMETERS: usize = 32;

/// One challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The scheme, in lower case: it is compared without regard to case (RFC 9110 §11.1).
    pub scheme: String,
    /// The data of schemes such as Negotiate, instead of parameters.
    pub token68: Option<String>,
    /// Names in lower case, and values without quotes and escapes, in their order.
    pub parameters: Vec<(String, String)>,
}

impl Challenge {
    /// The value of a parameter; the name in lower case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn demand(&self) -> Demand {
        let owned = |name| self.get(name).filter(|text| !text.is_empty()).map(str::to_owned);
        Demand {
            scheme: self.scheme.clone(),
            resource_metadata: owned("resource_metadata"),
            scopes: self.get("scope").and_then(tokens),
            error: owned("error"),
            acr_values: self.get("acr_values").and_then(tokens),
            max_age: self.get("max_age").and_then(max_age),
        }
    }
}

/// Why a challenge was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Defect {
    /// It does not follow the grammar.
    Syntax,
    /// A parameter stands in it twice (RFC 9110 §11.2).
    Duplicate,
    /// More than 16 fields, 8 KiB, 32 challenges or 32 parameters.
    TooLarge,
}

impl Defect {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Duplicate => "duplicate_parameter",
            Self::TooLarge => "too_large",
        }
    }
}

/// The challenges of an answer, and what was left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Challenges {
    /// The good ones, in their order.
    pub list: Vec<Challenge>,
    /// The defects, in their order.
    pub defects: Vec<Defect>,
}

/// No authentication is asked for that may be older than ten years, in seconds.
const MAX_AGE: u64 = 10 * 365 * 24 * 60 * 60;

/// What a resource asks for in its Bearer or DPoP challenge (RFC 6750 §3, RFC 9728 §5.1, RFC 9470 §3).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demand {
    /// `bearer` or `dpop`.
    pub scheme: String,
    /// Where the resource's metadata is.
    pub resource_metadata: Option<String>,
    /// The scopes; none where the challenge has no `scope` or one outside the grammar of RFC 6749 §3.3.
    pub scopes: Option<Vec<String>>,
    /// The error code: `invalid_token`, `insufficient_scope`, `insufficient_user_authentication`.
    pub error: Option<String>,
    /// The authentication context class references that will do, the preferred ones first; none where the
    /// challenge has no `acr_values` or one with a character outside `%x21-7E`, a quote or a backslash.
    pub acr_values: Option<Vec<String>>,
    /// How old the user's authentication may be, in seconds; none where the challenge has no `max_age` or one
    /// that is no whole number, or of more than ten years.
    pub max_age: Option<u64>,
}

impl Challenges {
    /// Parses the fields of an answer, in their order.
    pub fn parse<'a>(fields: impl IntoIterator<Item = &'a str>) -> Self {
        let mut parsed = Self::default();
        for (n, field) in fields.into_iter().enumerate() {
            if n == MAX_FIELDS {
                parsed.defects.push(Defect::TooLarge);
                break;
            }
            if let Err(defect) = Field::new(field).and_then(|field| field.read(&mut parsed)) {
                parsed.defects.push(defect);
            }
        }
        parsed
    }

    /// What is asked for: the first Bearer or DPoP challenge that names `resource_metadata`, else the first
    /// of them.
    #[must_use]
    pub fn demand(&self) -> Option<Demand> {
        let chosen = self.ours().find(|one| one.get("resource_metadata").is_some());
        chosen.or_else(|| self.ours().next()).map(Challenge::demand)
    }

    /// What each Bearer or DPoP challenge asks for, in their order.
    pub(crate) fn demands(&self) -> impl Iterator<Item = Demand> {
        self.ours().map(Challenge::demand)
    }

    fn ours(&self) -> impl Iterator<Item = &Challenge> {
        self.list.iter().filter(|one| matches!(&*one.scheme, "bearer" | "dpop"))
    }
}

/// A whole number of seconds (RFC 9470 §3).
fn max_age(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().filter(|age| *age <= MAX_AGE)
}

/// A list of scope-tokens, or of words of the same characters, with single or more spaces between; none where
/// there are none.
fn tokens(text: &str) -> Option<Vec<String>> {
    let list: Vec<String> =
        text.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
    (!list.is_empty() && list.iter().all(|scope| is_scope_token(scope))).then_some(list)
}

/// A challenge that is being read.
struct Open {
    challenge: Challenge,
    defect: Option<Defect>,
}

impl Open {
    fn close(self, parsed: &mut Challenges) {
        match self.defect {
            Some(defect) => parsed.defects.push(defect),
            None if parsed.list.len() == MAX_CHALLENGES => parsed.defects.push(Defect::TooLarge),
            None => parsed.list.push(self.challenge),
        }
    }

    fn push(&mut self, name: &str, value: String) {
        let name = name.to_ascii_lowercase();
        let parameters = &mut self.challenge.parameters;
        if self.challenge.token68.is_some() {
            self.defect.get_or_insert(Defect::Syntax);
        } else if parameters.iter().any(|(known, _)| *known == name) {
            self.defect.get_or_insert(Defect::Duplicate);
        } else if parameters.len() == MAX_PARAMETERS {
            self.defect.get_or_insert(Defect::TooLarge);
        } else {
            parameters.push((name, value));
        }
    }
}

/// One field and how far it was read.
struct Field<'a> {
    rest: &'a str,
}

impl<'a> Field<'a> {
    const fn new(text: &'a str) -> Result<Self, Defect> {
        if text.len() > MAX_FIELD { Err(Defect::TooLarge) } else { Ok(Self { rest: text }) }
    }

    /// `#challenge`. An element of the list is a scheme, a scheme with its first parameter, or one more
    /// parameter of the scheme before: what follows the token tells which.
    fn read(mut self, parsed: &mut Challenges) -> Result<(), Defect> {
        let mut open: Option<Open> = None;
        loop {
            self.skip(|byte| is_space(byte) || byte == b',');
            if self.rest.is_empty() {
                break;
            }
            let token = self.token()?;
            if let Some(value) = self.parameter_value()? {
                open.as_mut().ok_or(Defect::Syntax)?.push(token, value);
            } else {
                if let Some(before) = open.take() {
                    before.close(parsed);
                }
                open = Some(self.challenge(token)?);
            }
            self.skip(is_space);
            if !self.rest.is_empty() && !self.rest.starts_with(',') {
                return Err(Defect::Syntax);
            }
        }
        if let Some(last) = open {
            last.close(parsed);
        }
        Ok(())
    }

    /// What follows a scheme up to the next comma: nothing, a token68, or a parameter.
    fn challenge(&mut self, scheme: &str) -> Result<Open, Defect> {
        let scheme = scheme.to_ascii_lowercase();
        let challenge = Challenge { scheme, token68: None, parameters: Vec::new() };
        let mut open = Open { challenge, defect: None };
        self.skip(is_space);
        if self.rest.is_empty() || self.rest.starts_with(',') {
            return Ok(open);
        }
        if let Some(token68) = self.token68() {
            open.challenge.token68 = Some(token68.to_owned());
            return Ok(open);
        }
        let name = self.token()?;
        let value = self.parameter_value()?.ok_or(Defect::Syntax)?;
        open.push(name, value);
        Ok(open)
    }

    /// `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`, if it reaches to a comma or the end.
    fn token68(&mut self) -> Option<&'a str> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
        let length = self.rest.bytes().take_while(|byte| plain(*byte)).count();
        let padding = self.rest.bytes().skip(length).take_while(|byte| *byte == b'=').count();
        let (token, after) = self.rest.split_at(length + padding);
        let ends = after.trim_start_matches([' ', '\t']);
        if length == 0 || !(ends.is_empty() || ends.starts_with(',')) {
            return None;
        }
        self.rest = after;
        Some(token)
    }

    /// What follows a name: `BWS "=" BWS ( token / quoted-string )`, or no parameter at all.
    fn parameter_value(&mut self) -> Result<Option<String>, Defect> {
        let Some(after) = self.rest.trim_start_matches([' ', '\t']).strip_prefix('=') else {
            return Ok(None);
        };
        self.rest = after;
        self.skip(is_space);
        if self.rest.starts_with('"') { self.quoted() } else { self.token().map(str::to_owned) }
            .map(Some)
    }

    /// RFC 9110 §5.6.4.
    fn quoted(&mut self) -> Result<String, Defect> {
        let mut value = String::new();
        let mut characters = self.rest.char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(value);
                }
                '\\' => match characters.next() {
                    Some((_, escaped)) if is_text(escaped) => value.push(escaped),
                    _ => return Err(Defect::Syntax),
                },
                plain if is_text(plain) => value.push(plain),
                _ => return Err(Defect::Syntax),
            }
        }
        Err(Defect::Syntax)
    }

    /// RFC 9110 §5.6.2, at least one character.
    fn token(&mut self) -> Result<&'a str, Defect> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        let length = self.rest.bytes().take_while(|byte| plain(*byte)).count();
        let (token, after) = self.rest.split_at(length);
        self.rest = after;
        if token.is_empty() { Err(Defect::Syntax) } else { Ok(token) }
    }

    fn skip(&mut self, what: impl Fn(u8) -> bool) {
        let length = self.rest.bytes().take_while(|byte| what(*byte)).count();
        self.rest = &self.rest[length..];
    }
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// HTAB, SP, VCHAR and what is beyond ASCII: no other control character.
fn is_text(character: char) -> bool {
    character == '\t' || !character.is_control()
}
