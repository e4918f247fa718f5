//! Requests that nobody has thought of: each is made of parts of right ones, put together and changed by chance.

use super::*;

/// So many requests to each of the servers.
const REQUESTS: u32 = 1_500;

/// Chance that can be had again: SplitMix64.
struct Chance(u64);

impl Chance {
    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.number() % end as u64).unwrap()
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

const NAMES: [&str; 31] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "code_challenge",
    "code_challenge_method",
    "state",
    "scope",
    "resource",
    "response_mode",
    "request",
    "request_uri",
    "nonce",
    "prompt",
    "max_age",
    "acr_values",
    "dpop_jkt",
    "authorization_details",
    "grant_type",
    "code",
    "code_verifier",
    "refresh_token",
    "device_code",
    "token",
    "user_code",
    "csrf",
    "query",
    "decision",
    "id_token_hint",
    "post_logout_redirect_uri",
    "client_secret",
    "",
];

const VALUES: [&str; 41] = [
    "code",
    "proofkey-dev",
    REDIRECT_URI,
    "http://[::1]:1/callback",
    "S256",
    "plain",
    "state",
    "read",
    "read openid",
    "query",
    "none",
    "login consent",
    "0",
    "-1",
    "18446744073709551616",
    "authorization_code",
    "refresh_token",
    "urn:ietf:params:oauth:grant-type:device_code",
    "allow",
    "deny",
    "AAAAAAAAAAAAAAAAAAAAAA",
    "a.b",
    "AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "BCDF-GHJK",
    "urn:evil",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "[]",
    "[{\"type\":\"a\"}]",
    "{",
    "null",
    "a.b.c",
    "e30.e30.",
    "https://evil.example/callback",
    "http://127.0.0.1/signed-out",
    "http://evil@127.0.0.1/callback",
    "client_id=a&b",
    "\u{fc}",
    "\u{202e}",
    "\r\nevil: 1",
    "",
    "\u{0}",
];

const TYPES: [&str; 5] = [
    "application/x-www-form-urlencoded",
    "application/json",
    "text/plain",
    "",
    "application/x-www-form-urlencoded;a",
];

const FIELDS: [(&str, &[u8]); 16] = [
    ("Authorization", b"Basic cHJvb2ZrZXktZGV2Og=="),
    ("Authorization", b"Bearer AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    ("Authorization", b"DPoP a"),
    ("Authorization", b"\xff"),
    ("DPoP", b"e30.e30."),
    ("DPoP", b"\xff"),
    ("Cookie", b"proofkey_csrf_1=a; \xff"),
    ("Origin", b"null"),
    ("Sec-Fetch-Site", b"cross-site"),
    ("Content-Encoding", b"gzip"),
    ("Expect", b"100-continue"),
    ("Accept", b"text/html;q=\xff"),
    ("X-Forwarded-Host", b"evil.example"),
    ("X-Forwarded-For", b"\xff, 1"),
    ("X-HTTP-Method-Override", b"DELETE"),
    ("Upgrade", b"h2c"),
];

/// What changes a byte: it means something to somebody.
const BYTES: &[u8] = b"%&=+;?#/\\@:[]{}\"'<>.,-_~ a0\0\x7f\xff\xc3";

fn pairs(chance: &mut Chance) -> Vec<u8> {
    let mut all: Vec<(&str, &str)> = Vec::new();
    if !chance.one_in(4) {
        all.extend([
            ("response_type", "code"),
            ("client_id", "proofkey-dev"),
            ("redirect_uri", REDIRECT_URI),
            ("code_challenge", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            ("code_challenge_method", "S256"),
            ("grant_type", "authorization_code"),
            ("state", "state"),
        ]);
    }
    for _ in 0..chance.below(5) {
        let value = chance.of(&VALUES);
        if all.is_empty() || chance.one_in(2) {
            all.push((chance.of(&NAMES), value));
        } else {
            let at = chance.below(all.len());
            all[at].1 = value;
        }
    }
    let mut text = form(&all).into_bytes();
    let changes = if chance.one_in(2) { 0 } else { chance.below(4) };
    for _ in 0..changes {
        let at = chance.below(text.len() + 1);
        let byte = chance.of(BYTES);
        match chance.below(3) {
            0 => text.insert(at, byte),
            1 if at < text.len() => text[at] = byte,
            _ => text.truncate(at.max(text.len() / 2)),
        }
    }
    text
}

/// A request. Its head is one, so that somebody answers.
fn call(chance: &mut Chance) -> Call {
    let (path, served, takes) = chance.of(&routes::ROUTES);
    let mut method = chance.of(&served.split(", ").collect::<Vec<_>>());
    if chance.one_in(20) {
        method = chance.of(&["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "BREW"]);
    }
    let mut target = routes::target(path).into_bytes();
    if method == "GET" || chance.one_in(10) {
        target.push(b'?');
        target.extend(pairs(chance).into_iter().filter(|byte| !b" \r\n".contains(byte)));
    }
    let mut call = Call::new(method, target);
    if method == "POST" {
        call.body = match takes {
            routes::Takes::Json if !chance.one_in(5) => {
                let (name, value) = (chance.of(&NAMES), chance.of(&VALUES));
                let uri = chance.of(&VALUES);
                serde_json::json!({ "redirect_uris": [uri], name: value }).to_string().into_bytes()
            }
            _ => pairs(chance),
        };
        let right = if takes == routes::Takes::Json { TYPES[1] } else { TYPES[0] };
        let declared = if chance.one_in(10) { chance.of(&TYPES) } else { right };
        call = call.header("Content-Type", declared);
    }
    while chance.one_in(3) {
        let (name, value) = chance.of(&FIELDS);
        call = call.header(name, value);
    }
    call
}

/// Never a 5xx, never a connection that ends without an answer, never a redirect to where nobody registered.
async fn is_sound(server: &Running, seed: u64) {
    let mut chance = Chance(seed);
    let mut redirected = 0;
    for n in 0..REQUESTS {
        let call = call(&mut chance);
        let what =
            format!("seed {seed}, request {n}: {}", String::from_utf8_lossy(&call.bytes("")));
        let answer = call.send(server, &what).await;
        redirected += u32::from(answer.header("location").is_some());
    }
    // The control: enough of them are right enough to come far.
    assert!(redirected > REQUESTS / 200, "{redirected}");
}

#[tokio::test]
async fn whatever_comes_where_nobody_is_asked() {
    let (server, _) = serving().await;
    is_sound(&server, 0x7636).await;
    still_serves(&server).await;
}

#[tokio::test]
async fn whatever_comes_where_the_user_is_asked() {
    is_sound(&run(everything().auto_approve(false)).await, 0x6749).await;
}
