//! What a D-Bus message is made of (D-Bus specification, "Marshaling"), as far as the Secret Service needs it.

use zeroize::Zeroizing;

/// Writes values one after the other, each at its alignment, in the byte order `l` (little-endian).
pub(super) struct Writer(Zeroizing<Vec<u8>>);

impl Writer {
    /// Large enough that nothing that is written here makes it move: it may hold a secret.
    pub(super) fn new() -> Self {
        Self(Zeroizing::new(Vec::with_capacity(4096)))
    }

    pub(super) fn align(&mut self, to: usize) -> &mut Self {
        let length = self.0.len().next_multiple_of(to);
        self.0.resize(length, 0);
        self
    }

    pub(super) fn byte(&mut self, byte: u8) -> &mut Self {
        self.0.push(byte);
        self
    }

    pub(super) fn u32(&mut self, number: u32) -> &mut Self {
        self.align(4).0.extend_from_slice(&number.to_le_bytes());
        self
    }

    pub(super) fn boolean(&mut self, value: bool) -> &mut Self {
        self.u32(value.into())
    }

    /// Bytes with their length before them: `ay`.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.u32(length(bytes.len())).0.extend_from_slice(bytes);
        self
    }

    /// A text, `s`, or the path of an object, `o`.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes()).byte(0)
    }

    /// A signature, `g`.
    pub(super) fn signature(&mut self, signature: &str) -> &mut Self {
        self.byte(u8::try_from(signature.len()).unwrap_or(u8::MAX));
        self.0.extend_from_slice(signature.as_bytes());
        self.byte(0)
    }

    /// An array whose items have this alignment.
    pub(super) fn array(&mut self, item: usize, write: impl FnOnce(&mut Self)) -> &mut Self {
        let place = self.u32(0).0.len() - 4;
        let begin = self.align(item).0.len();
        write(self);
        let bytes = length(self.0.len() - begin).to_le_bytes();
        if let Some(room) = self.0.get_mut(place..place + 4) {
            room.copy_from_slice(&bytes);
        }
        self
    }

    /// A dictionary from texts to texts: `a{ss}`.
    pub(super) fn texts(&mut self, texts: &[(&str, &str)]) -> &mut Self {
        self.array(8, |out| {
            for (name, value) in texts {
                out.align(8).text(name).text(value);
            }
        })
    }

    pub(super) fn finish(self) -> Zeroizing<Vec<u8>> {
        self.0
    }
}

/// No message of ours comes near the limit.
fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// Reads what [`Writer`] writes, in either byte order. Nothing is there that is not: each read says so.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    big_endian: bool,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8], big_endian: bool) -> Self {
        Self { bytes, at: 0, big_endian }
    }

    pub(super) fn align(&mut self, to: usize) -> &mut Self {
        self.at = self.at.next_multiple_of(to);
        self
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(count)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        let big_endian = self.big_endian;
        let bytes = self.align(4).take(4)?.try_into().ok()?;
        Some(if big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    pub(super) fn boolean(&mut self) -> Option<bool> {
        Some(self.u32()? != 0)
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.u32()?;
        self.take(usize::try_from(length).ok()?)
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        let text = core::str::from_utf8(self.bytes()?).ok()?;
        (self.byte()? == 0).then_some(text)
    }

    pub(super) fn signature(&mut self) -> Option<&'a str> {
        let length = self.byte()?;
        let text = core::str::from_utf8(self.take(length.into())?).ok()?;
        (self.byte()? == 0).then_some(text)
    }

    /// A list of paths: `ao`.
    pub(super) fn paths(&mut self) -> Option<Vec<String>> {
        let length = usize::try_from(self.u32()?).ok()?;
        let end = self.at.checked_add(length).filter(|end| *end <= self.bytes.len())?;
        let mut paths = Vec::new();
        while self.at < end {
            paths.push(self.text()?.to_owned());
        }
        (self.at == end).then_some(paths)
    }

    pub(super) const fn at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut out = Writer::new();
        out.byte(7).u32(9).text("ä").signature("a{ss}").boolean(true).bytes(b"xyz");
        out.align(8).texts(&[("a", "b"), ("c", "")]);
        let bytes = out.finish();
        let mut read = Reader::new(&bytes, false);
        assert_eq!(read.byte(), Some(7));
        assert_eq!(read.u32(), Some(9));
        assert_eq!(read.text(), Some("ä"));
        assert_eq!(read.signature(), Some("a{ss}"));
        assert_eq!(read.boolean(), Some(true));
        assert_eq!(read.bytes(), Some(&b"xyz"[..]));
        // The dictionary: its length, from its first item on.
        let length = read.align(8).u32().unwrap();
        assert_eq!(read.align(8).text(), Some("a"));
        assert_eq!(read.text(), Some("b"));
        assert_eq!(read.align(8).text(), Some("c"));
        assert_eq!(read.text(), Some(""));
        assert!(read.at_end());
        assert_eq!(length, 29, "from the first text to the last zero");
    }

    #[test]
    fn what_is_cut_or_lies_about_its_length_is_nothing() {
        let mut out = Writer::new();
        out.array(4, |out| {
            out.text("/a").text("/bc");
        });
        let bytes = out.finish();
        assert_eq!(Reader::new(&bytes, false).paths().unwrap(), ["/a", "/bc"]);
        for end in 0..bytes.len() {
            assert_eq!(Reader::new(&bytes[..end], false).paths(), None, "{end}");
        }
        assert_eq!(Reader::new(&[0xff; 16], false).text(), None);
        assert_eq!(Reader::new(&[0, 0, 0, 1, b'a', 0], true).text(), Some("a"));
        assert_eq!(Reader::new(&[0, 0, 0, 1, b'a', 1], true).text(), None, "no zero at its end");
        assert_eq!(Reader::new(&[], false).u32(), None);
    }
}
