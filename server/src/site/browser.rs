//! What the pages have in common: who sits there, and whose form comes back.

use super::csrf::{Csrf, Shown};
use super::people::{User, Visit, Who};
use super::{Site, guard};
use crate::endpoint::authorize::Asked;
use crate::endpoint::{Reply, only, page};
use axum::body::Bytes;
use axum::extract::Request;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use proofkey::secret::Secret;
use std::sync::Arc;

pub(super) type Shared = axum::extract::State<Arc<Site>>;

/// The user, or the answer that lets one sign in.
pub(super) async fn who(
    site: &Site,
    headers: &HeaderMap,
    asked: Option<&Asked>,
    return_to: String,
) -> Result<User, Box<Reply>> {
    match site.people.who(Visit { headers, asked, return_to }).await {
        Who::User(user) => Ok(user),
        Who::Elsewhere(reply) => Err(Box::new(reply)),
    }
}

/// A page of ours with this query: path and query as they stand in an address. What came in a form is not bound to that,
/// and the owner's page, to which it is told, may write it into HTML.
pub(super) fn way_back(site: &Site, path: &str, query: &str) -> String {
    let mut back = format!("{}{path}?", site.place.base);
    for byte in query.bytes() {
        // RFC 3986 §3.4.
        if byte.is_ascii_alphanumeric() || b"-._~!$&()*+,;=:@/?%".contains(&byte) {
            back.push(char::from(byte));
        } else {
            back.push_str(&format!("%{byte:02X}"));
        }
    }
    back
}

/// A form that is shown: its field, and its cookie's value.
pub(super) struct Form {
    pub(super) field: String,
    value: Secret,
}

impl Form {
    pub(super) fn new(
        csrf: &Csrf,
        headers: &HeaderMap,
        shown: Shown<'_>,
    ) -> Result<Self, Box<Reply>> {
        let none = || {
            let description = "no form can be made";
            Box::new(page::problem(StatusCode::INTERNAL_SERVER_ERROR, "server_error", description))
        };
        let value = csrf.value(headers).map_err(|_| none())?;
        let field = csrf.field(value.expose(), shown).ok_or_else(none)?;
        Ok(Self { field, value })
    }

    pub(super) fn on(&self, mut reply: Reply, csrf: &Csrf) -> Reply {
        reply.set_cookie(&csrf.set_cookie(&self.value));
        reply
    }
}

/// A POST of a form, whole.
pub(super) async fn form(request: Request) -> Result<(Parts, Bytes), Box<Reply>> {
    if request.method() != Method::POST {
        return Err(Box::new(Reply::method_not_allowed("POST")));
    }
    let (parts, body) = request.into_parts();
    let body = guard::read(body).await?;
    Ok((parts, body))
}

/// Whether a form was sent from the page that this server showed to this user.
pub(super) fn is_ours(
    site: &Site,
    csrf: &Csrf,
    headers: &HeaderMap,
    field: &str,
    shown: Shown<'_>,
) -> bool {
    comes_from_us(headers, &site.place.origin) && csrf.is_right(headers, field, shown)
}

/// What a browser says of where a form comes from. Old ones say nothing; then the CSRF field decides
/// alone.
fn comes_from_us(headers: &HeaderMap, ours: &str) -> bool {
    let origin = match only(headers, "origin") {
        Ok(origin) => origin.is_none_or(|origin| origin == ours),
        Err(_) => false,
    };
    let site = match only(headers, "sec-fetch-site") {
        Ok(site) => site.is_none_or(|site| site == "same-origin"),
        Err(_) => false,
    };
    origin && site
}

pub(super) fn not_ours() -> Reply {
    let description = "the form was not sent from the page that this server showed";
    page::problem(StatusCode::FORBIDDEN, "invalid_request", description)
}

pub(super) fn no_form() -> Reply {
    let description = "the form is not one that this server showed";
    page::problem(StatusCode::BAD_REQUEST, "invalid_request", description)
}
