# ruff: noqa: F821 (a part of the generated layer: what is missing here stands there)


class _UniffiConverterRustBuffer:
    @classmethod
    def lift(cls, rbuf):
        stream = _UniffiRustBufferStream(_uniffi_bytes_of(rbuf))
        value = cls.read(stream)
        if stream.offset != stream.len:
            raise RuntimeError(f"junk data left in buffer at end of lift {stream.remaining()}")
        return value

    @classmethod
    def lower(cls, value):
        builder = _UniffiRustBufferBuilder()
        cls.write(value, builder)
        return builder.finalize()
