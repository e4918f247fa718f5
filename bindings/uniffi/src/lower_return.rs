//! What an export gives back, and what it says of an argument that cannot be read.
//!
//! uniffi has a trait of this name, which generated code calls as `::uniffi::LowerReturn`; `lib.rs` puts this one in
//! its place. What uniffi says has the place in it where the error was made, and to print that, a printer of
//! backtraces: 20 KB for something that only a layer of another version can bring about.

use crate::{FfiDefault, LiftArgsError, RustCallError, UniFfiTag};

/// A value that an export may give back: all that uniffi can give back.
///
/// # Safety
///
/// As for uniffi's: `ReturnType` is what the generated layers take it to be.
pub unsafe trait LowerReturn<UT>: Sized {
    /// What crosses.
    type ReturnType: FfiDefault;

    /// The value, or the export's own error, as they cross.
    ///
    /// # Errors
    ///
    /// The export's own.
    fn lower_return(value: Self) -> Result<Self::ReturnType, RustCallError>;

    /// What crosses where an argument could not be read.
    ///
    /// # Errors
    ///
    /// Always.
    fn handle_failed_lift(failed: LiftArgsError) -> Result<Self::ReturnType, RustCallError> {
        Err(unread(&failed))
    }
}

// SAFETY: what crosses is uniffi's own.
unsafe impl<T: upstream::LowerReturn<UniFfiTag>> LowerReturn<UniFfiTag> for T {
    type ReturnType = T::ReturnType;

    fn lower_return(value: Self) -> Result<Self::ReturnType, RustCallError> {
        <T as upstream::LowerReturn<UniFfiTag>>::lower_return(value)
    }
}

#[cold]
#[inline(never)]
fn unread(LiftArgsError { arg_name, error }: &LiftArgsError) -> RustCallError {
    RustCallError::InternalError(format!("the argument {arg_name} could not be read: {error}"))
}
