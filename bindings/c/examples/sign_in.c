/* Signs in with the browser and prints what the resource answers.
 *
 *   sign_in ISSUER AUTHORIZATION_ENDPOINT TOKEN_ENDPOINT CLIENT_ID RESOURCE SCOPE...
 *
 * The loop in sign_in() is a whole driver: it does what a step says, with libcurl and the receiver, and
 * says what came of it. The program that the environment variable BROWSER names is opened, else xdg-open. */
#define _POSIX_C_SOURCE 200809L

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
        curl_easy_setopt(curl, CURLOPT_NOPROXY, "127.0.0.1,::1,localhost");
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

/* The driver. Returns PK_OK with the tokens, or what went wrong. */
static pk_status sign_in(pk_sign_in flow, pk_receiver *receiver, pk_tokens *tokens, pk_error *error) {
    static struct answer answer;
    static char redirect[PK_REDIRECT_CAPACITY];
    pk_http_response response = PK_HTTP_RESPONSE_INIT;
    uint64_t end_ms = 0;
    pk_status status;
    pk_event event = PK_EVENT_INIT;
    event.kind = PK_EVENT_START;
    for (;;) {
        pk_step step = PK_STEP_INIT;
        status = pk_sign_in_advance(flow, &event, (uint64_t)time(NULL), &step, error);
        wipe(&answer, sizeof answer);
        wipe(redirect, sizeof redirect);
        if (status != PK_OK) return status;
        event = (pk_event)PK_EVENT_INIT;
        switch (step.kind) {
            case PK_STEP_LISTEN:
                status = pk_receiver_bind(step.host, step.port, step.path.data, step.path.length, receiver, error);
                if (status == PK_OK) status = pk_receiver_port(*receiver, &event.port, error);
                event.kind = PK_EVENT_LISTENING;
                break;
            case PK_STEP_SEND: {
                CURLcode result = exchange(&step.request, &answer);
                event.kind = result == CURLE_OK ? PK_EVENT_RESPONSE : PK_EVENT_UNREACHABLE;
                event.lost = lost(result);
                event.detail = text(curl_easy_strerror(result));
                response.status = (uint16_t)answer.status;
                response.headers = answer.headers;
                response.header_count = answer.header_count;
                response.body = (pk_text){answer.body, answer.body_used};
                event.response = &response;
                break;
            }
            case PK_STEP_BROWSE:
                end_ms = now_ms() + step.deadline_ms;
                if (browse(step.url.data) != 0) {
                    event.kind = PK_EVENT_FAILED;
                    event.detail = text("no process could be started");
                    break;
                }
                /* fall through */
            case PK_STEP_AWAIT: {
                uint64_t now = now_ms(), left = end_ms > now ? end_ms - now : 0;
                uint32_t received = 0;
                status = pk_receiver_wait(*receiver, left, &received, redirect, sizeof redirect, &event.redirect.length,
                                          error);
                event.redirect.data = redirect;
                event.kind = received == PK_RECEIVED_REDIRECT  ? PK_EVENT_REDIRECT
                             : received == PK_RECEIVED_ELAPSED ? PK_EVENT_ELAPSED
                                                               : PK_EVENT_CANCEL;
                break;
            }
            case PK_STEP_DONE: return pk_sign_in_outcome(flow, tokens, error);
            default: event.kind = PK_EVENT_CANCEL; /* a step of a newer library */
        }
        if (status != PK_OK) { /* the receiver: the flow turns its error into its own */
            event.kind = PK_EVENT_FAILED;
            event.code = text(error->code);
            event.detail = text(error->message);
        }
    }
}

/* Asks the resource with the token and prints its answer. */
static int call_resource(const char *resource, pk_tokens tokens, pk_error *error) {
    static struct answer answer;
    char bearer[8192] = "Bearer ";
    size_t length = 0;
    if (pk_tokens_expose_access_token(tokens, bearer + 7, sizeof bearer - 7, &length, error) != PK_OK) return 1;
    pk_header header = {PK_LITERAL("Authorization"), {bearer, length + 7}};
    pk_http_request request = PK_HTTP_REQUEST_INIT;
    request.url = text(resource);
    request.headers = &header;
    request.header_count = 1;
    request.max_body = MAX_BODY;
    request.timeout_ms = 30000;
    CURLcode result = exchange(&request, &answer);
    wipe(bearer, sizeof bearer);
    snprintf(error->message, sizeof error->message, "%s: %s", resource, curl_easy_strerror(result));
    if (result != CURLE_OK) return 1;
    printf("%ld %.*s\n", answer.status, (int)answer.body_used, answer.body);
    return answer.status == 200 ? 0 : 1;
}

int main(int argc, char **argv) {
    pk_error error = PK_ERROR_INIT;
    pk_sign_in_config config = PK_SIGN_IN_CONFIG_INIT;
    pk_sign_in flow = {0};
    pk_receiver receiver = {0};
    pk_tokens tokens = {0};
    pk_text scopes[16];
    int failed = 1;
    if (argc < 6 || argc > 6 + 16) return fprintf(stderr, "see the head of sign_in.c\n"), 2;
    for (int i = 6; i < argc; i++) scopes[i - 6] = text(argv[i]);
    config.issuer = text(argv[1]);
    config.authorization_endpoint = text(argv[2]);
    config.token_endpoint = text(argv[3]);
    config.client_id = text(argv[4]);
    config.resource = text(argv[5]);
    config.scopes = scopes;
    config.scope_count = (size_t)(argc - 6);
    config.loopback_path = text("/callback");
    config.browse_timeout_ms = 300000;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (PK_CHECK_VERSION(&error) == PK_OK && pk_sign_in_new(&config, &flow, &error) == PK_OK &&
        sign_in(flow, &receiver, &tokens, &error) == PK_OK)
        failed = call_resource(argv[5], tokens, &error);
    if (failed) fprintf(stderr, "%s\n%s\n", error.message, error.advice);
    pk_receiver_free(receiver);
    pk_tokens_free(tokens);
    pk_sign_in_free(flow);
    curl_global_cleanup();
    return failed;
}
