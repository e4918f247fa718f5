//! The page that asks whether to sign out (OpenID Connect RP-Initiated Logout §2).

use super::consent::Target;
use super::guard::read;
use super::handlers::{Shared, comes_from_us};
use super::posted::Posted;
use crate::endpoint::Reply;
use crate::endpoint::logout::{self, SignOut};
use crate::endpoint::page::{self, Forms, escape};
use axum::extract::{Request, State};
use http::{Method, StatusCode};

/// Where the form is posted to, behind the issuer's path.
pub(super) const DECISION: &str = "/end_session/decision";

/// GET or POST of a request (§2): the page, or the answer at once where the server was told to approve by itself.
pub(super) async fn ask(State(dev): Shared, request: Request) -> Reply {
    let get = request.method() == Method::GET;
    if !get && request.method() != Method::POST {
        return Reply::method_not_allowed("GET, POST");
    }
    let (parts, body) = request.into_parts();
    let query = if get {
        parts.uri.query().unwrap_or_default().to_owned()
    } else {
        match read(body).await {
            Ok(body) => String::from_utf8_lossy(&body).into_owned(),
            Err(reply) => return *reply,
        }
    };
    dev.server.counters.arrived("logout", "requests");
    let asked = match logout::judge(&dev.server, &query).await {
        Ok(asked) => asked,
        Err(reply) => return *reply,
    };
    if dev.auto_approve {
        return logout::done(&dev.server, &asked);
    }
    let Ok(value) = dev.logout_csrf.value(&parts.headers) else {
        let description = "no form can be made";
        return page::problem(StatusCode::INTERNAL_SERVER_ERROR, "server_error", description);
    };
    let field = dev.logout_csrf.field(value.expose(), &query).unwrap_or_default();
    let mut reply = confirm(&asked, &dev.user_name, &query, &field, &dev.place.base);
    reply.set_cookie(&dev.logout_csrf.set_cookie(&value));
    reply
}

/// POST of the form. Whose form it is comes first; then the request is judged anew.
pub(super) async fn decide(State(dev): Shared, request: Request) -> Reply {
    if request.method() != Method::POST {
        return Reply::method_not_allowed("POST");
    }
    let (parts, body) = request.into_parts();
    let body = match read(body).await {
        Ok(body) => body,
        Err(reply) => return *reply,
    };
    let form = Posted(&body);
    let (Some(csrf), Some(query)) = (form.field("csrf"), form.field("query")) else {
        let description = "the form is not one that this server showed";
        return page::problem(StatusCode::BAD_REQUEST, "invalid_request", description);
    };
    let ours = comes_from_us(&parts.headers, &dev.place.origin)
        && dev.logout_csrf.is_right(&parts.headers, &csrf, &query);
    if !ours {
        let description = "the form was not sent from the page that this server showed";
        return page::problem(StatusCode::FORBIDDEN, "invalid_request", description);
    }
    match logout::judge(&dev.server, &query).await {
        Ok(asked) => logout::done(&dev.server, &asked),
        Err(reply) => *reply,
    }
}

fn confirm(asked: &SignOut, user: &str, query: &str, csrf: &str, base: &str) -> Reply {
    let who = asked.client.as_ref().map_or_else(String::new, |client| {
        format!("<p><strong>{}</strong> has asked for it.</p>\n", escape(&client.name))
    });
    let body = format!(
        "<p>You are signed in as <strong>{}</strong>.</p>\n{who}\
         <form method=\"post\" action=\"{base}{DECISION}\">\n\
         <input type=\"hidden\" name=\"csrf\" value=\"{}\">\n\
         <input type=\"hidden\" name=\"query\" value=\"{}\">\n\
         <button class=\"allow\">Sign out</button>\n</form>",
        escape(user),
        escape(csrf),
        escape(query),
    );
    let target = asked.return_to.as_deref().map(Target::of);
    let forms = match &target {
        None => Forms::ThenTo(""),
        Some(target) => target.origin.as_deref().map_or(Forms::ThenAnywhere, Forms::ThenTo),
    };
    page::html(StatusCode::OK, "Do you want to sign out?", &body, forms)
}
