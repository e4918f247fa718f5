//! What a function answers. A value that was given once keeps its meaning and is never used again.

/// What a function answers: `PK_OK`, or why nothing was done. New values may be added: take one that you
/// do not know as a failure.
pub type pk_status = i32;

/// Done; the results are written.
pub const PK_OK: pk_status = 0;
/// The protocol, the server, the user or the configuration said no. The `pk_error` says what and what to
/// do.
pub const PK_ERROR: pk_status = 1;
/// The redirect is not of this sign-in: noise that anyone can send. The session waits on; the code of the
/// `pk_error` says why, for a log.
pub const PK_NOT_OURS: pk_status = 2;
/// There is no such thing: no refresh token, no outcome yet or any more.
pub const PK_NOTHING: pk_status = 3;
/// The caller's buffer is too small. It is untouched, nothing happened, and `*length` says how long the
/// text is; the buffer must have room for one byte more, a NUL.
pub const PK_BUFFER_TOO_SMALL: pk_status = 4;
/// The handle is null, freed, of another kind, or none of this library's.
pub const PK_INVALID_HANDLE: pk_status = 5;
/// A pointer is null that must not be.
pub const PK_NULL: pk_status = 6;
/// A length or a count is over the cap (`PK_MAX_INPUT`, `PK_MAX_COUNT`).
pub const PK_TOO_LONG: pk_status = 7;
/// A text is not UTF-8.
pub const PK_NOT_UTF8: pk_status = 8;
/// The `size` of a structure is not one that this library knows. Set it to `sizeof` the structure.
pub const PK_STRUCT_SIZE: pk_status = 9;
/// A number is none of the values that its field may have.
pub const PK_INVALID_VALUE: pk_status = 10;
/// So many handles are open that no more can be made: some are not freed.
pub const PK_TOO_MANY_HANDLES: pk_status = 11;
/// This header and this library do not fit together.
pub const PK_VERSION_MISMATCH: pk_status = 12;
/// A mistake in the library, caught. Nothing of it was printed. The handle that was used is dead.
pub const PK_PANICKED: pk_status = 13;
/// The handle died in an earlier call that answered `PK_PANICKED`. Free it.
pub const PK_DEAD: pk_status = 14;
/// Somebody else held the lock all the time that was to be waited.
pub const PK_BUSY: pk_status = 15;

/// The longest text or body that is taken, in bytes: 16 MiB.
pub const PK_MAX_INPUT: usize = 16_777_216;
/// The most entries of a list that are taken.
pub const PK_MAX_COUNT: usize = 1024;

const _: () = assert!(PK_MAX_INPUT == 16 * 1024 * 1024);

/// Why a function did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Fail {
    /// The caller's mistake; names the parameter or field.
    Misuse(Misuse, &'static str),
    /// There is no such thing.
    Nothing(&'static str),
    /// The core's error.
    Core(proofkey::Error),
    /// The file store's error.
    #[cfg(feature = "file-store")]
    Store(proofkey::file_store::StoreError),
    /// Somebody else holds the lock.
    #[cfg(feature = "file-store")]
    Busy,
    /// The redirect is noise.
    NotOurs(proofkey::callback::Refusal),
    /// A mistake in the library.
    Panicked,
}

/// The caller's mistakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misuse {
    BufferTooSmall,
    Handle,
    Null,
    TooLong,
    NotUtf8,
    StructSize,
    Value,
    TooManyHandles,
    Version,
    Dead,
}

impl From<proofkey::Error> for Fail {
    fn from(error: proofkey::Error) -> Self {
        Self::Core(error)
    }
}

#[cfg(feature = "file-store")]
impl From<proofkey::file_store::StoreError> for Fail {
    fn from(error: proofkey::file_store::StoreError) -> Self {
        match error {
            proofkey::file_store::StoreError::RandomUnavailable => {
                Self::Core(proofkey::Error::RandomUnavailable)
            }
            error => Self::Store(error),
        }
    }
}

impl Fail {
    pub(crate) const fn status(&self) -> pk_status {
        match self {
            Self::Misuse(misuse, _) => misuse.facts().0,
            Self::Nothing(_) => PK_NOTHING,
            Self::Core(_) => PK_ERROR,
            #[cfg(feature = "file-store")]
            Self::Store(_) => PK_ERROR,
            #[cfg(feature = "file-store")]
            Self::Busy => PK_BUSY,
            Self::NotOurs(_) => PK_NOT_OURS,
            Self::Panicked => PK_PANICKED,
        }
    }
}

impl Misuse {
    /// The status, the stable code, the end of the message, and the advice.
    pub(crate) const fn facts(self) -> (pk_status, &'static str, &'static str, &'static str) {
        match self {
            Self::BufferTooSmall => (
                PK_BUFFER_TOO_SMALL,
                "buffer_too_small",
                "is too small for the text and its NUL",
                "Call again with a buffer of *length + 1 bytes.",
            ),
            Self::Handle => (
                PK_INVALID_HANDLE,
                "invalid_handle",
                "is no open handle of its kind",
                "Check that it was made, and not freed before; free each handle once.",
            ),
            Self::Null => (PK_NULL, "null_pointer", "is null", "Pass a pointer."),
            Self::TooLong => (
                PK_TOO_LONG,
                "too_long",
                "is longer than PK_MAX_INPUT bytes or PK_MAX_COUNT entries",
                "Check the length that was passed.",
            ),
            Self::NotUtf8 => (
                PK_NOT_UTF8,
                "not_utf8",
                "is not UTF-8",
                "Convert the text to UTF-8 before it is passed.",
            ),
            Self::StructSize => (
                PK_STRUCT_SIZE,
                "struct_size",
                "has a size that this library does not know",
                "Set its member size to sizeof the structure, with the header of this library.",
            ),
            Self::Value => (
                PK_INVALID_VALUE,
                "invalid_value",
                "is none of the values that it may have",
                "Use one of the constants of the header.",
            ),
            Self::TooManyHandles => (
                PK_TOO_MANY_HANDLES,
                "too_many_handles",
                "cannot be made: too many are open",
                "Free the handles that are no longer used.",
            ),
            Self::Version => (
                PK_VERSION_MISMATCH,
                "version_mismatch",
                "of the header does not fit this library",
                "Compile with the header that came with the library.",
            ),
            Self::Dead => (
                PK_DEAD,
                "dead_handle",
                "died in an earlier call that panicked",
                "Free it and start again; report what came before.",
            ),
        }
    }
}
