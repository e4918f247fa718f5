//! `proofkey pair`: a fresh verifier and its challenge.

use crate::args::Pair;
use crate::error::CliError;
use crate::output::{Out, SOFT, paint};
use proofkey::verifier::CodeVerifier;
use std::io::Write as _;
use std::process::ExitCode;
use zeroize::Zeroizing;

/// Makes the pair and prints it.
pub fn run(args: &Pair) -> Result<ExitCode, CliError> {
    let verifier = CodeVerifier::generate()?;
    let challenge = verifier.challenge().to_text();
    // Both are base64url: nothing in them needs an escape.
    let text = Zeroizing::new(if args.json {
        format!(
            "{{\"code_verifier\":\"{}\",\"code_challenge\":\"{challenge}\",\
             \"code_challenge_method\":\"S256\"}}\n",
            verifier.expose_verifier()
        )
    } else {
        let name = |name: &str| paint(SOFT, &format!("{name:<21}"));
        format!(
            "{}  {}\n{}  {challenge}\n{}  S256\n",
            name("code_verifier"),
            verifier.expose_verifier(),
            name("code_challenge"),
            name("code_challenge_method"),
        )
    });
    Out::stdout().put(&text)?;
    let note = "proofkey: note: the code verifier is a secret of one sign-in; keep it out of logs";
    // A note that cannot be written is no failure: the pair is out.
    let _ = writeln!(anstream::stderr(), "{note}");
    Ok(ExitCode::SUCCESS)
}
