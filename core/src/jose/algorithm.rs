//! The algorithms of signatures (RFC 7518 §3.1). What is not here cannot be expressed: no `none`, and no
//! HMAC, whose key a public client cannot have.

/// An algorithm whose signatures are believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// ECDSA over P-256 with SHA-256 (RFC 7518 §3.4).
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3).
    Rs256,
    /// RSASSA-PSS with SHA-256 (RFC 7518 §3.5).
    #[cfg(feature = "ps256")]
    Ps256,
    /// Ed25519 (RFC 8037 §3.1), by its old name `EdDSA` or its new one (RFC 9864 §2.2).
    #[cfg(feature = "eddsa")]
    EdDsa,
}

impl Algorithm {
    /// Reads `alg`. Case matters (RFC 7515 §4.1.1).
    pub(crate) fn parse(alg: &str) -> Option<Self> {
        match alg {
            "ES256" => Some(Self::Es256),
            "RS256" => Some(Self::Rs256),
            #[cfg(feature = "ps256")]
            "PS256" => Some(Self::Ps256),
            #[cfg(feature = "eddsa")]
            "EdDSA" | "Ed25519" => Some(Self::EdDsa),
            _ => None,
        }
    }

    /// Why an `alg` that [`Self::parse`] does not know is refused, as the end of a sentence.
    pub(crate) fn refusal(alg: &str) -> &'static str {
        match alg {
            "none" => "is not signed: its alg is none",
            "HS256" => "is signed with HS256, a secret that a public client cannot have",
            "HS384" => "is signed with HS384, a secret that a public client cannot have",
            "HS512" => "is signed with HS512, a secret that a public client cannot have",
            _ => "is signed with an algorithm that is not supported; ES256 and RS256 are",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Algorithm;

    #[test]
    fn names_are_exact() {
        assert_eq!(Algorithm::parse("ES256"), Some(Algorithm::Es256));
        assert_eq!(Algorithm::parse("RS256"), Some(Algorithm::Rs256));
        for other in ["none", "None", "NONE", "HS256", "es256", "RS512", "ES256K", "ES256 ", ""] {
            assert_eq!(Algorithm::parse(other), None, "{other}");
            assert!(!Algorithm::refusal(other).is_empty());
        }
    }
}
