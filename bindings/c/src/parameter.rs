//! More parameters of an authorization request.

use crate::input;
use crate::status::Fail;
use crate::text::pk_text;
use proofkey::session::Parameter;

/// A parameter that an authorization request carries besides its own.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_parameter {
    /// Its name; none that the library sets itself.
    pub name: pk_text,
    /// Its value.
    pub value: pk_text,
}

/// Reads a list of them.
///
/// # Safety
/// As [`input::list`], and each text is as [`input::bytes`] wants it.
pub(crate) unsafe fn parameters(
    data: *const pk_parameter,
    count: usize,
) -> Result<Vec<Parameter>, Fail> {
    const NAME: &str = "extra_parameters";
    // SAFETY: the caller's promise, for the list and for each of its texts.
    unsafe { input::list(NAME, data, count) }?
        .into_iter()
        .map(|one| unsafe {
            let name = input::required(NAME, one.name)?;
            Ok(Parameter::new(name, input::required(NAME, one.value)?))
        })
        .collect()
}
