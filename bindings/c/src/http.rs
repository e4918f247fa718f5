//! HTTP as plain structures.

use crate::input::{self, Structure};
use crate::output::Kept;
use crate::status::Fail;
use crate::text::pk_text;
use proofkey::http::{Header, HttpRequest, HttpResponse};

/// A header field.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_header {
    /// The name; case does not matter.
    pub name: pk_text,
    /// The value.
    pub value: pk_text,
}

/// A request that is to be sent exactly as it is: no header is added beyond what HTTP itself needs, no
/// redirect is followed, no cookie kept, and nothing is sent twice (use a new connection for it). All
/// pointers belong to the library; see the function that wrote them for how long.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_http_request {
    /// `sizeof(pk_http_request)`, set by the caller: `pk_http_request request = PK_HTTP_REQUEST_INIT;`.
    pub size: usize,
    /// `GET` or `POST`.
    pub method: pk_text,
    /// The absolute URL.
    pub url: pk_text,
    /// The header fields.
    pub headers: *const pk_header,
    /// How many.
    pub header_count: usize,
    /// The body, if there is one. It is a secret: it may hold a code and a verifier.
    pub body: pk_text,
    /// Stop reading the answer's body after so many bytes and answer `PK_LOST_TOO_LARGE`.
    pub max_body: u64,
    /// How long the whole exchange may take, in milliseconds.
    pub timeout_ms: u64,
}

/// A whole answer. Everything in it belongs to the caller and is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_http_response {
    /// `sizeof(pk_http_response)`.
    pub size: usize,
    /// The header fields, at most `PK_MAX_COUNT`.
    pub headers: *const pk_header,
    /// How many.
    pub header_count: usize,
    /// The body as it came, at most `PK_MAX_INPUT` bytes.
    pub body: pk_text,
    /// The HTTP status.
    pub status: u16,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_http_response {}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_http_request {}

impl pk_http_request {
    pub(crate) const ABSENT: Self = Self {
        size: core::mem::size_of::<Self>(),
        method: pk_text::ABSENT,
        url: pk_text::ABSENT,
        headers: core::ptr::null(),
        header_count: 0,
        body: pk_text::ABSENT,
        max_body: 0,
        timeout_ms: 0,
    };

    pub(crate) fn keep(request: &HttpRequest, kept: &mut Kept) -> Self {
        let (headers, header_count) = kept.headers(&request.headers);
        Self {
            size: core::mem::size_of::<Self>(),
            method: kept.text(request.method.as_str()),
            url: kept.text(&request.url),
            headers,
            header_count,
            body: kept.optional(request.body.as_ref().map(|body| body.expose())),
            max_body: request.max_body,
            timeout_ms: request.timeout_ms,
        }
    }
}

/// Reads an answer.
///
/// # Safety
/// As [`input::structure`], and everything it points to is as [`input::bytes`] wants it.
pub(crate) unsafe fn response(
    name: &'static str,
    data: *const pk_http_response,
) -> Result<HttpResponse, Fail> {
    // SAFETY: the caller's promise, for the structure and all that it points to.
    unsafe {
        let given = input::structure(name, data)?;
        let mut headers = Vec::new();
        for header in input::list("headers", given.headers, given.header_count)? {
            let name = input::field("headers", header.name)?;
            headers.push(Header::new(name, input::field("headers", header.value)?));
        }
        let body = input::bytes("body", given.body.data, given.body.length)?;
        Ok(HttpResponse::new(given.status, headers, body))
    }
}
