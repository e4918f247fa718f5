# ruff: noqa: F821 (a part of the generated layer: what is missing here stands there)


def _uniffi_rust_call_with_error(error_ffi_converter, fn, *args):
    # All zero: a success, and no buffer.
    call_status = _UniffiRustCallStatus()
    result = fn(*args, _uniffi_byref(call_status))
    if call_status.code:
        _uniffi_check_call_status(error_ffi_converter, call_status)
    return result


def _uniffi_rust_call(fn, *args):
    return _uniffi_rust_call_with_error(None, fn, *args)


_uniffi_byref = ctypes.byref
