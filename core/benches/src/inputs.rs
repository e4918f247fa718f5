//! What both sides are given.

/// The authorization server.
pub const ISSUER: &str = "https://as.example";
/// Where the user is sent.
pub const AUTHORIZATION_ENDPOINT: &str = "https://as.example/authorize";
/// Where the code is redeemed.
pub const TOKEN_ENDPOINT: &str = "https://as.example/token";
/// The public client.
pub const CLIENT_ID: &str = "my-agent";
/// The port that the system chose for the loopback receiver.
pub const PORT: u16 = 49152;
/// Where the answer arrives.
pub const REDIRECT_URI: &str = "http://127.0.0.1:49152/callback";
/// The path of [`REDIRECT_URI`].
pub const REDIRECT_PATH: &str = "/callback";
/// The scopes that are asked for.
pub const SCOPES: [&str; 2] = ["read", "write"];
/// The time of the sign-in, in seconds since the epoch.
pub const NOW: u64 = 1_800_000_000;

/// The pair of RFC 7636, Appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// Its challenge.
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The access token of [`TOKEN_RESPONSE`].
pub const ACCESS_TOKEN: &str = "nQ3gG1m5J0y2x0m9b1Zx5g.4rLr3xkq3q1n2c7o8w5v6z9a0b1d2e3f4g5h6i7j8k9";
/// A token endpoint's answer.
pub const TOKEN_RESPONSE: &str = concat!(
    r#"{"access_token":"nQ3gG1m5J0y2x0m9b1Zx5g.4rLr3xkq3q1n2c7o8w5v6z9a0b1d2e3f4g5h6i7j8k9","#,
    r#""token_type":"Bearer","expires_in":3600,"#,
    r#""refresh_token":"nQ3gG1m5J0y2x0m9b1Zx5g.Zk3tYb0bq8o5JX2o2sU6m1y4v7x9c3n5p8r1t4w6z0q","#,
    r#""scope":"read write"}"#
);

/// A server's metadata, as large ones write it: some three dozen members, of which a client reads half.
pub const METADATA: &str = r#"{"issuer":"https://as.example","authorization_endpoint":"https://as.example/authorize","token_endpoint":"https://as.example/token","userinfo_endpoint":"https://as.example/userinfo","jwks_uri":"https://as.example/jwks","registration_endpoint":"https://as.example/register","revocation_endpoint":"https://as.example/revoke","introspection_endpoint":"https://as.example/introspect","end_session_endpoint":"https://as.example/logout","device_authorization_endpoint":"https://as.example/device","pushed_authorization_request_endpoint":"https://as.example/par","scopes_supported":["openid","profile","email","address","phone","offline_access","read","write"],"response_types_supported":["code","id_token","code id_token"],"response_modes_supported":["query","fragment","form_post"],"grant_types_supported":["authorization_code","refresh_token","urn:ietf:params:oauth:grant-type:device_code"],"acr_values_supported":["urn:example:silver","urn:example:bronze"],"subject_types_supported":["public","pairwise"],"id_token_signing_alg_values_supported":["RS256","ES256","PS256"],"userinfo_signing_alg_values_supported":["RS256","ES256"],"request_object_signing_alg_values_supported":["RS256","ES256"],"token_endpoint_auth_methods_supported":["none","client_secret_basic","client_secret_post","private_key_jwt"],"token_endpoint_auth_signing_alg_values_supported":["RS256","ES256"],"display_values_supported":["page","popup"],"claim_types_supported":["normal"],"claims_supported":["sub","iss","aud","exp","iat","name","given_name","family_name","email","email_verified","picture","locale"],"ui_locales_supported":["en","de","fr"],"claims_parameter_supported":true,"request_parameter_supported":true,"request_uri_parameter_supported":false,"require_request_uri_registration":false,"op_policy_uri":"https://as.example/policy","op_tos_uri":"https://as.example/terms","code_challenge_methods_supported":["S256"],"authorization_response_iss_parameter_supported":true,"dpop_signing_alg_values_supported":["ES256"],"service_documentation":"https://as.example/docs"}"#;

/// The redirect of a server that grants, for the state that it was sent.
#[must_use]
pub fn redirect(state: &str) -> String {
    format!(
        "{REDIRECT_URI}?code=nQ3gG1m5J0y2x0m9b1Zx5g.T1hUq0m6yq2x8d4v9c3n7b5k1z6w0p2r4t8y3u5i7o9\
         &state={state}&iss=https%3A%2F%2Fas.example"
    )
}

/// A parameter's value in a URL, as it stands there.
#[must_use]
pub fn raw_parameter<'a>(url: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = url.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}
