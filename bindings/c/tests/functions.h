/* Every function of the header in one table, each called with good arguments but for what a test spoils. */
#ifndef FUNCTIONS_H
#define FUNCTIONS_H

#include <proofkey.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a test spoils. A function for which a way makes no sense is not called in it. */
enum spoil {
    GOOD,
    NO_OUT,       /* the place of a result is null */
    NO_INPUT,     /* an input is null, its length is not 0 */
    TOO_LONG,     /* the length of an input, or the count of a list, is SIZE_MAX */
    BAD_UTF8,     /* an input is not UTF-8 */
    BAD_SIZE,     /* the size of a structure is off by one */
    BAD_VALUE,    /* a number has no meaning */
    SHORT_BUFFER, /* a buffer is one byte short */
    NO_BUFFER,    /* a buffer is null, its capacity is not 0 */
    SPOILS
};

enum kind {
    NONE,
    SESSION,
    TOKEN_REQUEST,
    SIGN_IN,
    TOKENS,
    RECEIVER,
    REQUEST,
    ISSUE,
    REDEEM,
    REVOKE,
    CHECKING,
    DISCOVERY,
    DISCOVERED,
    CHALLENGED,
    DATA_KEY,
    ACCESS,
    CLIENT_DOCUMENT,
    FILE_STORE,
    FILE_LOCK,
    NONCES,
    IDENTITY,
    AUTHORIZED,
    RESOURCE_CALL,
    DPOP_PROOF,
    KINDS
};

/* A status that no function has: the way makes no sense here. */
#define SKIPPED (-1)

struct function {
    const char *name;
    enum kind kind;
    pk_status (*call)(uint64_t handle, enum spoil spoil, pk_error *error);
    int frees;
};

extern const struct function functions[];
extern const size_t function_count;

/* What `call` left in the buffer and length that it passes, for SHORT_BUFFER. */
extern char shared_buffer[PK_REDIRECT_CAPACITY];
extern size_t shared_length;

/* A session that waits for a redirect to https://app.example/cb. */
pk_session make_session(void);

/* A fresh, good handle of a kind; ends the program if there is none to be had. */
uint64_t make(enum kind kind);
pk_status release(enum kind kind, uint64_t handle);

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

#endif
