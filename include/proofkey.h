/* ProofKey: PKCE (RFC 7636) for programs that cannot keep a secret.
 *
 * This file is made by `regen` from bindings/c and checked in: do not edit it.
 *
 * Licence: MIT OR Apache-2.0.
 *
 * The rules that hold for every function
 *
 * - It returns a pk_status: PK_OK, or why nothing was done. Results go to where the caller says, and are
 *   written with PK_OK only; the two exceptions are `*length` with PK_BUFFER_TOO_SMALL, and `*error`, which is
 *   written with every status but PK_OK. `error` may always be null.
 * - Texts are UTF-8, a pointer and a length in bytes; a NUL at the end is neither needed nor counted.
 *   What is passed belongs to the caller and is copied before the function returns.
 * - A text that comes out goes into the caller's buffer, with a NUL, and so do bytes. `capacity` counts the NUL,
 *   `*length` does not. A buffer that is too small is left alone, and `*length` says how long the text is.
 * - A structure begins with its size. Use the macros that end in _INIT: they set it, and all else to zero.
 * - A handle is a number, not a pointer. One that is null, freed, of another kind or made up is answered by
 *   PK_INVALID_HANDLE. It may be used, and freed, from any thread, also while another uses it. Every handle
 *   that a function gave out is freed once, by the function of its kind that ends in _free.
 * - What a structure that comes out points to belongs to the library. It is good until the next call with
 *   the same handle.
 * - Functions never print, never exit and keep no state of a thread. A mistake inside is PK_PANICKED.
 * - After fork, a child uses only handles that it made itself.
 *
 * What the library cannot check is the caller's promise: a pointer that is not null points to as much as the
 * length or the size beside it says.
 */

#ifndef PROOFKEY_H
#define PROOFKEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The version of this header, as a text. */
#define PK_VERSION_TEXT_(number) #number
#define PK_VERSION_TEXT(number) PK_VERSION_TEXT_(number)
#define PK_VERSION \
    PK_VERSION_TEXT(PK_VERSION_MAJOR) "." PK_VERSION_TEXT(PK_VERSION_MINOR) "." PK_VERSION_TEXT(PK_VERSION_PATCH)

// The longest text or body that is taken, in bytes: 16 MiB.
#define PK_MAX_INPUT 16777216

// The most entries of a list that are taken.
#define PK_MAX_COUNT 1024

// The first number of the header's version.
#define PK_VERSION_MAJOR 0

// The second number of the header's version.
#define PK_VERSION_MINOR 1

// The third number of the header's version.
#define PK_VERSION_PATCH 0

// The ID token does not say whether the address is the user's.
#define PK_EMAIL_UNKNOWN 0

// The issuer has seen that the address is the user's.
#define PK_EMAIL_VERIFIED 1

// The issuer has not.
#define PK_EMAIL_UNVERIFIED 2

// The first event of every flow.
#define PK_EVENT_START 1

// The receiver listens on `port`.
#define PK_EVENT_LISTENING 2

// The server's whole answer: `response`.
#define PK_EVENT_RESPONSE 3

// No whole answer came: `lost`, `detail`.
#define PK_EVENT_UNREACHABLE 4

// A redirect arrived: the whole URI, undecoded, in `redirect`.
#define PK_EVENT_REDIRECT 5

// The wait is over.
#define PK_EVENT_ELAPSED 6

// The user closed the browser.
#define PK_EVENT_DISMISSED 7

// The platform could not do what the step asked: `code`, `detail`.
#define PK_EVENT_FAILED 8

// The caller cancelled.
#define PK_EVENT_CANCEL 9

// The issuer is trusted.
#define PK_EVENT_ALLOWED 10

// The issuer is not trusted.
#define PK_EVENT_REFUSED 11

// The lock is held.
#define PK_EVENT_LOCKED 12

// Somebody else held the lock until the deadline.
#define PK_EVENT_BUSY 13

// What the store has: `revision`, `value`.
#define PK_EVENT_LOADED 14

// Whether it was written: `swapped`.
#define PK_EVENT_SWAPPED 15

// It is done.
#define PK_EVENT_OK 16

// The public half of a key: `sec1`.
#define PK_EVENT_PUBLIC_KEY 17

// What was signed: `signature`.
#define PK_EVENT_SIGNED 18

// Nothing was sent: the name, the connection or TLS failed.
#define PK_LOST_NOT_CONNECTED 1

// It may have arrived; the connection ended before the answer did.
#define PK_LOST_LOST 2

// It may have arrived; the answer did not come in time.
#define PK_LOST_TIMED_OUT 3

// The answer was larger than `max_body`.
#define PK_LOST_TOO_LARGE 4

// Bind the loopback receiver at `host`, `port`, `path`; see `pk_receiver_bind`. Answered by
// `PK_EVENT_LISTENING`, `PK_EVENT_FAILED` or `PK_EVENT_CANCEL`.
#define PK_STEP_LISTEN 1

// Make the HTTP exchange `request`, at most once. Answered by `PK_EVENT_RESPONSE`,
// `PK_EVENT_UNREACHABLE` or `PK_EVENT_CANCEL`. With `finish` it is run to its end once begun, also when the
// caller cancels meanwhile, and what came is the event.
#define PK_STEP_SEND 2

// Open the user's browser at `url` (as one argument of a program, never through a shell) and wait for the
// redirect to `redirect_uri`, for `deadline_ms`. Answered by `PK_EVENT_REDIRECT`, `PK_EVENT_ELAPSED`,
// `PK_EVENT_DISMISSED`, `PK_EVENT_FAILED` or `PK_EVENT_CANCEL`.
#define PK_STEP_BROWSE 3

// Wait for the redirect without opening anything: the one before was not ours (`refused` says why, for a log), or
// the sign-in is taken up again. `deadline_ms` counts from the `PK_STEP_BROWSE` before, or from here where there was
// none. The same events answer it.
#define PK_STEP_AWAIT 4

// The flow has ended well: fetch its outcome.
#define PK_STEP_DONE 5

// Let the user's list or judgement see who is about to be trusted, because `resource_host` named `issuer_host` and
// nobody typed it; allow it where there is neither. Answered by `PK_EVENT_ALLOWED`, `PK_EVENT_REFUSED` or
// `PK_EVENT_CANCEL`.
#define PK_STEP_CONFIRM 6

// Take the store's lock of `key`, which keeps others who ask for it away, in all processes, and is free when its
// holder dies; wait `deadline_ms` at most. Answered by `PK_EVENT_LOCKED`, `PK_EVENT_BUSY`, `PK_EVENT_FAILED` or
// `PK_EVENT_CANCEL`.
#define PK_STEP_LOCK 7

// Read what the store has under `key`. Answered by `PK_EVENT_LOADED`, `PK_EVENT_FAILED` or `PK_EVENT_CANCEL`.
#define PK_STEP_LOAD 8

// Write `value` under `key`, or delete where it is absent, if what is stored is still of `revision`; without
// `has_revision` whatever it is. It is done also when the caller has cancelled: it may hold the only copy of a
// token. Answered by `PK_EVENT_SWAPPED` or `PK_EVENT_FAILED`.
#define PK_STEP_SWAP 9

// Give the lock of `key` back. Answered by `PK_EVENT_OK`. A driver gives back what it holds at the end of its loop in
// any case.
#define PK_STEP_UNLOCK 10

// Show the user `user_code`, `verification_uri` and `advice` (RFC 8628 §3.3), as a QR code
// `verification_uri_complete` where there is one, and wait for `poll_ms`; what is shown stays until the flow ends.
// Answered by `PK_EVENT_ELAPSED`, `PK_EVENT_DISMISSED` or `PK_EVENT_CANCEL`.
#define PK_STEP_SHOW_CODE 11

// Wait for `millis`. Answered by `PK_EVENT_ELAPSED`, `PK_EVENT_DISMISSED` or `PK_EVENT_CANCEL`.
#define PK_STEP_WAIT 12

// Make the key `key_id`, for `alg`, if there is none, and give its public half. It comes only where the configuration
// has a `dpop_key`. Answered by `PK_EVENT_PUBLIC_KEY`, `PK_EVENT_FAILED` or `PK_EVENT_CANCEL`.
#define PK_STEP_KEY 13

// Sign `input`, which is given whole and not hashed, with the key `key_id`. It comes only where the configuration has a
// `dpop_key`. Answered by `PK_EVENT_SIGNED`, `PK_EVENT_FAILED` or `PK_EVENT_CANCEL`.
#define PK_STEP_SIGN 14

// `127.0.0.1`
#define PK_HOST_V4 0

// `[::1]`
#define PK_HOST_V6 1

// `localhost`, on both families and one port; only where a server accepts nothing else (RFC 8252 §8.3).
#define PK_HOST_LOCALHOST 2

// PKCE with S256 (RFC 7636).
#define PK_FEATURE_S256 1

// `iss` in every answer to an authorization request (RFC 9207).
#define PK_FEATURE_ISS 2

// Pushed authorization requests (RFC 9126).
#define PK_FEATURE_PAR 3

// Proof of possession (RFC 9449).
#define PK_FEATURE_DPOP 4

// The device grant (RFC 8628).
#define PK_FEATURE_DEVICE 5

// Dynamic client registration (RFC 7591).
#define PK_FEATURE_REGISTRATION 6

// Client ID metadata documents.
#define PK_FEATURE_CLIENT_DOCUMENTS 7

// Token revocation (RFC 7009).
#define PK_FEATURE_REVOCATION 8

// It may be used.
#define PK_SUPPORT_SUPPORTED 1

// It must be used, or will be insisted on.
#define PK_SUPPORT_REQUIRED 2

// The metadata does not offer it.
#define PK_SUPPORT_ABSENT 3

// The metadata speaks of it and rules it out.
#define PK_SUPPORT_FORBIDDEN 4

// The issuer, byte for byte the one that was asked for.
#define PK_FIELD_ISSUER 1

// The issuer's host and port: what a user is shown before the browser opens.
#define PK_FIELD_ISSUER_HOST 2

// Where the user is sent.
#define PK_FIELD_AUTHORIZATION_ENDPOINT 3

// Where codes and refresh tokens are redeemed.
#define PK_FIELD_TOKEN_ENDPOINT 4

// Where tokens are revoked (RFC 7009).
#define PK_FIELD_REVOCATION_ENDPOINT 5

// Where clients register (RFC 7591).
#define PK_FIELD_REGISTRATION_ENDPOINT 6

// Where authorization requests are pushed (RFC 9126).
#define PK_FIELD_PUSHED_AUTHORIZATION_REQUEST_ENDPOINT 7

// Where device codes come from (RFC 8628).
#define PK_FIELD_DEVICE_AUTHORIZATION_ENDPOINT 8

// Where the user signs out (OpenID Connect RP-Initiated Logout).
#define PK_FIELD_END_SESSION_ENDPOINT 9

// Where the signing keys are (RFC 8414 §2).
#define PK_FIELD_JWKS_URI 10

// Where the authorization server's document was.
#define PK_FIELD_METADATA_URL 11

// The protected resource, byte for byte the one that was asked for.
#define PK_FIELD_RESOURCE 12

// Where the protected resource's document was.
#define PK_FIELD_RESOURCE_METADATA_URL 13

// The scopes to ask for: those of the 401, else those that the resource lists, else none. Never absent.
#define PK_LIST_SCOPES 101

// `scopes_supported` of the authorization server. A server need not list all (RFC 8414 §2).
#define PK_LIST_PROVIDER_SCOPES 102

// `grant_types_supported` of the authorization server.
#define PK_LIST_GRANT_TYPES 103

// `token_endpoint_auth_methods_supported` of the authorization server. Nothing is decided by it: servers leave
// `none` out and serve public clients all the same.
#define PK_LIST_AUTH_METHODS 104

// `code_challenge_methods_supported` of the authorization server.
#define PK_LIST_CODE_CHALLENGE_METHODS 105

// `dpop_signing_alg_values_supported` of the authorization server.
#define PK_LIST_DPOP_SIGNING_ALGS 106

// `authorization_servers` of the protected resource: none of them is checked but the chosen one.
#define PK_LIST_AUTHORIZATION_SERVERS 107

// `scopes_supported` of the protected resource.
#define PK_LIST_RESOURCE_SCOPES 108

// `bearer_methods_supported` of the protected resource.
#define PK_LIST_BEARER_METHODS 109

// The authorization server's metadata (RFC 8414 §2, OpenID Connect Discovery 1.0 §3).
#define PK_DOCUMENT_PROVIDER 1

// The protected resource's metadata (RFC 9728 §2).
#define PK_DOCUMENT_RESOURCE 2

// The answer is the program's: it says nothing of the token, or nothing that a better token would change.
#define PK_REACTION_ACCEPT 1

// Send the same request once more, with header fields that were made anew: the nonce of the answer goes along
// (RFC 9449 §9).
#define PK_REACTION_RETRY 2

// The token is not taken: refresh it (`rejected` of a `pk_access_run`) and send the request again.
#define PK_REACTION_REFRESH 3

// Sign in again with what is demanded (`PK_GOAL_SIGN_IN`, `step_up` of a `pk_access_run`) and send the request again.
#define PK_REACTION_SIGN_IN 4

// A token, without the user: the one that is kept, refreshed where it must be. Else `PK_ERROR` with
// `sign_in_required` or another code of the family `sign_in_again`.
#define PK_GOAL_TOKEN 1

// A token; where it cannot be had without the user, by a sign-in.
#define PK_GOAL_TOKEN_OR_SIGN_IN 2

// A sign-in, whatever is kept.
#define PK_GOAL_SIGN_IN 3

// The end of a sign-in that an earlier run of the program began.
#define PK_GOAL_RESUME 4

// The end of what is kept: revoked at the server where that can be (RFC 7009), and forgotten.
#define PK_GOAL_SIGN_OUT 5

// The tokens are not bound to a key.
#define PK_DPOP_NEVER 0

// They are where the server offers it; `pk_tokens_token_type` says what came of it.
#define PK_DPOP_PREFERRED 1

// They are, or there is no sign-in: `PK_ERROR` with `dpop_unsupported` or `token_not_bound`.
#define PK_DPOP_REQUIRED 2

// The tokens were kept.
#define PK_SOURCE_KEPT 1

// The tokens were refreshed.
#define PK_SOURCE_REFRESHED 2

// The user signed in.
#define PK_SOURCE_SIGNED_IN 3

// There was nothing to revoke, or the goal was another.
#define PK_REVOKED_NOTHING 0

// The server has revoked the tokens.
#define PK_REVOKED_YES 1

// The server has not, or it is not known: the tokens may be good until they expire.
#define PK_REVOKED_NO 2

// A buffer of this size is large enough for everything that `pk_file_store_load` gives.
#define PK_STORED_CAPACITY 131073

// Nowhere yet.
#define PK_KEY_PLACE_UNDECIDED 1

// In the system's keyring, under `PK_KEYRING_SERVICE` and `PK_KEYRING_ACCOUNT`.
#define PK_KEY_PLACE_KEYRING 2

// In a file of the folder.
#define PK_KEY_PLACE_FILE 3

// A redirect arrived.
#define PK_RECEIVED_REDIRECT 1

// The time is up.
#define PK_RECEIVED_ELAPSED 2

// `pk_receiver_cancel` was called, or the receiver was freed.
#define PK_RECEIVED_CANCELLED 3

// A buffer of this size is large enough for every redirect that `pk_receiver_wait` gives.
#define PK_REDIRECT_CAPACITY 16384

// RFC 6749 rules where the texts differ.
#define PK_PROFILE_OAUTH20 20

// OAuth 2.1 (draft 16) rules where the texts differ.
#define PK_PROFILE_OAUTH21 21

// An access token.
#define PK_TOKEN_ACCESS 1

// A refresh token.
#define PK_TOKEN_REFRESH 2

// A refresh token of the newest generation. An access token always is.
#define PK_ROTATION_NEWEST 1

// A refresh token of the generation before the newest: none of the newest was exchanged yet.
#define PK_ROTATION_PREDECESSOR 2

// A refresh token that is older than that.
#define PK_ROTATION_OLDER 3

// Write `grant` with `hash` as its code's; it expires `lifetime_s` after the store's own clock. Answered by
// `PK_STORE_EVENT_STORED`.
#define PK_STORE_STEP_PUT 1

// Read the grant with `grant_id` whose code has this `hash`. Answered by `PK_STORE_EVENT_FOUND`.
#define PK_STORE_STEP_FIND 2

// Mark the code used, in one conditional statement: `… where grant_id = ? and code_hash = ? and used = 0 and
// revoked = 0 and mismatches < max_mismatches and expires_at > now`; if a row changed, write `tokens` in the
// same transaction. Answered by `PK_STORE_EVENT_CLAIMED`: whether a row changed.
#define PK_STORE_STEP_CLAIM 3

// Add one to the mismatches of `grant_id`, atomically. Answered by `PK_STORE_EVENT_OK`.
#define PK_STORE_STEP_COUNT 4

// Mark `grant_id` revoked, and with it every token issued from it. Answered by `PK_STORE_EVENT_OK`, also
// where there is no such grant.
#define PK_STORE_STEP_REVOKE 5

// Read the token with `grant_id` and this `hash`, and its grant. Answered by
// `PK_STORE_EVENT_FOUND_TOKEN`.
#define PK_STORE_STEP_FIND_TOKEN 6

// The flow has ended: fetch its outcome.
#define PK_STORE_STEP_DONE 7

// Exchange the refresh token with `grant_id` and this `hash`, in one conditional statement and transaction. If it
// is a refresh token and unexpired, and the grant is not revoked, then a token of the newest generation begins
// the next one, now, and `tokens` are written into that; a token of the one before it, if the newest one began
// less than `reuse_window_s` ago (and not after now), has `tokens` written into the newest. In every other case
// nothing is written. Answered by `PK_STORE_EVENT_ROTATED`: whether `tokens` were written.
#define PK_STORE_STEP_ROTATE 8

// Remember `name` for `lifetime_s` seconds by the store's own clock, unless it is remembered already: a proof of
// possession is used once (RFC 9449 §11.1). One conditional write; a name whose time is over counts as new. Answered
// by `PK_STORE_EVENT_REMEMBERED`: whether the name was new. A store that cannot remember answers
// `PK_STORE_EVENT_FAILED`.
#define PK_STORE_STEP_REMEMBER 9

// The first event of every flow.
#define PK_STORE_EVENT_START 1

// Whether the grant was written: `done`.
#define PK_STORE_EVENT_STORED 2

// The grant, if there is one: `found_grant`, `now`.
#define PK_STORE_EVENT_FOUND 3

// Whether the conditional write changed a row: `done`.
#define PK_STORE_EVENT_CLAIMED 4

// The token and its grant, if there is one: `found_token`, `now`.
#define PK_STORE_EVENT_FOUND_TOKEN 5

// It is done.
#define PK_STORE_EVENT_OK 6

// The store failed, or it is not known whether it did what was asked.
#define PK_STORE_EVENT_FAILED 7

// Whether the refresh token was exchanged: `done`.
#define PK_STORE_EVENT_ROTATED 8

// Whether the name was new, and is remembered now: `done`.
#define PK_STORE_EVENT_REMEMBERED 9

// Show it to the user: `client_id`, the host of `redirect_uri`, `scope`, `resource`.
#define PK_REQUEST_ACCEPTED 1

// Refused: show `error` and `description` to the user on a page with status 400. Never redirect.
#define PK_REQUEST_PAGE 2

// Refused: send the browser to `location` with a 303.
#define PK_REQUEST_REDIRECT 3

// The user, or the server, does not allow it (RFC 6749 §4.1.2.1).
#define PK_DECLINE_DENIED 1

// Nobody is signed in, and nobody may be asked to (OpenID Connect Core §3.1.2.6).
#define PK_DECLINE_LOGIN_REQUIRED 2

// Somebody would have to consent, and nobody may be asked to (OpenID Connect Core §3.1.2.6).
#define PK_DECLINE_CONSENT_REQUIRED 3

// Somebody would have to choose an account, and nobody may be asked to (OpenID Connect Core §3.1.2.6).
#define PK_DECLINE_ACCOUNT_SELECTION_REQUIRED 4

// Something else would have to be asked, and nothing may be (OpenID Connect Core §3.1.2.6).
#define PK_DECLINE_INTERACTION_REQUIRED 5

// The user cannot sign in as the request demands (RFC 9470 §5).
#define PK_DECLINE_UNMET_AUTHENTICATION 6

// The server cannot serve it now; later it may (RFC 6749 §4.1.2.1).
#define PK_DECLINE_TEMPORARILY_UNAVAILABLE 7

// The server has failed (RFC 6749 §4.1.2.1).
#define PK_DECLINE_SERVER_ERROR 8

// What a function answers: `PK_OK`, or why nothing was done. New values may be added: take one that you
// do not know as a failure.
typedef int32_t pk_status;

// What went wrong. The caller owns it; a function writes it when it fails and leaves it alone when it
// does not. Nothing of it is secret. Each text ends with a NUL and is cut where it would not fit.
//
// Set `size` before the first use: `pk_error error = PK_ERROR_INIT;`. With another size nothing is
// written; the status is the same.
typedef struct {
    // `sizeof(pk_error)`.
    size_t size;
    // The status that the function returned.
    pk_status status;
    // The stable code: `invalid_grant`, `port_in_use`, `null_pointer`. It never changes its meaning.
    char code[64];
    // What can be done: `retry`, `sign_in_again`, `fix_configuration` or `user_cancelled`.
    char family[32];
    // The setting, where one is wrong (`invalid_configuration`); the member of a document
    // (`invalid_metadata`); the scope above the ceiling (`scope_ceiling`); the parameter or member, where a call is; else
    // empty.
    char field[64];
    // What was wrong and what was expected, in English.
    char message[1024];
    // What to do, in one sentence for the person who runs the program.
    char advice[256];
} pk_error;

// A text (UTF-8) or bytes: a pointer and a length. `data` of null is an absent text where a text may be
// absent, and an empty one elsewhere if `length` is 0.
//
// In what the library hands out, one NUL follows that `length` does not count, so that `data` serves as a
// C string; `data` is null for what is absent.
typedef struct {
    // The first byte.
    const char *data;
    // How many bytes.
    size_t length;
} pk_text;

// A parameter that an authorization request carries besides its own.
typedef struct {
    // Its name; none that the library sets itself.
    pk_text name;
    // Its value.
    pk_text value;
} pk_parameter;

// What a session asks for, and where. Everything in it belongs to the caller and is copied.
typedef struct {
    // `sizeof(pk_authorization_request)`:
    // `pk_authorization_request request = PK_AUTHORIZATION_REQUEST_INIT;`.
    size_t size;
    // The authorization server's identifier (RFC 8414 §2).
    pk_text issuer;
    // Where the user is sent.
    pk_text authorization_endpoint;
    // Where the code is redeemed.
    pk_text token_endpoint;
    // The public client's identifier.
    pk_text client_id;
    // Where the answer arrives.
    pk_text redirect_uri;
    // The scopes, each by itself; at most 256.
    const pk_text *scopes;
    // How many.
    size_t scope_count;
    // The resource that the tokens are for (RFC 8707); may be absent.
    pk_text resource;
    // Whether the server promises `iss` in its answers (RFC 9207 §3): 0, or anything else for yes.
    uint32_t iss_promised;
    // More parameters of the request; may be null where there are none.
    const pk_parameter *extra_parameters;
    // How many.
    size_t extra_parameter_count;
} pk_authorization_request;

// One pending sign-in, used once. The handle belongs to the caller, who frees it with `pk_session_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_session;

// A code and the verifier that redeems it. The handle belongs to the caller, who frees it with
// `pk_token_request_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_token_request;

// A header field.
typedef struct {
    // The name; case does not matter.
    pk_text name;
    // The value.
    pk_text value;
} pk_header;

// A request that is to be sent exactly as it is: no header is added beyond what HTTP itself needs, no
// redirect is followed, no cookie kept, and nothing is sent twice (use a new connection for it). All
// pointers belong to the library; see the function that wrote them for how long.
typedef struct {
    // `sizeof(pk_http_request)`, set by the caller: `pk_http_request request = PK_HTTP_REQUEST_INIT;`.
    size_t size;
    // `GET` or `POST`.
    pk_text method;
    // The absolute URL.
    pk_text url;
    // The header fields.
    const pk_header *headers;
    // How many.
    size_t header_count;
    // The body, if there is one. It is a secret: it may hold a code and a verifier.
    pk_text body;
    // Stop reading the answer's body after so many bytes and answer `PK_LOST_TOO_LARGE`.
    uint64_t max_body;
    // How long the whole exchange may take, in milliseconds.
    uint64_t timeout_ms;
} pk_http_request;

// A whole answer. Everything in it belongs to the caller and is copied.
typedef struct {
    // `sizeof(pk_http_response)`.
    size_t size;
    // The header fields, at most `PK_MAX_COUNT`.
    const pk_header *headers;
    // How many.
    size_t header_count;
    // The body as it came, at most `PK_MAX_INPUT` bytes.
    pk_text body;
    // The HTTP status.
    uint16_t status;
} pk_http_response;

// The tokens of one sign-in. The handle belongs to the caller, who frees it with `pk_tokens_free`; the
// tokens are wiped then.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_tokens;

// Who signed in, by a verified ID token (OpenID Connect Core §2). It never changes. The handle belongs to the caller,
// who frees it with `pk_identity_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_identity;

// What a verified ID token says (OpenID Connect Core §2, §5.1). A person is told from others by `issuer` and
// `subject` together; names and addresses change and may be given to somebody else (§5.7). All pointers belong to the
// library and are good until the handle is freed.
typedef struct {
    // `sizeof(pk_identity_fields)`, set by the caller: `pk_identity_fields fields = PK_IDENTITY_FIELDS_INIT;`.
    size_t size;
    // `iss`: who says so.
    pk_text issuer;
    // `sub`: whom the issuer means; 1 to 255 ASCII characters.
    pk_text subject;
    // `aud`: the clients that it was said to, this one among them.
    const pk_text *audience;
    // How many.
    size_t audience_count;
    // `acr`: how strong the authentication was, in words that issuer and client have agreed upon; may be absent.
    pk_text acr;
    // `amr`: the ways of authentication (RFC 8176).
    const pk_text *amr;
    // How many; 0 where the token names none.
    size_t amr_count;
    // `sid`: the session at the issuer (OpenID Connect Front-Channel Logout §3); may be absent.
    pk_text session_id;
    // `name`: the whole name, fit to be shown; may be absent.
    pk_text name;
    // `preferred_username`: by which name the user wants to be called; may be absent. It tells nobody from others.
    pk_text preferred_username;
    // `email`: an address; may be absent.
    pk_text email;
    // All claims, these and others: the token's payload, a JSON object.
    pk_text claims;
    // `iat`: when it was said, in seconds since the epoch.
    uint64_t issued_at;
    // `exp`: until when it may be believed by one who has not seen it before, in seconds since the epoch.
    uint64_t expires_at;
    // With `has_auth_time`: `auth_time`, when the user authenticated, in seconds since the epoch.
    uint64_t auth_time;
    // Whether the token says when the user authenticated: 0 or 1.
    uint32_t has_auth_time;
    // `email_verified`: `PK_EMAIL_VERIFIED` and the like.
    uint32_t email_verified;
} pk_identity_fields;

// The newest `DPoP-Nonce` of each server, authorization servers and resources alike (RFC 9449 §8.2). A program keeps
// one for all its accesses and requests. A nonce is no secret. The handle belongs to the caller, who frees it with
// `pk_dpop_nonces_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_dpop_nonces;

// The header fields of one request to a resource: `Authorization`, and where the token is bound to a key a proof of
// its possession (RFC 9449 §7.1). The handle belongs to the caller, who frees it with `pk_authorized_free`; the fields
// are wiped then.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_authorized;

// What a key of the platform is to sign. All pointers belong to the library and are good until the next call with the
// same handle.
typedef struct {
    // `sizeof(pk_unsigned_proof)`, set by the caller: `pk_unsigned_proof proof = PK_UNSIGNED_PROOF_INIT;`.
    size_t size;
    // The name of the key: `dpop_key` of the `pk_access_config` of the sign-in.
    pk_text key_id;
    // The algorithm (RFC 7518 §3.1): always `ES256`.
    pk_text alg;
    // What is signed, ASCII; given whole and not hashed.
    pk_text input;
} pk_unsigned_proof;

// The key that what is kept is sealed under: 32 bytes that the platform keeps, in a keyring for instance. The
// handle belongs to the caller, who frees it with `pk_data_key_free`; the bytes are wiped then, or with the last
// flow that uses them.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_data_key;

// What a sign-in needs to know. Everything in it belongs to the caller and is copied.
typedef struct {
    // `sizeof(pk_sign_in_config)`: `pk_sign_in_config config = PK_SIGN_IN_CONFIG_INIT;`.
    size_t size;
    // The authorization server's identifier (RFC 8414 §2).
    pk_text issuer;
    // Where the user is sent.
    pk_text authorization_endpoint;
    // Where the code is redeemed.
    pk_text token_endpoint;
    // The public client's identifier.
    pk_text client_id;
    // A redirect URI that the platform watches; absent for the loopback receiver.
    pk_text redirect_uri;
    // Without `redirect_uri`: the path of the loopback receiver, with its leading slash.
    pk_text loopback_path;
    // The scopes, each by itself; at most 256.
    const pk_text *scopes;
    // How many.
    size_t scope_count;
    // The resource that the tokens are for (RFC 8707); may be absent.
    pk_text resource;
    // How long the user may take, in milliseconds; from 1000 to 3600000.
    uint64_t browse_timeout_ms;
    // Whether the server promises `iss` in its answers (RFC 9207 §3): 0, or anything else for yes.
    uint32_t iss_promised;
    // Without `redirect_uri`: the receiver's host, `PK_HOST_V4` and the like.
    uint32_t loopback_host;
    // Without `redirect_uri`: the receiver's port; 0 leaves the choice to the system.
    uint16_t loopback_port;
    // More parameters of the authorization request; may be null where there are none.
    const pk_parameter *extra_parameters;
    // How many.
    size_t extra_parameter_count;
} pk_sign_in_config;

// A sign-in that runs. The handle belongs to the caller, who frees it with `pk_sign_in_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_sign_in;

// What has happened. Members that do not belong to `kind` are not looked at. Everything in it belongs to
// the caller and is copied.
typedef struct {
    // `sizeof(pk_event)`: `pk_event event = PK_EVENT_INIT;`.
    size_t size;
    // Which event: `PK_EVENT_START` and the like.
    uint32_t kind;
    // `PK_EVENT_UNREACHABLE`: how far the request went, `PK_LOST_LOST` and the like.
    uint32_t lost;
    // `PK_EVENT_LISTENING`: the port, never 0.
    uint16_t port;
    // `PK_EVENT_REDIRECT`: the whole URI. It may hold a code.
    pk_text redirect;
    // `PK_EVENT_FAILED`: a stable code where there is one, such as the `code` in the `pk_error` of the receiver or
    // of the file store; may be absent.
    pk_text code;
    // `PK_EVENT_FAILED`, `PK_EVENT_UNREACHABLE`: the platform's words, for the message; may be absent.
    pk_text detail;
    // `PK_EVENT_RESPONSE`: the answer.
    const pk_http_response *response;
    // `PK_EVENT_LOADED`: the bytes as they were written; absent where there is nothing.
    pk_text value;
    // `PK_EVENT_LOADED`: the revision; 0 where there is nothing. Two different values never have the same.
    uint64_t revision;
    // `PK_EVENT_SWAPPED`: whether it was written: 0, where the revision was another by then, or anything else for
    // yes.
    uint32_t swapped;
    // `PK_EVENT_PUBLIC_KEY`: the point on P-256 (SEC 1 §2.3.3), compressed or not.
    pk_text sec1;
    // `PK_EVENT_SIGNED`: the ECDSA signature: 64 bytes (RFC 7518 §3.4), or DER as platforms give it (RFC 3279
    // §2.2.3).
    pk_text signature;
} pk_event;

// What the driver does next. Members that do not belong to `kind` are zero. All pointers belong to the
// library and are good until the next call with the same handle.
typedef struct {
    // `sizeof(pk_step)`, set by the caller: `pk_step step = PK_STEP_INIT;`.
    size_t size;
    // Which step: `PK_STEP_LISTEN` and the like. End the flow with `PK_EVENT_CANCEL` if you do not know it.
    uint32_t kind;
    // `PK_STEP_LISTEN`: `PK_HOST_V4`, `PK_HOST_V6` or `PK_HOST_LOCALHOST`.
    uint32_t host;
    // `PK_STEP_LISTEN`: the port; 0 leaves the choice to the system.
    uint16_t port;
    // `PK_STEP_SEND`: whether the exchange is run to its end once begun; 0 or 1.
    uint32_t finish;
    // `PK_STEP_LISTEN`: the path, with its leading slash.
    pk_text path;
    // `PK_STEP_BROWSE`: the authorization request.
    pk_text url;
    // `PK_STEP_BROWSE`: where the redirect will arrive.
    pk_text redirect_uri;
    // `PK_STEP_BROWSE`, `PK_STEP_AWAIT`, `PK_STEP_LOCK`: how long to wait in all, in milliseconds.
    uint64_t deadline_ms;
    // `PK_STEP_AWAIT`: the stable code of why the redirect was refused; absent where there was none yet.
    pk_text refused;
    // `PK_STEP_SEND`: what is sent.
    pk_http_request request;
    // `PK_STEP_CONFIRM`: host and port of the issuer, as they stand in it.
    pk_text issuer_host;
    // `PK_STEP_CONFIRM`: host and port of the resource that named it.
    pk_text resource_host;
    // `PK_STEP_LOCK`, `PK_STEP_LOAD`, `PK_STEP_SWAP`, `PK_STEP_UNLOCK`: the store's key, `a-z 0-9 -`, at most 64.
    pk_text key;
    // `PK_STEP_SWAP`: the bytes that are written; absent: delete. They hold secrets.
    pk_text value;
    // `PK_STEP_SWAP` with `has_revision`: the revision that was loaded, 0 where there was nothing.
    uint64_t revision;
    // `PK_STEP_SWAP`: 0: write over whatever is there; 1: only where it is of `revision`.
    uint32_t has_revision;
    // `PK_STEP_SHOW_CODE`: what the user enters.
    pk_text user_code;
    // `PK_STEP_SHOW_CODE`: where: an https URL (http on loopback where the issuer is there).
    pk_text verification_uri;
    // `PK_STEP_SHOW_CODE`: the same with the code in it, for a QR code; may be absent. The user compares the code all
    // the same (RFC 8628 §3.3.1).
    pk_text verification_uri_complete;
    // `PK_STEP_SHOW_CODE`: what to tell the user against phishing, in one sentence (RFC 8628 §5.4).
    pk_text advice;
    // `PK_STEP_SHOW_CODE`: how long the code is good for, in seconds.
    uint64_t expires_in_s;
    // `PK_STEP_SHOW_CODE`: how long to wait, in milliseconds.
    uint64_t poll_ms;
    // `PK_STEP_WAIT`: how long to wait, in milliseconds.
    uint64_t millis;
    // `PK_STEP_KEY`, `PK_STEP_SIGN`: the name of the key: `dpop_key` of the configuration.
    pk_text key_id;
    // `PK_STEP_KEY`, `PK_STEP_SIGN`: the algorithm (RFC 7518 §3.1): always `ES256`.
    pk_text alg;
    // `PK_STEP_SIGN`: what is signed, ASCII.
    pk_text input;
} pk_step;

// What discovery starts from: an issuer, a resource, or both. Everything in it belongs to the caller and is
// copied.
typedef struct {
    // `sizeof(pk_discovery_config)`: `pk_discovery_config config = PK_DISCOVERY_CONFIG_INIT;`.
    size_t size;
    // The issuer, where it is known; may be absent. A resource that lists its issuers must list this one.
    pk_text issuer;
    // The protected resource; may be absent.
    pk_text resource;
    // The values of the `WWW-Authenticate` fields of the resource's 401 (RFC 9728 §5), if there was one.
    const pk_text *www_authenticate;
    // How many.
    size_t www_authenticate_count;
    // The issuers that may leave S256 out of their metadata: an exception that is made by name, for servers
    // whose metadata is known to be wrong.
    const pk_text *allow_missing_s256;
    // How many.
    size_t allow_missing_s256_count;
} pk_discovery_config;

// A discovery that runs: from an issuer, or from a resource and its 401, to both documents (RFC 8414, OpenID
// Connect Discovery 1.0, RFC 9728). The handle belongs to the caller, who frees it with `pk_discovery_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_discovery;

// What discovery found, or what was read from one document. It never changes. The handle belongs to the caller,
// who frees it with `pk_discovered_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_discovered;

// What an authorization server's metadata says of a feature. All pointers belong to the library and are good
// until the handle is freed.
typedef struct {
    // `sizeof(pk_capability)`, set by the caller: `pk_capability capability = PK_CAPABILITY_INIT;`.
    size_t size;
    // What it is about: `PK_FEATURE_S256` and the like.
    uint32_t feature;
    // What is said of it: `PK_SUPPORT_SUPPORTED` and the like.
    uint32_t support;
    // The feature's stable name: `s256`, `client_documents`.
    pk_text feature_name;
    // The support's stable name: `supported`, `required`, `absent`, `forbidden`.
    pk_text support_name;
    // Why, with the text that rules.
    pk_text why;
} pk_capability;

// A document that was fetched before, from a cache of the caller's. Everything in it belongs to the caller and
// is copied.
typedef struct {
    // `sizeof(pk_document)`: `pk_document document = PK_DOCUMENT_INIT;`.
    size_t size;
    // `pk_provider_read`: the issuer that was asked for. `pk_resource_read`: the configured issuer; may be
    // absent.
    pk_text issuer;
    // `pk_resource_read`: the resource that was asked for.
    pk_text resource;
    // The document, as it came.
    pk_text body;
    // Where it was.
    pk_text metadata_url;
    // When it was fetched, in seconds since the epoch.
    uint64_t fetched_at;
    // `pk_provider_read`: whether this issuer may leave S256 out (see `pk_discovery_config`): 0, or anything else
    // for yes.
    uint32_t allow_missing_s256;
} pk_document;

// The `WWW-Authenticate` fields of an answer, parsed. The handle belongs to the caller, who frees it with
// `pk_www_authenticate_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_www_authenticate;

// What a resource asks for in its Bearer or DPoP challenge (RFC 6750 §3, RFC 9728 §5.1, RFC 9470 §3). All
// pointers belong to the library and are good until the handle is freed.
typedef struct {
    // `sizeof(pk_demand)`, set by the caller: `pk_demand demand = PK_DEMAND_INIT;`.
    size_t size;
    // `bearer` or `dpop`.
    pk_text scheme;
    // Where the resource's metadata is; may be absent.
    pk_text resource_metadata;
    // The scopes, with a space between them; absent where none are named, or one that is none.
    pk_text scope;
    // The error code, `invalid_token` or `insufficient_scope`; may be absent.
    pk_text error;
    // The authentication context class references that will do, the preferred ones first and with a space between
    // them; may be absent.
    pk_text acr_values;
    // How old the user's authentication may be, in seconds, if `has_max_age`.
    uint64_t max_age;
    // 1 if the age is limited, else 0.
    uint32_t has_max_age;
} pk_demand;

// One challenge, for logs and for schemes that are not this library's. All pointers belong to the library and
// are good until the handle is freed.
typedef struct {
    // `sizeof(pk_auth_challenge)`, set by the caller: `pk_auth_challenge one = PK_AUTH_CHALLENGE_INIT;`.
    size_t size;
    // The scheme, in lower case; absent where the challenge was left out.
    pk_text scheme;
    // The data of schemes such as Negotiate, instead of parameters; may be absent.
    pk_text token68;
    // The parameters in their order: names in lower case, values without quotes and escapes.
    const pk_header *parameters;
    // How many.
    size_t parameter_count;
    // Why it was left out: `syntax`, `duplicate_parameter` or `too_large`; absent where it was not.
    pk_text defect;
} pk_auth_challenge;

// What a client says of itself at its own address, which is its identifier.
typedef struct {
    // `sizeof(pk_client_document_fields)`:
    // `pk_client_document_fields fields = PK_CLIENT_DOCUMENT_FIELDS_INIT;`.
    size_t size;
    // The document's own address: https, with a path, without query and fragment.
    pk_text client_id;
    // What a user is shown.
    pk_text client_name;
    // The client's home page; may be absent.
    pk_text client_uri;
    // Where answers may go. For loopback the port does not count (RFC 8252 §7.3).
    const pk_text *redirect_uris;
    // How many.
    size_t redirect_uri_count;
    // The scopes that it may ask for, each by itself; none leaves it to the server.
    const pk_text *scopes;
    // How many.
    size_t scope_count;
} pk_client_document_fields;

// A client's metadata document that was read. It never changes. The handle belongs to the caller, who frees it with
// `pk_client_document_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_client_document;

// One request of the program to a resource. It remembers what was tried: one repetition for a nonce with each token,
// one refresh, two sign-ins; a resource that demands for ever is given up on. The handle belongs to the caller, who
// frees it with `pk_resource_call_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_resource_call;

// An answer of the resource. Everything in it belongs to the caller and is copied.
typedef struct {
    // `sizeof(pk_resource_answer)`: `pk_resource_answer answer = PK_RESOURCE_ANSWER_INIT;`.
    size_t size;
    // The tokens that the request was sent with; they say what was requested and granted. May be none (an `id` of 0):
    // then `requested_scope` and `granted_scope` say it.
    pk_tokens tokens;
    // Without `tokens`: the scopes that the last sign-in asked for, with a space between them; may be absent.
    pk_text requested_scope;
    // Without `tokens`: the scopes of the token, with a space between them; may be absent.
    pk_text granted_scope;
    // The values of the `WWW-Authenticate` fields of the answer, in their order.
    const pk_text *www_authenticate;
    // How many.
    size_t www_authenticate_count;
    // The HTTP status.
    uint16_t status;
} pk_resource_answer;

// What the next sign-in must ask for (RFC 6750 §3.1, RFC 9470). Where it comes out all pointers belong to the library
// and are good until the next call with the same handle; where it goes in everything in it belongs to the caller and
// is copied.
typedef struct {
    // `sizeof(pk_step_up)`: `pk_step_up step_up = PK_STEP_UP_INIT;`.
    size_t size;
    // The scopes: those of the last sign-in, and what is demanded now. None where nobody named any; the sign-in
    // chooses then as it did before.
    const pk_text *scopes;
    // How many.
    size_t scope_count;
    // The authentication context class references that will do, the preferred ones first (RFC 9470 §4).
    const pk_text *acr_values;
    // How many; 0 where none are demanded.
    size_t acr_value_count;
    // Where the resource's metadata is, if the answer says so (RFC 9728 §5.1); may be absent.
    pk_text resource_metadata;
    // The `WWW-Authenticate` fields of the answer, for `www_authenticate` of the `pk_access_run`.
    const pk_text *www_authenticate;
    // How many.
    size_t www_authenticate_count;
    // With `has_max_age`: how old the user's authentication may be, in seconds (RFC 9470 §4).
    uint64_t max_age;
    // Whether a `max_age` is demanded: 0 or 1.
    uint32_t has_max_age;
} pk_step_up;

// What to do about an answer. All pointers belong to the library and are good until the next call with the same
// handle.
typedef struct {
    // `sizeof(pk_reaction)`, set by the caller: `pk_reaction reaction = PK_REACTION_INIT;`.
    size_t size;
    // `PK_REACTION_ACCEPT` and the like.
    uint32_t kind;
    // `PK_REACTION_SIGN_IN`: what is demanded.
    pk_step_up step_up;
} pk_reaction;

// What an access needs to know; `issuer` or `resource` is enough. What may be absent is so in a structure that was
// set to `PK_ACCESS_CONFIG_INIT`. Everything in it belongs to the caller and is copied.
typedef struct {
    // `sizeof(pk_access_config)`: `pk_access_config config = PK_ACCESS_CONFIG_INIT;`.
    size_t size;
    // The authorization server's identifier, where it is known; may be absent. With a resource that names its issuers
    // it must be one of them.
    pk_text issuer;
    // The protected resource, an MCP server for instance: the tokens are for it alone (RFC 8707). May be absent.
    pk_text resource;
    // Where the user is sent. Absent, with `token_endpoint`, where the issuer's metadata is to be asked.
    pk_text authorization_endpoint;
    // Where codes and refresh tokens are redeemed.
    pk_text token_endpoint;
    // With endpoints that are given by hand: where tokens are revoked (RFC 7009); may be absent.
    pk_text revocation_endpoint;
    // With endpoints that are given by hand: where authorization requests are pushed (RFC 9126); may be absent.
    pk_text pushed_authorization_request_endpoint;
    // With endpoints that are given by hand: where device codes come from (RFC 8628); may be absent.
    pk_text device_authorization_endpoint;
    // With endpoints that are given by hand: where the server's keys are; may be absent, and then no ID token is looked
    // at.
    pk_text jwks_uri;
    // With endpoints that are given by hand: where the user signs out of the browser's session (OpenID Connect
    // RP-Initiated Logout); may be absent.
    pk_text end_session_endpoint;
    // The client's identifier, where it was registered beforehand; may be absent.
    pk_text client_id;
    // The address of the client's metadata document, for servers that take it as the identifier; may be absent.
    pk_text client_document;
    // The client's name: with it the client is registered dynamically (RFC 7591) where there is no other way. May be
    // absent.
    pk_text client_name;
    // The scopes to ask for, each by itself, at most 256; where there are none, those that the resource demands or
    // lists.
    const pk_text *scopes;
    // How many.
    size_t scope_count;
    // The scopes that no sign-in goes beyond, whoever names more: what is only listed and lies above is left out, what
    // is demanded by name ends the sign-in (`scope_ceiling`). `offline_access` is a scope like others. Null is no
    // ceiling; anything else with a count of 0 is a ceiling of nothing. `pk_resource_call_new` takes the same.
    const pk_text *scope_ceiling;
    // How many.
    size_t scope_ceiling_count;
    // Which of several accounts of the user this is, a name that the program chooses; may be absent.
    pk_text account;
    // With `dpop`: the name of a key that the program keeps, and signs with where `PK_STEP_KEY`, `PK_STEP_SIGN` and
    // `pk_authorized_unsigned` say so; 1 to 256 bytes. Absent: a key is made for each sign-in and kept with its tokens.
    pk_text dpop_key;
    // A redirect URI that the platform watches; absent for the loopback receiver.
    pk_text redirect_uri;
    // Without `redirect_uri`: the path of the loopback receiver, with its leading slash; absent is `/callback`.
    pk_text loopback_path;
    // More parameters of the authorization request; may be null where there are none.
    const pk_parameter *extra_parameters;
    // How many.
    size_t extra_parameter_count;
    // The issuers that may leave S256 out of their metadata: an exception that is made by name, for servers
    // whose metadata is known to be wrong.
    const pk_text *allow_missing_s256;
    // How many.
    size_t allow_missing_s256_count;
    // How long the user may take, in milliseconds, from 1000 to 3600000; 0 is five minutes.
    uint64_t browse_timeout_ms;
    // With endpoints that are given by hand: whether the server promises `iss` in its answers (RFC 9207 §3): 0, or
    // anything else for yes.
    uint32_t iss_promised;
    // Whether nothing listens and the user pastes the address that the browser ends at, for machines without a
    // browser: 0, or anything else for yes. Only without `redirect_uri`.
    uint32_t paste;
    // Whether a pending sign-in is kept, so that `PK_GOAL_RESUME` can take it up: 0, or anything else for yes.
    uint32_t resumable;
    // Whether the user signs in on another device (RFC 8628), for programs without a browser: 0, or anything else for
    // yes. It is never chosen by itself. Not with `resumable`.
    uint32_t device;
    // Whether the authorization request is pushed also to servers that only offer it (RFC 9126): 0, or anything else
    // for yes. Those that require it get it so in any case.
    uint32_t push;
    // Whether the tokens are bound to a key, so that who steals one cannot use it (RFC 9449): `PK_DPOP_NEVER` and the
    // like.
    uint32_t dpop;
    // Without `redirect_uri`: the receiver's host, `PK_HOST_V4` and the like.
    uint32_t loopback_host;
    // Without `redirect_uri`: the receiver's port; 0 leaves the choice to the system.
    uint16_t loopback_port;
} pk_access_config;

// What is only so in this one run of an access. Everything in it belongs to the caller and is copied.
typedef struct {
    // `sizeof(pk_access_run)`: `pk_access_run run = PK_ACCESS_RUN_INIT;`.
    size_t size;
    // What is kept is sealed under this key, which stays the caller's to free; without one (an `id` of 0) the store
    // itself must keep it from others.
    pk_data_key data_key;
    // What an earlier access or discovery has found; it is taken while it is less than an hour old, and stays the
    // caller's to free. May be none (an `id` of 0).
    pk_discovered known;
    // 32 bytes, the `pk_tokens_fingerprint` of an access token that the resource did not take although it was fresh:
    // where that one is still kept it is refreshed. May be null.
    const uint8_t *rejected;
    // The values of the `WWW-Authenticate` fields of the resource's 401 (RFC 9728 §5), if there was one.
    const pk_text *www_authenticate;
    // How many.
    size_t www_authenticate_count;
    // For `PK_GOAL_RESUME`: the redirect that has arrived, where it started this run of the program; may be absent.
    pk_text redirect;
    // What the program's earlier accesses and requests heard of nonces (RFC 9449 §8), which stays the caller's to free.
    // May be none (an `id` of 0).
    pk_dpop_nonces nonces;
    // What a resource demanded of the sign-in: the `step_up` of a `pk_reaction`. May be null.
    const pk_step_up *step_up;
} pk_access_run;

// An access that runs: it finds the servers, gets the client an identifier, signs the user in, keeps what came of it
// in the caller's store, and refreshes it. The handle belongs to the caller, who frees it with `pk_access_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_access;

// What came of an access. The handles in it belong to the caller.
typedef struct {
    // `sizeof(pk_access_outcome)`, set by the caller: `pk_access_outcome outcome = PK_ACCESS_OUTCOME_INIT;`.
    size_t size;
    // The tokens, for `pk_tokens_free`; none (an `id` of 0) after `PK_GOAL_SIGN_OUT`.
    pk_tokens tokens;
    // What was discovered, for `known` of the next run and for `pk_discovered_free`; none (an `id` of 0) where nothing
    // had to be.
    pk_discovered discovered;
    // Where the tokens came from: `PK_SOURCE_KEPT` and the like; 0 after `PK_GOAL_SIGN_OUT`.
    uint32_t source;
    // Whether the store holds these tokens, or after `PK_GOAL_SIGN_OUT` nothing more: 0 or 1.
    uint32_t stored;
    // After `PK_GOAL_SIGN_OUT`: `PK_REVOKED_YES` and the like.
    uint32_t revoked;
} pk_access_outcome;

// A folder with records, for programs on a desktop or a server. The handle belongs to the caller, who frees it with
// `pk_file_store_free`. It holds no file open between its calls.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_file_store;

// A lock that is held. The handle belongs to the caller, who gives the lock back with `pk_file_lock_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_file_lock;

// A port on the loopback address that waits for redirects. The handle belongs to the caller, who frees it
// with `pk_receiver_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_receiver;

// An ID token, and what it is checked against. Everything in it belongs to the caller and is copied.
typedef struct {
    // `sizeof(pk_id_token)`: `pk_id_token given = PK_ID_TOKEN_INIT;`.
    size_t size;
    // The ID token, as it came.
    pk_text token;
    // The document at the issuer's `jwks_uri`, as it came.
    pk_text keys;
    // The issuer, compared byte for byte with `iss`.
    pk_text issuer;
    // This client, which has to be in `aud`.
    pk_text client_id;
    // The nonce of the authorization request, if one was sent: the token has to hold it. May be absent.
    pk_text nonce;
    // The access token that came with it: `at_hash` has to fit, where the token has one. May be absent.
    pk_text access_token;
    // With `has_max_age`: the `max_age` of the authorization request, in seconds. The token then has to say when the
    // user authenticated, and it must not be longer ago.
    uint64_t max_age;
    // The time, in seconds since the epoch. Clocks may differ by 60 seconds.
    uint64_t now;
    // Whether `max_age` was sent: 0, or anything else for yes.
    uint32_t has_max_age;
} pk_id_token;

// What a server knows of a public client. Everything in it belongs to the caller and is copied.
typedef struct {
    // `sizeof(pk_client_record)`: `pk_client_record client = PK_CLIENT_RECORD_INIT;`.
    size_t size;
    // Its identifier.
    pk_text client_id;
    // The redirect URIs that it registered.
    const pk_text *redirect_uris;
    // How many.
    size_t redirect_uri_count;
    // The scopes that it may ask for.
    const pk_text *scopes;
    // How many.
    size_t scope_count;
    // Whether it may have refresh tokens, `refresh_token` being among its `grant_types` (RFC 7591 §2): 0, or
    // anything else for yes.
    uint32_t may_refresh;
} pk_client_record;

// What an authorization server chooses. Everything in it belongs to the caller and is copied.
typedef struct {
    // `sizeof(pk_policy)`: `pk_policy policy = PK_POLICY_INIT;`.
    size_t size;
    // The server's issuer identifier (RFC 8414 §2), sent as `iss` (RFC 9207).
    pk_text issuer;
    // How long a code lives, in seconds; more than 600 counts as 600.
    uint64_t code_lifetime_s;
    // How long an access token lives, in seconds.
    uint64_t access_token_lifetime_s;
    // How long a refresh token lives unused, in seconds. 0: none is issued and none is taken.
    uint64_t refresh_token_lifetime_s;
    // How long the immediate predecessor of a refresh token may still be exchanged while its successor is
    // unused, in seconds; more than 30 counts as 30. 0: never.
    uint64_t reuse_window_s;
    // Scopes that every client may ask for, beside those of its own record: `openid`, for example.
    const pk_text *open_scopes;
    // How many.
    size_t open_scope_count;
    // The types of authorization details that are granted (RFC 9396 §2).
    const pk_text *details_types;
    // How many. 0: every type is.
    size_t details_type_count;
    // After so many wrong verifiers a grant is burnt.
    uint32_t max_mismatches;
    // `PK_PROFILE_OAUTH21` or `PK_PROFILE_OAUTH20`.
    uint32_t profile;
} pk_policy;

// An authorization request that was judged. The handle belongs to the caller, who frees it with
// `pk_grant_request_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_grant_request;

// What was found. Members that do not belong to `kind` are absent. All pointers belong to the library and
// are good until the next call with the same handle.
typedef struct {
    // `sizeof(pk_request_verdict)`, set by the caller:
    // `pk_request_verdict verdict = PK_REQUEST_VERDICT_INIT;`.
    size_t size;
    // `PK_REQUEST_ACCEPTED`, `PK_REQUEST_PAGE` or `PK_REQUEST_REDIRECT`.
    uint32_t kind;
    // The client that asks.
    pk_text client_id;
    // Where the answer goes.
    pk_text redirect_uri;
    // The scopes that are asked for, with a space between them.
    pk_text scope;
    // The resource that is asked for (RFC 8707).
    pk_text resource;
    // `PK_REQUEST_ACCEPTED`: the challenge that the grant will be bound to, 43 characters.
    pk_text code_challenge;
    // `PK_REQUEST_ACCEPTED`: the thumbprint of the key that the code will be bound to (RFC 9449 §10); may be absent.
    pk_text dpop_jkt;
    // `PK_REQUEST_ACCEPTED`: what else is asked for: an array, as JSON text (RFC 9396 §2); may be absent. Show it on
    // the consent page.
    pk_text authorization_details;
    // `PK_REQUEST_ACCEPTED`: how the user should sign in: authentication context classes with a space between them, the
    // preferred one first (OpenID Connect Core §3.1.2.1, RFC 9470 §4); may be empty.
    pk_text acr_values;
    // `PK_REQUEST_ACCEPTED`: what the user is to be asked, with a space between them (OpenID Connect Core §3.1.2.1):
    // `none` alone, or any of `login`, `consent`, `select_account` and what a server adds. Empty: the server's choice.
    pk_text prompt;
    // `PK_REQUEST_ACCEPTED`: who the client thinks will sign in; may be absent. Anybody may have written it: escape it,
    // and believe nothing of it.
    pk_text login_hint;
    // `PK_REQUEST_ACCEPTED`: the languages that the user prefers, as BCP 47 tags with a space between them; may be
    // empty.
    pk_text ui_locales;
    // `PK_REQUEST_ACCEPTED`: what the ID token will say again; may be absent.
    pk_text nonce;
    // `PK_REQUEST_ACCEPTED`, with `has_max_age`: how long ago the user may have signed in at most, in seconds (OpenID
    // Connect Core §3.1.2.1).
    uint64_t max_age;
    // Whether `max_age` was sent: 0 or 1.
    uint32_t has_max_age;
    // The OAuth error code.
    pk_text error;
    // What was wrong, for the page.
    pk_text description;
    // The redirect URI with the error in it. It holds the client's state.
    pk_text location;
} pk_request_verdict;

// A code that is being issued. The handle belongs to the caller, who frees it with `pk_issue_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_issue;

// What the user granted to a client: the part of a row that never changes. Nothing of it is secret.
typedef struct {
    // `sizeof(pk_grant)`: `pk_grant grant = PK_GRANT_INIT;`.
    size_t size;
    // The first half of the code and of every token issued from it.
    pk_text grant_id;
    // Who asked.
    pk_text client_id;
    // Who allowed it, as the server names its users.
    pk_text subject;
    // The redirect URI that the code was sent to.
    pk_text redirect_uri;
    // The code challenge (S256), 43 characters; absent only in rows that another program wrote.
    pk_text code_challenge;
    // The granted scopes, separated by single spaces; may be empty.
    pk_text scope;
    // The resource that the tokens are for (RFC 8707); may be absent.
    pk_text resource;
    // The thumbprint of the key that the code must be redeemed with (`dpop_jkt`, RFC 9449 §10), 43 characters; may be
    // absent. A store keeps all of what follows: a grant that comes back without its key is a grant for everybody.
    pk_text dpop_jkt;
    // What the ID token must say again (OpenID Connect Core §3.1.2.1); may be absent.
    pk_text nonce;
    // How the user signed in: the authentication context class (OpenID Connect Core §2); may be absent.
    pk_text acr;
    // What else was granted: an array, as JSON text (RFC 9396 §2); may be absent.
    pk_text authorization_details;
    // With `has_auth_time`: when the user signed in, in seconds since the epoch (OpenID Connect Core §2).
    uint64_t auth_time;
    // Whether `auth_time` is known: 0, or anything else for yes.
    uint32_t has_auth_time;
    // Whether the authorization request named the redirect URI: 0, or anything else for yes.
    uint32_t redirect_uri_was_sent;
    // Whether refresh tokens are issued from it: 0, or anything else for yes.
    uint32_t refreshable;
} pk_grant;

// A grant as it was found. Everything in it belongs to the caller and is copied.
typedef struct {
    // `sizeof(pk_found_grant)`: `pk_found_grant found = PK_FOUND_GRANT_INIT;`.
    size_t size;
    // The part that never changes.
    const pk_grant *grant;
    // When the code expires, in seconds since the epoch by the store's clock.
    uint64_t expires_at;
    // Whether the code was claimed: 0, or anything else for yes.
    uint32_t used;
    // Whether the grant was revoked: 0, or anything else for yes.
    uint32_t revoked;
    // How many wrong verifiers came for it.
    uint32_t mismatches;
} pk_found_grant;

// A token as it was found, with its grant. Everything in it belongs to the caller and is copied.
typedef struct {
    // `sizeof(pk_found_token)`: `pk_found_token found = PK_FOUND_TOKEN_INIT;`.
    size_t size;
    // The grant it was issued from.
    const pk_grant *grant;
    // When it expires, in seconds since the epoch by the store's clock.
    uint64_t expires_at;
    // `PK_ROTATION_PREDECESSOR`: when the newest generation began, in seconds since the epoch by the store's
    // clock.
    uint64_t rotated_at;
    // Its scope, where it is narrower than the grant's; absent: the grant's.
    pk_text scope;
    // The thumbprint of the key that it is bound to (RFC 9449 §6); absent: a bearer token.
    pk_text dpop_jkt;
    // What it is for: `PK_TOKEN_ACCESS` or `PK_TOKEN_REFRESH`.
    uint32_t kind;
    // Where it stands among the refresh tokens of its grant: `PK_ROTATION_NEWEST` and the like.
    uint32_t rotation;
    // Whether its grant was revoked: 0, or anything else for yes.
    uint32_t revoked;
} pk_found_token;

// What the store has done. Members that do not belong to `kind` are not looked at. Everything in it belongs
// to the caller and is copied.
typedef struct {
    // `sizeof(pk_store_event)`: `pk_store_event event = PK_STORE_EVENT_INIT;`.
    size_t size;
    // Which event: `PK_STORE_EVENT_START` and the like.
    uint32_t kind;
    // `PK_STORE_EVENT_STORED`, `PK_STORE_EVENT_CLAIMED`, `PK_STORE_EVENT_ROTATED`, `PK_STORE_EVENT_REMEMBERED`: 0 or
    // 1. Anything else, as a database's own code or a -1 in place of a number of rows, is `PK_INVALID_VALUE`.
    uint32_t done;
    // `PK_STORE_EVENT_FOUND`, `PK_STORE_EVENT_FOUND_TOKEN`: the store's clock, in seconds since the epoch.
    uint64_t now;
    // `PK_STORE_EVENT_FOUND`: the row; null where there is none.
    const pk_found_grant *found_grant;
    // `PK_STORE_EVENT_FOUND_TOKEN`: the row; null where there is none.
    const pk_found_token *found_token;
} pk_store_event;

// A token to be written.
typedef struct {
    // How long it is valid, in seconds.
    uint64_t lifetime_s;
    // Its scope, where it is narrower than the grant's; absent: the grant's.
    pk_text scope;
    // The thumbprint of the key that it is bound to (RFC 9449 §6); absent: a bearer token. A store that forgets it
    // makes it one.
    pk_text dpop_jkt;
    // What it is for: `PK_TOKEN_ACCESS` or `PK_TOKEN_REFRESH`.
    uint32_t kind;
    // SHA-256 of the token.
    uint8_t hash[32];
} pk_new_token;

// What the store does next. Members that do not belong to `kind` are zero. All pointers belong to the
// library and are good until the next call with the same handle. Every step may be answered by
// `PK_STORE_EVENT_FAILED`, upon which nothing is issued.
typedef struct {
    // `sizeof(pk_store_step)`, set by the caller: `pk_store_step step = PK_STORE_STEP_INIT;`.
    size_t size;
    // Which step: `PK_STORE_STEP_PUT` and the like. Answer `PK_STORE_EVENT_FAILED` if you do not know it.
    uint32_t kind;
    // `PK_STORE_STEP_CLAIM`: from so many mismatches on the grant is burnt.
    uint32_t max_mismatches;
    // `PK_STORE_STEP_PUT`: how long the code may be redeemed, in seconds; `PK_STORE_STEP_REMEMBER`: how long the name
    // is remembered.
    uint64_t lifetime_s;
    // `PK_STORE_STEP_ROTATE`: how long the predecessor is spared, in seconds; 0 spares none.
    uint64_t reuse_window_s;
    // The grant's id; with every step but `PK_STORE_STEP_REMEMBER` and `PK_STORE_STEP_DONE`.
    pk_text grant_id;
    // `PK_STORE_STEP_REMEMBER`: the name of the proof, 43 characters of base64url.
    pk_text name;
    // `PK_STORE_STEP_PUT`, `PK_STORE_STEP_FIND`, `PK_STORE_STEP_CLAIM`: SHA-256 of the code;
    // `PK_STORE_STEP_FIND_TOKEN`, `PK_STORE_STEP_ROTATE`: of the token.
    uint8_t hash[32];
    // `PK_STORE_STEP_CLAIM`, `PK_STORE_STEP_ROTATE`: the tokens to be written.
    const pk_new_token *tokens;
    // How many.
    size_t token_count;
    // `PK_STORE_STEP_PUT`: the row.
    const pk_grant *grant;
} pk_store_step;

// Where to send the browser. All pointers belong to the library and are good until the handle is freed or
// used again.
typedef struct {
    // `sizeof(pk_issue_outcome)`, set by the caller:
    // `pk_issue_outcome outcome = PK_ISSUE_OUTCOME_INIT;`.
    size_t size;
    // The location of a 303: with the code, or with an error where the store did not take the grant. It is
    // a secret.
    pk_text location;
    // The grant's id, for an audit log.
    pk_text grant_id;
    // Whether a code was issued: 0 or 1.
    uint32_t issued;
} pk_issue_outcome;

// A token request that is being judged. The handle belongs to the caller, who frees it with
// `pk_redeem_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_redeem;

// What a server asks of proofs of possession. Everything in it belongs to the caller and is copied.
typedef struct {
    // `sizeof(pk_proof_rules)`: `pk_proof_rules rules = PK_PROOF_RULES_INIT;`.
    size_t size;
    // How far a proof's time may be from the server's, in seconds, forward or back (RFC 9449 §11.1); 60 is usual,
    // and 0 means it.
    uint64_t window_s;
    // The 32 bytes that the server's nonces are made with (RFC 9449 §8), of a good generator and the same on every
    // node of the server; null: proofs need no nonce. It is a secret.
    const uint8_t *nonce_key;
    // With `nonce_key`: after so many seconds there is a new nonce, and the one before it is good for as long again.
    uint64_t nonce_lifetime_s;
    // Whether tokens are issued and taken with a proof only (RFC 9449 §5.2, RFC 9728 §2): 0, or anything else for
    // yes.
    uint32_t required;
} pk_proof_rules;

// A request, and the proofs that came with it. Everything in it belongs to the caller and is copied.
typedef struct {
    // `sizeof(pk_request_proof)`: `pk_request_proof proof = PK_REQUEST_PROOF_INIT;`.
    size_t size;
    // The values of the request's header fields `DPoP`, each as it came: none proves nothing, and more than one is
    // refused (RFC 9449 §4.3).
    const pk_text *fields;
    // How many.
    size_t field_count;
    // The request's method.
    pk_text method;
    // Its URL as clients know it, not as a proxy has rewritten it; query and fragment are not compared.
    pk_text url;
    // The time, in seconds since the epoch.
    uint64_t now;
} pk_request_proof;

// The answer of the token or the revocation endpoint. All pointers belong to the library and are good until the
// handle is freed or used again.
typedef struct {
    // `sizeof(pk_token_answer)`, set by the caller: `pk_token_answer answer = PK_TOKEN_ANSWER_INIT;`.
    size_t size;
    // The header fields.
    const pk_header *headers;
    // How many.
    size_t header_count;
    // The JSON body, empty after a revocation. It may hold a token: it is a secret.
    pk_text body;
    // What happened, for a log: `issued`, `refreshed`, `mismatch`, `replay_revoked` and the like. No secret.
    pk_text audit;
    // What tokens were issued from, where some were, for an ID token beside them; else null.
    const pk_grant *grant;
    // With `grant`: the scope of the access token, separated by single spaces.
    pk_text scope;
    // With `grant`: SHA-256 of the access token. Its left half, in base64url, is what an ID token calls `at_hash`
    // (OpenID Connect Core §3.1.3.6), where that is signed with a 256-bit hash.
    uint8_t access_token_hash[32];
    // With `grant`: 1 where they are the first ones of the grant, for a code; then an ID token says the request's
    // nonce again, and after a refresh it does not (OpenID Connect Core §12.2).
    uint32_t first;
    // The HTTP status.
    uint16_t status;
} pk_token_answer;

// A revocation request that is being judged. The handle belongs to the caller, who frees it with
// `pk_revoke_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_revoke;

// A token that is being checked. The handle belongs to the caller, who frees it with `pk_check_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_check;

// What a resource asks of a request beside a token for it. Everything in it belongs to the caller and is copied.
typedef struct {
    // `sizeof(pk_check_demands)`: `pk_check_demands demands = PK_CHECK_DEMANDS_INIT;`.
    size_t size;
    // The authentication context classes of which one will do, the preferred one first (RFC 9470 §3).
    const pk_text *acr_values;
    // How many. 0: any will do.
    size_t acr_value_count;
    // Where the resource's metadata are (RFC 9728 §5.1); may be absent. A challenge then says so, and with status 401
    // also which scopes are needed (RFC 6750 §3).
    pk_text metadata_url;
    // With `has_max_age`: how long ago the user may have signed in, in seconds (RFC 9470 §3).
    uint64_t max_age_s;
    // Whether `max_age_s` is asked for: 0, or anything else for yes.
    uint32_t has_max_age;
} pk_check_demands;

// Whether a request may pass. All pointers belong to the library and are good until the handle is freed or
// used again.
typedef struct {
    // `sizeof(pk_check_outcome)`, set by the caller: `pk_check_outcome outcome = PK_CHECK_OUTCOME_INIT;`.
    size_t size;
    // Whether it may pass: 0 or 1.
    uint32_t granted;
    // Where it may not: the HTTP status, 400, 401 or 403; 503 where the store failed.
    uint16_t status;
    // Where it may not: the value of `WWW-Authenticate` (RFC 6750 §3), if one is due.
    pk_text www_authenticate;
    // Where it may: who allowed it.
    pk_text subject;
    // Where it may: who asks.
    pk_text client_id;
    // Where it may: the granted scopes, with a space between them.
    pk_text scope;
    // Where it may: the grant, for a log.
    pk_text grant_id;
    // The header fields that the answer needs: `WWW-Authenticate` where the request may not pass, and `DPoP-Nonce`
    // (RFC 9449 §9) where there is a nonce to be used from now on, also where it may.
    const pk_header *headers;
    // How many.
    size_t header_count;
    // Where it may: the whole grant; else null.
    const pk_grant *grant;
    // Where it may: the thumbprint of the key that the token is bound to (RFC 9449 §6); absent: a bearer token.
    pk_text dpop_jkt;
    // Where it may: when the token expires, in seconds since the epoch by the store's clock.
    uint64_t expires_at;
} pk_check_outcome;

// The request that came with a proof. Everything in it belongs to the caller and is copied.
typedef struct {
    // `sizeof(pk_dpop_request)`: `pk_dpop_request request = PK_DPOP_REQUEST_INIT;`.
    size_t size;
    // The value of the header field `DPoP`, of which a request has exactly one.
    pk_text proof;
    // The request's method.
    pk_text method;
    // Its URL as the client sees it; query and fragment are not compared.
    pk_text url;
    // The access token that came with it, at a resource: the proof has to hold its hash. May be absent.
    pk_text access_token;
    // The nonce that the server demands, if it does (RFC 9449 §8). May be absent.
    pk_text nonce;
    // The time, in seconds since the epoch.
    uint64_t now;
    // By how many seconds the proof may be older or younger.
    uint64_t window_s;
} pk_dpop_request;

// A proof that was checked. It never changes. The handle belongs to the caller, who frees it with
// `pk_dpop_proof_free`.
typedef struct {
    // Not for the caller.
    uint64_t id;
} pk_dpop_proof;

// What came of the check of a proof. All pointers belong to the library and are good until the handle is freed.
//
// What a proof alone cannot tell is the caller's: that `thumbprint` is the key that the token is bound to (RFC 9449
// §6), and that `jti` did not come before (§11.1).
typedef struct {
    // `sizeof(pk_dpop_proof_fields)`, set by the caller:
    // `pk_dpop_proof_fields fields = PK_DPOP_PROOF_FIELDS_INIT;`.
    size_t size;
    // Why it is not taken; absent where it is, and else nothing but it is there. `nonce_missing` and `nonce` are
    // `use_dpop_nonce` to the client (RFC 9449 §8), all others `invalid_dpop_proof` (§5): `not_a_proof`, `alg`, `key`,
    // `signature`, `htm`, `htu`, `iat`, `ath`, `jti`.
    pk_text defect;
    // The SHA-256 thumbprint of its key, in base64url (RFC 7638): `jkt` (§6.1), `dpop_jkt` (§10).
    pk_text thumbprint;
    // Its identifier, 1 to 256 bytes, which is to be taken once while `window_s` runs.
    pk_text jti;
    // Its nonce, whether or not one was demanded; may be absent.
    pk_text nonce;
    // When it was made, in seconds since the epoch.
    uint64_t issued_at;
} pk_dpop_proof_fields;

// Done; the results are written.
#define PK_OK 0

// The protocol, the server, the user or the configuration said no. The `pk_error` says what and what to
// do.
#define PK_ERROR 1

// The redirect is not of this sign-in: noise that anyone can send. The session waits on; the code of the
// `pk_error` says why, for a log.
#define PK_NOT_OURS 2

// There is no such thing: no refresh token, no outcome yet or any more.
#define PK_NOTHING 3

// The caller's buffer is too small. It is untouched, nothing happened, and `*length` says how long the
// text is; the buffer must have room for one byte more, a NUL.
#define PK_BUFFER_TOO_SMALL 4

// The handle is null, freed, of another kind, or none of this library's.
#define PK_INVALID_HANDLE 5

// A pointer is null that must not be.
#define PK_NULL 6

// A length or a count is over the cap (`PK_MAX_INPUT`, `PK_MAX_COUNT`).
#define PK_TOO_LONG 7

// A text is not UTF-8.
#define PK_NOT_UTF8 8

// The `size` of a structure is not one that this library knows. Set it to `sizeof` the structure.
#define PK_STRUCT_SIZE 9

// A number is none of the values that its field may have.
#define PK_INVALID_VALUE 10

// So many handles are open that no more can be made: some are not freed.
#define PK_TOO_MANY_HANDLES 11

// This header and this library do not fit together.
#define PK_VERSION_MISMATCH 12

// A mistake in the library, caught. Nothing of it was printed. The handle that was used is dead.
#define PK_PANICKED 13

// The handle died in an earlier call that answered `PK_PANICKED`. Free it.
#define PK_DEAD 14

// Somebody else held the lock all the time that was to be waited.
#define PK_BUSY 15

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Writes the library's version, such as `0.1.0`, and a NUL. `PK_VERSION` is the header's.
//
// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the text's length.
//
// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or `PK_NULL`. Any thread.
pk_status pk_version(char *buffer, size_t capacity, size_t *length, pk_error *error);

// Asks whether a program that was compiled with a header of this version may use this library:
// `PK_CHECK_VERSION(&error)` passes the numbers of the header. Call it once, at the start.
//
// Returns `PK_OK`, or `PK_VERSION_MISMATCH`: another major version, another minor version before 1.0, or a
// library that is older than the header. Any thread.
pk_status pk_check_version(uint32_t major,
                           uint32_t minor,
                           uint32_t patch,
                           pk_error *error);

// Makes a code verifier from the system's generator, and its challenge (RFC 7636 §4.1, §4.2). S256 is the
// only method.
//
// Both are texts of 43 characters with a NUL: the buffers need 44 bytes. The verifier is a secret; the
// caller wipes the buffer when it is done. `verifier_length` and `challenge_length` may be null.
//
// Returns `PK_OK`; `PK_ERROR` with `random_unavailable`; `PK_BUFFER_TOO_SMALL` or `PK_NULL`, upon which no
// buffer is written. Any thread.
pk_status pk_pair(char *verifier,
                  size_t verifier_capacity,
                  size_t *verifier_length,
                  char *challenge,
                  size_t challenge_capacity,
                  size_t *challenge_length,
                  pk_error *error);

// The S256 challenge of a verifier that was made elsewhere (RFC 7636 §4.2).
//
// `buffer` needs 44 bytes; `length` may be null.
//
// Returns `PK_OK`; `PK_ERROR` with `invalid_verifier`; or a status of misuse. Any thread.
pk_status pk_challenge(const char *verifier,
                       size_t verifier_length,
                       char *buffer,
                       size_t capacity,
                       size_t *length,
                       pk_error *error);

// Reads the text of a challenge as its 32 bytes, for a database.
//
// `bytes` points to 32 bytes.
//
// Returns `PK_OK`; `PK_ERROR` with `invalid_challenge` unless it is 43 characters of canonical base64url; or
// a status of misuse. Any thread.
pk_status pk_challenge_read(const char *challenge,
                            size_t challenge_length,
                            uint8_t *bytes,
                            pk_error *error);

// Writes the 32 bytes of a challenge as its text.
//
// `bytes` points to 32 bytes; `buffer` needs 44; `length` may be null.
//
// Returns `PK_OK` or a status of misuse. Any thread.
pk_status pk_challenge_write(const uint8_t *bytes,
                             char *buffer,
                             size_t capacity,
                             size_t *length,
                             pk_error *error);

// Whether the challenge is that of the verifier: the authorization server's check (RFC 7636 §4.6), in
// constant time. `*matches` becomes true or false.
//
// Returns `PK_OK` for both; `PK_ERROR` with `invalid_verifier` or `invalid_challenge` for a text outside the
// grammar; or a status of misuse. Any thread.
pk_status pk_verify(const char *verifier,
                    size_t verifier_length,
                    const char *challenge,
                    size_t challenge_length,
                    bool *matches,
                    pk_error *error);

// Begins a session: checks the request, then draws verifier, state and nonce from the system's generator.
// `*session` is the caller's to free.
//
// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration`, whose `field` names what cannot be used, or
// `random_unavailable`; or a status of misuse. Any thread.
pk_status pk_session_begin(const pk_authorization_request *request,
                           pk_session *session,
                           pk_error *error);

// Writes the URL for the user's browser (RFC 6749 §4.1.1, RFC 7636 §4.3). It holds the challenge, never the
// verifier. Give it to a browser as one argument, never through a shell.
//
// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the text's length.
//
// Returns `PK_OK`; `PK_BUFFER_TOO_SMALL`; `PK_ERROR` with `flow_ended` once the session was used; or a status of
// misuse. Any thread.
pk_status pk_session_authorization_url(pk_session session,
                                       char *buffer,
                                       size_t capacity,
                                       size_t *length,
                                       pk_error *error);

// Judges a redirect: the whole URI as it arrived, undecoded.
//
// Returns
// - `PK_OK`: it is ours and carries a code. `*token_request` redeems it and is the caller's to free. The
//   session is used up.
// - `PK_NOT_OURS`: it is noise. The session waits on.
// - `PK_ERROR`: it is ours and says no, or is broken. The session is over.
// - a status of misuse: nothing has happened.
//
// Any thread; of two at once one goes first.
pk_status pk_session_complete(pk_session session,
                              const char *redirect,
                              size_t redirect_length,
                              pk_token_request *token_request,
                              pk_error *error);

// Ends the session unused and wipes its secrets. The handle is still the caller's to free.
//
// Returns `PK_OK`, also where it was over before; or a status of misuse. Any thread.
pk_status pk_session_discard(pk_session session, pk_error *error);

// Frees the session and wipes its secrets. Safe while another thread uses the handle.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_session_free(pk_session session);

// Writes the token request (RFC 6749 §4.1.3, RFC 7636 §4.5). Send it once: a code is never tried twice.
//
// What `*request` points to is wiped at the next call with this handle, and when it is freed. The body
// holds the code and the verifier.
//
// Returns `PK_OK`; `PK_ERROR` with `flow_ended` once there were tokens or an error; or a status of misuse. Any
// thread, one at a time.
pk_status pk_token_request_http(pk_token_request token_request,
                                pk_http_request *request,
                                pk_error *error);

// Reads the answer of the token endpoint. `now` is in seconds since the epoch. `*tokens` is the caller's to
// free.
//
// Returns `PK_OK`; `PK_ERROR` with the server's refusal or what was wrong with its answer; or a status of
// misuse, upon which nothing has happened. Any thread.
pk_status pk_token_request_tokens(pk_token_request token_request,
                                  const pk_http_response *response,
                                  uint64_t now,
                                  pk_tokens *tokens,
                                  pk_error *error);

// Frees the token request and wipes its secrets. Safe while another thread uses the handle.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_token_request_free(pk_token_request token_request);

// Says what the ID token says. What `*fields` points to is good until the handle is freed.
//
// Returns `PK_OK` or a status of misuse. Any thread.
pk_status pk_identity_get(pk_identity identity, pk_identity_fields *fields, pk_error *error);

// Frees the identity and wipes what it says. Safe while another thread uses the handle.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_identity_free(pk_identity identity);

// Writes the access token, for the header `Authorization: Bearer …` of requests to its resource and to no
// other. It is a secret: the caller wipes the buffer when it is done.
//
// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the text's length. To learn the
// length call with a capacity of 0.
//
// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
pk_status pk_tokens_expose_access_token(pk_tokens tokens,
                                        char *buffer,
                                        size_t capacity,
                                        size_t *length,
                                        pk_error *error);

// Writes the refresh token. It is a secret: the caller wipes the buffer when it is done.
//
// Returns `PK_OK`; `PK_NOTHING` where the server issued none; `PK_BUFFER_TOO_SMALL` or a status of misuse. Any
// thread.
pk_status pk_tokens_expose_refresh_token(pk_tokens tokens,
                                         char *buffer,
                                         size_t capacity,
                                         size_t *length,
                                         pk_error *error);

// Whether the access token can still be used at `now`, in seconds since the epoch: it does not expire within the
// next minute or so, nor within the last quarter of a short life.
//
// Returns `PK_OK` or a status of misuse. Any thread.
pk_status pk_tokens_is_fresh(pk_tokens tokens,
                             uint64_t now,
                             bool *fresh,
                             pk_error *error);

// Writes the value of the header field `Authorization` for a request to `url` (RFC 6750 §2.1), while the access
// token is fresh at `now`, in seconds since the epoch. It is a secret: the caller wipes the buffer when it is done. A
// token that is bound to a key needs a proof beside it: `pk_tokens_authorize` is for both kinds.
//
// Returns `PK_OK`; `PK_NOTHING` where the token must be refreshed first; `PK_ERROR` with `wrong_resource` where `url`
// does not lie in the resource that the token is for, or the token is for none, with `signing_failed` where the token
// is bound; `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
pk_status pk_tokens_authorization(pk_tokens tokens,
                                  const char *url,
                                  size_t url_length,
                                  uint64_t now,
                                  char *buffer,
                                  size_t capacity,
                                  size_t *length,
                                  pk_error *error);

// Names the access token without showing it: its SHA-256. `fingerprint` points to 32 bytes. It is what `rejected` of
// a `pk_access_run` wants when a resource has refused the token.
//
// Returns `PK_OK` or a status of misuse. Any thread.
pk_status pk_tokens_fingerprint(pk_tokens tokens,
                                uint8_t *fingerprint,
                                pk_error *error);

// When the access token expires, in seconds since the epoch by the clock that was given.
//
// Returns `PK_OK`; `PK_NOTHING` where the server did not say; or a status of misuse. Any thread.
pk_status pk_tokens_expires_at(pk_tokens tokens, uint64_t *expires_at, pk_error *error);

// Writes the scopes that were granted, with a space between them; may be empty.
//
// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
pk_status pk_tokens_scope(pk_tokens tokens,
                          char *buffer,
                          size_t capacity,
                          size_t *length,
                          pk_error *error);

// Writes who issued the tokens.
//
// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
pk_status pk_tokens_issuer(pk_tokens tokens,
                           char *buffer,
                           size_t capacity,
                           size_t *length,
                           pk_error *error);

// Writes whom the tokens were issued to.
//
// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
pk_status pk_tokens_client_id(pk_tokens tokens,
                              char *buffer,
                              size_t capacity,
                              size_t *length,
                              pk_error *error);

// Writes the resource that was asked for (RFC 8707).
//
// Returns `PK_OK`; `PK_NOTHING` where none was; `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
pk_status pk_tokens_resource(pk_tokens tokens,
                             char *buffer,
                             size_t capacity,
                             size_t *length,
                             pk_error *error);

// Frees the tokens and wipes them. Safe while another thread uses the handle.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_tokens_free(pk_tokens tokens);

// Writes the type of the access token: `Bearer`, or `DPoP` where it is bound to a key (RFC 9449 §5).
//
// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
pk_status pk_tokens_token_type(pk_tokens tokens,
                               char *buffer,
                               size_t capacity,
                               size_t *length,
                               pk_error *error);

// Says who signed in, where the scope `openid` was asked for and the server's ID token was verified. `*identity` is the
// caller's to free, and outlives the tokens.
//
// Returns `PK_OK`; `PK_NOTHING` where no ID token was verified; or a status of misuse. Any thread.
pk_status pk_tokens_identity(pk_tokens tokens,
                             pk_identity *identity,
                             pk_error *error);

// Writes the scopes that the last sign-in asked for, with a space between them; may be empty.
//
// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
pk_status pk_tokens_requested_scope(pk_tokens tokens,
                                    char *buffer,
                                    size_t capacity,
                                    size_t *length,
                                    pk_error *error);

// Writes the scopes that were asked for and not granted, with a space between them; may be empty.
//
// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
pk_status pk_tokens_missing_scope(pk_tokens tokens,
                                  char *buffer,
                                  size_t capacity,
                                  size_t *length,
                                  pk_error *error);

// Writes the authorization details that were granted (RFC 9396 §7), as the JSON text of the answer.
//
// Returns `PK_OK`; `PK_NOTHING` where the answer has none; `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
pk_status pk_tokens_authorization_details(pk_tokens tokens,
                                          char *buffer,
                                          size_t capacity,
                                          size_t *length,
                                          pk_error *error);

// Writes the type of an authorization detail that was asked for and of which none was granted (RFC 9396 §7); `index`
// begins with 0, and each type comes once. Details of one type may still differ from what was asked for.
//
// Returns `PK_OK`; `PK_NOTHING` after the last; `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
pk_status pk_tokens_missing_authorization_detail(pk_tokens tokens,
                                                 size_t index,
                                                 char *buffer,
                                                 size_t capacity,
                                                 size_t *length,
                                                 pk_error *error);

// Makes a memory of nonces, with none in it yet. `*nonces` is the caller's to free.
//
// Returns `PK_OK` or a status of misuse. Any thread.
pk_status pk_dpop_nonces_new(pk_dpop_nonces *nonces, pk_error *error);

// Remembers the value of the header field `DPoP-Nonce` of an answer from `url`. Say it of every answer of a resource
// that has one, before `pk_resource_call_answered`; what authorization servers say the flows hear themselves.
// `*taken` is whether it is remembered: a text that is no nonce (RFC 9449 §8.1), or longer than 1 KiB, is not, and the
// one before stays.
//
// Returns `PK_OK` or a status of misuse. Any thread.
pk_status pk_dpop_nonces_heard(pk_dpop_nonces nonces,
                               const char *url,
                               size_t url_length,
                               const char *nonce,
                               size_t nonce_length,
                               bool *taken,
                               pk_error *error);

// Frees the memory. Safe while another thread uses the handle; an access that was made with it keeps it.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_dpop_nonces_free(pk_dpop_nonces nonces);

// Makes the header fields for a request with this method to `url`, while the access token is fresh at `now`, in
// seconds since the epoch. Where the token is bound to a key they hold a proof that is good for this one request, with
// the nonce that `nonces` has of its server; `nonces` may be none (an `id` of 0). `*authorized` is the caller's to
// free.
//
// Where the key is one that the platform keeps `pk_authorized_unsigned` says what it is to sign, before the fields are
// there.
//
// Returns `PK_OK`; `PK_NOTHING` where the token must be refreshed first; `PK_ERROR` with `wrong_resource` where `url`
// does not lie in the resource that the token is for, or the token is for none, with `signing_failed` or
// `random_unavailable`; or a status of misuse. Any thread.
pk_status pk_tokens_authorize(pk_tokens tokens,
                              const char *method,
                              size_t method_length,
                              const char *url,
                              size_t url_length,
                              uint64_t now,
                              pk_dpop_nonces nonces,
                              pk_authorized *authorized,
                              pk_error *error);

// As `pk_tokens_authorize`, fresh or not: for tokens that an access has just given. They are the best that there are,
// and the resource says whether they will do.
//
// Returns what `pk_tokens_authorize` returns but `PK_NOTHING`. Any thread.
pk_status pk_tokens_authorize_now(pk_tokens tokens,
                                  const char *method,
                                  size_t method_length,
                                  const char *url,
                                  size_t url_length,
                                  uint64_t now,
                                  pk_dpop_nonces nonces,
                                  pk_authorized *authorized,
                                  pk_error *error);

// Says what a key that the platform keeps is to sign before the header fields are there. What `*proof` points to is
// good until the next call with this handle.
//
// Returns `PK_OK`; `PK_NOTHING` where nothing is to be signed, or was signed already; or a status of misuse. Any
// thread.
pk_status pk_authorized_unsigned(pk_authorized authorized,
                                 pk_unsigned_proof *proof,
                                 pk_error *error);

// Takes the signature of what `pk_authorized_unsigned` gave: 64 bytes (RFC 7518 §3.4), or DER as platforms give it
// (RFC 3279 §2.2.3).
//
// Returns `PK_OK`; `PK_ERROR` with `signing_failed` where the bytes are no signature, after which the handle is good
// for nothing but to be freed; `PK_NOTHING` where nothing is to be signed; or a status of misuse. Any thread.
pk_status pk_authorized_sign(pk_authorized authorized,
                             const char *signature,
                             size_t signature_length,
                             pk_error *error);

// Writes the value of the header field `Authorization` (RFC 6750 §2.1, RFC 9449 §7.1). It is a secret: the caller
// wipes the buffer when it is done.
//
// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the text's length.
//
// Returns `PK_OK`; `PK_NOTHING` where the platform's key must sign first; `PK_BUFFER_TOO_SMALL` or a status of misuse.
// Any thread.
pk_status pk_authorized_authorization(pk_authorized authorized,
                                      char *buffer,
                                      size_t capacity,
                                      size_t *length,
                                      pk_error *error);

// Writes the value of the header field `DPoP` (RFC 9449 §4.1), which is good for the one request. It is sent where
// there is one. The caller wipes the buffer when it is done.
//
// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the text's length.
//
// Returns `PK_OK`; `PK_NOTHING` where the token is bound to no key, or the platform's key must sign first;
// `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
pk_status pk_authorized_dpop(pk_authorized authorized,
                             char *buffer,
                             size_t capacity,
                             size_t *length,
                             pk_error *error);

// Frees the header fields and wipes them. Safe while another thread uses the handle.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_authorized_free(pk_authorized authorized);

// Makes a key by the system's generator. `*data_key` is the caller's to free.
//
// Returns `PK_OK`; `PK_ERROR` with `random_unavailable`; or a status of misuse. Any thread.
pk_status pk_data_key_generate(pk_data_key *data_key, pk_error *error);

// The key of these 32 bytes. `*data_key` is the caller's to free, and so are the bytes to wipe.
//
// Returns `PK_OK` or a status of misuse. Any thread.
pk_status pk_data_key_from_bytes(const uint8_t *bytes, pk_data_key *data_key, pk_error *error);

// The key of this text: base64url without padding of 32 bytes, as a keyring keeps it. `*data_key` is the caller's to
// free, and so is the text to wipe.
//
// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration` where it is none; or a status of misuse. Any thread.
pk_status pk_data_key_from_text(const char *text,
                                size_t text_length,
                                pk_data_key *data_key,
                                pk_error *error);

// Writes the key as base64url without padding, 43 characters and a NUL, for a keyring. It is a secret: the caller
// wipes the buffer when it is done.
//
// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the text's length.
//
// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
pk_status pk_data_key_expose_text(pk_data_key data_key,
                                  char *buffer,
                                  size_t capacity,
                                  size_t *length,
                                  pk_error *error);

// Frees the key. Safe while another thread uses the handle; a flow that was made with it keeps its own.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_data_key_free(pk_data_key data_key);

// Writes the session as bytes that may lie on a disk, sealed under this key: for a program that may be ended while
// the user is at the browser. `pk_session_open` takes it up again until `expires_at`, in seconds since the epoch.
// The extra parameters are not among it, for the request was made. The session stays as it is.
//
// Nothing in the bytes ends with their use: delete them before you open them, so that of two that try one succeeds.
//
// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the number of bytes. A NUL follows that it
// does not count. Each call seals anew and writes other bytes, as many for the same session and `expires_at`.
//
// Returns `PK_OK`; `PK_BUFFER_TOO_SMALL`; `PK_ERROR` with `flow_ended` once the session was used, or
// `random_unavailable`; or a status of misuse. Any thread.
pk_status pk_session_seal(pk_session session,
                          pk_data_key data_key,
                          uint64_t expires_at,
                          char *buffer,
                          size_t capacity,
                          size_t *length,
                          pk_error *error);

// Opens what `pk_session_seal` wrote, for who names the same issuer, client and redirect URI. `now` is in seconds
// since the epoch. `*session` is the caller's to free.
//
// Returns `PK_OK`; `PK_ERROR` with `record_unreadable` where the bytes were changed, sealed with another key or for
// others, or `session_expired`; or a status of misuse. Any thread.
pk_status pk_session_open(pk_data_key data_key,
                          pk_text sealed,
                          pk_text issuer,
                          pk_text client_id,
                          pk_text redirect_uri,
                          uint64_t now,
                          pk_session *session,
                          pk_error *error);

// Makes a sign-in. Nothing happens until it is advanced with `PK_EVENT_START`. `*sign_in` is the caller's to
// free.
//
// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration`, whose `field` names what cannot be used; or a status
// of misuse. Any thread.
pk_status pk_sign_in_new(const pk_sign_in_config *config,
                         pk_sign_in *sign_in,
                         pk_error *error);

// Says what has happened and gets what to do next. Begin with `PK_EVENT_START`, do what `*step` says, say what
// came of it, until `PK_STEP_DONE`. `now` is in seconds since the epoch; it is used for expiry alone.
//
// What `*step` points to is wiped at the next `pk_sign_in_advance` or `pk_sign_in_outcome` with this handle,
// and when it is freed.
//
// Returns `PK_OK`; `PK_ERROR`, which ends the flow; or a status of misuse, upon which nothing has happened and
// the event may be given again. Any thread, one at a time: others wait, and take the step away from the one
// before.
pk_status pk_sign_in_advance(pk_sign_in sign_in,
                             const pk_event *event,
                             uint64_t now,
                             pk_step *step,
                             pk_error *error);

// Takes the tokens out, once, after `PK_STEP_DONE`. `*tokens` is the caller's to free.
//
// Returns `PK_OK`; `PK_NOTHING` before `PK_STEP_DONE` and from the second time on; or a status of misuse. Any
// thread.
pk_status pk_sign_in_outcome(pk_sign_in sign_in,
                             pk_tokens *tokens,
                             pk_error *error);

// Frees the sign-in, wherever it is, and wipes its secrets. Safe while another thread uses the handle.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_sign_in_free(pk_sign_in sign_in);

// Makes a discovery. Nothing happens until it is advanced with `PK_EVENT_START`. `*discovery` is the caller's to
// free.
//
// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration`, whose `field` names what cannot be used; or a status
// of misuse. Any thread.
pk_status pk_discovery_new(const pk_discovery_config *config,
                           pk_discovery *discovery,
                           pk_error *error);

// Says what has happened and gets what to do next, as `pk_sign_in_advance` does; the only steps are
// `PK_STEP_SEND` and `PK_STEP_DONE`. `now` is in seconds since the epoch; it is kept with the documents.
//
// What `*step` points to is good until the next `pk_discovery_advance` or `pk_discovery_outcome` with this handle.
//
// Returns `PK_OK`; `PK_ERROR`, which ends the flow; or a status of misuse, upon which nothing has happened and
// the event may be given again. Any thread, one at a time: others wait, and take the step away from the one
// before.
pk_status pk_discovery_advance(pk_discovery discovery,
                               const pk_event *event,
                               uint64_t now,
                               pk_step *step,
                               pk_error *error);

// Takes out what was found, once, after `PK_STEP_DONE`. `*discovered` is the caller's to free. Nothing has been
// opened and no one trusted: show `PK_FIELD_ISSUER_HOST` to the user before a browser opens.
//
// Returns `PK_OK`; `PK_NOTHING` before `PK_STEP_DONE` and from the second time on; or a status of misuse. Any
// thread.
pk_status pk_discovery_outcome(pk_discovery discovery,
                               pk_discovered *discovered,
                               pk_error *error);

// Frees the discovery, wherever it is; what it found lives on. Safe while another thread uses the handle.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_discovery_free(pk_discovery discovery);

// Writes a text of what was found: `field` is `PK_FIELD_ISSUER` and the like.
//
// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the text's length. To learn the
// length call with a capacity of 0.
//
// Returns `PK_OK`; `PK_NOTHING` where the documents do not say it; `PK_BUFFER_TOO_SMALL` or a status of misuse. Any
// thread.
pk_status pk_discovered_text(pk_discovered discovered,
                             uint32_t field,
                             char *buffer,
                             size_t capacity,
                             size_t *length,
                             pk_error *error);

// How many items a list has: `list` is `PK_LIST_SCOPES` and the like. An empty list has 0.
//
// Returns `PK_OK`; `PK_NOTHING` where the documents have no such list; or a status of misuse. Any thread.
pk_status pk_discovered_count(pk_discovered discovered,
                              uint32_t list,
                              size_t *count,
                              pk_error *error);

// Writes an item of a list, as the document has it; `index` begins with 0. Treat it as a stranger's word.
//
// Returns `PK_OK`; `PK_NOTHING` after the last, and where there is no such list; `PK_BUFFER_TOO_SMALL` or a status of
// misuse. Any thread.
pk_status pk_discovered_item(pk_discovered discovered,
                             uint32_t list,
                             size_t index,
                             char *buffer,
                             size_t capacity,
                             size_t *length,
                             pk_error *error);

// Says what the metadata means for a feature: `feature` is `PK_FEATURE_S256` and the like. What `*capability` points
// to is good until the handle is freed.
//
// Returns `PK_OK`; `PK_NOTHING` where no authorization server's document was read; or a status of misuse. Any
// thread.
pk_status pk_discovered_capability(pk_discovered discovered,
                                   uint32_t feature,
                                   pk_capability *capability,
                                   pk_error *error);

// When a document was fetched, in seconds since the epoch: `document` is `PK_DOCUMENT_PROVIDER` or
// `PK_DOCUMENT_RESOURCE`.
//
// Returns `PK_OK`; `PK_NOTHING` where this document was not read; or a status of misuse. Any thread.
pk_status pk_discovered_fetched_at(pk_discovered discovered,
                                   uint32_t document,
                                   uint64_t *fetched_at,
                                   pk_error *error);

// Whether every document that was read is younger than `max_age_s` seconds at `now`. One that is from the future,
// because the clock was set back, is not.
//
// Returns `PK_OK` or a status of misuse. Any thread.
pk_status pk_discovered_is_fresh(pk_discovered discovered,
                                 uint64_t now,
                                 uint64_t max_age_s,
                                 bool *fresh,
                                 pk_error *error);

// Fills in what `pk_sign_in_new` needs to know of the server: `issuer`, `authorization_endpoint`, `token_endpoint`,
// `iss_promised`, `scopes`, `resource`, and `browse_timeout_ms`, where it is 0, with five minutes. The other members
// stay as they are, and all may be changed afterwards. What is pointed to is good until the handle is freed, so
// free it after `pk_sign_in_new`.
//
// Returns `PK_OK`; `PK_NOTHING` where no authorization server's document was read; or a status of misuse. Any
// thread.
pk_status pk_discovered_sign_in(pk_discovered discovered,
                                pk_sign_in_config *config,
                                pk_error *error);

// Frees what was found. Safe while another thread uses the handle.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_discovered_free(pk_discovered discovered);

// Reads an authorization server's metadata, as strictly as the flow does. `*discovered` is the caller's to free;
// it has no resource, and no scopes to ask for.
//
// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration`, `metadata_issuer_mismatch`, `invalid_metadata` or
// `pkce_unsupported`; or a status of misuse. Any thread.
pk_status pk_provider_read(const pk_document *document,
                           pk_discovered *discovered,
                           pk_error *error);

// Reads a protected resource's metadata, as strictly as the flow does, and chooses the issuer to go on with: the
// configured one, or the first that the resource lists. `*discovered` is the caller's to free; it has no
// authorization server yet.
//
// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration`, `metadata_resource_mismatch`, `invalid_metadata` or
// `issuer_not_listed`; or a status of misuse. Any thread.
pk_status pk_resource_read(const pk_document *document,
                           pk_discovered *discovered,
                           pk_error *error);

// Writes one of the addresses of a document, in the order in which they are asked (RFC 8414 §3.1, OpenID Connect
// Discovery 1.0 §4, RFC 9728 §3.1): for a server that publishes its own. `document` is `PK_DOCUMENT_PROVIDER` with
// an issuer as the `identifier`, or `PK_DOCUMENT_RESOURCE` with a resource; `index` begins with 0.
//
// Returns `PK_OK`; `PK_NOTHING` after the last; `PK_ERROR` with `invalid_configuration`; `PK_BUFFER_TOO_SMALL` or a
// status of misuse. Any thread.
pk_status pk_well_known_url(uint32_t document,
                            const char *identifier,
                            size_t identifier_length,
                            size_t index,
                            char *buffer,
                            size_t capacity,
                            size_t *length,
                            pk_error *error);

// Parses the values of all `WWW-Authenticate` fields of an answer, in their order, whatever stands in them.
// `*www_authenticate` is the caller's to free. `pk_discovery_new` takes the fields as they are: this is for those who
// want to know what a 401 or 403 says.
//
// Returns `PK_OK` or a status of misuse. Any thread.
pk_status pk_www_authenticate_parse(const pk_text *fields,
                                    size_t field_count,
                                    pk_www_authenticate *www_authenticate,
                                    pk_error *error);

// Says what is asked for: the first Bearer or DPoP challenge that names `resource_metadata`, else the first of
// them. What `*demand` points to is good until the handle is freed.
//
// Returns `PK_OK`; `PK_NOTHING` where there is no such challenge; or a status of misuse. Any thread.
pk_status pk_www_authenticate_demand(pk_www_authenticate www_authenticate,
                                     pk_demand *demand,
                                     pk_error *error);

// Gives one of the challenges, in their order and from 0 on; after them those that were left out. What
// `*challenge` points to is good until the handle is freed.
//
// Returns `PK_OK`; `PK_NOTHING` after the last; or a status of misuse. Any thread.
pk_status pk_www_authenticate_challenge(pk_www_authenticate www_authenticate,
                                        size_t index,
                                        pk_auth_challenge *challenge,
                                        pk_error *error);

// Frees what was parsed. Safe while another thread uses the handle.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_www_authenticate_free(pk_www_authenticate www_authenticate);

// Writes the document, ready to be served as `application/json`: a native application, public, for the code grant and
// for refreshing. `fields` belongs to the caller.
//
// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the text's length.
//
// Returns `PK_OK`; `PK_ERROR` with `invalid_metadata`, whose message names what cannot be used; `PK_BUFFER_TOO_SMALL`
// or a status of misuse. Any thread.
pk_status pk_client_document_write(const pk_client_document_fields *fields,
                                   char *buffer,
                                   size_t capacity,
                                   size_t *length,
                                   pk_error *error);

// Reads the document that was fetched from `url`, as a server does it, or whoever wants to know whether what is served
// there will do. `*client_document` is the caller's to free.
//
// Returns `PK_OK`; `PK_ERROR` with `invalid_metadata`, whose message names what cannot be used; a `client_id` other
// than `url`, letter for letter, is such; or a status of misuse. Any thread.
pk_status pk_client_document_read(const char *url,
                                  size_t url_length,
                                  const char *body,
                                  size_t body_length,
                                  pk_client_document *client_document,
                                  pk_error *error);

// Says what the document says. What `*fields` points to is good until the handle is freed.
//
// Returns `PK_OK` or a status of misuse. Any thread.
pk_status pk_client_document_get(pk_client_document client_document,
                                 pk_client_document_fields *fields,
                                 pk_error *error);

// Frees what was read. Safe while another thread uses the handle.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_client_document_free(pk_client_document client_document);

// Makes a request that was not sent yet. The scopes of `scope_ceiling` may be asked for without the user's word when
// the resource demands them, and no others; null is no ceiling: whatever it demands. It is that of the configuration. `*resource_call` is the caller's
// to free.
//
// Returns `PK_OK` or a status of misuse. Any thread.
pk_status pk_resource_call_new(const pk_text *scope_ceiling,
                               size_t scope_ceiling_count,
                               pk_resource_call *resource_call,
                               pk_error *error);

// Says what an answer means. `pk_dpop_nonces_heard` comes first. What `*reaction` points to is good until the next call
// with this handle.
//
// Returns `PK_OK`; `PK_ERROR` with `scope_ceiling`, whose `field` is the scope above it, or with `step_up_refused`:
// nothing more is tried; or a status of misuse. Any thread.
pk_status pk_resource_call_answered(pk_resource_call resource_call,
                                    const pk_resource_answer *answer,
                                    pk_reaction *reaction,
                                    pk_error *error);

// Frees the request. Safe while another thread uses the handle.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_resource_call_free(pk_resource_call resource_call);

// Checks a configuration as `pk_access_new` does, so that what is wrong is said before the user waits.
//
// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration`, whose `field` names what cannot be used; or a status of
// misuse. Any thread.
pk_status pk_access_check(const pk_access_config *config,
                          pk_error *error);

// Makes an access. `goal` is `PK_GOAL_TOKEN` and the like; `run`, which may be null, is what is only so this once.
// Nothing happens until it is advanced with `PK_EVENT_START`. `*access` is the caller's to free.
//
// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration`, whose `field` names what cannot be used; `PK_NOTHING`
// where `known` has no authorization server; or a status of misuse. Any thread.
pk_status pk_access_new(const pk_access_config *config,
                        uint32_t goal,
                        const pk_access_run *run,
                        pk_access *access,
                        pk_error *error);

// Says what has happened and gets what to do next. Begin with `PK_EVENT_START`, do what `*step` says, say what
// came of it, until `PK_STEP_DONE`. `now` is in seconds since the epoch.
//
// A lock that `PK_STEP_LOCK` has got belongs to the driver's loop: it is given back with `PK_STEP_UNLOCK`, and where
// the loop ends without one, then. After `PK_EVENT_CANCEL` the flow may still ask for `PK_STEP_SEND` with `finish`,
// `PK_STEP_SWAP` and `PK_STEP_UNLOCK`: it saves what a server has given out already.
//
// What `*step` points to is wiped at the next `pk_access_advance` or `pk_access_take_outcome` with this handle, and
// when it is freed.
//
// Returns `PK_OK`; `PK_ERROR`, which ends the flow; or a status of misuse, upon which nothing has happened and
// the event may be given again. Any thread, one at a time: others wait, and take the step away from the one
// before.
pk_status pk_access_advance(pk_access access,
                            const pk_event *event,
                            uint64_t now,
                            pk_step *step,
                            pk_error *error);

// Takes out what came of it, once, after `PK_STEP_DONE`. The handles in `*outcome` are the caller's to free.
//
// `*warning`, which may be null, becomes what went wrong without ending the flow: why a refresh failed while the old
// token is still good, why tokens could not be stored, why the server did not revoke. Where nothing did, its `status`
// is `PK_OK` and its texts are empty.
//
// Returns `PK_OK`; `PK_NOTHING` before `PK_STEP_DONE` and from the second time on; or a status of misuse. Any
// thread.
pk_status pk_access_take_outcome(pk_access access,
                                 pk_access_outcome *outcome,
                                 pk_error *warning,
                                 pk_error *error);

// Writes where the user's browser ends the session that it may still have with the server (OpenID Connect
// RP-Initiated Logout §2): after `PK_GOAL_SIGN_OUT`, once the outcome was taken. Opening it is the program's part, and
// its choice. It holds the ID token, so it belongs into the browser and into no log; the caller wipes the buffer when
// it is done.
//
// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the text's length.
//
// Returns `PK_OK`; `PK_NOTHING` where there is none; `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
pk_status pk_access_end_session_url(pk_access access,
                                    char *buffer,
                                    size_t capacity,
                                    size_t *length,
                                    pk_error *error);

// Frees the access, wherever it is, and wipes its secrets; what it gave out lives on. Safe while another thread uses
// the handle.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_access_free(pk_access access);

// Writes the default folder of this user, the same for every language and the program `proofkey`: `PROOFKEY_STORE`
// where it is set, else a folder `proofkey` where the system keeps such things. Nothing is made or looked at.
//
// Returns `PK_OK`; `PK_ERROR` with `store_denied` where there is none; `PK_BUFFER_TOO_SMALL` or a status of misuse. Any
// thread.
pk_status pk_file_store_default_folder(char *buffer,
                                       size_t capacity,
                                       size_t *length,
                                       pk_error *error);

// Opens a folder, and makes it, for this user alone, if it is not there. `*file_store` is the caller's to free.
//
// Returns `PK_OK`; `PK_ERROR` with `store_insecure` where others can write into it, or with `store_denied`,
// `store_full` or `store_failed` for what the system refuses; or a status of misuse. Any thread.
pk_status pk_file_store_open(const char *folder,
                             size_t folder_length,
                             pk_file_store *file_store,
                             pk_error *error);

// Writes the folder, by its real path.
//
// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
pk_status pk_file_store_folder(pk_file_store file_store,
                               char *buffer,
                               size_t capacity,
                               size_t *length,
                               pk_error *error);

// Reads what is stored under a key, for `PK_STEP_LOAD`: writes the bytes to `buffer`, a NUL behind them, and names them
// in `*revision`. They may hold secrets: the caller wipes the buffer when it is done. `key` is 1 to 100 characters of
// `a-z 0-9 -`. A `capacity` of `PK_STORED_CAPACITY` is always enough; `length`, which may be null, gets the number of
// bytes.
//
// Returns `PK_OK`; `PK_NOTHING` where nothing is stored, which is revision 0; `PK_BUFFER_TOO_SMALL`; `PK_ERROR`, to be
// passed on as the `code` of `PK_EVENT_FAILED`, with `store_unreadable` (what cannot be read was set aside),
// `store_newer`, `store_insecure`, `store_denied` or `store_failed`; or a status of misuse. Any thread.
pk_status pk_file_store_load(pk_file_store file_store,
                             const char *key,
                             size_t key_length,
                             uint64_t *revision,
                             char *buffer,
                             size_t capacity,
                             size_t *length,
                             pk_error *error);

// Writes `value`, or deletes where it is null, if what is stored is still of `*revision`, for `PK_STEP_SWAP`: 0 is that
// of nothing, and a null `revision` stands for any. `*swapped` becomes whether it was done and has reached the disk. It
// waits for other writers, 30 s at most.
//
// Returns `PK_OK` for both; `PK_ERROR`, to be passed on as the `code` of `PK_EVENT_FAILED`, with `store_full`,
// `store_busy` or as `pk_file_store_load`; or a status of misuse. Any thread.
pk_status pk_file_store_swap(pk_file_store file_store,
                             const char *key,
                             size_t key_length,
                             const uint64_t *revision,
                             const char *value,
                             size_t value_length,
                             bool *swapped,
                             pk_error *error);

// Frees the handle; the records stay, and locks that were taken are held. Safe while another thread uses it.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_file_store_free(pk_file_store file_store);

// Takes the lock of a key, for `PK_STEP_LOCK`: it keeps others who ask for it away, in all threads and processes. It
// waits `wait_ms` milliseconds at most; who wants to be able to stop waiting asks for a short time, again and again.
// `*file_lock` is the caller's to free, which any thread may do; when the process ends the lock is free by itself.
//
// Returns `PK_OK`; `PK_BUSY` where somebody else held it all the time, upon which nothing was taken; `PK_ERROR`, to be
// passed on as the `code` of `PK_EVENT_FAILED`, with `store_insecure`, `store_denied`, `store_full` or `store_failed`; or
// a status of misuse. Any thread; one that takes a lock twice waits in vain.
pk_status pk_file_store_lock(pk_file_store file_store,
                             const char *key,
                             size_t key_length,
                             uint64_t wait_ms,
                             pk_file_lock *file_lock,
                             pk_error *error);

// Gives the lock back, for `PK_STEP_UNLOCK`.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_file_lock_free(pk_file_lock file_lock);

// Where the data key is, under which what lies in the folder is sealed. `*place` becomes `PK_KEY_PLACE_UNDECIDED` and
// the like.
//
// Returns `PK_OK`; `PK_ERROR` as `pk_file_store_load`; or a status of misuse. Any thread.
pk_status pk_file_store_key_place(pk_file_store file_store,
                                  uint32_t *place,
                                  pk_error *error);

// Gives the data key that is kept in a file beside the records. Where the place is undecided this decides it and makes
// the key: once, however many programs ask at once. `*data_key` is the caller's to free. It protects from other users,
// and is no encryption against a program of the same user.
//
// Returns `PK_OK`; `PK_ERROR` with `store_denied` where the key is in the keyring, or as `pk_file_store_swap`; or a
// status of misuse. Any thread.
pk_status pk_file_store_file_key(pk_file_store file_store,
                                 pk_data_key *data_key,
                                 pk_error *error);

// Writes down that the data key of this folder is in the system's keyring. `*decided` becomes whether it now says so;
// not, where it was decided for a file meanwhile. Whoever makes the keyring's entry holds the lock of
// `PK_KEYRING_ACCOUNT` from before looking for one until this has returned.
//
// Returns `PK_OK` for both; `PK_ERROR` as `pk_file_store_swap`; or a status of misuse. Any thread.
pk_status pk_file_store_decide_keyring(pk_file_store file_store,
                                       bool *decided,
                                       pk_error *error);

// Opens the port. It listens until it is freed; redirects that come meanwhile are kept for
// `pk_receiver_wait`. `*receiver` is the caller's to free.
//
// `host` is `PK_HOST_V4` and the like, `port` of 0 leaves the choice to the system, `path` begins with a slash.
//
// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration`, `port_in_use` or `listen_failed`, to be passed on
// as the `code` of `PK_EVENT_FAILED`; or a status of misuse. Any thread.
pk_status pk_receiver_bind(uint32_t host,
                           uint16_t port,
                           const char *path,
                           size_t path_length,
                           pk_receiver *receiver,
                           pk_error *error);

// The port, for `PK_EVENT_LISTENING`.
//
// Returns `PK_OK` or a status of misuse. Any thread.
pk_status pk_receiver_port(pk_receiver receiver, uint16_t *port, pk_error *error);

// Writes the redirect URI to be sent in an authorization request.
//
// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
pk_status pk_receiver_redirect_uri(pk_receiver receiver,
                                   char *buffer,
                                   size_t capacity,
                                   size_t *length,
                                   pk_error *error);

// Waits for the next redirect, for at most `timeout_ms` milliseconds (a day at most). `*received` becomes
// `PK_RECEIVED_REDIRECT`, `PK_RECEIVED_ELAPSED` or `PK_RECEIVED_CANCELLED`; with the first the whole URI is
// written to `buffer`, unjudged. It may hold a code. `length`, which may be null, gets its length.
//
// Returns `PK_OK`; `PK_BUFFER_TOO_SMALL`, upon which the redirect is kept for the next call; `PK_ERROR` with
// `listen_failed`; or a status of misuse. Any thread; `pk_receiver_cancel` and `pk_receiver_free` end the wait
// from another.
pk_status pk_receiver_wait(pk_receiver receiver,
                           uint64_t timeout_ms,
                           uint32_t *received,
                           char *buffer,
                           size_t capacity,
                           size_t *length,
                           pk_error *error);

// Ends the wait that runs, at once, and every later one. It is made to be called from another thread; from a
// signal handler it must not be called.
//
// Returns `PK_OK` or a status of misuse. Any thread.
pk_status pk_receiver_cancel(pk_receiver receiver,
                             pk_error *error);

// Closes the port and frees the receiver. A wait of another thread ends with `PK_RECEIVED_CANCELLED`, and
// the port is closed when it has.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_receiver_free(pk_receiver receiver);

// Checks an ID token as OpenID Connect Core §3.1.3.7 demands. An access does so itself: this is for those who bring
// their own flow. `*identity` is the caller's to free.
//
// Returns `PK_OK`; `PK_NOTHING` where the key set holds no key that the token could be signed with: the issuer may have
// changed its keys, and they are fetched once more; `PK_ERROR` with `invalid_key_set` or `id_token_refused`, which
// shows nothing of the token; or a status of misuse. Any thread.
pk_status pk_id_token_verify(const pk_id_token *given,
                             pk_identity *identity,
                             pk_error *error);

// Reads the document at an issuer's `jwks_uri` (RFC 7517 §5): at most 64 KiB and 100 keys. `*count` becomes how many
// keys in it can verify an ID token; that none can is no error.
//
// Returns `PK_OK`; `PK_ERROR` with `invalid_key_set`; or a status of misuse. Any thread.
pk_status pk_key_set_read(const char *body,
                          size_t body_length,
                          size_t *count,
                          pk_error *error);

// Whether a redirect URI that was sent is the registered one (RFC 9700 §2.1): equal as strings, but for the
// port of a loopback address.
//
// Returns `PK_OK` or a status of misuse. Any thread.
pk_status pk_redirect_uri_matches(const char *registered,
                                  size_t registered_length,
                                  const char *sent,
                                  size_t sent_length,
                                  bool *matches,
                                  pk_error *error);

// Writes the client that a request names, so that its record can be looked up. `query` is what stands after
// the question mark.
//
// Returns `PK_OK`; `PK_NOTHING` where it names none, or several, or is too long, which is to be shown to the
// user on a page with status 400; `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
pk_status pk_grant_request_client_id(const char *query,
                                     size_t query_length,
                                     char *buffer,
                                     size_t capacity,
                                     size_t *length,
                                     pk_error *error);

// Judges an authorization request (RFC 6749 §4.1.1) from this client. `*grant_request` is the caller's to
// free; `pk_grant_request_verdict` says what was found.
//
// Returns `PK_OK`, also where the request is refused; `PK_ERROR` with `invalid_configuration` for the policy; or a
// status of misuse. Any thread.
pk_status pk_grant_request_judge(const char *query,
                                 size_t query_length,
                                 const pk_client_record *client,
                                 const pk_policy *policy,
                                 pk_grant_request *grant_request,
                                 pk_error *error);

// Says what was found.
//
// Returns `PK_OK`; `PK_ERROR` with `flow_ended` once `pk_issue_new` took the request; or a status of misuse. Any
// thread, one at a time.
pk_status pk_grant_request_verdict(pk_grant_request grant_request,
                                   pk_request_verdict *verdict,
                                   pk_error *error);

// The user said no: writes where to send the browser with a 303, with `access_denied` in it. It holds the
// client's state.
//
// Returns `PK_OK`; `PK_NOTHING` where the request was not accepted; `PK_BUFFER_TOO_SMALL`; `PK_ERROR` with
// `flow_ended` once `pk_issue_new` took the request; or a status of misuse. Any thread.
pk_status pk_grant_request_deny(pk_grant_request grant_request,
                                char *buffer,
                                size_t capacity,
                                size_t *length,
                                pk_error *error);

// The request comes to nothing, for one of the reasons `PK_DECLINE_…`: writes where to send the browser with a 303,
// with the error, and a NUL behind it. It holds the client's state.
//
// Returns `PK_OK`; `PK_BUFFER_TOO_SMALL`; `PK_NOTHING` where the request was refused already; `PK_ERROR` with
// `flow_ended` once `pk_issue_new` took the request; or a status of misuse. Any thread.
pk_status pk_grant_request_decline(pk_grant_request grant_request,
                                   uint32_t why,
                                   char *buffer,
                                   size_t capacity,
                                   size_t *length,
                                   pk_error *error);

// Frees the request. Safe while another thread uses the handle.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_grant_request_free(pk_grant_request grant_request);

// The user has allowed it: makes the flow that writes the grant and gives out the code. `subject` is the user
// as the server names them, `scopes` are those of the request that were allowed. An accepted request is used
// up, whatever comes of it; its handle is still the caller's to free. `*issue` is the caller's to free.
//
// Returns `PK_OK`; `PK_NOTHING` where the request was refused; `PK_ERROR` with `invalid_configuration` when more
// is approved than was asked for, or `flow_ended` where the request was used before; or a status of misuse.
// Any thread.
pk_status pk_issue_new(pk_grant_request grant_request,
                       const char *subject,
                       size_t subject_length,
                       const pk_text *scopes,
                       size_t scope_count,
                       pk_issue *issue,
                       pk_error *error);

// Says when the user signed in, in seconds since the epoch, and how: the authentication context class, absent where
// the server cannot say. Tokens of the grant know it (RFC 9470 §4), and its ID tokens tell it (OpenID Connect Core §2).
// Before the first event.
//
// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration` once the flow has begun; or a status of misuse. Any
// thread, one at a time.
pk_status pk_issue_signed_in(pk_issue issue,
                             uint64_t auth_time,
                             pk_text acr,
                             pk_error *error);

// Says what the store has done and gets what it does next. Begin with `PK_STORE_EVENT_START`. What `*step`
// points to is good until the next call with this handle.
//
// Returns `PK_OK`; `PK_ERROR`, which ends the flow, and nothing is issued; or a status of misuse, upon which
// nothing has happened. Any thread, one at a time.
pk_status pk_issue_advance(pk_issue issue,
                           const pk_store_event *event,
                           pk_store_step *step,
                           pk_error *error);

// Takes out where to send the browser, once, after `PK_STORE_STEP_DONE`.
//
// Returns `PK_OK`; `PK_NOTHING` before and from the second time on; or a status of misuse. Any thread, one at a
// time.
pk_status pk_issue_take_outcome(pk_issue issue,
                                pk_issue_outcome *outcome,
                                pk_error *error);

// Frees the flow and wipes its secrets. Safe while another thread uses the handle.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_issue_free(pk_issue issue);

// Makes the flow from a token request: the body, and the header fields `Content-Type` and `Authorization` as
// they came, absent where they did not. `*redeem` is the caller's to free.
//
// Returns `PK_OK`, also where the request is not a good one: the answer says so; `PK_ERROR` with
// `invalid_configuration` for the policy; or a status of misuse. Any thread.
pk_status pk_redeem_new(const char *body,
                        size_t body_length,
                        pk_text content_type,
                        pk_text authorization,
                        const pk_policy *policy,
                        pk_redeem *redeem,
                        pk_error *error);

// Has the flow judge the request's proof of possession before all else (RFC 9449 §5). It asks the store to remember it
// (`PK_STORE_STEP_REMEMBER`); the tokens are bound to its key, and the answer gives the nonce for the next one. Without
// this call it knows of no proof, and what is bound to a key is not redeemed. Before the first event.
//
// Returns `PK_OK`, also where the proof is not a good one: the answer says so; `PK_ERROR` with
// `invalid_configuration` for rules that cannot be used, or once the flow has begun; or a status of misuse. Any
// thread, one at a time.
pk_status pk_redeem_present(pk_redeem redeem,
                            const pk_proof_rules *rules,
                            const pk_request_proof *proof,
                            pk_error *error);

// Says what the store has done and gets what it does next. Begin with `PK_STORE_EVENT_START`. What `*step`
// points to is good until the next call with this handle.
//
// Returns `PK_OK`; `PK_ERROR`, which ends the flow, and nothing is issued; or a status of misuse, upon which
// nothing has happened. Any thread, one at a time.
pk_status pk_redeem_advance(pk_redeem redeem,
                            const pk_store_event *event,
                            pk_store_step *step,
                            pk_error *error);

// Takes the token endpoint's answer out, once, after `PK_STORE_STEP_DONE`.
//
// Returns `PK_OK`; `PK_NOTHING` before and from the second time on; or a status of misuse. Any thread, one at a
// time.
pk_status pk_redeem_take_answer(pk_redeem redeem,
                                pk_token_answer *answer,
                                pk_error *error);

// Puts an ID token beside the tokens of an answer (OpenID Connect Core §3.1.3.3), signed by the server itself: writes
// the body of `pk_token_answer` anew, and a NUL behind it. It is a secret.
//
// Returns `PK_OK`; `PK_BUFFER_TOO_SMALL`; `PK_ERROR` with `invalid_configuration` where the text is no JWS or the body
// no JSON object; or a status of misuse. Any thread.
pk_status pk_body_with_id_token(const char *body,
                                size_t body_length,
                                const char *id_token,
                                size_t id_token_length,
                                char *buffer,
                                size_t capacity,
                                size_t *length,
                                pk_error *error);

// Frees the flow and wipes its secrets. Safe while another thread uses the handle.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_redeem_free(pk_redeem redeem);

// Makes the flow from a revocation request (RFC 7009): the body, and the header fields `Content-Type` and
// `Authorization` as they came, absent where they did not. With a token its grant ends, and with that every token
// of the grant. `*revoke` is the caller's to free.
//
// Returns `PK_OK`, also where the request is not a good one: the answer says so; or a status of misuse. Any
// thread.
pk_status pk_revoke_new(const char *body,
                        size_t body_length,
                        pk_text content_type,
                        pk_text authorization,
                        pk_revoke *revoke,
                        pk_error *error);

// Says what the store has done and gets what it does next. Begin with `PK_STORE_EVENT_START`. What `*step`
// points to is good until the next call with this handle.
//
// Returns `PK_OK`; `PK_ERROR`, which ends the flow; or a status of misuse, upon which nothing has happened. Any
// thread, one at a time.
pk_status pk_revoke_advance(pk_revoke revoke,
                            const pk_store_event *event,
                            pk_store_step *step,
                            pk_error *error);

// Takes the revocation endpoint's answer out, once, after `PK_STORE_STEP_DONE`.
//
// Returns `PK_OK`; `PK_NOTHING` before and from the second time on; or a status of misuse. Any thread, one at a
// time.
pk_status pk_revoke_take_answer(pk_revoke revoke,
                                pk_token_answer *answer,
                                pk_error *error);

// Frees the flow. Safe while another thread uses the handle.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_revoke_free(pk_revoke revoke);

// Makes the flow. `authorization` is the header field as it came, absent where none did; `audience` the
// resource's own URI. `*check` is the caller's to free.
//
// Returns `PK_OK` or a status of misuse. Any thread.
pk_status pk_check_new(pk_text authorization,
                       const char *audience,
                       size_t audience_length,
                       const pk_text *required_scopes,
                       size_t required_scope_count,
                       pk_check *check,
                       pk_error *error);

// Says how the user must have signed in (RFC 9470), and where the resource's metadata are. Before the first event.
//
// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration` once the flow has begun; or a status of misuse. Any
// thread, one at a time.
pk_status pk_check_demand(pk_check check,
                          const pk_check_demands *demands,
                          pk_error *error);

// Has the flow judge the request's proof of possession before all else (RFC 9449 §7.1), if its token came as one that
// is bound to a key, and asks the store to remember it (`PK_STORE_STEP_REMEMBER`). Where the rules require proofs, no
// bearer token passes. Without this call the flow knows of no proof, and no token that is bound to a key passes. Before
// the first event.
//
// Returns `PK_OK`, also where the proof is not a good one: the outcome says so; `PK_ERROR` with
// `invalid_configuration` for rules that cannot be used, or once the flow has begun; or a status of misuse. Any
// thread, one at a time.
pk_status pk_check_present(pk_check check,
                           const pk_proof_rules *rules,
                           const pk_request_proof *proof,
                           pk_error *error);

// Says what the store has done and gets what it does next. Begin with `PK_STORE_EVENT_START`. What `*step`
// points to is good until the next call with this handle.
//
// Returns `PK_OK`; `PK_ERROR`, which ends the flow, and nothing is granted; or a status of misuse, upon which
// nothing has happened. Any thread, one at a time.
pk_status pk_check_advance(pk_check check,
                           const pk_store_event *event,
                           pk_store_step *step,
                           pk_error *error);

// Takes the answer out, once, after `PK_STORE_STEP_DONE`.
//
// Returns `PK_OK`, also where the request may not pass; `PK_NOTHING` before and from the second time on; or a
// status of misuse. Any thread, one at a time.
pk_status pk_check_take_outcome(pk_check check,
                                pk_check_outcome *outcome,
                                pk_error *error);

// Frees the flow. Safe while another thread uses the handle.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_check_free(pk_check check);

// Checks a proof as a server does (RFC 9449 §4.3), good or not; `pk_dpop_proof_get` says which. `*dpop_proof` is the
// caller's to free.
//
// Returns `PK_OK` or a status of misuse. Any thread.
pk_status pk_dpop_proof_check(const pk_dpop_request *request,
                              pk_dpop_proof *dpop_proof,
                              pk_error *error);

// Says what came of the check. What `*fields` points to is good until the handle is freed.
//
// Returns `PK_OK` or a status of misuse. Any thread.
pk_status pk_dpop_proof_get(pk_dpop_proof dpop_proof,
                            pk_dpop_proof_fields *fields,
                            pk_error *error);

// Frees what was checked. Safe while another thread uses the handle.
//
// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
pk_status pk_dpop_proof_free(pk_dpop_proof dpop_proof);

// Turns an ES256 signature, as a platform's key gave it, into the 64 bytes that stand in a JWS (RFC 7518 §3.4): from
// DER (RFC 3279 §2.2.3), or from these themselves. `raw` points to 64 bytes. Flows and `pk_authorized_sign` do so
// themselves.
//
// Returns `PK_OK`; `PK_NOTHING` where the bytes are no such signature; or a status of misuse. Any thread.
pk_status pk_raw_signature(const char *signature,
                           size_t signature_length,
                           uint8_t *raw,
                           pk_error *error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* PROOFKEY_H */

/* This stands behind the guard of what is above. */
#ifndef PK_CHECK_VERSION
/* Whether this header and the library that is loaded fit together; see pk_check_version. */
#define PK_CHECK_VERSION(error) \
    pk_check_version(PK_VERSION_MAJOR, PK_VERSION_MINOR, PK_VERSION_PATCH, error)

/* The entry of the system's keyring that holds the data key of a file store, as the text that
 * pk_data_key_expose_text writes: the name of the service, and that of the account. */
#define PK_KEYRING_SERVICE "proofkey"
#define PK_KEYRING_ACCOUNT "data-key"

/* A text from a literal, and from a string that ends with a NUL. */
#define PK_LITERAL(literal) {"" literal, sizeof(literal) - 1}

/* What each structure that begins with its size is set to before it is used. */
#ifdef __cplusplus
extern "C++" {
template <typename T> inline T pk_sized() {
    T value{};
    value.size = sizeof(T);
    return value;
}
}
#define PK_INIT(type) pk_sized<type>()
#else
#define PK_INIT(type) {.size = sizeof(type)}
#endif
#define PK_ERROR_INIT PK_INIT(pk_error)
#define PK_AUTHORIZATION_REQUEST_INIT PK_INIT(pk_authorization_request)
#define PK_SIGN_IN_CONFIG_INIT PK_INIT(pk_sign_in_config)
#define PK_DISCOVERY_CONFIG_INIT PK_INIT(pk_discovery_config)
#define PK_DOCUMENT_INIT PK_INIT(pk_document)
#define PK_CAPABILITY_INIT PK_INIT(pk_capability)
#define PK_DEMAND_INIT PK_INIT(pk_demand)
#define PK_AUTH_CHALLENGE_INIT PK_INIT(pk_auth_challenge)
#define PK_STEP_INIT PK_INIT(pk_step)
#define PK_EVENT_INIT PK_INIT(pk_event)
#define PK_HTTP_REQUEST_INIT PK_INIT(pk_http_request)
#define PK_HTTP_RESPONSE_INIT PK_INIT(pk_http_response)
#define PK_ACCESS_CONFIG_INIT PK_INIT(pk_access_config)
#define PK_ACCESS_RUN_INIT PK_INIT(pk_access_run)
#define PK_ACCESS_OUTCOME_INIT PK_INIT(pk_access_outcome)
#define PK_STEP_UP_INIT PK_INIT(pk_step_up)
#define PK_RESOURCE_ANSWER_INIT PK_INIT(pk_resource_answer)
#define PK_REACTION_INIT PK_INIT(pk_reaction)
#define PK_IDENTITY_FIELDS_INIT PK_INIT(pk_identity_fields)
#define PK_UNSIGNED_PROOF_INIT PK_INIT(pk_unsigned_proof)
#define PK_ID_TOKEN_INIT PK_INIT(pk_id_token)
#define PK_CLIENT_DOCUMENT_FIELDS_INIT PK_INIT(pk_client_document_fields)
#define PK_POLICY_INIT PK_INIT(pk_policy)
#define PK_CLIENT_RECORD_INIT PK_INIT(pk_client_record)
#define PK_GRANT_INIT PK_INIT(pk_grant)
#define PK_FOUND_GRANT_INIT PK_INIT(pk_found_grant)
#define PK_FOUND_TOKEN_INIT PK_INIT(pk_found_token)
#define PK_STORE_STEP_INIT PK_INIT(pk_store_step)
#define PK_STORE_EVENT_INIT PK_INIT(pk_store_event)
#define PK_REQUEST_VERDICT_INIT PK_INIT(pk_request_verdict)
#define PK_ISSUE_OUTCOME_INIT PK_INIT(pk_issue_outcome)
#define PK_TOKEN_ANSWER_INIT PK_INIT(pk_token_answer)
#define PK_CHECK_OUTCOME_INIT PK_INIT(pk_check_outcome)
#define PK_CHECK_DEMANDS_INIT PK_INIT(pk_check_demands)
#define PK_PROOF_RULES_INIT PK_INIT(pk_proof_rules)
#define PK_REQUEST_PROOF_INIT PK_INIT(pk_request_proof)
#define PK_DPOP_REQUEST_INIT PK_INIT(pk_dpop_request)
#define PK_DPOP_PROOF_FIELDS_INIT PK_INIT(pk_dpop_proof_fields)
#endif
