//! The ceiling of scopes: what a sign-in asks for never goes beyond it, whoever names more (M7).

use super::{AccessConfig, Context};
use crate::authorization::check_scopes;
use crate::error::{Error, cleaned};
use crate::resource_call::INSUFFICIENT_SCOPE;
use crate::www_authenticate::Challenges;

impl AccessConfig {
    /// What the program itself asks for lies below as well.
    pub(super) fn check_ceiling(&self) -> Result<(), Error> {
        let Some(ceiling) = &self.scope_ceiling else {
            return Ok(());
        };
        let named = |field, reason| Error::InvalidConfiguration { field, reason };
        check_scopes(ceiling).map_err(|error| match error {
            Error::InvalidConfiguration { reason, .. } => named("scope_ceiling", reason),
            other => other,
        })?;
        if self.scopes.iter().all(|scope| ceiling.contains(scope)) {
            return Ok(());
        }
        Err(named("scopes", "has a scope that lies above scope_ceiling; name it there as well"))
    }
}

impl Context {
    pub(super) fn may_ask(&self, scope: &str) -> bool {
        let ceiling = self.config.scope_ceiling.as_ref();
        ceiling.is_none_or(|ceiling| ceiling.iter().any(|below| below == scope))
    }

    /// What is left of the scopes that a sign-in would ask for. One above the ceiling that an answer of the
    /// resource demands by name ends it: without that scope the user would sign in for nothing. It also ends where
    /// nothing is left, because who asks for no scope leaves the choice to the server (RFC 6749 §3.3).
    pub(super) fn below_ceiling(&self, mut scopes: Vec<String>) -> Result<Vec<String>, Error> {
        let demanded = self.demanded_by_name().into_iter().find(|scope| !self.may_ask(scope));
        if let Some(scope) = demanded {
            return Err(Error::ScopeCeiling { scope: cleaned(&scope) });
        }
        let above = scopes.iter().find(|scope| !self.may_ask(scope)).cloned();
        scopes.retain(|scope| self.may_ask(scope));
        match above {
            Some(scope) if scopes.is_empty() => Err(Error::ScopeCeiling { scope: cleaned(&scope) }),
            _ => Ok(scopes),
        }
    }

    /// RFC 6750 §3.1. The scopes beside any other error, or none, are a list of what the resource knows.
    fn demanded_by_name(&self) -> Vec<String> {
        let config = &self.config;
        let step_up = config.step_up.iter().flat_map(|demand| &demand.www_authenticate);
        let fields = config.www_authenticate.iter().chain(step_up);
        let challenges = Challenges::parse(fields.map(String::as_str));
        let by_name = challenges
            .demands()
            .filter(|demand| demand.error.as_deref() == Some(INSUFFICIENT_SCOPE));
        by_name.filter_map(|demand| demand.scopes).flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(scopes: &[&str], ceiling: Option<&[&str]>) -> Result<(), Error> {
        let texts = |list: &[&str]| list.iter().map(|&scope| scope.to_owned()).collect::<Vec<_>>();
        let config = AccessConfig {
            issuer: Some("https://as.example".to_owned()),
            scopes: texts(scopes),
            scope_ceiling: ceiling.map(texts),
            ..AccessConfig::default()
        };
        config.check()
    }

    /// M7.
    #[test]
    fn what_the_program_asks_for_lies_below_the_ceiling() {
        for (scopes, ceiling) in [
            (&["read", "write"][..], None),
            (&["read"], Some(&["write", "read"][..])),
            (&[], Some(&["read"])),
            (&[], Some(&[])),
        ] {
            assert_eq!(checked(scopes, ceiling), Ok(()), "{scopes:?} {ceiling:?}");
        }
        for (scopes, ceiling, expected) in [
            (&["read", "admin"][..], &["read"][..], "scopes"),
            (&["read"], &[], "scopes"),
            (&[], &["read write"], "scope_ceiling"),
            (&[], &[""], "scope_ceiling"),
        ] {
            let refused = checked(scopes, Some(ceiling));
            assert!(
                matches!(refused, Err(Error::InvalidConfiguration { field, .. }) if field == expected),
                "{scopes:?} {ceiling:?} {refused:?}"
            );
        }
    }
}
