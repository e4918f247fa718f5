//! The page where a user types the code that a device shows (RFC 8628 §3.3).

use super::guard::read;
use super::handlers::{Shared, comes_from_us};
use super::posted::Posted;
use super::state::Dev;
use crate::endpoint::page::{self, Forms, escape};
use crate::endpoint::{Reply, device, metadata};
use axum::extract::{Request, State};
use http::header::RETRY_AFTER;
use http::{Method, StatusCode};
use proofkey::grant::client::ClientRecord;
use proofkey::grant::device::{DeviceRequest, read_user_code};
use std::fmt::Write as _;

/// Where the decision is posted to, behind the issuer's path.
pub(super) const DECISION: &str = "/device/decision";

/// GET: the field for the code; with a code, who asks for what.
pub(super) async fn ask(State(dev): Shared, request: Request) -> Reply {
    if request.method() != Method::GET {
        return Reply::method_not_allowed("GET");
    }
    let query = request.uri().query().unwrap_or_default();
    let typed = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "user_code");
    let Some((_, typed)) = typed.filter(|(_, typed)| !typed.is_empty()) else {
        return field(&dev, StatusCode::OK, "Type the code that your device shows.");
    };
    let (user_code, asked) = match find(&dev, &typed).await {
        Ok(found) => found,
        Err(reply) => return *reply,
    };
    if dev.auto_approve {
        let decided = device::decide(&dev.server, &user_code, Some(&dev.user_name));
        return outcome(&dev, decided, true);
    }
    let Ok(value) = dev.device_csrf.value(request.headers()) else {
        let description = "no form can be made";
        return page::problem(StatusCode::INTERNAL_SERVER_ERROR, "server_error", description);
    };
    let field = dev.device_csrf.field(value.expose(), &user_code).unwrap_or_default();
    let mut reply = confirm(&dev, &asked, &user_code, &field);
    reply.set_cookie(&dev.device_csrf.set_cookie(&value));
    reply
}

/// POST of the decision. Whose form it is comes first.
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
    let allow = match form.field("decision").as_deref() {
        Some("allow") => true,
        Some("deny") => false,
        _ => {
            return problem(StatusCode::BAD_REQUEST, "the form is not one that this server showed");
        }
    };
    let (Some(csrf), Some(user_code)) = (form.field("csrf"), form.field("user_code")) else {
        return problem(StatusCode::BAD_REQUEST, "the form is not one that this server showed");
    };
    let ours = comes_from_us(&parts.headers, &dev.place.origin)
        && dev.device_csrf.is_right(&parts.headers, &csrf, &user_code);
    if !ours {
        dev.server.narrator.say("device", || "a form that is not ours: refused".into());
        let description = "the form was not sent from the page that this server showed";
        return problem(StatusCode::FORBIDDEN, description);
    }
    let subject = allow.then_some(dev.user_name.as_str());
    outcome(&dev, device::decide(&dev.server, &user_code, subject), allow)
}

/// What waits for the code that was typed, and whose it is.
async fn find(dev: &Dev, typed: &str) -> Result<(String, (DeviceRequest, String)), Box<Reply>> {
    let now = dev.server.clock.now().map_err(|_| {
        Box::new(problem(StatusCode::INTERNAL_SERVER_ERROR, "the server has no time"))
    })?;
    let user_code = read_user_code(typed).unwrap_or_default();
    match dev.server.devices.find(&user_code, now) {
        Err(wait) => {
            dev.server.counters.answered("device", "too_many_guesses");
            let text = "Too many codes were wrong. Wait a minute, and type yours again.";
            let mut reply = field(dev, StatusCode::TOO_MANY_REQUESTS, text);
            reply.set_text(RETRY_AFTER, &wait.retry_after_s.to_string());
            Err(Box::new(reply))
        }
        Ok(None) => {
            dev.server.counters.answered("device", "unknown");
            let text =
                "No device waits with this code. Look at it again, or begin anew on the device.";
            Err(Box::new(field(dev, StatusCode::NOT_FOUND, text)))
        }
        Ok(Some(request)) => {
            let client = dev.server.clients.find(&request.client_id).await;
            let name = client.map_or_else(
                |_| String::new(),
                |client: std::sync::Arc<ClientRecord>| client.name.clone(),
            );
            Ok((user_code, (request, name)))
        }
    }
}

/// The form asks by GET: it changes nothing, and an address with the code does the same.
fn field(dev: &Dev, status: StatusCode, text: &str) -> Reply {
    let action = format!("{}{}", dev.place.base, metadata::DEVICE);
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
    dev: &Dev,
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
        escape(&dev.user_name),
        dev.place.base,
        escape(csrf),
        escape(user_code),
    );
    page::html(StatusCode::OK, &format!("{name} asks for access"), &body, Forms::ThenTo(""))
}

fn outcome(dev: &Dev, decided: bool, allow: bool) -> Reply {
    if !decided {
        let text = "No device waits with this code any more. Begin anew on the device.";
        return field(dev, StatusCode::NOT_FOUND, text);
    }
    let title = if allow { "The device is connected" } else { "The device was refused" };
    let body = "<p>You can close this page and go back to your device.</p>";
    page::html(StatusCode::OK, title, body, Forms::None)
}

fn problem(status: StatusCode, description: &str) -> Reply {
    page::problem(status, "invalid_request", description)
}
