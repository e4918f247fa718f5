/* A panic in every function (a library with the feature test-panic): a status, nothing printed, and the
 * object is dead afterwards. */
#include "functions.h"

pk_status pk_test_panic(uint32_t place);

int main(void) {
    for (size_t i = 0; i < function_count; i++) {
        const struct function *function = &functions[i];
        uint64_t handle = make(function->kind);
        pk_error error = PK_ERROR_INIT;

        pk_test_panic(1);
        CHECK(function->call(handle, GOOD, &error) == PK_PANICKED);
        CHECK(function->frees || strcmp(error.code, "panicked") == 0);
        CHECK(strstr(error.message, "injected") == NULL);
        pk_test_panic(0);
        CHECK(function->kind == NONE || function->frees || function->call(handle, GOOD, &error) == PK_OK);

        if (function->kind != NONE && !function->frees) {
            pk_test_panic(2);
            CHECK(function->call(handle, GOOD, &error) == PK_PANICKED);
            pk_test_panic(0);
            CHECK(function->call(handle, GOOD, &error) == PK_DEAD);
            CHECK(strcmp(error.code, "dead_handle") == 0);
        }
        if (function->kind != NONE) {
            CHECK(release(function->kind, handle) == PK_OK);
            CHECK(release(function->kind, handle) == PK_INVALID_HANDLE);
        }
    }
    printf("%zu functions\n", function_count);
    return 0;
}
