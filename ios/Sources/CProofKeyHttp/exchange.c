#define _POSIX_C_SOURCE 200809L

#include "CProofKeyHttp.h"

#if !__has_include(<curl/curl.h>)
#error "ProofKey on Linux needs libcurl's development files; on Debian and Ubuntu: apt-get install libcurl4-openssl-dev"
#endif
#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* The head of an answer is at most so large, with the interim ones before it. */
enum { MAX_HEAD = 64 * 1024 };

enum { WAITING, SENDING, ENDED };

struct proofkey_http {
    CURLM *multi;
    CURL *curl;
    struct curl_slist *fields;
    CURLcode error;
    atomic_int state;
    /* The answer, in buffers that never move, so that no copy of a token is left behind. */
    uint8_t *body;
    size_t body_used, max_body, head_used, head_seen;
    bool head_is_whole, is_too_large;
    char head[MAX_HEAD];
};

/* Overwrites a secret, so that the compiler does not leave it out. */
static void wipe(void *data, size_t size) {
    for (volatile char *byte = data; size > 0; size--) *byte++ = 0;
}

static void set_up(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

proofkey_http *proofkey_http_new(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_up);
    proofkey_http *http = calloc(1, sizeof *http);
    if (http == NULL) return NULL;
    http->curl = curl_easy_init();
    http->multi = curl_multi_init();
    if (http->curl != NULL && http->multi != NULL) return http;
    proofkey_http_free(http);
    return NULL;
}

bool proofkey_http_add(proofkey_http *http, const char *line) {
    struct curl_slist *more = curl_slist_append(http->fields, line);
    if (more == NULL) return false;
    http->fields = more;
    return true;
}

/* A line of a head. What comes after the body is no part of it (RFC 9110 section 6.5). */
static size_t take_head(char *line, size_t size, size_t count, void *user) {
    proofkey_http *http = user;
    size_t length = size * count;
    if (http->head_is_whole || length == 0) return length;
    if (length > MAX_HEAD - http->head_seen) {
        http->is_too_large = true;
        return 0;
    }
    memcpy(http->head + http->head_used, line, length);
    http->head_used += length;
    http->head_seen += length;
    if (line[0] == '\r' || line[0] == '\n') {
        long status = 0;
        curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
        if (status >= 200)
            http->head_is_whole = true;
        else
            http->head_used = 0; /* an interim answer (RFC 9110 section 15.2) */
    }
    return length;
}

static size_t take_body(char *data, size_t size, size_t count, void *user) {
    proofkey_http *http = user;
    size_t length = size * count;
    if (length > http->max_body - http->body_used) {
        http->is_too_large = true;
        return 0;
    }
    if (length == 0) return 0;
    if (http->body == NULL) http->body = malloc(http->max_body);
    if (http->body == NULL) return 0;
    memcpy(http->body + http->body_used, data, length);
    http->body_used += length;
    return length;
}

#if LIBCURL_VERSION_NUM >= 0x075000
/* The connection stands. From here on the request may arrive; but after the end nothing is sent any more. */
static int connected(void *user, char *ip, char *own_ip, int port, int own_port) {
    proofkey_http *http = user;
    int waiting = WAITING;
    (void)ip, (void)own_ip, (void)port, (void)own_port;
    return atomic_compare_exchange_strong(&http->state, &waiting, SENDING) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static CURLcode watch(proofkey_http *http) {
    CURLcode error = curl_easy_setopt(http->curl, CURLOPT_PREREQFUNCTION, connected);
    return error != CURLE_OK ? error : curl_easy_setopt(http->curl, CURLOPT_PREREQDATA, http);
}

static bool never_connected(CURLcode error) {
    (void)error; /* `connected` knows */
    return false;
}
#else
/* This libcurl calls nobody before it sends: in doubt it has sent, but for these errors. */
static CURLcode watch(proofkey_http *http) {
    int waiting = WAITING;
    atomic_compare_exchange_strong(&http->state, &waiting, SENDING);
    return CURLE_OK;
}

static bool never_connected(CURLcode error) {
    return error == CURLE_COULDNT_RESOLVE_HOST || error == CURLE_COULDNT_RESOLVE_PROXY ||
           error == CURLE_COULDNT_CONNECT || error == CURLE_PEER_FAILED_VERIFICATION;
}
#endif

#define SET(option, value)                                                                                             \
    if (error == CURLE_OK) error = curl_easy_setopt(http->curl, option, value)

/* Exactly the request: on a connection of its own, which is what keeps libcurl from sending a request a second time
 * (P14); nothing followed, nothing added, nothing unpacked. What is off by default and stays so: cookies, credentials,
 * compression, a log. */
static CURLcode configure(proofkey_http *http, const proofkey_http_request *request) {
    CURLcode error = watch(http);
    const char *trusted = getenv("SSL_CERT_FILE"); /* else the system's store */
    SET(CURLOPT_URL, request->url);
#if LIBCURL_VERSION_NUM >= 0x075500
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
#else
    SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    SET(CURLOPT_PATH_AS_IS, 1L);
    SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_HTTP09_ALLOWED, 0L);
    SET(CURLOPT_HTTP_CONTENT_DECODING, 0L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (trusted != NULL && *trusted != '\0') {
        SET(CURLOPT_CAINFO, trusted);
    }
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_FRESH_CONNECT, 1L);
    SET(CURLOPT_FORBID_REUSE, 1L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (!request->may_use_proxy) {
        SET(CURLOPT_PROXY, "");
    }
    SET(CURLOPT_HTTPHEADER, http->fields);
    const char *usual = "GET";
    if (strcmp(request->method, "HEAD") == 0) {
        usual = "HEAD";
        SET(CURLOPT_NOBODY, 1L);
    } else if (request->body_length > 0 || strcmp(request->method, "POST") == 0) {
        usual = "POST";
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
        SET(CURLOPT_POSTFIELDS, request->body_length > 0 ? (const char *)request->body : "");
    }
    if (strcmp(request->method, usual) != 0) {
        SET(CURLOPT_CUSTOMREQUEST, request->method);
    }
    SET(CURLOPT_HEADERFUNCTION, take_head);
    SET(CURLOPT_HEADERDATA, http);
    SET(CURLOPT_WRITEFUNCTION, take_body);
    SET(CURLOPT_WRITEDATA, http);
    SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)request->max_body);
    return error;
}

/* Serves the connection until the answer is whole, or somebody ends it. */
static CURLcode perform(proofkey_http *http) {
    int running = 1, left = 0;
    if (curl_multi_add_handle(http->multi, http->curl) != CURLM_OK) return CURLE_FAILED_INIT;
    while (atomic_load(&http->state) != ENDED) {
        if (curl_multi_perform(http->multi, &running) != CURLM_OK) return CURLE_RECV_ERROR;
        if (running == 0) break;
        if (curl_multi_poll(http->multi, NULL, 0, 60 * 1000, NULL) != CURLM_OK) return CURLE_RECV_ERROR;
    }
    CURLMsg *message = curl_multi_info_read(http->multi, &left);
    return message != NULL ? message->data.result : CURLE_ABORTED_BY_CALLBACK;
}

/* A length that was announced, or a limit of libcurl's own. */
static bool exceeds(CURLcode error) {
#if LIBCURL_VERSION_NUM >= 0x080600
    if (error == CURLE_TOO_LARGE) return true;
#endif
    return error == CURLE_FILESIZE_EXCEEDED;
}

proofkey_http_outcome proofkey_http_run(proofkey_http *http, const proofkey_http_request *request) {
    /* TLS of an older libcurl writes without MSG_NOSIGNAL, and a server that has gone would end the program. */
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, NULL);

    http->max_body = request->max_body;
    http->error = configure(http, request);
    if (http->error == CURLE_OK) http->error = perform(http);
    int state = atomic_load(&http->state);
    if (state == ENDED) return PROOFKEY_HTTP_ENDED;
    if (http->error == CURLE_OK) return http->head_is_whole ? PROOFKEY_HTTP_ANSWERED : PROOFKEY_HTTP_LOST;
    if (http->is_too_large || exceeds(http->error)) return PROOFKEY_HTTP_TOO_LARGE;
    return state == WAITING || never_connected(http->error) ? PROOFKEY_HTTP_NOT_CONNECTED : PROOFKEY_HTTP_LOST;
}

bool proofkey_http_end(proofkey_http *http) {
    int before = atomic_exchange(&http->state, ENDED);
    curl_multi_wakeup(http->multi);
    return before == SENDING;
}

proofkey_http_answer proofkey_http_answered(const proofkey_http *http) {
    long status = 0;
    curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
    return (proofkey_http_answer){(uint16_t)status, (const uint8_t *)http->head, http->head_used, http->body,
                                  http->body_used};
}

const char *proofkey_http_error(const proofkey_http *http) {
    return http->error != CURLE_OK ? curl_easy_strerror(http->error) : "the answer ended within its head";
}

void proofkey_http_free(proofkey_http *http) {
    if (http->curl != NULL && http->multi != NULL) curl_multi_remove_handle(http->multi, http->curl);
    curl_easy_cleanup(http->curl);
    curl_multi_cleanup(http->multi);
    for (struct curl_slist *field = http->fields; field != NULL; field = field->next)
        wipe(field->data, strlen(field->data));
    curl_slist_free_all(http->fields);
    if (http->body != NULL) wipe(http->body, http->body_used);
    free(http->body);
    wipe(http, sizeof *http);
    free(http);
}
