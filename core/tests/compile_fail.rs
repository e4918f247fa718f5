//! What must not compile, does not. Each case is a program that a hurried caller might write.

/// P4: `plain` cannot be asked for. P2: a verifier cannot be copied, printed or stored by accident. P5: a
/// session is completed once.
#[test]
fn what_must_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/compile_fail/*.rs");
}
