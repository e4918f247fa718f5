/* What the examples share: one HTTP exchange with libcurl, the browser, a clock. */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include <curl/curl.h>
#include <proofkey.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MAX_HEADERS = 64, MAX_BODY = 64 * 1024 };

/* An answer, in buffers that never move, so that no copy of a token is left behind. */
struct answer {
    pk_header headers[MAX_HEADERS];
    char head[16 * 1024], body[MAX_BODY];
    size_t header_count, head_used, body_used, max_body;
    long status;
    pk_http_response response; /* the same for a flow */
};

/* Overwrites a secret, so that the compiler does not leave it out. */
static void wipe(void *data, size_t size) {
    for (volatile char *byte = data; size > 0; size--) *byte++ = 0;
}

static pk_text text(const char *string) { return (pk_text){string, strlen(string)}; }

static size_t take_header(char *line, size_t size, size_t count, void *user) {
    struct answer *answer = user;
    size_t length = size * count;
    char *colon = memchr(line, ':', length);
    if (length >= 5 && memcmp(line, "HTTP/", 5) == 0) answer->header_count = answer->head_used = 0; /* after a 1xx */
    if (colon == NULL) return length;
    if (answer->header_count == MAX_HEADERS || length > sizeof answer->head - answer->head_used) return 0;
    char *copy = memcpy(answer->head + answer->head_used, line, length);
    answer->head_used += length;
    size_t name = (size_t)(colon - line), from = name + 1, to = length;
    while (from < to && (copy[from] == ' ' || copy[from] == '\t')) from++;
    while (to > from && (copy[to - 1] == '\r' || copy[to - 1] == '\n' || copy[to - 1] == ' ')) to--;
    answer->headers[answer->header_count++] = (pk_header){{copy, name}, {copy + from, to - from}};
    return length;
}

static size_t take_body(char *data, size_t size, size_t count, void *user) {
    struct answer *answer = user;
    size_t length = size * count;
    if (length > answer->max_body - answer->body_used) return 0; /* more than allowed: stop */
    memcpy(answer->body + answer->body_used, data, length);
    answer->body_used += length;
    return length;
}

/* Whether the host of this URL is this machine itself. */
static int is_loopback(const char *url) {
    CURLU *parsed = curl_url();
    char *host = NULL;
    int loopback = parsed != NULL && curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK &&
                   curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                   (strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 || strncmp(host, "127.", 4) == 0);
    curl_free(host);
    curl_url_cleanup(parsed);
    return loopback;
}

/* One exchange, exactly as it is written: on a connection of its own, which is what keeps libcurl from sending
 * a request a second time; nothing followed, nothing added. */
static CURLcode exchange(const pk_http_request *request, struct answer *answer) {
    struct curl_slist *fields = NULL;
    CURL *curl = curl_easy_init();
    CURLcode result = curl == NULL ? CURLE_FAILED_INIT : CURLE_OK;
    memset(answer, 0, sizeof *answer);
    answer->max_body = request->max_body < MAX_BODY ? (size_t)request->max_body : MAX_BODY;
    for (size_t i = 0; i < request->header_count && result == CURLE_OK; i++) {
        size_t room = request->headers[i].name.length + request->headers[i].value.length + 3;
        char *field = malloc(room);
        struct curl_slist *more = NULL;
        if (field != NULL) {
            snprintf(field, room, "%s: %s", request->headers[i].name.data, request->headers[i].value.data);
            more = curl_slist_append(fields, field);
            wipe(field, room);
            free(field);
        }
        if (more == NULL)
            result = CURLE_OUT_OF_MEMORY;
        else
            fields = more;
    }
    if (result == CURLE_OK) {
        curl_easy_setopt(curl, CURLOPT_URL, request->url.data);
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        /* A server on this machine is asked straight; for all others the user's proxy and exceptions hold. */
        if (is_loopback(request->url.data)) curl_easy_setopt(curl, CURLOPT_PROXY, "");
        curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
        curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
        curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
        curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
        curl_easy_setopt(curl, CURLOPT_HEADERDATA, answer);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
        if (request->body.data != NULL) {
            curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.data);
            curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)request->body.length);
        }
        result = curl_easy_perform(curl);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
    }
    for (struct curl_slist *field = fields; field != NULL; field = field->next) wipe(field->data, strlen(field->data));
    curl_slist_free_all(fields);
    curl_easy_cleanup(curl);
    return result;
}

static uint32_t lost(CURLcode result) {
    if (result == CURLE_OPERATION_TIMEDOUT) return PK_LOST_TIMED_OUT;
    if (result == CURLE_WRITE_ERROR) return PK_LOST_TOO_LARGE;
    int connected = result != CURLE_COULDNT_RESOLVE_HOST && result != CURLE_COULDNT_RESOLVE_PROXY &&
                    result != CURLE_COULDNT_CONNECT && result != CURLE_PEER_FAILED_VERIFICATION;
    return connected ? PK_LOST_LOST : PK_LOST_NOT_CONNECTED;
}

/* Does what PK_STEP_SEND says, and says what came of it. */
static void send_request(const pk_http_request *request, struct answer *answer, pk_event *event) {
    CURLcode result = exchange(request, answer);
    event->kind = result == CURLE_OK ? PK_EVENT_RESPONSE : PK_EVENT_UNREACHABLE;
    event->lost = lost(result);
    event->detail = text(curl_easy_strerror(result));
    answer->response = (pk_http_response)PK_HTTP_RESPONSE_INIT;
    answer->response.status = (uint16_t)answer->status;
    answer->response.headers = answer->headers;
    answer->response.header_count = answer->header_count;
    answer->response.body = (pk_text){answer->body, answer->body_used};
    event->response = &answer->response;
}

/* Asks a resource with these values of the header fields Authorization and, where there is one, DPoP. Returns 0 if
 * there was an answer. */
static int call_resource(const char *url, const char *authorization, const char *dpop, struct answer *answer,
                         pk_error *error) {
    pk_header headers[2] = {{PK_LITERAL("Authorization"), text(authorization)}, {PK_LITERAL("DPoP"), text(dpop)}};
    pk_http_request request = PK_HTTP_REQUEST_INIT;
    request.url = text(url);
    request.headers = headers;
    request.header_count = *dpop == '\0' ? 1 : 2;
    request.max_body = MAX_BODY;
    request.timeout_ms = 30000;
    CURLcode result = exchange(&request, answer);
    if (result != CURLE_OK) snprintf(error->message, sizeof error->message, "%s: %s", url, curl_easy_strerror(result));
    return result == CURLE_OK ? 0 : -1;
}

/* Opens the browser: one program, one argument, no shell. Returns 0 if that can be done. */
static int browse(const char *url) {
    const char *program = getenv("BROWSER");
    if (program == NULL || *program == '\0') program = "xdg-open";
    pid_t child = fork();
    if (child == 0) {
        execlp(program, program, url, (char *)NULL);
        _exit(127);
    }
    return child < 0 ? -1 : 0;
}

static uint64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

#endif
