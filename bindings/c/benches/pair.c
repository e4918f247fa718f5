/* Measures pair, verify and the lookup of a handle beside the same by hand with OpenSSL.
 *
 *   pair [--smoke]      a line for each job: its name and nanoseconds of CPU a call
 *
 * The lowest of many rounds, in which all jobs take turns: what else the machine does can only make a
 * job slower. With --smoke each job runs once; that it does what it says is checked before in both cases. */
#define _DEFAULT_SOURCE
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <proofkey.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum { TEXT = 43, ROUNDS = 200, MANY = 10000 };
static const double SLICE = 2e6; /* of one measurement, in nanoseconds */

/* RFC 7636, Appendix B. */
static const char VERIFIER[] = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
static const char CHALLENGE[] = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/* What a job leaves here cannot be left out by the compiler. */
static volatile unsigned char seen;
static pk_tokens tokens[MANY];
static size_t next;

/* Made once, as OpenSSL advises: its SHA256() looks the algorithm up each time, which takes longer than the hash. */
static EVP_MD *sha256;
static EVP_MD_CTX *context;

static void need(int met, const char *what) {
    if (met) return;
    fprintf(stderr, "pair: %s\n", what);
    exit(1);
}

/* 32 bytes as base64url without padding. */
static void base64url(const unsigned char bytes[32], char text[TEXT + 2]) {
    EVP_EncodeBlock((unsigned char *)text, bytes, 32);
    for (size_t i = 0; i < TEXT; i++) text[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
    text[TEXT] = '\0';
}

static void digest(const char *verifier, unsigned char hash[32]) {
    need(EVP_DigestInit_ex2(context, sha256, NULL) == 1 && EVP_DigestUpdate(context, verifier, TEXT) == 1 &&
             EVP_DigestFinal_ex(context, hash, NULL) == 1,
         "SHA-256 failed");
}

static void challenge_by_hand(const char *verifier, char challenge[TEXT + 2]) {
    unsigned char hash[32];
    digest(verifier, hash);
    base64url(hash, challenge);
}

static void generator(void) {
    unsigned char bytes[32];
    need(getrandom(bytes, sizeof bytes, 0) == sizeof bytes, "the system's generator failed");
    seen = bytes[0];
}

static void hash(void) {
    unsigned char out[32];
    digest(VERIFIER, out);
    seen = out[0];
}

static void pair_proofkey(void) {
    char verifier[TEXT + 1], challenge[TEXT + 1];
    need(pk_pair(verifier, sizeof verifier, NULL, challenge, sizeof challenge, NULL, NULL) == PK_OK, "pk_pair failed");
    seen = (unsigned char)challenge[0];
    OPENSSL_cleanse(verifier, sizeof verifier);
}

/* From bytes of the system's generator, or of OpenSSL's own, which it seeds from there. */
static void pair_from(unsigned char bytes[32]) {
    char verifier[TEXT + 2], challenge[TEXT + 2];
    base64url(bytes, verifier);
    challenge_by_hand(verifier, challenge);
    seen = (unsigned char)challenge[0];
    OPENSSL_cleanse(bytes, 32);
    OPENSSL_cleanse(verifier, sizeof verifier);
}

static void pair_system(void) {
    unsigned char bytes[32];
    need(getrandom(bytes, sizeof bytes, 0) == sizeof bytes, "the system's generator failed");
    pair_from(bytes);
}

static void pair_openssl(void) {
    unsigned char bytes[32];
    need(RAND_bytes(bytes, sizeof bytes) == 1, "RAND_bytes failed");
    pair_from(bytes);
}

static void verify_proofkey(void) {
    bool right = false;
    need(pk_verify(VERIFIER, TEXT, CHALLENGE, TEXT, &right, NULL) == PK_OK && right, "pk_verify says no");
    seen = right;
}

static void verify_openssl(void) {
    char challenge[TEXT + 2];
    challenge_by_hand(VERIFIER, challenge);
    need(CRYPTO_memcmp(challenge, CHALLENGE, TEXT) == 0, "the challenge by hand is wrong");
    seen = (unsigned char)challenge[0];
}

static void call_without(void) {
    need(pk_check_version(PK_VERSION_MAJOR, PK_VERSION_MINOR, PK_VERSION_PATCH, NULL) == PK_OK, "another version");
}

static void expiry(pk_tokens of) {
    uint64_t at = 0;
    need(pk_tokens_expires_at(of, &at, NULL) == PK_OK && at == 3601, "no expiry");
    seen = (unsigned char)at;
}

static void handle_one(void) { expiry(tokens[0]); }

/* In steps that no cache foresees. */
static void handle_many(void) {
    next = (next + 7919) % MANY;
    expiry(tokens[next]);
}

static const struct {
    const char *name;
    void (*run)(void);
} JOBS[] = {
    {"generator", generator},           {"hash", hash},
    {"pair/proofkey", pair_proofkey},   {"pair/openssl", pair_openssl},
    {"pair/by_hand", pair_system},      {"verify/proofkey", verify_proofkey},
    {"verify/openssl", verify_openssl}, {"handle/none", call_without},
    {"handle/one", handle_one},         {"handle/many", handle_many},
};
enum { COUNT = sizeof JOBS / sizeof *JOBS };

static pk_text text(const char *of) {
    pk_text made = {of, strlen(of)};
    return made;
}

/* A sign-in whose server answers at once. */
static pk_tokens sign_in(void) {
    pk_authorization_request request = PK_AUTHORIZATION_REQUEST_INIT;
    pk_http_response response = PK_HTTP_RESPONSE_INIT;
    pk_header json = {text("Content-Type"), text("application/json")};
    pk_session session;
    pk_token_request redeem;
    pk_tokens made;
    char url[2048], redirect[512];
    request.issuer = text("https://as.example");
    request.authorization_endpoint = text("https://as.example/authorize");
    request.token_endpoint = text("https://as.example/token");
    request.client_id = text("my-agent");
    request.redirect_uri = text("http://127.0.0.1:49152/callback");
    response.status = 200;
    response.headers = &json;
    response.header_count = 1;
    response.body = text("{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":3600}");
    need(pk_session_begin(&request, &session, NULL) == PK_OK, "no session");
    need(pk_session_authorization_url(session, url, sizeof url, NULL, NULL) == PK_OK, "no URL");
    const char *state = strstr(url, "&state=");
    need(state != NULL, "no state in the URL");
    state += strlen("&state=");
    snprintf(redirect, sizeof redirect, "http://127.0.0.1:49152/callback?code=c&state=%.*s", (int)strcspn(state, "&"),
             state);
    need(pk_session_complete(session, redirect, strlen(redirect), &redeem, NULL) == PK_OK, "the redirect was refused");
    need(pk_token_request_tokens(redeem, &response, 1, &made, NULL) == PK_OK, "no tokens");
    pk_token_request_free(redeem);
    pk_session_free(session);
    return made;
}

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

static double run(size_t job, long times) {
    double begun = now();
    for (long i = 0; i < times; i++) JOBS[job].run();
    return (now() - begun) / (double)times;
}

int main(int count, char **given) {
    int smoke = count > 1 && strcmp(given[1], "--smoke") == 0;
    double lowest[COUNT];
    long times[COUNT];
    char challenge[TEXT + 2];
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    context = EVP_MD_CTX_new();
    need(sha256 != NULL && context != NULL, "OpenSSL has no SHA-256");
    challenge_by_hand(VERIFIER, challenge);
    need(strcmp(challenge, CHALLENGE) == 0, "the challenge by hand is wrong");
    for (size_t i = 0; i < MANY; i++) tokens[i] = sign_in();
    for (size_t job = 0; job < COUNT; job++) {
        lowest[job] = run(job, smoke ? 1 : 1000);
        times[job] = 1 + (long)(SLICE / lowest[job]);
    }
    for (int round = 0; round < (smoke ? 0 : ROUNDS); round++)
        for (size_t job = 0; job < COUNT; job++) {
            double took = run(job, times[job]);
            if (took < lowest[job]) lowest[job] = took;
        }
    for (size_t job = 0; job < COUNT; job++) printf(smoke ? "%s\n" : "%s %.2f\n", JOBS[job].name, lowest[job]);
    for (size_t i = 0; i < MANY; i++) pk_tokens_free(tokens[i]);
    EVP_MD_CTX_free(context);
    EVP_MD_free(sha256);
    return 0;
}
