//! The forms that browsers send from the pages.

use super::*;

const NO_FORM: Said = Said::Page(400, "invalid_request");
const NOT_OURS: Said = Said::Page(403, "invalid_request");

/// Each form, with a field that this server did not make.
const FORMS: [(&str, &str); 3] = [
    ("/authorize/decision", "csrf=a&query=client_id%3Da&decision=allow"),
    ("/device/decision", "csrf=a&user_code=BCDF-GHJK&decision=allow"),
    ("/end_session/decision", "csrf=a&query=client_id%3Dproofkey-dev"),
];

/// P28: a form that is none is refused before it is asked whose it is; one that is not ours, then.
#[tokio::test]
async fn what_is_no_form_of_a_page_is_refused() {
    let (server, _) = serving().await;
    for (path, right) in FORMS {
        let post = |body: &[u8]| Call::new("POST", path).body(body).header(FORM.0, FORM.1);
        NOT_OURS.is(&post(right.as_bytes()).send(&server, path).await, path);
        for content_type in
            ["text/plain", "application/json", "multipart/form-data; boundary=x", ""]
        {
            let call = Call::new("POST", path).body(right).header("Content-Type", content_type);
            let what = format!("{path} as {content_type:?}");
            NO_FORM.is(&call.send(&server, &what).await, &what);
        }
        let bare = Call::new("POST", path).body(right);
        NO_FORM.is(&bare.send(&server, "as nothing").await, path);
        let coded = post(right.as_bytes()).header("Content-Encoding", "gzip");
        NO_FORM.is(&coded.send(&server, "coded").await, path);
        let fields = right.split('&').map(|field| field.split_once('=').unwrap().0);
        for field in fields {
            for wrong in ["%", "%4", "%00", "%ff", "1&a=\u{0}"] {
                let what = format!("{path}: {field}={wrong:?}");
                let body = format!("{right}&x{field}={wrong}");
                NO_FORM.is(&post(body.as_bytes()).send(&server, &what).await, &what);
            }
            let what = format!("{path}: {field} twice");
            let twice = format!("{right}&{field}=b");
            NO_FORM.is(&post(twice.as_bytes()).send(&server, &what).await, &what);
            let what = format!("{path}: no {field}");
            let without = right.replacen(&format!("{field}="), "absent=", 1);
            NO_FORM.is(&post(without.as_bytes()).send(&server, &what).await, &what);
            let what = format!("{path}: an empty {field}");
            let value = right.split('&').find(|pair| pair.starts_with(field)).unwrap();
            let empty = right.replacen(value, &format!("{field}="), 1);
            let answer = post(empty.as_bytes()).send(&server, &what).await;
            if field == "decision" {
                NO_FORM.is(&answer, &what);
            } else {
                NOT_OURS.is(&answer, &what);
            }
        }
        let long = format!("{right}&csrf2={}", "a".repeat(20 * 1024));
        let answer = post(long.as_bytes()).send(&server, path).await;
        assert!(matches!(answer.status, 400 | 403), "{path}: {}", answer.status);
    }
    still_serves(&server).await;
}

/// The page of the consent form, then everything about its answer that may be wrong.
#[tokio::test]
async fn a_form_of_ours_is_taken_once_it_is_whole() {
    let server = run(everything().auto_approve(false)).await;
    let page = get(&server, &authorize(&request(&challenge()))).await;
    let shown = consent(&page);
    let fields = [("csrf", shown.csrf.as_str()), ("query", &shown.query), ("decision", "allow")];
    let body = form(&fields);
    let post =
        |body: &str| Call::new("POST", "/authorize/decision").body(body).header(FORM.0, FORM.1);
    let cookie = shown.cookie.as_str();
    let with = |name, value: &str| {
        let call = post(&body);
        if name == "Cookie" {
            call.header(name, value)
        } else {
            call.header("Cookie", cookie).header(name, value)
        }
    };
    for (name, value) in [
        ("Cookie", String::new()),
        ("Cookie", format!("{cookie}; {cookie}")),
        ("Cookie", format!("{}x", &cookie[..cookie.len() - 1])),
        ("Cookie", cookie.to_uppercase()),
        ("Cookie", format!("{cookie}\u{fc}")),
        ("Origin", "null".into()),
        ("Origin", "https://evil.example".into()),
        ("Origin", format!("{}.evil.example", server.issuer)),
        ("Origin", String::new()),
        ("Sec-Fetch-Site", "cross-site".into()),
        ("Sec-Fetch-Site", "same-site".into()),
        ("Sec-Fetch-Site", "none".into()),
    ] {
        let what = format!("{name}: {value}");
        NOT_OURS.is(&with(name, &value).send(&server, &what).await, &what);
    }
    let twice = with("Origin", &server.issuer).header("Origin", server.issuer.as_str());
    NOT_OURS.is(&twice.send(&server, "two origins").await, "two origins");
    let more =
        post(&format!("{body}&redirect_uri=https%3A%2F%2Fevil.example")).header("Cookie", cookie);
    NO_FORM.is(&more.send(&server, "a field more").await, "a field more");
    // The control.
    Said::Code.is(&with("Origin", &server.issuer).send(&server, "ours").await, "ours");
}
