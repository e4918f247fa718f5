/* What the files of the table share: arguments, spoilt as asked. */
#ifndef SPOIL_H
#define SPOIL_H

#include "functions.h"

/* An input text, spoilt as asked. */
static inline const char *in(const char *text, enum spoil spoil) {
    return spoil == NO_INPUT ? NULL : spoil == BAD_UTF8 ? "\xff\xfe" : text;
}
static inline size_t in_length(const char *text, enum spoil spoil) {
    return spoil == TOO_LONG ? SIZE_MAX : spoil == BAD_UTF8 ? 2 : strlen(text);
}
static inline pk_text view(const char *text, enum spoil spoil) {
    pk_text view = {in(text, spoil), in_length(text, spoil)};
    return view;
}

/* The capacity of the shared buffer: whole, or one byte short of what is needed. */
static inline char *buffer(enum spoil spoil) { return spoil == NO_BUFFER ? NULL : shared_buffer; }

static inline int has(enum spoil spoil, const char *ways) {
    static const char letters[] = "goithsvbn"; /* in the order of the enum, 'h' for BAD_UTF8 */
    return spoil == GOOD || strchr(ways, letters[spoil]) != NULL;
}
#define ONLY(ways)                                                                                                     \
    if (!has(spoil, ways)) return SKIPPED

/* Calls a function that writes a text, once whole to learn the length, then one byte short. */
#define TEXT_CALL(call)                                                                                                \
    do {                                                                                                               \
        size_t capacity = sizeof shared_buffer;                                                                        \
        if (spoil == SHORT_BUFFER) {                                                                                   \
            pk_status first = call;                                                                                    \
            if (first != PK_OK) return first;                                                                          \
            capacity = shared_length;                                                                                  \
            memset(shared_buffer, 'x', sizeof shared_buffer);                                                          \
        }                                                                                                              \
        return call;                                                                                                   \
    } while (0)
#define OUT_TEXT buffer(spoil), capacity, &shared_length

/* functions_discovery.c */
typedef pk_status called(uint64_t handle, enum spoil spoil, pk_error *error);
called discovery_new, discovery_advance, discovery_outcome, discovery_free;
called discovered_text, discovered_count, discovered_item, discovered_capability, discovered_fetched_at;
called discovered_is_fresh, discovered_sign_in, discovered_free;
called provider_read, resource_read, well_known_url;
called www_parse, www_demand, www_challenge, www_free;
uint64_t make_discovery(void), make_discovered(void), make_challenged(void);

/* functions_access.c */
called data_key_generate, data_key_from_bytes, data_key_from_text, data_key_expose_text, data_key_free;
called session_seal, session_open, tokens_is_fresh, tokens_authorization, tokens_fingerprint;
called client_document_write, client_document_read, client_document_get, client_document_free;
called access_check, access_new, access_advance, access_take_outcome, access_free;
uint64_t make_data_key(void), make_client_document(void), make_access(void);

/* functions_possession.c */
called dpop_nonces_new, dpop_nonces_heard, dpop_nonces_free;
called tokens_identity, tokens_authorize, tokens_authorize_now, identity_get, identity_free;
called authorized_unsigned, authorized_sign, authorized_authorization, authorized_dpop, authorized_free;
called resource_call_new, resource_call_answered, resource_call_free, access_end_session_url;
called id_token_verify, key_set_read, dpop_proof_check, dpop_proof_get, dpop_proof_free, raw_signature;
uint64_t make_dpop_nonces(void), make_identity(void), make_authorized(void), make_resource_call(void);
uint64_t make_dpop_proof(void);

/* functions_grant.c */
called request_decline, issue_signed_in, redeem_present, body_with_id_token, check_demand, check_present;

/* functions_store.c */
called store_default_folder, store_open, store_folder, store_load, store_swap, store_lock, store_free, lock_free;
called store_key_place, store_file_key, store_decide_keyring;
uint64_t make_file_store(void), make_file_lock(void);

#endif
