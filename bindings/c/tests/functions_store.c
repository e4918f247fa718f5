/* The file store, for the table: in a folder of its own, which goes with the program. */
#define _XOPEN_SOURCE 700
#include "spoil.h"

#include <ftw.h>
#include <unistd.h>

static char base[256];

static int delete (const char *path, const struct stat *is, int type, struct FTW *where) {
    (void)is, (void)type, (void)where;
    return remove(path);
}
static void clean(void) { nftw(base, delete, 8, FTW_DEPTH | FTW_PHYS); }

static const char *folder(void) {
    if (base[0] == '\0') {
        const char *top = getenv("TMPDIR");
        snprintf(base, sizeof base, "%s/proofkey-c-XXXXXX", top != NULL && top[0] == '/' ? top : P_tmpdir);
        CHECK(mkdtemp(base) != NULL);
        atexit(clean);
        CHECK(setenv("PROOFKEY_STORE", base, 1) == 0);
    }
    return base;
}

pk_status store_default_folder(uint64_t handle, enum spoil spoil, pk_error *error) {
    (void)handle;
    ONLY("bn");
    folder();
    TEXT_CALL(pk_file_store_default_folder(OUT_TEXT, error));
}
pk_status store_open(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_file_store store = {0};
    pk_status status;
    (void)handle;
    ONLY("oith");
    status =
        pk_file_store_open(in(folder(), spoil), in_length(folder(), spoil), spoil == NO_OUT ? NULL : &store, error);
    if (status == PK_OK) pk_file_store_free(store);
    return status;
}
pk_status store_folder(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_file_store store = {handle};
    ONLY("bn");
    TEXT_CALL(pk_file_store_folder(store, OUT_TEXT, error));
}
pk_status store_load(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_file_store store = {handle};
    uint64_t revision;
    ONLY("oithbn");
    TEXT_CALL(pk_file_store_load(store, in("kept", spoil), in_length("kept", spoil), spoil == NO_OUT ? NULL : &revision,
                                 OUT_TEXT, error));
}
pk_status store_swap(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_file_store store = {handle};
    bool swapped;
    ONLY("oith");
    return pk_file_store_swap(store, in("other", spoil), in_length("other", spoil), NULL, "value", 5,
                              spoil == NO_OUT ? NULL : &swapped, error);
}
pk_status store_lock(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_file_store store = {handle};
    pk_file_lock lock = {0};
    pk_status status;
    ONLY("oith");
    status = pk_file_store_lock(store, in("free", spoil), in_length("free", spoil), 0, spoil == NO_OUT ? NULL : &lock,
                                error);
    if (status == PK_OK) pk_file_lock_free(lock);
    return status;
}
pk_status store_key_place(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_file_store store = {handle};
    uint32_t place;
    ONLY("o");
    return pk_file_store_key_place(store, spoil == NO_OUT ? NULL : &place, error);
}
pk_status store_file_key(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_file_store store = {handle};
    pk_data_key key = {0};
    pk_status status;
    ONLY("o");
    status = pk_file_store_file_key(store, spoil == NO_OUT ? NULL : &key, error);
    if (status == PK_OK) pk_data_key_free(key);
    return status;
}
pk_status store_decide_keyring(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_file_store store = {handle};
    bool decided;
    ONLY("o");
    return pk_file_store_decide_keyring(store, spoil == NO_OUT ? NULL : &decided, error);
}
pk_status store_free(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_file_store store = {handle};
    (void)error;
    ONLY("");
    return pk_file_store_free(store);
}
pk_status lock_free(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_file_lock lock = {handle};
    (void)error;
    ONLY("");
    return pk_file_lock_free(lock);
}

uint64_t make_file_store(void) {
    static int kept;
    pk_file_store store = {0};
    bool swapped = false;
    CHECK(pk_file_store_open(folder(), strlen(folder()), &store, NULL) == PK_OK);
    if (kept) return store.id;
    /* The key is in a file from here on, so that the program's place for it is decided. */
    kept = 1;
    CHECK(pk_file_store_swap(store, "kept", 4, NULL, "value", 5, &swapped, NULL) == PK_OK && swapped);
    pk_data_key key = {0};
    CHECK(pk_file_store_file_key(store, &key, NULL) == PK_OK && pk_data_key_free(key) == PK_OK);
    return store.id;
}
/* One of a few keys in turn: as many may be held at once. */
uint64_t make_file_lock(void) {
    static unsigned turn;
    char key[] = {'k', '-', (char)('a' + turn++ % 16)};
    pk_file_store store = {make_file_store()};
    pk_file_lock lock = {0};
    CHECK(pk_file_store_lock(store, key, sizeof key, 0, &lock, NULL) == PK_OK);
    CHECK(pk_file_store_free(store) == PK_OK);
    return lock.id;
}
