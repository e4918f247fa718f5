/* Loads a library of ProofKey as a language's layer would, and has it judge the pair of RFC 7636,
 * appendix B: `loads LIBRARY VERSION`. Says nothing and ends with 0 when all is as it should be. */
#include <stdio.h>
#include <string.h>
#ifdef _WIN32
#include <windows.h>
#define open_library(path) LoadLibraryA(path)
#define find(library, name) GetProcAddress(library, name)
#else
#include <dlfcn.h>
#define open_library(path) dlopen(path, RTLD_NOW | RTLD_LOCAL)
#define find(library, name) dlsym(library, name)
#endif
#include "CProofKey.h"

static int fail(const char *what) {
    fprintf(stderr, "loads: %s\n", what);
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 3) return fail("usage: loads LIBRARY VERSION");
    void *library = (void *)open_library(argv[1]);
    if (!library) return fail("the library cannot be loaded");
    __typeof__(&uniffi_proofkey_uniffi_fn_func_version) version =
        (void *)find(library, "uniffi_proofkey_uniffi_fn_func_version");
    __typeof__(&uniffi_proofkey_uniffi_fn_func_verify) verify =
        (void *)find(library, "uniffi_proofkey_uniffi_fn_func_verify");
    __typeof__(&uniffi_proofkey_uniffi_fn_func_pair) pair =
        (void *)find(library, "uniffi_proofkey_uniffi_fn_func_pair");
    __typeof__(&ffi_proofkey_uniffi_rustbuffer_from_bytes) from_bytes =
        (void *)find(library, "ffi_proofkey_uniffi_rustbuffer_from_bytes");
    if (!version || !verify || !pair || !from_bytes) return fail("a function is missing");

    RustCallStatus status = {0};
    RustBuffer said = version(&status);
    if (status.code || said.len != strlen(argv[2]) || memcmp(said.data, argv[2], said.len))
        return fail("it is of another version");

    const char *verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const char *challenges[] = {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
                                "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cA"};
    for (int n = 0; n < 2; n++) {
        RustBuffer first = from_bytes((ForeignBytes){43, (const uint8_t *)verifier}, &status);
        RustBuffer second = from_bytes((ForeignBytes){43, (const uint8_t *)challenges[n]}, &status);
        int8_t same = verify(first, second, &status);
        if (status.code) return fail("verify ends in an error");
        if (same != (n == 0)) return fail("verify judges wrongly");
    }

    /* The system's generator answers, too. */
    if (!pair(&status) || status.code) return fail("no pair is made");
    return 0;
}
