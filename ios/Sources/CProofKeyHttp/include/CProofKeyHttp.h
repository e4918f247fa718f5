/* One HTTP exchange by libcurl, for Swift on Linux, which cannot call functions that take any number of arguments.
 * Private to the package. */
#ifndef CPROOFKEYHTTP_H
#define CPROOFKEYHTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One exchange, and the answer to it. */
typedef struct proofkey_http proofkey_http;

/* What is asked for. Nothing of it is kept after proofkey_http_run has returned. */
typedef struct {
    const char *_Nonnull url;
    const char *_Nonnull method; /* letters */
    const uint8_t *_Nullable body;
    size_t body_length;
    size_t max_body;
    bool may_use_proxy; /* the one that the environment names, if it does */
} proofkey_http_request;

#ifdef __clang__
#define PROOFKEY_CLOSED __attribute__((enum_extensibility(closed)))
#define PROOFKEY_IN_SWIFT(name) __attribute__((swift_name(#name)))
#else
#define PROOFKEY_CLOSED
#define PROOFKEY_IN_SWIFT(name)
#endif

/* How an exchange went. */
typedef enum PROOFKEY_CLOSED {
    PROOFKEY_HTTP_ANSWERED PROOFKEY_IN_SWIFT(answered),
    PROOFKEY_HTTP_ENDED PROOFKEY_IN_SWIFT(ended),                /* by proofkey_http_end */
    PROOFKEY_HTTP_NOT_CONNECTED PROOFKEY_IN_SWIFT(notConnected), /* nothing was sent */
    PROOFKEY_HTTP_LOST PROOFKEY_IN_SWIFT(lost),                  /* it may have arrived */
    PROOFKEY_HTTP_TOO_LARGE PROOFKEY_IN_SWIFT(tooLarge),
} proofkey_http_outcome;

/* An answer. It lives as long as its exchange. */
typedef struct {
    uint16_t status;
    const uint8_t *_Nonnull head; /* the status line and all fields, as they came */
    size_t head_length;
    const uint8_t *_Nullable body; /* NULL where it is empty */
    size_t body_length;
} proofkey_http_answer;

/* NULL: there was no memory. */
proofkey_http *_Nullable proofkey_http_new(void);

/* Adds a line to the head of the request, or takes away one of libcurl's own (`Name:`). False: there was no memory. */
bool proofkey_http_add(proofkey_http *_Nonnull http, const char *_Nonnull line);

/* Makes the exchange, once. It blocks until its end, however long that takes, and changes which signals the calling
 * thread takes: one that is used for nothing else. */
proofkey_http_outcome proofkey_http_run(proofkey_http *_Nonnull http, const proofkey_http_request *_Nonnull request);

/* Makes proofkey_http_run return, from any thread: what was not sent is not sent any more. True if the request may
 * have been sent. Has its meaning once. */
bool proofkey_http_end(proofkey_http *_Nonnull http);

/* After PROOFKEY_HTTP_ANSWERED. */
proofkey_http_answer proofkey_http_answered(const proofkey_http *_Nonnull http);

/* What libcurl says of the error that the exchange ended with. Nothing that the server sent is in it. */
const char *_Nonnull proofkey_http_error(const proofkey_http *_Nonnull http);

/* Closes the connection and wipes what it holds. It may wait for a name that is being resolved. */
void proofkey_http_free(proofkey_http *_Nonnull http);

#endif
