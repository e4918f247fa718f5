//! `resource_answers`: one request to a resource, and the answers that its tries get.

use super::support::{strings, word};
use proofkey::Error;
use proofkey::resource_call::{Reaction, ResourceCall};
use serde_json::Value;

pub fn resource_answers(input: &Value) -> String {
    let ceiling = input["ceiling"].as_array().map(|_| strings(&input["ceiling"]));
    let mut call = ResourceCall::new(ceiling);
    let (mut requested, mut granted) = (strings(&input["requested"]), strings(&input["granted"]));
    let mut verdict = String::new();
    let mut over = false;
    for answer in input["answers"].as_array().expect("answers") {
        assert!(!over, "an answer after the end");
        if !answer["granted"].is_null() {
            granted = strings(&answer["granted"]);
        }
        let status = answer["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        let fields = fields(&answer["headers"]);
        let reaction = call.answered(status.expect("status"), &fields, &requested, &granted);
        over = matches!(reaction, Reaction::Accept | Reaction::GiveUp(_));
        match reaction {
            Reaction::Accept => verdict += " accept",
            Reaction::Retry => verdict += " retry",
            Reaction::Refresh => verdict += " refresh",
            Reaction::SignIn(step_up) => {
                let list = |list: &[String]| (!list.is_empty()).then(|| list.join(" "));
                verdict += " sign_in";
                word(&mut verdict, "scope", list(&step_up.scopes).as_deref());
                word(&mut verdict, "acr_values", list(&step_up.acr_values).as_deref());
                let max_age = step_up.max_age.map(|age| age.to_string());
                word(&mut verdict, "max_age", max_age.as_deref());
                word(&mut verdict, "resource_metadata", step_up.resource_metadata.as_deref());
                assert_eq!(step_up.www_authenticate, fields);
                requested = step_up.scopes;
                granted.clone_from(&requested);
            }
            Reaction::GiveUp(error) => {
                verdict += " give_up ";
                verdict += error.code();
                if let Error::ScopeCeiling { scope } = &error {
                    word(&mut verdict, "scope", Some(scope));
                }
            }
        }
    }
    verdict.trim_start().to_owned()
}

/// The values of the fields of this name, in their order.
fn fields(headers: &Value) -> Vec<String> {
    let headers = headers.as_array().expect("headers").iter();
    let pairs = headers.map(|pair| {
        let pair = strings(pair);
        (pair[0].clone(), pair[1].clone())
    });
    pairs
        .filter(|(name, _)| name.eq_ignore_ascii_case("www-authenticate"))
        .map(|(_, value)| value)
        .collect()
}
