//! A code is redeemed once: reading the answer uses the token request up.
use proofkey::http::HttpResponse;
use proofkey::session::TokenRequest;

fn twice(request: TokenRequest, answer: HttpResponse) {
    let _ = request.into_tokens(&answer, 0);
    let _ = request.http_request();
}

fn main() {}
