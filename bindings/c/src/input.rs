//! Reads the caller's memory.

use crate::status::{Fail, Misuse, PK_MAX_COUNT, PK_MAX_INPUT};
use crate::text::pk_text;
use core::ffi::c_char;
use core::mem::{MaybeUninit, size_of};

/// The bytes, copied.
///
/// # Safety
/// `data` is null or points to `length` bytes that nobody writes to meanwhile.
pub(crate) unsafe fn bytes(
    name: &'static str,
    data: *const c_char,
    length: usize,
) -> Result<Vec<u8>, Fail> {
    if length > PK_MAX_INPUT {
        return Err(Fail::Misuse(Misuse::TooLong, name));
    }
    if length == 0 {
        return Ok(Vec::new());
    }
    if data.is_null() {
        return Err(Fail::Misuse(Misuse::Null, name));
    }
    // SAFETY: not null and not beyond the cap; the rest is the caller's promise.
    Ok(unsafe { core::slice::from_raw_parts(data.cast::<u8>(), length) }.to_vec())
}

/// The text, copied. Null is no text, also when its length is 0.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn text(
    name: &'static str,
    data: *const c_char,
    length: usize,
) -> Result<String, Fail> {
    if data.is_null() && length <= PK_MAX_INPUT {
        return Err(Fail::Misuse(Misuse::Null, name));
    }
    // SAFETY: the caller's promise.
    let bytes = unsafe { bytes(name, data, length) }?;
    String::from_utf8(bytes).map_err(|e| {
        drop(zeroize::Zeroizing::new(e.into_bytes()));
        Fail::Misuse(Misuse::NotUtf8, name)
    })
}

/// A text of a structure that must be there.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn required(name: &'static str, text: pk_text) -> Result<String, Fail> {
    // SAFETY: the caller's promise.
    unsafe { self::text(name, text.data, text.length) }
}

/// A text of a structure that may be absent.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn optional(name: &'static str, text: pk_text) -> Result<Option<String>, Fail> {
    if text.data.is_null() && text.length == 0 {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    unsafe { required(name, text) }.map(Some)
}

/// Bytes of a structure that may be absent.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn optional_bytes(
    name: &'static str,
    given: pk_text,
) -> Result<Option<Vec<u8>>, Fail> {
    if given.data.is_null() && given.length == 0 {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    unsafe { bytes(name, given.data, given.length) }.map(Some)
}

/// The 32 bytes of a hash or a key, copied.
///
/// # Safety
/// `data` is null or points to 32 bytes that nobody writes to meanwhile.
pub(crate) unsafe fn hash(name: &'static str, data: *const u8) -> Result<[u8; 32], Fail> {
    if data.is_null() {
        return Err(Fail::Misuse(Misuse::Null, name));
    }
    // SAFETY: not null; the rest is the caller's promise.
    Ok(unsafe { data.cast::<[u8; 32]>().read_unaligned() })
}

/// A list of plain values, copied.
///
/// # Safety
/// `data` is null or points to `count` of them that nobody writes to meanwhile.
pub(crate) unsafe fn list<T: Copy>(
    name: &'static str,
    data: *const T,
    count: usize,
) -> Result<Vec<T>, Fail> {
    if count > PK_MAX_COUNT {
        return Err(Fail::Misuse(Misuse::TooLong, name));
    }
    if count > 0 && data.is_null() {
        return Err(Fail::Misuse(Misuse::Null, name));
    }
    // SAFETY: not null where there is one, and `read_unaligned` asks for no alignment; the rest is the
    // caller's promise.
    Ok((0..count).map(|n| unsafe { data.add(n).read_unaligned() }).collect())
}

/// A list of texts.
///
/// # Safety
/// As [`list`], and each is as [`bytes`] wants it.
pub(crate) unsafe fn texts(
    name: &'static str,
    data: *const pk_text,
    count: usize,
) -> Result<Vec<String>, Fail> {
    // SAFETY: the caller's promise, for the list and for each of its texts.
    unsafe { list(name, data, count) }?
        .into_iter()
        .map(|text| unsafe { required(name, text) })
        .collect()
}

/// A header field's name or value. It is bytes on the wire; what is not UTF-8 in it means nothing here.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn field(name: &'static str, text: pk_text) -> Result<String, Fail> {
    // SAFETY: the caller's promise.
    let bytes = zeroize::Zeroizing::new(unsafe { bytes(name, text.data, text.length) }?);
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A list of header fields' values.
///
/// # Safety
/// As [`texts`].
pub(crate) unsafe fn fields(
    name: &'static str,
    data: *const pk_text,
    count: usize,
) -> Result<Vec<String>, Fail> {
    // SAFETY: the caller's promise, for the list and for each of its texts.
    unsafe { list(name, data, count) }?
        .into_iter()
        .map(|text| unsafe { field(name, text) })
        .collect()
}

/// A structure of the header: begins with its size, any bytes are a value of it.
///
/// # Safety
/// `repr(C)`, the first field is a `usize`, and every field is a number, a raw pointer, or made of such.
pub(crate) unsafe trait Structure: Copy {}

/// A structure, copied. Its size must be the one that this library was built with; once there is a second,
/// a smaller one of an older header will be filled up with zeros here.
///
/// # Safety
/// `data` is null, or points to a structure that begins with its size and has as many bytes.
pub(crate) unsafe fn structure<T: Structure>(
    name: &'static str,
    data: *const T,
) -> Result<T, Fail> {
    if data.is_null() {
        return Err(Fail::Misuse(Misuse::Null, name));
    }
    // SAFETY: not null; the size is the first field, by the trait's promise.
    let size = unsafe { data.cast::<usize>().read_unaligned() };
    if size != size_of::<T>() {
        return Err(Fail::Misuse(Misuse::StructSize, name));
    }
    let mut copy = MaybeUninit::<T>::zeroed();
    // SAFETY: the caller's structure has `size` bytes, and so has the copy.
    unsafe {
        data.cast::<u8>().copy_to_nonoverlapping(copy.as_mut_ptr().cast::<u8>(), size);
        // Any bytes are a value of it, by the trait's promise.
        Ok(copy.assume_init())
    }
}

/// A structure that may be absent.
///
/// # Safety
/// As [`structure`].
pub(crate) unsafe fn structure_or_null<T: Structure>(
    name: &'static str,
    data: *const T,
) -> Result<Option<T>, Fail> {
    if data.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    unsafe { structure(name, data) }.map(Some)
}
