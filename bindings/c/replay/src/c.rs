//! From Rust to C and back.

use crate::error::Error;
use proofkey_c::error::pk_error;
use proofkey_c::http::{pk_header, pk_http_request, pk_http_response};
use proofkey_c::parameter::pk_parameter;
use proofkey_c::status::{PK_BUFFER_TOO_SMALL, PK_NOTHING, PK_OK, pk_status};
use proofkey_c::text::pk_text;
use proofkey_core::http::{Header, HttpRequest, HttpResponse, Method};
use proofkey_core::secret::Secret;
use proofkey_core::session::Parameter;
use std::ffi::c_char;
use std::mem::{MaybeUninit, size_of};

/// A structure of the header that is zero but for its size.
///
/// The types that this is called with are made of numbers and pointers, and begin with their size.
pub fn sized<T>() -> T {
    let mut value = MaybeUninit::<T>::zeroed();
    // SAFETY: numbers and pointers may be zero, and the first field is the size.
    unsafe {
        value.as_mut_ptr().cast::<usize>().write(size_of::<T>());
        value.assume_init()
    }
}

/// Calls, and turns a status into a result.
pub fn call(function: impl FnOnce(*mut pk_error) -> pk_status) -> Result<(), Error> {
    let mut error: pk_error = sized();
    match function(&mut error) {
        PK_OK => Ok(()),
        status => Err(Error::read(status, &error)),
    }
}

/// A text that a function writes; `None` for `PK_NOTHING`.
pub fn text(
    function: impl Fn(*mut c_char, usize, *mut usize, *mut pk_error) -> pk_status,
) -> Result<Option<String>, Error> {
    let bytes = bytes(function)?;
    Ok(bytes.map(|bytes| String::from_utf8(bytes).expect("what comes out is UTF-8")))
}

/// The same where what is written is no text.
pub fn bytes(
    function: impl Fn(*mut c_char, usize, *mut usize, *mut pk_error) -> pk_status,
) -> Result<Option<Vec<u8>>, Error> {
    let mut error: pk_error = sized();
    let mut length = 0;
    match function(std::ptr::null_mut(), 0, &mut length, &mut error) {
        PK_BUFFER_TOO_SMALL => {}
        PK_NOTHING => return Ok(None),
        status => return Err(Error::read(status, &error)),
    }
    let mut buffer = vec![0_u8; length + 1];
    call(|error| function(buffer.as_mut_ptr().cast(), buffer.len(), &mut length, error))?;
    assert_eq!(buffer.pop(), Some(0), "a NUL follows");
    Ok(Some(buffer))
}

pub fn view(text: &str) -> pk_text {
    pk_text { data: text.as_ptr().cast(), length: text.len() }
}

pub fn view_or_none(text: Option<&str>) -> pk_text {
    text.map_or(pk_text { data: std::ptr::null(), length: 0 }, view)
}

pub fn views(texts: &[String]) -> Vec<pk_text> {
    texts.iter().map(|text| view(text)).collect()
}

/// The same for bytes.
pub fn view_bytes(bytes: &[u8]) -> pk_text {
    pk_text { data: bytes.as_ptr().cast(), length: bytes.len() }
}

/// A list of parameters; it points into what was passed.
pub fn parameters(list: &[Parameter]) -> Vec<pk_parameter> {
    list.iter().map(|one| pk_parameter { name: view(&one.name), value: view(&one.value) }).collect()
}

/// The text that a structure points to.
pub fn read(text: pk_text) -> Option<String> {
    let bytes = read_bytes(text)?;
    Some(String::from_utf8(bytes).expect("what comes out is UTF-8"))
}

/// The bytes that a structure points to.
pub fn read_bytes(bytes: pk_text) -> Option<Vec<u8>> {
    if bytes.data.is_null() {
        return None;
    }
    // SAFETY: they were handed out by the call before, and the handle was not used since. A NUL follows.
    let whole = unsafe { std::slice::from_raw_parts(bytes.data.cast::<u8>(), bytes.length + 1) };
    let (bytes, nul) = whole.split_at(bytes.length);
    assert_eq!(nul, [0]);
    Some(bytes.to_vec())
}

/// The texts that a structure points to.
pub(crate) fn read_list(data: *const pk_text, count: usize) -> Vec<String> {
    // SAFETY: they were handed out by the call before, and the handle was not used since.
    let texts = unsafe { std::slice::from_raw_parts(data, count) };
    texts.iter().map(|text| present(*text)).collect()
}

pub fn present(text: pk_text) -> String {
    read(text).expect("the text is there")
}

pub(crate) fn headers(data: *const pk_header, count: usize) -> Vec<Header> {
    pairs(data, count).into_iter().map(|(name, value)| Header::new(name, value)).collect()
}

pub(crate) fn pairs(data: *const pk_header, count: usize) -> Vec<(String, String)> {
    // SAFETY: it was handed out by the call before, and the handle was not used since.
    let pairs = unsafe { std::slice::from_raw_parts(data, count) };
    pairs.iter().map(|pair| (present(pair.name), present(pair.value))).collect()
}

pub fn request(request: &pk_http_request) -> HttpRequest {
    HttpRequest {
        method: match present(request.method).as_str() {
            "GET" => Method::Get,
            "POST" => Method::Post,
            other => panic!("unknown method {other}"),
        },
        url: present(request.url),
        headers: headers(request.headers, request.header_count),
        body: read(request.body).map(Secret::new),
        max_body: request.max_body,
        timeout_ms: request.timeout_ms,
    }
}

/// Lends an answer to a call.
pub fn with_response<R>(
    response: &HttpResponse,
    act: impl FnOnce(*const pk_http_response) -> R,
) -> R {
    let headers: Vec<pk_header> = response
        .headers
        .iter()
        .map(|header| pk_header { name: view(&header.name), value: view(&header.value) })
        .collect();
    let mut given: pk_http_response = sized();
    given.status = response.status;
    given.headers = headers.as_ptr();
    given.header_count = headers.len();
    given.body = pk_text { data: response.body.as_ptr().cast(), length: response.body.len() };
    act(&given)
}
