//! The page where a user types the code that a device shows (RFC 8628 §3.3).

use super::Site;
use super::browser::{Form, Shared, form, is_ours, no_form, not_ours, way_back, who};
use super::csrf::Shown;
use super::people::User;
use super::posted::Posted;
use crate::client::Unknown;
use crate::devices::NotFound;
use crate::endpoint::page::{self, Forms, escape};
use crate::endpoint::{Reply, device, metadata};
use crate::store::StoreError;
use axum::extract::{Request, State};
use http::header::RETRY_AFTER;
use http::{HeaderMap, Method, StatusCode};
use proofkey::grant::device::{DeviceRequest, read_user_code};
use proofkey::grant::posted::check_form;
use std::fmt::Write as _;

/// Where the decision is posted to, behind the issuer's path.
pub(super) const DECISION: &str = "/device/decision";

/// GET: the field for the code; with a code, who asks for what.
pub(super) async fn ask(State(site): Shared, request: Request) -> Reply {
    if request.method() != Method::GET {
        return Reply::method_not_allowed("GET");
    }
    let (parts, _) = request.into_parts();
    match asked(&site, &parts.headers, parts.uri.query().unwrap_or_default()).await {
        Ok(reply) => reply,
        Err(reply) => *reply,
    }
}

async fn asked(site: &Site, headers: &HeaderMap, query: &str) -> Result<Reply, Box<Reply>> {
    let return_to = way_back(site, metadata::DEVICE, query);
    let user = who(site, headers, None, return_to).await?;
    if check_form(query.as_bytes()).is_err() {
        let text = "The address cannot be read. Type the code that your device shows.";
        return Ok(field(site, StatusCode::BAD_REQUEST, text));
    }
    let typed = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "user_code");
    let Some((_, typed)) = typed.filter(|(_, typed)| !typed.is_empty()) else {
        return Ok(field(site, StatusCode::OK, "Type the code that your device shows."));
    };
    let (user_code, asked) = find(site, &typed).await?;
    if !site.people.asks() {
        return decision(site, &user_code, Some(allowed_by(&user))).await;
    }
    let shown = Shown { subject: &user.subject, request: &user_code };
    let form = Form::new(&site.device_form, headers, shown)?;
    let reply = confirm(site, &user.name, &asked, &user_code, &form.field);
    Ok(form.on(reply, &site.device_form))
}

/// POST of the decision. Whose form it is comes first.
pub(super) async fn decide(State(site): Shared, request: Request) -> Reply {
    match decided(&site, request).await {
        Ok(reply) => reply,
        Err(reply) => *reply,
    }
}

async fn decided(site: &Site, request: Request) -> Result<Reply, Box<Reply>> {
    let (parts, body) = form(request).await?;
    let posted = Posted::read(&parts.headers, &body).ok_or_else(|| Box::new(no_form()))?;
    let allow = match posted.field("decision").as_deref() {
        Some("allow") => true,
        Some("deny") => false,
        _ => return Err(Box::new(no_form())),
    };
    let (Some(csrf), Some(user_code)) = (posted.field("csrf"), posted.field("user_code")) else {
        return Err(Box::new(no_form()));
    };
    let return_to = format!("{}{}", site.place.base, metadata::DEVICE);
    let user = who(site, &parts.headers, None, return_to).await?;
    let shown = Shown { subject: &user.subject, request: &user_code };
    if !is_ours(site, &site.device_form, &parts.headers, &csrf, shown) {
        site.server.narrator.say("device", || "a form that is not ours: refused".into());
        return Err(Box::new(not_ours()));
    }
    decision(site, &user_code, allow.then(|| allowed_by(&user))).await
}

async fn decision(
    site: &Site,
    user_code: &str,
    allowed: Option<(&str, u64)>,
) -> Result<Reply, Box<Reply>> {
    let decided = device::decide(&site.server, user_code, allowed).await.map_err(store_failed)?;
    Ok(outcome(site, decided, allowed.is_some()))
}

fn store_failed(error: StoreError) -> Box<Reply> {
    tracing::error!(target: crate::narrate::TARGET, %error, "the store of devices failed");
    let description = "the server cannot look up the device: try again";
    Box::new(page::problem(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", description))
}

fn allowed_by(user: &User) -> (&str, u64) {
    (&user.subject, user.sign_in.auth_time)
}

/// What waits for the code that was typed, and whose it is.
async fn find(site: &Site, typed: &str) -> Result<(String, (DeviceRequest, String)), Box<Reply>> {
    let now = site.server.clock.now().map_err(|_| {
        Box::new(problem(StatusCode::INTERNAL_SERVER_ERROR, "the server has no time"))
    })?;
    let user_code = read_user_code(typed).unwrap_or_default();
    match site.server.devices.find(&user_code, now).await {
        Err(NotFound::Failed(error)) => Err(store_failed(error)),
        Err(NotFound::TooManyGuesses { retry_after_s }) => {
            site.server.counters.answered("device", "too_many_guesses");
            let text = "Too many codes were wrong. Wait a minute, and type yours again.";
            let mut reply = field(site, StatusCode::TOO_MANY_REQUESTS, text);
            reply.set_text(RETRY_AFTER, &retry_after_s.to_string());
            Err(Box::new(reply))
        }
        Ok(None) => {
            site.server.counters.answered("device", "unknown");
            let text =
                "No device waits with this code. Look at it again, or begin anew on the device.";
            Err(Box::new(field(site, StatusCode::NOT_FOUND, text)))
        }
        Ok(Some(request)) => {
            let name = match site.server.clients.find(&request.client_id).await {
                Ok(client) => client.name.clone(),
                // Nobody is to allow what they cannot be told.
                Err(unknown @ Unknown::Unavailable) => {
                    let (status, error) = unknown.answer();
                    return Err(Box::new(page::problem(status, error, &unknown.to_string())));
                }
                Err(_) => String::new(),
            };
            Ok((user_code, (request, name)))
        }
    }
}

/// The form asks by GET: it changes nothing, and an address with the code does the same.
fn field(site: &Site, status: StatusCode, text: &str) -> Reply {
    let action = format!("{}{}", site.place.base, metadata::DEVICE);
    let body = format!(
        "<p>{}</p>\n<form method=\"get\" action=\"{action}\">\n\
         <input name=\"user_code\" aria-label=\"Code\" autocomplete=\"off\" \
         autocapitalize=\"characters\" spellcheck=\"false\" maxlength=\"32\" required>\n\
         <button class=\"allow\">Go on</button>\n</form>",
        escape(text)
    );
    page::html(status, "Connect a device", &body, Forms::ThenTo(""))
}

/// RFC 8628 §5.4, §5.5: the user compares the code, and learns what is asked for.
fn confirm(
    site: &Site,
    user: &str,
    (request, name): &(DeviceRequest, String),
    user_code: &str,
    csrf: &str,
) -> Reply {
    let mut rows = String::new();
    let mut row = |name: &str, value: &str| {
        // Writing into a String cannot fail.
        let _ = writeln!(rows, "<div><dt>{name}</dt><dd>{value}</dd></div>");
    };
    row("Code", &format!("<code>{}</code>", escape(user_code)));
    row("Client ID", &format!("<code>{}</code>", escape(&request.client_id)));
    let scopes: Vec<String> =
        request.scopes.iter().map(|scope| format!("<code>{}</code>", escape(scope))).collect();
    row("It may", &if scopes.is_empty() { "know who you are".into() } else { scopes.join(" ") });
    if request.may_refresh {
        row("For how long", "until you or the program ends it");
    }
    if let Some(resource) = &request.resource {
        row("For the resource", &format!("<code>{}</code>", escape(resource)));
    }
    if let Some(details) = &request.authorization_details {
        row("In detail", &format!("<code>{}</code>", escape(details)));
    }
    let body = format!(
        "<p>You are signed in as <strong>{}</strong>.</p>\n<dl>\n{rows}</dl>\n\
         <p class=\"soft\">Allow it only if you have this device in front of you, have just started the \
         sign-in yourself, and it shows the same code. Whoever sent you a code or an address wants your \
         access.</p>\n\
         <form method=\"post\" action=\"{}{DECISION}\">\n\
         <input type=\"hidden\" name=\"csrf\" value=\"{}\">\n\
         <input type=\"hidden\" name=\"user_code\" value=\"{}\">\n\
         <button name=\"decision\" value=\"deny\">Deny</button>\n\
         <button class=\"allow\" name=\"decision\" value=\"allow\">Allow</button>\n</form>",
        escape(user),
        site.place.base,
        escape(csrf),
        escape(user_code),
    );
    page::html(StatusCode::OK, &format!("{name} asks for access"), &body, Forms::ThenTo(""))
}

fn outcome(site: &Site, decided: bool, allow: bool) -> Reply {
    if !decided {
        let text = "No device waits with this code any more. Begin anew on the device.";
        return field(site, StatusCode::NOT_FOUND, text);
    }
    let title = if allow { "The device is connected" } else { "The device was refused" };
    let body = "<p>You can close this page and go back to your device.</p>";
    page::html(StatusCode::OK, title, body, Forms::None)
}

fn problem(status: StatusCode, description: &str) -> Reply {
    page::problem(status, "invalid_request", description)
}
