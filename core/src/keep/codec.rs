//! How a record is written: fields, each a tag, a length and its bytes. A reader takes the tags that it
//! knows, so a later version can add some.

use crate::error::Error;
use crate::seal::unreadable;
use crate::secret::Secret;
use zeroize::{Zeroize as _, Zeroizing};

/// Writes a record into a buffer that is wiped when it moves.
pub(crate) struct Writer(Zeroizing<Vec<u8>>);

impl Writer {
    pub(crate) fn new(kind: u8) -> Self {
        let mut out = Zeroizing::new(Vec::with_capacity(4096));
        out.push(kind);
        Self(out)
    }

    pub(crate) fn bytes(&mut self, tag: u8, bytes: &[u8]) -> &mut Self {
        let needed = self.0.len() + 5 + bytes.len();
        if needed > self.0.capacity() {
            let mut larger = Vec::with_capacity(needed * 2);
            larger.extend_from_slice(&self.0);
            self.0.zeroize();
            self.0 = Zeroizing::new(larger);
        }
        self.0.push(tag);
        // No record comes near: it is refused long before (MAX of `seal`).
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    pub(crate) fn text(&mut self, tag: u8, text: &str) -> &mut Self {
        self.bytes(tag, text.as_bytes())
    }

    pub(crate) fn text_if(&mut self, tag: u8, text: Option<&str>) -> &mut Self {
        if let Some(text) = text {
            self.text(tag, text);
        }
        self
    }

    /// One field an entry.
    pub(crate) fn texts(&mut self, tag: u8, texts: &[String]) -> &mut Self {
        for text in texts {
            self.text(tag, text);
        }
        self
    }

    pub(crate) fn number(&mut self, tag: u8, number: u64) -> &mut Self {
        self.bytes(tag, &number.to_be_bytes())
    }

    pub(crate) fn number_if(&mut self, tag: u8, number: Option<u64>) -> &mut Self {
        if let Some(number) = number {
            self.number(tag, number);
        }
        self
    }

    pub(crate) fn flag(&mut self, tag: u8, set: bool) -> &mut Self {
        if set {
            self.bytes(tag, &[]);
        }
        self
    }

    pub(crate) fn finish(self) -> Zeroizing<Vec<u8>> {
        self.0
    }
}

/// Reads a record.
pub(crate) struct Reader<'a>(Vec<(u8, &'a [u8])>);

impl<'a> Reader<'a> {
    /// The fields of a record of this kind.
    pub(crate) fn new(kind: u8, record: &'a [u8]) -> Result<Self, Error> {
        let (first, mut rest) = record.split_first().ok_or_else(cut)?;
        if *first != kind {
            return Err(unreadable("it is a record of another kind"));
        }
        let mut fields = Vec::new();
        while let Some((tag, after)) = rest.split_first() {
            let (length, after) = after.split_first_chunk::<4>().ok_or_else(cut)?;
            let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| cut())?;
            let (bytes, after) = after.split_at_checked(length).ok_or_else(cut)?;
            fields.push((*tag, bytes));
            rest = after;
        }
        Ok(Self(fields))
    }

    fn all(&self, tag: u8) -> impl Iterator<Item = &'a [u8]> {
        self.0.iter().filter(move |(known, _)| *known == tag).map(|(_, bytes)| *bytes)
    }

    fn one(&self, tag: u8) -> Result<Option<&'a [u8]>, Error> {
        let mut all = self.all(tag);
        match (all.next(), all.next()) {
            (one, None) => Ok(one),
            _ => Err(unreadable("a field stands in it twice")),
        }
    }

    pub(crate) fn bytes_if(&self, tag: u8) -> Result<Option<&'a [u8]>, Error> {
        self.one(tag)
    }

    pub(crate) fn text_if(&self, tag: u8) -> Result<Option<String>, Error> {
        self.one(tag)?.map(text).transpose()
    }

    pub(crate) fn text(&self, tag: u8) -> Result<String, Error> {
        self.text_if(tag)?.ok_or_else(missing)
    }

    pub(crate) fn texts(&self, tag: u8) -> Result<Vec<String>, Error> {
        self.all(tag).map(text).collect()
    }

    pub(crate) fn secret_if(&self, tag: u8) -> Result<Option<Secret>, Error> {
        Ok(self.text_if(tag)?.map(Secret::new))
    }

    pub(crate) fn secret(&self, tag: u8) -> Result<Secret, Error> {
        self.text(tag).map(Secret::new)
    }

    pub(crate) fn number_if(&self, tag: u8) -> Result<Option<u64>, Error> {
        self.one(tag)?
            .map(|bytes| bytes.try_into().map(u64::from_be_bytes).map_err(|_| cut()))
            .transpose()
    }

    pub(crate) fn number(&self, tag: u8) -> Result<u64, Error> {
        self.number_if(tag)?.ok_or_else(missing)
    }

    pub(crate) fn flag(&self, tag: u8) -> Result<bool, Error> {
        Ok(self.one(tag)?.is_some())
    }
}

fn text(bytes: &[u8]) -> Result<String, Error> {
    String::from_utf8(bytes.to_vec()).map_err(|_| unreadable("a field of it is not UTF-8"))
}

const fn cut() -> Error {
    unreadable("it is cut off")
}

const fn missing() -> Error {
    unreadable("a field of it is missing")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn fields_come_back_and_unknown_ones_are_passed_over() {
        let mut writer = Writer::new(7);
        let long = "x".repeat(10_000);
        writer.text(1, &long).texts(2, &["a".into(), "b".into()]).number(3, 9).flag(4, true);
        writer.flag(5, false).text_if(6, None).bytes(99, b"later");
        let record = writer.finish();
        let reader = Reader::new(7, &record).unwrap();
        assert_eq!(reader.text(1).unwrap(), long);
        assert_eq!(reader.texts(2).unwrap(), ["a", "b"]);
        assert_eq!(reader.number(3).unwrap(), 9);
        assert!(reader.flag(4).unwrap());
        assert!(!reader.flag(5).unwrap());
        assert_eq!(reader.text_if(6).unwrap(), None);
        assert!(reader.text(6).is_err());
        assert!(reader.text(2).is_err(), "two of a field that stands once");
        assert!(reader.number(1).is_err());
        assert!(Reader::new(8, &record).is_err());
    }

    #[test]
    fn a_record_that_is_cut_is_noticed_or_lacks_a_field() {
        let mut writer = Writer::new(7);
        writer.text(1, "abc").number(3, 9);
        let record = writer.finish();
        for length in 0..record.len() {
            let read = Reader::new(7, &record[..length]).and_then(|reader| reader.number(3));
            assert!(read.is_err(), "{length}");
        }
    }
}
