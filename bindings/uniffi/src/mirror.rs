//! Records that hold the same fields as a type of the core, of the same types.

/// Both ways between the record and the core's type. A field that one of them has more does not compile.
macro_rules! mirrors {
    ($record:ident, $core:path { $($field:ident),+ $(,)? }) => {
        impl From<$core> for $record {
            fn from(other: $core) -> Self {
                let $core { $($field),+ } = other;
                Self { $($field),+ }
            }
        }

        impl From<$record> for $core {
            fn from(other: $record) -> Self {
                let $record { $($field),+ } = other;
                Self { $($field),+ }
            }
        }
    };
}
pub(crate) use mirrors;
