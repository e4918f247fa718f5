//! Registrations that are none (RFC 7591 §3.1, §3.2.2).

use super::*;

const METADATA: Said = Said::Json(400, "invalid_client_metadata");
const REDIRECT: Said = Said::Json(400, "invalid_redirect_uri");
const HONEST: &str = "{\"redirect_uris\":[\"http://127.0.0.1/cb\"]}";

#[tokio::test]
async fn what_is_no_json_object_is_refused() {
    let (server, _) = serving().await;
    let post = |body: &[u8]| Call::new("POST", "/register").body(body);
    for (content_type, said) in [
        ("application/json", Said::Status(201)),
        ("Application/JSON; charset=utf-8", Said::Status(201)),
        ("", METADATA),
        ("text/plain", METADATA),
        ("text/json", METADATA),
        ("application/jsonp", METADATA),
        ("application/x-www-form-urlencoded", METADATA),
        ("application/json\u{fc}", METADATA),
    ] {
        let call = post(HONEST.as_bytes()).header("Content-Type", content_type);
        said.is(&call.send(&server, content_type).await, content_type);
    }
    METADATA.is(&post(HONEST.as_bytes()).send(&server, "no type").await, "no type");
    let json = |body: &[u8]| post(body).header("Content-Type", "application/json");
    let twice = json(HONEST.as_bytes()).header("Content-Type", "application/json");
    METADATA.is(&twice.send(&server, "two types").await, "two types");
    let coded = json(HONEST.as_bytes()).header("Content-Encoding", "gzip");
    Said::Json(415, "invalid_client_metadata").is(&coded.send(&server, "coded").await, "coded");

    let deep = format!("{{\"a\":{}", "[".repeat(60_000));
    let utf16: Vec<u8> = HONEST.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let with_bom = [b"\xef\xbb\xbf", HONEST.as_bytes()].concat();
    for body in [
        &b""[..],
        b" ",
        b"null",
        b"true",
        b"0",
        b"\"a\"",
        b"[]",
        b"[{}]",
        b"{",
        b"{}}",
        b"{\"a\"}",
        b"{\"a\":}",
        b"{'redirect_uris':[]}",
        b"{\"a\":1,}",
        b"{\"a\":01}",
        b"{\"a\":NaN}",
        b"{\"a\":\"\xff\"}",
        b"{\"a\":\"\0\"}",
        b"{\"scope\":\"a\",\"scope\":\"b\",\"redirect_uris\":[\"https://a.example/b\"]}",
        b"{\"scope\":\"\\ud800\",\"redirect_uris\":[\"https://a.example/b\"]}",
        b"redirect_uris=https%3A%2F%2Fa.example",
        deep.as_bytes(),
        &utf16,
        &with_bom,
    ] {
        let what = format!("{:.60?}", String::from_utf8_lossy(body));
        METADATA.is(&json(body).send(&server, &what).await, &what);
    }
    still_serves(&server).await;
}

#[tokio::test]
async fn what_a_client_may_not_say_of_itself_is_refused() {
    let (server, _) = serving().await;
    let long = "a".repeat(20 * 1024);
    for (more, said) in [
        ("".to_owned(), Said::Status(201)),
        (",\"unknown\":{\"a\":[1,2]},\"client_uri\":1".into(), Said::Status(201)),
        // Of whoever asks for a client with a secret (§2).
        (",\"token_endpoint_auth_method\":\"client_secret_basic\"".into(), METADATA),
        (",\"token_endpoint_auth_method\":1".into(), METADATA),
        (",\"token_endpoint_auth_method\":\"\"".into(), METADATA),
        (",\"grant_types\":[\"implicit\"]".into(), METADATA),
        (",\"grant_types\":\"authorization_code\"".into(), METADATA),
        (",\"grant_types\":[1]".into(), METADATA),
        (",\"response_types\":[\"token\"]".into(), METADATA),
        (",\"response_types\":{}".into(), METADATA),
        (",\"scope\":[\"read\"]".into(), METADATA),
        (",\"scope\":\"a\\\"b\"".into(), METADATA),
        (",\"scope\":\"\\u0000\"".into(), METADATA),
        (format!(",\"client_name\":\"{long}\""), METADATA),
        (",\"client_name\":\"a\\nb\"".into(), METADATA),
        (",\"client_name\":\"\\u0000\"".into(), METADATA),
        (",\"client_name\":\"a\\u202eb\"".into(), METADATA),
        (",\"client_name\":\"\"".into(), METADATA),
        (",\"client_name\":7".into(), METADATA),
    ] {
        let body = format!("{{\"redirect_uris\":[\"http://127.0.0.1/cb\"]{more}}}");
        let what = format!("{more:.60}");
        let call =
            Call::new("POST", "/register").body(body).header("Content-Type", "application/json");
        said.is(&call.send(&server, &what).await, &what);
    }
    let many = format!("[{}\"https://a.example/b\"]", "\"https://a.example/b\",".repeat(16));
    for uris in
        ["[]", "null", "\"https://a.example/b\"", "[1]", "[null]", "[[]]", "{}", many.as_str()]
    {
        let body = format!("{{\"redirect_uris\":{uris}}}");
        let call =
            Call::new("POST", "/register").body(body).header("Content-Type", "application/json");
        REDIRECT.is(&call.send(&server, uris).await, uris);
    }
    let none = Call::new("POST", "/register").body("{}").header("Content-Type", "application/json");
    REDIRECT.is(&none.send(&server, "none").await, "none");
    still_serves(&server).await;
}
