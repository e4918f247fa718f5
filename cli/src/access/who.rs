//! Who has signed in, as an ID token said it, and what their token is worth without its key.

use proofkey_client::Identity;
use serde_json::{Value, json};

/// The person in words: the name that is known, the address, and by what the issuer tells them from others.
pub fn words(identity: &Identity) -> String {
    let Identity { subject, name, preferred_username, email, email_verified, .. } = identity;
    let name = name.as_ref().or(preferred_username.as_ref());
    let mut words: Vec<String> = name.cloned().into_iter().collect();
    if let Some(email) = email {
        let doubt = if *email_verified == Some(true) { "" } else { ", not verified" };
        words.push(format!("<{email}{doubt}>"));
    }
    words.push(if words.is_empty() { subject.clone() } else { format!("({subject})") });
    words.join(" ")
}

/// The person for a script; null where nobody knows.
pub fn facts(identity: Option<&Identity>) -> Value {
    identity.map_or(Value::Null, |identity| {
        json!({
            "subject": identity.subject,
            "name": identity.name,
            "preferred_username": identity.preferred_username,
            "email": identity.email,
            "email_verified": identity.email_verified,
            "auth_time": identity.auth_time,
            "acr": identity.acr,
        })
    })
}

/// Whether a token of this type needs a proof of its key (RFC 9449 §5).
pub fn is_bound(token_type: &str) -> bool {
    token_type == "DPoP"
}

/// How it is bound, in words.
pub fn bound(token_type: &str) -> &'static str {
    if is_bound(token_type) {
        "to a key (DPoP): who steals the token cannot use it"
    } else {
        "no: who has the token can use it"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_told_by_what_is_known() {
        let nobody = Identity {
            issuer: "i".into(),
            subject: "s-1".into(),
            audience: vec!["a".into()],
            issued_at: 1,
            expires_at: 2,
            auth_time: None,
            acr: None,
            amr: Vec::new(),
            session_id: None,
            name: None,
            preferred_username: None,
            email: None,
            email_verified: None,
            claims: "{}".into(),
        };
        assert_eq!(words(&nobody), "s-1");
        let named = Identity { preferred_username: Some("ada".into()), ..nobody.clone() };
        assert_eq!(words(&named), "ada (s-1)");
        let email = Some("ada@example.com".into());
        let known = Identity { name: Some("Ada L".into()), email, ..named };
        assert_eq!(words(&known), "Ada L <ada@example.com, not verified> (s-1)");
        let verified = Identity { email_verified: Some(true), ..known };
        assert_eq!(words(&verified), "Ada L <ada@example.com> (s-1)");
        assert_eq!(facts(Some(&verified))["email_verified"], true);
        assert_eq!(facts(None), Value::Null);
    }
}
