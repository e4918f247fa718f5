# ruff: noqa: F821 (a part of the generated layer: what is missing here stands there)

_UNIFFI_PAST_END = "read past end of rust buffer"


def _uniffi_number(form):
    """A reader and a writer of one number, big-endian as in Rust's half."""
    packing = struct.Struct(form)
    size, unpack_from, pack = packing.size, packing.unpack_from, packing.pack

    def read(self):
        offset = self.offset
        end = offset + size
        if end > self.len:
            raise InternalError(_UNIFFI_PAST_END)
        self.offset = end
        return unpack_from(self.data, offset)[0]

    def write(self, value):
        self._append(pack(value))

    return read, write


class _UniffiRustBufferStream:
    """Reads one thing after the other from bytes."""

    __slots__ = ("data", "len", "offset")

    def __init__(self, data):
        self.data = data
        self.len = len(data)
        self.offset = 0

    def remaining(self):
        return self.len - self.offset

    def read(self, size):
        offset = self.offset
        end = offset + size
        if end > self.len:
            raise InternalError(_UNIFFI_PAST_END)
        self.offset = end
        return self.data[offset:end]


class _UniffiRustBufferBuilder:
    """Collects bytes. A buffer of Rust's is made at the end, in one call; so there is none to be
    freed where something goes wrong before."""

    __slots__ = ("_append", "_parts")

    def __init__(self):
        self._parts = []
        self._append = self._parts.append

    def write(self, value):
        if not isinstance(value, bytes):
            raise TypeError(f"bytes are required, not {type(value).__name__}")
        self._append(value)

    def write_with_length(self, value):
        self._append(_UNIFFI_PACK_LENGTH(len(value)))
        self.write(value)

    def finalize(self):
        return _uniffi_buffer_of(b"".join(self._parts))


_UNIFFI_PACK_LENGTH = struct.Struct(">i").pack

for _uniffi_name, _uniffi_form in (
    ("i8", ">b"),
    ("u8", ">B"),
    ("i16", ">h"),
    ("u16", ">H"),
    ("i32", ">i"),
    ("u32", ">I"),
    ("i64", ">q"),
    ("u64", ">Q"),
    ("float", ">f"),
    ("double", ">d"),
):
    _uniffi_read, _uniffi_write = _uniffi_number(_uniffi_form)
    setattr(_UniffiRustBufferStream, "read_" + _uniffi_name, _uniffi_read)
    setattr(_UniffiRustBufferBuilder, "write_" + _uniffi_name, _uniffi_write)
del _uniffi_name, _uniffi_form, _uniffi_read, _uniffi_write


def _uniffi_buffer_of(data):
    """A buffer of Rust's with these bytes; whoever is given it frees it."""
    rbuf = _UniffiRustBuffer.alloc(len(data))
    ctypes.memmove(rbuf.data, data, len(data))
    return rbuf


def _uniffi_bytes_of(rbuf):
    """The bytes of a buffer of Rust's, which is freed."""
    try:
        return ctypes.string_at(rbuf.data, rbuf.len)
    finally:
        rbuf.free()
