//! Which traits the types that hold secrets do not have, asserted by the compiler: a copy, a log line or a
//! JSON document of a secret must be written on purpose (P2, threat "secrets in logs").

/// Fails to compile when the type has the trait: then two impls fit and the call is ambiguous.
macro_rules! assert_not {
    ($($type:ty: $trait:path),+ $(,)?) => {
        $(const _: fn() = || {
            trait Ambiguous<A> { fn ask() {} }
            impl<T: ?Sized> Ambiguous<()> for T {}
            struct Has;
            impl<T: ?Sized + $trait> Ambiguous<Has> for T {}
            let _ = <$type as Ambiguous<_>>::ask;
        };)+
    };
}

macro_rules! keeps_its_secret {
    ($($type:ty),+ $(,)?) => {
        $(assert_not!(
            $type: Clone,
            $type: core::fmt::Display,
            $type: serde::Serialize,
            $type: AsRef<str>,
            $type: core::ops::Deref,
        );)+
    };
}

keeps_its_secret!(
    proofkey::secret::Secret,
    proofkey::secret::SecretBytes,
    proofkey::seal::DataKey,
    proofkey::flow::access::Access,
    proofkey::flow::access::AccessOutcome,
    proofkey::verifier::CodeVerifier,
    proofkey::session::PkceSession,
    proofkey::session::TokenRequest,
    proofkey::flow::sign_in::SignIn,
    proofkey::token::TokenSet,
    proofkey::http::HttpRequest,
    proofkey::http::HttpResponse,
    proofkey::step::Step,
    proofkey::step::Event,
    proofkey::grant::issue::Issue,
    proofkey::grant::issue::IssueOutcome,
    proofkey::grant::redeem::Redeem,
    proofkey::grant::answer::TokenAnswer,
);

/// The assertions above are checked when this file is compiled; this shows that the macro can tell.
#[test]
fn secret_types_have_no_copying_or_printing_traits() {
    const fn crosses_threads<T: Send + Sync>() {}
    crosses_threads::<proofkey::session::PkceSession>();
    crosses_threads::<proofkey::flow::sign_in::SignIn>();
    crosses_threads::<proofkey::seal::DataKey>();
    crosses_threads::<proofkey::grant::redeem::Redeem>();
    crosses_threads::<proofkey::token::TokenSet>();
}
