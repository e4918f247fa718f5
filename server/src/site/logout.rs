//! The page that asks whether to sign out (OpenID Connect RP-Initiated Logout §2).

use super::Site;
use super::browser::{Form, Shared, form, is_ours, no_form, not_ours, way_back, who};
use super::consent::Target;
use super::csrf::Shown;
use super::guard::read;
use super::posted::Posted;
use crate::endpoint::logout::{self, SignOut};
use crate::endpoint::page::{self, Forms, escape};
use crate::endpoint::{Reply, metadata};
use axum::extract::{Request, State};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

/// Where the form is posted to, behind the issuer's path.
pub(super) const DECISION: &str = "/end_session/decision";

/// GET or POST of a request (§2): the page, or the answer at once where nobody is asked.
pub(super) async fn ask(State(site): Shared, request: Request) -> Reply {
    match asked(&site, request).await {
        Ok(reply) => reply,
        Err(reply) => *reply,
    }
}

async fn asked(site: &Site, request: Request) -> Result<Reply, Box<Reply>> {
    let get = request.method() == Method::GET;
    if !get && request.method() != Method::POST {
        return Err(Box::new(Reply::method_not_allowed("GET, POST")));
    }
    let (parts, body) = request.into_parts();
    let query = if get {
        parts.uri.query().unwrap_or_default().to_owned()
    } else {
        let body = read(body).await?;
        Posted::read(&parts.headers, &body).ok_or_else(|| Box::new(no_form()))?;
        // It was read, so it is text.
        String::from_utf8_lossy(&body).into_owned()
    };
    site.server.counters.arrived("logout", "requests");
    let asked = logout::judge(&site.server, &query).await?;
    let user = match who(site, &parts.headers, None, back(site, &query)).await {
        Ok(user) if site.people.asks() => user,
        // Nobody is asked.
        Ok(_) => return Ok(done(site, &parts.headers, &asked).await),
        // What another site sends comes without cookies that are `SameSite`. Who is there is seen after a step of the
        // user's own.
        Err(_) if comes_from_another(&parts.headers) => return Ok(stay(&back(site, &query))),
        // Nobody is there. Nothing is ended then: an answer that takes a cookie away would end the session of a user
        // whom nobody has asked, because the request came without it.
        Err(_) => return Ok(logout::done(&site.server, &asked)),
    };
    let shown = Shown { subject: &user.subject, request: &query };
    let form = Form::new(&site.logout_form, &parts.headers, shown)?;
    let reply = confirm(&asked, &user.name, &query, &form.field, &site.place.base);
    Ok(form.on(reply, &site.logout_form))
}

fn back(site: &Site, query: &str) -> String {
    way_back(site, metadata::END_SESSION, query)
}

/// Whether a browser says that another site has sent it (Fetch Metadata, `Sec-Fetch-Site`).
fn comes_from_another(headers: &HeaderMap) -> bool {
    let from = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    from.is_some_and(|from| from != b"same-origin" && from != b"none")
}

/// A page of ours, on which the user has to go on: the browser then sends all of its cookies.
fn stay(address: &str) -> Reply {
    let body = format!(
        "<p>Another site has sent you here.</p>\n<p><a href=\"{}\">Go on to sign out</a></p>",
        escape(address)
    );
    page::html(StatusCode::OK, "Do you want to sign out?", &body, Forms::None)
}

async fn done(site: &Site, headers: &HeaderMap, asked: &SignOut) -> Reply {
    let mut reply = logout::done(&site.server, asked);
    site.people.signed_out(headers, &mut reply).await;
    reply
}

/// POST of the form. Whose form it is comes first; then the request is judged anew.
pub(super) async fn decide(State(site): Shared, request: Request) -> Reply {
    match decided(&site, request).await {
        Ok(reply) => reply,
        Err(reply) => *reply,
    }
}

async fn decided(site: &Site, request: Request) -> Result<Reply, Box<Reply>> {
    let (parts, body) = form(request).await?;
    let posted = Posted::read(&parts.headers, &body).ok_or_else(|| Box::new(no_form()))?;
    let (Some(csrf), Some(query)) = (posted.field("csrf"), posted.field("query")) else {
        return Err(Box::new(no_form()));
    };
    let user = who(site, &parts.headers, None, back(site, &query)).await?;
    let shown = Shown { subject: &user.subject, request: &query };
    if !is_ours(site, &site.logout_form, &parts.headers, &csrf, shown) {
        return Err(Box::new(not_ours()));
    }
    let asked = logout::judge(&site.server, &query).await?;
    Ok(done(site, &parts.headers, &asked).await)
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
