//! The story of bound tokens in words.

use super::scene::Scene;
use crate::demo::page::{INDENT, Page};
use crate::demo::show::{answered, reason};
use crate::output::{BAD, GOOD};

/// What happens, for the heading.
pub fn title(scene: &Scene) -> String {
    match scene {
        Scene::AgentMakesKey { .. } => "makes a key, and shows its thumbprint".into(),
        Scene::AgentSignsIn { .. } => "gets tokens that are bound to it".into(),
        Scene::TokenWorks { .. } => {
            "uses its token, with a proof made for this request. A thief reads along".into()
        }
        Scene::Theft { trick, .. } => trick.words().into(),
        Scene::AgentRefreshes { .. } => "refreshes with its key, unharmed by all that".into(),
    }
}

/// What is under the heading.
pub fn scene(page: &mut Page, scene: &Scene) {
    match scene {
        Scene::AgentMakesKey { thumbprint, endpoint, status } => {
            page.styled_fact("key", "(P-256, kept here)", GOOD);
            page.fact("thumbprint", thumbprint);
            page.line(&format!("{}GET {endpoint}", " ".repeat(INDENT)));
            page.parameter_line(&format!("dpop_jkt={thumbprint}"));
            page.fact("answer", &reason(*status));
        }
        Scene::AgentSignsIn { token_type, scopes, token } => {
            page.fact("token", token);
            page.fact("type", token_type);
            page.fact("scopes", &scopes.join(" "));
        }
        Scene::TokenWorks { url, token, proof, thumbprint, answer } => {
            page.line(&format!("{}GET {url}", " ".repeat(INDENT)));
            page.parameter_line(&format!("Authorization: DPoP {token}"));
            page.parameter_line(&format!("DPoP: {proof}"));
            answered(page, answer, GOOD, "served");
            page.note(&format!("The token is bound to {thumbprint}."));
        }
        Scene::Theft { trick, token, answer } => {
            page.fact("sends", &format!("token {token}"));
            page.fact("", &format!("proof {}", trick.proof()));
            answered(page, answer, BAD, "refused");
        }
        Scene::AgentRefreshes { token, answer } => {
            page.fact("token", token);
            answered(page, answer, GOOD, "served");
        }
    }
}
