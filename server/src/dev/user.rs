//! The one user of the development server, who is always signed in.

use crate::clock::Clock;
use crate::endpoint::Reply;
use crate::endpoint::authorize::{Asked, SignIn};
use crate::endpoint::page;
use crate::site::{Consent, People, User, Visit, Who};
use async_trait::async_trait;
use http::StatusCode;

pub(super) struct Developer {
    pub(super) name: String,
    pub(super) auto_approve: bool,
    pub(super) clock: Clock,
}

#[async_trait]
impl People for Developer {
    /// They sign in at this moment, and in the class that the request prefers of those that there are.
    async fn who(&self, visit: Visit<'_>) -> Who {
        let Ok(now) = self.clock.now() else {
            return Who::Elsewhere(no_time());
        };
        let sign_in = match visit.asked {
            Some(asked) => SignIn::as_asked(&asked.request, now),
            None => SignIn { auth_time: now, acr: None },
        };
        Who::User(User { subject: self.name.clone(), name: self.name.clone(), sign_in })
    }

    async fn consent(&self, asked: &Asked, _user: &User) -> Consent {
        if self.auto_approve {
            Consent::Allow { scopes: asked.request.scopes().to_vec() }
        } else {
            Consent::Ask
        }
    }

    fn asks(&self) -> bool {
        !self.auto_approve
    }
}

fn no_time() -> Reply {
    let description = "the server has no time";
    page::problem(StatusCode::INTERNAL_SERVER_ERROR, "server_error", description)
}
