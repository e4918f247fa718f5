//! Writes the caller's memory, and keeps what a structure that was handed out points to.

use crate::http::pk_header;
use crate::input::Structure;
use crate::status::{Fail, Misuse};
use crate::text::pk_text;
use core::ffi::c_char;
use core::mem::size_of;
use core::ptr::NonNull;
use zeroize::Zeroizing;

/// Where a result goes. It is looked at before anything happens, and written after.
pub(crate) struct Out<T>(NonNull<T>);

impl<T> Out<T> {
    /// # Safety
    /// `place` is null or may be written.
    pub(crate) unsafe fn new(name: &'static str, place: *mut T) -> Result<Self, Fail> {
        NonNull::new(place).map(Self).ok_or(Fail::Misuse(Misuse::Null, name))
    }

    /// # Safety
    /// `place` is null, or points to a structure that begins with its size and has as many bytes.
    pub(crate) unsafe fn structure(name: &'static str, place: *mut T) -> Result<Self, Fail>
    where
        T: Structure,
    {
        // SAFETY: the caller's promise.
        let out = unsafe { Self::new(name, place) }?;
        // SAFETY: not null; the size is the first field, by the trait's promise.
        let size = unsafe { place.cast::<usize>().read_unaligned() };
        if size == size_of::<T>() { Ok(out) } else { Err(Fail::Misuse(Misuse::StructSize, name)) }
    }

    pub(crate) fn write(&self, value: T) {
        // SAFETY: the promise of `new`; no alignment is asked for.
        unsafe { self.0.as_ptr().write_unaligned(value) };
    }
}

/// The caller's buffer for a text.
pub(crate) struct Buffer {
    name: &'static str,
    data: *mut c_char,
    capacity: usize,
    length: *mut usize,
}

impl Buffer {
    /// # Safety
    /// `data` is null or `capacity` bytes from it may be written; `length` is null or may be written.
    pub(crate) const unsafe fn new(
        name: &'static str,
        data: *mut c_char,
        capacity: usize,
        length: *mut usize,
    ) -> Self {
        Self { name, data, capacity, length }
    }

    /// Whether a text of so many bytes fits, with its NUL. If not, `*length` is told.
    pub(crate) fn fits(&self, length: usize) -> Result<(), Fail> {
        if self.capacity <= length {
            self.tell(length);
            return Err(Fail::Misuse(Misuse::BufferTooSmall, self.name));
        }
        if self.data.is_null() { Err(Fail::Misuse(Misuse::Null, self.name)) } else { Ok(()) }
    }

    /// Writes the text and a NUL.
    pub(crate) fn write(&self, text: &str) -> Result<(), Fail> {
        self.write_bytes(text.as_bytes())
    }

    /// Writes bytes, and a NUL behind them all the same: what comes out can be lent as a `pk_text`.
    pub(crate) fn write_bytes(&self, bytes: &[u8]) -> Result<(), Fail> {
        self.fits(bytes.len())?;
        // SAFETY: not null, and there is room for one byte more than there are; the rest is the
        // promise of `new`. What is copied is ours, so the two do not overlap.
        unsafe {
            bytes.as_ptr().copy_to_nonoverlapping(self.data.cast::<u8>(), bytes.len());
            self.data.add(bytes.len()).write(0);
        }
        self.tell(bytes.len());
        Ok(())
    }

    fn tell(&self, length: usize) {
        if !self.length.is_null() {
            // SAFETY: not null; the promise of `new`.
            unsafe { self.length.write_unaligned(length) };
        }
    }
}

/// What a structure that was handed out points to. It is wiped when it is replaced or dropped.
#[derive(Default)]
pub(crate) struct Kept {
    texts: Vec<Zeroizing<Vec<u8>>>,
    pairs: Vec<Vec<pk_header>>,
    lists: Vec<Vec<pk_text>>,
}

// SAFETY: the pointers in `pairs` and `lists` point into `texts`, which goes wherever they go, and only the
// caller of the library reads through them.
unsafe impl Send for Kept {}

// SAFETY: as above; nothing is written through a shared reference.
unsafe impl Sync for Kept {}

impl Kept {
    /// Keeps a copy and says where it is. It stays there until `self` is dropped, whatever else is kept.
    pub(crate) fn text(&mut self, text: &str) -> pk_text {
        self.bytes(text.as_bytes())
    }

    /// Keeps bytes, with a NUL behind them all the same.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> pk_text {
        let mut copy = Vec::with_capacity(bytes.len() + 1);
        copy.extend_from_slice(bytes);
        copy.push(0);
        let place = pk_text { data: copy.as_ptr().cast(), length: bytes.len() };
        self.texts.push(Zeroizing::new(copy));
        place
    }

    pub(crate) fn optional(&mut self, text: Option<&str>) -> pk_text {
        text.map_or(pk_text::ABSENT, |text| self.text(text))
    }

    /// Keeps a list of texts.
    pub(crate) fn texts(&mut self, texts: &[String]) -> (*const pk_text, usize) {
        let list: Vec<pk_text> = texts.iter().map(|text| self.text(text)).collect();
        let place = (list.as_ptr(), list.len());
        self.lists.push(list);
        place
    }

    /// Keeps header fields.
    pub(crate) fn headers(
        &mut self,
        headers: &[proofkey::http::Header],
    ) -> (*const pk_header, usize) {
        self.pairs(headers.iter().map(|header| (&*header.name, &*header.value)))
    }

    /// Keeps names with their values.
    pub(crate) fn pairs<'a>(
        &mut self,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> (*const pk_header, usize) {
        let pair = |(name, value)| pk_header { name: self.text(name), value: self.text(value) };
        let list: Vec<pk_header> = pairs.into_iter().map(pair).collect();
        let place = (list.as_ptr(), list.len());
        self.pairs.push(list);
        place
    }
}
