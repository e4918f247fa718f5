/* Every function, called wrongly in every way: a status comes back, and nothing else happens. */
#include "functions.h"

/* The shared buffer is one byte short of what is needed and full of 'x'. */
static int untouched(void) {
    for (size_t i = 0; i < sizeof shared_buffer; i++)
        if (shared_buffer[i] != 'x') return 0;
    return 1;
}

static uint64_t random_bits(void) {
    static uint64_t state = 88172645463325252u; /* xorshift64: the same bits in each run */
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static unsigned checked;

static void expect(const struct function *function, const char *way, uint64_t handle, enum spoil spoil,
                   pk_status expected) {
    pk_error error = PK_ERROR_INIT;
    pk_status status = function->call(handle, spoil, function->frees ? NULL : &error);
    if (status == SKIPPED) return;
    checked++;
    if (status != expected) {
        fprintf(stderr, "%s, %s: status %d, expected %d (%s)\n", function->name, way, status, expected, error.message);
        exit(1);
    }
    if (status != PK_OK && !function->frees) {
        CHECK(error.status == status);
        CHECK(error.code[0] != '\0' && error.family[0] != '\0' && error.message[0] != '\0' && error.advice[0] != '\0');
        CHECK(strstr(error.message, "at-1") == NULL && strstr(error.message, "rt-1") == NULL);
    }
    if (spoil == SHORT_BUFFER) CHECK(untouched() && shared_length > 0);
    /* The same without an error structure, and with one whose size is wrong: left alone. */
    if (status != PK_OK) {
        pk_error small;
        memset(&small, 0, sizeof small);
        small.size = sizeof small - 1;
        CHECK(function->call(handle, spoil, NULL) == expected);
        CHECK(function->call(handle, spoil, &small) == expected);
        CHECK(small.code[0] == '\0' && small.status == 0);
    }
}

static void handles(const struct function *function) {
    uint64_t freed = make(function->kind), stale = make(function->kind);
    CHECK(release(function->kind, freed) == PK_OK);
    expect(function, "freed", freed, GOOD, PK_INVALID_HANDLE);
    /* The place is used again, by another generation. */
    CHECK(release(function->kind, stale) == PK_OK);
    uint64_t again = make(function->kind);
    CHECK(again != stale && again >> 32 == stale >> 32);
    expect(function, "stale", stale, GOOD, PK_INVALID_HANDLE);
    CHECK(release(function->kind, again) == PK_OK);

    expect(function, "null", 0, GOOD, PK_INVALID_HANDLE);
    for (enum kind other = NONE + 1; other < KINDS; other++) {
        if (other == function->kind) continue;
        uint64_t handle = make(other);
        expect(function, "of another kind", handle, GOOD, PK_INVALID_HANDLE);
        CHECK(release(other, handle) == PK_OK);
    }
    uint64_t good = make(function->kind);
    for (int i = 0; i < 1000; i++) expect(function, "random bits", random_bits(), GOOD, PK_INVALID_HANDLE);
    for (int bit = 0; bit < 64; bit++)
        expect(function, "one bit wrong", good ^ (uint64_t)1 << bit, GOOD, PK_INVALID_HANDLE);
    expect(function, "the good one", good, GOOD, PK_OK);
    if (!function->frees) CHECK(release(function->kind, good) == PK_OK);
    expect(function, "after all", good, GOOD, PK_INVALID_HANDLE);
}

static void arguments(const struct function *function) {
    static const struct {
        enum spoil spoil;
        const char *way;
        pk_status expected;
    } ways[] = {
        {NO_OUT, "no place for the result", PK_NULL},
        {NO_INPUT, "no input", PK_NULL},
        {TOO_LONG, "length SIZE_MAX", PK_TOO_LONG},
        {BAD_UTF8, "not UTF-8", PK_NOT_UTF8},
        {BAD_SIZE, "size of a structure", PK_STRUCT_SIZE},
        {BAD_VALUE, "a number", PK_INVALID_VALUE},
        {SHORT_BUFFER, "one byte short", PK_BUFFER_TOO_SMALL},
        {NO_BUFFER, "no buffer", PK_NULL},
    };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        uint64_t handle = make(function->kind);
        expect(function, ways[i].way, handle, ways[i].spoil, ways[i].expected);
        /* A mistake in the call has changed nothing: the same call, right, works. */
        if (!function->frees) expect(function, "right after wrong", handle, GOOD, PK_OK);
        if (function->kind != NONE) CHECK(release(function->kind, handle) == PK_OK);
    }
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "--names") == 0) {
        for (size_t i = 0; i < function_count; i++) puts(functions[i].name);
        return 0;
    }
    for (size_t i = 0; i < function_count; i++) {
        if (functions[i].kind != NONE) handles(&functions[i]);
        arguments(&functions[i]);
    }
    CHECK(checked > 100000);
    printf("%u calls\n", checked);
    return 0;
}
