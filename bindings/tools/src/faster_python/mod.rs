//! Makes the generated Python faster: most of what a call costs there is the making of buffers.
//!
//! uniffi's own code allocates a buffer in Rust, lets it grow by further calls, and goes through a context
//! manager for every number. Here the parts are collected in Python, and a buffer is one call; a buffer that
//! comes back is copied once and freed. The bytes are the same; a test compares them for every type.
//!
//! Each part is replaced only if it is, letter for letter, what it was when its replacement was written: a
//! version of uniffi that writes other code makes the generator fail.

/// From where to where, the fingerprint of what lies between, and what takes its place.
struct Part {
    from: &'static str,
    to: &'static str,
    fingerprint: u64,
    instead: &'static str,
}

const PARTS: [Part; 4] = [
    // Nothing uses the context managers any more.
    Part {
        from: "    @contextlib.contextmanager\n    def alloc_with_builder(*args):\n",
        to: "class _UniffiForeignBytes(ctypes.Structure):\n",
        fingerprint: 0xc065_6317_edc2_837d,
        instead: "",
    },
    Part {
        from: "class _UniffiRustBufferStream:\n",
        to: "# A handful of classes and functions to support the generated data structures.\n",
        fingerprint: 0xfa3f_48e6_ef6d_9175,
        instead: include_str!("buffers.py"),
    },
    Part {
        from: "def _uniffi_rust_call(fn, *args):\n",
        to: "def _uniffi_check_call_status(error_ffi_converter, call_status):\n",
        fingerprint: 0x4e68_93df_dc61_6993,
        instead: include_str!("call.py"),
    },
    Part {
        from: "class _UniffiConverterRustBuffer:\n",
        to: "# Contains loading, initialization code, and the FFI Function declarations.\n",
        fingerprint: 0x8ed0_7b02_79be_c806,
        instead: include_str!("converter.py"),
    },
];

/// Lines, with what takes their place; each stands there exactly once.
const LINES: [(&str, &str); 4] = [
    (
        "        with buf.consume_with_stream() as stream:
            return stream.read(stream.remaining()).decode(\"utf-8\")
",
        "        return _uniffi_bytes_of(buf).decode(\"utf-8\")
",
    ),
    (
        "        with _UniffiRustBuffer.alloc_with_builder() as builder:
            builder.write(value.encode(\"utf-8\"))
            return builder.finalize()
",
        "        return _uniffi_buffer_of(value.encode(\"utf-8\"))
",
    ),
    (
        "        utf8_bytes = value.encode(\"utf-8\")
        buf.write_i32(len(utf8_bytes))
        buf.write(utf8_bytes)
",
        "        buf.write_with_length(value.encode(\"utf-8\"))
",
    ),
    (
        "        buf.write_i32(len(value))
        buf.write(value)
",
        "        buf.write_with_length(value)
",
    ),
];

/// The generated Python with faster buffers.
///
/// # Errors
/// Says which part is not what uniffi wrote when its replacement was made.
pub(crate) fn faster(text: &str) -> Result<String, String> {
    let mut text = text.to_owned();
    for part in &PARTS {
        let start = only(&text, part.from)?;
        let end = only(&text, part.to)?;
        let found = text.get(start..end).unwrap_or_default();
        if fingerprint(found) != part.fingerprint {
            return Err(format!(
                "uniffi writes another {:?} than the one that is replaced (fingerprint {:#x}); compare \
                 the two, mend the replacement, then set the fingerprint",
                part.from.trim(),
                fingerprint(found)
            ));
        }
        text.replace_range(start..end, &format!("{}\n\n", part.instead));
    }
    for (old, new) in LINES {
        let start = only(&text, old)?;
        text.replace_range(start..start + old.len(), new);
    }
    for gone in ["contextlib.", "_with_stream", "_with_builder"] {
        if text.contains(gone) {
            return Err(format!("something still uses {gone:?}, which was taken out"));
        }
    }
    Ok(text)
}

/// Where this stands, if it stands there once.
fn only(text: &str, wanted: &str) -> Result<usize, String> {
    let mut places = text.match_indices(wanted);
    match (places.next(), places.next()) {
        (Some((place, _)), None) => Ok(place),
        (None, _) => Err(format!("uniffi no longer writes {wanted:?}")),
        (Some(_), Some(_)) => Err(format!("uniffi writes {wanted:?} more than once")),
    }
}

/// FNV-1a: enough to see a change that nobody made on purpose.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn code_that_uniffi_does_not_write_is_refused() {
        let what = faster("import struct\n").unwrap_err();
        assert!(what.contains("alloc_with_builder"), "{what}");
        // All the marks, and something else between them.
        let marks = PARTS.iter().map(|part| format!("{}# other\n{}", part.from, part.to));
        let what = faster(&marks.collect::<String>()).unwrap_err();
        assert!(what.contains("fingerprint"), "{what}");
    }

    #[test]
    fn a_mark_must_stand_there_once() {
        assert_eq!(only("a b a", "b"), Ok(2));
        assert!(only("a b a", "a").unwrap_err().contains("more than once"));
        assert!(only("a b a", "c").unwrap_err().contains("no longer"));
    }

    #[test]
    fn the_fingerprint_is_fnv_1a() {
        // The published test values.
        assert_eq!(fingerprint(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fingerprint("foobar"), 0x8594_4171_f739_67e8);
    }
}
