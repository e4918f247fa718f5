//! A device code as the user sees it (RFC 8628 §3.3): where to go, what to enter there, and what never to do.

use super::screen::say;
use super::{note, prompt, qr};
use crate::error::CliError;
use crate::output::{Out, STRONG, paint};
use proofkey_client::DeviceCode;
use serde_json::{Value, json};
use std::io;
use std::path::Path;

/// Shows it on stderr, as a picture where one is wanted, and for a script as a line on stdout.
pub fn show(code: &DeviceCode, svg: Option<&Path>, json: bool) {
    // Where the code cannot be shown in one of the ways, the others still work, and a user who sees nothing
    // enters nothing.
    if let Some(Err(error)) = svg.map(|file| picture(code, file)) {
        note("warning", &error);
    }
    if json && let Err(error) = Out::stdout().put(&format!("{}\n", facts(code))) {
        note("warning", &error);
    }
    let columns = terminal_size::terminal_size_of(io::stderr()).map(|(width, _)| width.0);
    let qr = columns.and_then(|columns| qr::text(address(code), columns.into()));
    say(&text(code, qr.as_deref()));
}

/// The address for a camera: the one that holds the code, where there is one.
fn address(code: &DeviceCode) -> &str {
    code.verification_uri_complete.as_deref().unwrap_or(&code.verification_uri)
}

fn text(code: &DeviceCode, qr: Option<&str>) -> String {
    let DeviceCode { user_code, verification_uri, advice, .. } = code;
    let qr = qr.map_or_else(String::new, |qr| format!("{qr}\n"));
    format!(
        "Open this address on any device:\n\n{verification_uri}\n\nand enter this code there:\n\n    {}\n\n{qr}{}\n",
        paint(STRONG, user_code),
        paint(STRONG, &prompt::wrapped(advice)),
    )
}

fn facts(code: &DeviceCode) -> Value {
    json!({
        "device": {
            "user_code": code.user_code,
            "verification_uri": code.verification_uri,
            "verification_uri_complete": code.verification_uri_complete,
            "expires_in": code.expires_in_s,
            "advice": code.advice,
        }
    })
}

fn picture(code: &DeviceCode, file: &Path) -> Result<(), CliError> {
    let advice = "The address is shown all the same.";
    let failed = |message: String| CliError::new("qr_failed", message, advice);
    let picture = qr::svg(address(code))
        .ok_or_else(|| failed("the address is too long for a QR code".into()))?;
    std::fs::write(file, picture).map_err(|error| failed(format!("{}: {error}", file.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_code_is_shown_with_its_address_and_the_advice() {
        let code = DeviceCode {
            user_code: "WDJB-MJHT".into(),
            verification_uri: "https://as.example/device".into(),
            verification_uri_complete: Some("https://as.example/device?user_code=WDJB-MJHT".into()),
            expires_in_s: 600,
            advice: "Enter the code only here; never enter a code that somebody sent you.",
        };
        let shown = anstream::adapter::strip_str(&text(&code, Some("QR"))).to_string();
        for words in ["\nhttps://as.example/device\n", "\n    WDJB-MJHT\n", "\nQR\n", code.advice] {
            assert!(shown.contains(words), "{shown}");
        }
        assert!(shown.lines().all(|line| line.chars().count() < 80), "{shown}");
        assert_eq!(address(&code), "https://as.example/device?user_code=WDJB-MJHT");
        assert_eq!(facts(&code)["device"]["expires_in"], 600);
        let plain = DeviceCode { verification_uri_complete: None, ..code };
        assert_eq!(address(&plain), "https://as.example/device");
        assert_eq!(facts(&plain)["device"]["verification_uri_complete"], Value::Null);
    }
}
