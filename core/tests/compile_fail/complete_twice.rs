//! A session is used once.
use proofkey::session::PkceSession;

fn twice(session: PkceSession) {
    let _ = session.complete("http://127.0.0.1:1/cb?code=a&state=b");
    let _ = session.complete("http://127.0.0.1:1/cb?code=a&state=b");
}

fn main() {}
