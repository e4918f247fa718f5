//! The generator of the Kotlin, Swift and Python layers, in the version of the library.

fn main() {
    uniffi::uniffi_bindgen_main();
}
