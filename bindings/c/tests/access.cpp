// The access flow in C++, over a store in memory and over the file store: sign in, use what is kept, refresh, resume,
// sign out; with each call of the store failing, and cancelled at each step.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <proofkey.hpp>

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                       \
            std::exit(1);                                                                                              \
        }                                                                                                              \
    } while (0)

static constexpr std::string_view RESOURCE = "https://api.example/mcp";

static std::string_view read(const pk_text &text) { return {text.data, text.length}; }

// What a driver does for the store's steps. Each member may throw a proofkey::Error.
struct Store {
    struct Loaded {
        std::uint64_t revision = 0;
        std::optional<std::string> value;
    };
    std::function<Loaded(std::string_view key)> load;
    std::function<bool(std::string_view key, const std::uint64_t *revision, std::optional<std::string_view>)> swap;
    std::function<bool(std::string_view key)> lock;
    std::function<void()> unlock;
};

struct Memory {
    std::map<std::string, std::pair<std::uint64_t, std::string>, std::less<>> all;
    std::uint64_t last = 0;
    bool locked = false;

    Store store() {
        return {[this](std::string_view key) -> Store::Loaded {
                    auto found = all.find(key);
                    if (found == all.end()) return {};
                    return {found->second.first, found->second.second};
                },
                [this](std::string_view key, const std::uint64_t *revision, std::optional<std::string_view> value) {
                    auto found = all.find(key);
                    if (revision && *revision != (found == all.end() ? 0 : found->second.first)) return false;
                    if (!value)
                        all.erase(std::string(key));
                    else
                        all[std::string(key)] = {++last, std::string(*value)};
                    return true;
                },
                [this](std::string_view) { return !std::exchange(locked, true); }, [this] { locked = false; }};
    }
};

static Store over(proofkey::FileStore &files, std::optional<proofkey::FileLock> &held) {
    return {[&files](std::string_view key) -> Store::Loaded {
                auto stored = files.load(key);
                if (!stored) return {};
                return {stored->revision, std::string(stored->value.expose())};
            },
            [&files](std::string_view key, const std::uint64_t *revision, std::optional<std::string_view> value) {
                return files.swap(key, revision ? std::optional(*revision) : std::nullopt, value);
            },
            [&files, &held](std::string_view key) {
                held = files.lock(key, std::chrono::milliseconds(0));
                return held.has_value();
            },
            [&held] { held.reset(); }};
}

static unsigned issued;   // how many tokens the server has given out
static int steps;         // how many steps the last flow took
static std::string state; // of the last authorization request

// The loop. `leave_at` is the kind of step at which the program dies, `cancel_at` the number of the step at which its
// user cancels.
static std::optional<proofkey::Access::Outcome> drive(proofkey::Access &flow, Store &store, std::uint64_t now,
                                                      std::uint32_t leave_at = 0, int cancel_at = -1) {
    struct Release {
        Store &store;
        ~Release() { store.unlock(); }
    } release{store};
    pk_event event = PK_EVENT_INIT;
    event.kind = PK_EVENT_START;
    // What an event points to lives until it is given to the flow.
    static const pk_header header = {PK_LITERAL("Content-Type"), PK_LITERAL("application/json")};
    std::string body, redirect, code;
    Store::Loaded loaded;
    pk_http_response response = PK_HTTP_RESPONSE_INIT;
    for (steps = 0;; steps++) {
        pk_step step = flow.advance(event, now);
        if (step.kind == PK_STEP_BROWSE) {
            std::string url(read(step.url));
            state = url.substr(url.find("&state=") + 7, 43);
        }
        if (step.kind == leave_at) return std::nullopt;
        event = PK_EVENT_INIT;
        try {
            switch (step.kind) {
                case PK_STEP_LISTEN:
                    event.kind = PK_EVENT_LISTENING;
                    event.port = 4711;
                    break;
                case PK_STEP_SEND:
                    body.clear();
                    if (read(step.request.url) == "https://as.example/token") {
                        std::string number = std::to_string(++issued);
                        body = R"({"token_type":"Bearer","expires_in":3600,"access_token":"at-)" + number +
                               R"(","refresh_token":"rt-)" + number + "\"}";
                    }
                    event.kind = PK_EVENT_RESPONSE;
                    response.status = 200;
                    response.headers = &header;
                    response.header_count = 1;
                    response.body = proofkey::view(body);
                    event.response = &response;
                    break;
                case PK_STEP_BROWSE:
                    redirect = std::string(read(step.redirect_uri)) + "?code=c-1&state=" + state;
                    event.kind = PK_EVENT_REDIRECT;
                    event.redirect = proofkey::view(redirect);
                    break;
                case PK_STEP_LOCK: event.kind = store.lock(read(step.key)) ? PK_EVENT_LOCKED : PK_EVENT_BUSY; break;
                case PK_STEP_UNLOCK:
                    store.unlock();
                    event.kind = PK_EVENT_OK;
                    break;
                case PK_STEP_LOAD:
                    loaded = store.load(read(step.key));
                    event.kind = PK_EVENT_LOADED;
                    event.revision = loaded.revision;
                    event.value = proofkey::view_or_none(loaded.value);
                    break;
                case PK_STEP_SWAP:
                    event.swapped = store.swap(read(step.key), step.has_revision ? &step.revision : nullptr,
                                               step.value.data ? std::optional(read(step.value)) : std::nullopt);
                    event.kind = PK_EVENT_SWAPPED;
                    break;
                case PK_STEP_DONE: return flow.outcome();
                default: CHECK(!"a known step");
            }
        } catch (const proofkey::Error &error) {
            code = error.code();
            event = PK_EVENT_INIT;
            event.kind = PK_EVENT_FAILED;
            event.code = proofkey::view(code);
        }
        // What must be finished is; a write is done also then.
        if (steps == cancel_at && step.kind != PK_STEP_SWAP && !step.finish) {
            if (event.kind == PK_EVENT_LOCKED) store.unlock();
            event = PK_EVENT_INIT;
            event.kind = PK_EVENT_CANCEL;
        }
    }
}

static pk_access_config config() {
    pk_access_config config = PK_ACCESS_CONFIG_INIT;
    config.issuer = proofkey::view("https://as.example");
    config.resource = proofkey::view(RESOURCE);
    config.authorization_endpoint = proofkey::view("https://as.example/authorize");
    config.token_endpoint = proofkey::view("https://as.example/token");
    config.revocation_endpoint = proofkey::view("https://as.example/revoke");
    config.client_id = proofkey::view("agent");
    return config;
}

static proofkey::Access::Outcome run(Store &store, std::uint32_t goal, const pk_access_run *run, std::uint64_t now) {
    proofkey::Access flow(config(), goal, run);
    return std::move(*drive(flow, store, now));
}

// Whether a flow ends with the error of this code.
static bool fails(Store &store, std::uint32_t goal, std::uint64_t now, std::string_view code) {
    try {
        (void)run(store, goal, nullptr, now);
        return false;
    } catch (const proofkey::Error &error) {
        return error.code() == code;
    }
}

// P8: what stands beside endpoints is never left out without a word.
static void promises() {
    pk_access_config found = PK_ACCESS_CONFIG_INIT;
    found.resource = proofkey::view(RESOURCE);
    proofkey::Access::check(found);
    pk_access_config promise = found, revocation = found, half = found;
    promise.iss_promised = 1;
    revocation.revocation_endpoint = proofkey::view("https://as.example/revoke");
    half.token_endpoint = proofkey::view("https://as.example/token");
    for (auto [given, message] : {std::pair(promise, "iss_promised is given without authorization_endpoint"),
                                  std::pair(revocation, "revocation_endpoint is given without"),
                                  std::pair(half, "authorization_endpoint is missing")}) {
        try {
            proofkey::Access::check(given);
            CHECK(!"it is taken");
        } catch (const proofkey::Error &error) {
            CHECK(error.code() == "invalid_configuration" && std::string(error.what()).rfind(message, 0) == 0);
        }
    }
}

// What is kept serves the next run, is refreshed when it must be, and is gone after all.
static void life(Store &store, const proofkey::DataKey &key) {
    issued = 0;
    pk_access_run sealed = PK_ACCESS_RUN_INIT;
    sealed.data_key = key.get();
    CHECK(fails(store, PK_GOAL_TOKEN, 1000, "sign_in_required"));
    auto first = run(store, PK_GOAL_TOKEN_OR_SIGN_IN, &sealed, 1000);
    CHECK(first.source == PK_SOURCE_SIGNED_IN && first.stored && !first.warning && first.revoked == PK_REVOKED_NOTHING);
    CHECK(first.tokens->expose_access_token().expose() == "at-1" && first.tokens->resource() == std::string(RESOURCE));

    auto kept = run(store, PK_GOAL_TOKEN, &sealed, 1001);
    CHECK(kept.source == PK_SOURCE_KEPT && kept.tokens->expose_access_token().expose() == "at-1" && issued == 1);
    CHECK(kept.tokens->is_fresh(1001) && !kept.tokens->is_fresh(4600));
    CHECK(kept.tokens->authorization("https://api.example/mcp/tools", 1001)->expose() == "Bearer at-1");
    CHECK(!kept.tokens->authorization(RESOURCE, 4600));
    try {
        (void)kept.tokens->authorization("https://api.example/other", 1001);
        CHECK(false);
    } catch (const proofkey::Error &error) {
        CHECK(error.code() == "wrong_resource");
    }

    auto later = run(store, PK_GOAL_TOKEN, &sealed, 4600);
    CHECK(later.source == PK_SOURCE_REFRESHED && later.tokens->expose_access_token().expose() == "at-2");
    // The resource has refused a token that looks good: it is refreshed once, for whoever still holds that one.
    auto fingerprint = later.tokens->fingerprint();
    CHECK(fingerprint == run(store, PK_GOAL_TOKEN, &sealed, 4601).tokens->fingerprint());
    pk_access_run refused = sealed;
    refused.rejected = fingerprint.data();
    CHECK(run(store, PK_GOAL_TOKEN, &refused, 4601).source == PK_SOURCE_REFRESHED);
    CHECK(run(store, PK_GOAL_TOKEN, &refused, 4601).source == PK_SOURCE_KEPT && issued == 3);

    auto out = run(store, PK_GOAL_SIGN_OUT, &sealed, 4602);
    CHECK(!out.tokens && out.source == 0 && out.stored && out.revoked == PK_REVOKED_YES);
    CHECK(fails(store, PK_GOAL_TOKEN, 4602, "sign_in_required"));
}

// The program dies while the user is at the browser; its next run waits on, or has the redirect that started it.
static void resumed(const proofkey::DataKey &key) {
    pk_access_config resumable = config();
    resumable.resumable = 1;
    resumable.redirect_uri = proofkey::view("https://app.example/cb");
    for (bool came : {false, true}) {
        Memory memory;
        Store store = memory.store();
        pk_access_run sealed = PK_ACCESS_RUN_INIT;
        sealed.data_key = key.get();
        {
            proofkey::Access flow(resumable, PK_GOAL_SIGN_IN, &sealed);
            CHECK(!drive(flow, store, 1000, PK_STEP_BROWSE) && memory.all.size() == 1);
        }
        std::string redirect = "https://app.example/cb?code=c-1&state=" + state;
        if (came) sealed.redirect = proofkey::view(redirect);
        proofkey::Access flow(resumable, PK_GOAL_RESUME, &sealed);
        auto outcome = drive(flow, store, 1100, came ? 0 : PK_STEP_AWAIT);
        CHECK(came ? outcome->source == PK_SOURCE_SIGNED_IN : !outcome);
        try { // It was taken up, and by one.
            proofkey::Access again(resumable, PK_GOAL_RESUME, &sealed);
            (void)drive(again, store, 1100);
            CHECK(false);
        } catch (const proofkey::Error &error) {
            CHECK(error.code() == "nothing_pending");
        }
    }
}

// Each call of the store fails in turn. Tokens are given all the same where a server has given them out.
static void failing() {
    auto full = [] {
        pk_error error = PK_ERROR_INIT;
        std::snprintf(error.code, sizeof error.code, "store_full");
        error.status = PK_ERROR;
        return proofkey::Error(error);
    };
    bool ended = false;
    for (int bad = 0; !ended; bad++) {
        Memory memory;
        Store good = memory.store(), store = good;
        int calls = 0;
        auto count = [&] {
            if (calls++ == bad) throw full();
        };
        store.load = [&](auto key) { return count(), good.load(key); };
        store.swap = [&](auto key, auto revision, auto value) { return count(), good.swap(key, revision, value); };
        store.lock = [&](auto key) { return count(), good.lock(key); };
        try {
            auto outcome = run(store, PK_GOAL_SIGN_IN, nullptr, 1000);
            ended = calls <= bad; // Nothing has failed any more.
            CHECK(outcome.tokens && outcome.stored == ended && outcome.warning.has_value() != ended);
            CHECK(ended || outcome.warning->code() == "store_full");
        } catch (const proofkey::Error &error) {
            CHECK(error.code() == "store_full");
        }
        CHECK(!memory.locked && bad < 20);
    }
}

// Cancelled at each step: it ends, with the error that says so or with what a server had given out by then.
static void cancelled() {
    int given = 0;
    for (int at = 0, all = 1; at < all; at++) {
        Memory memory;
        Store store = memory.store();
        proofkey::Access flow(config(), PK_GOAL_SIGN_IN);
        unsigned before = issued;
        try {
            auto outcome = drive(flow, store, 1000, 0, at);
            CHECK(issued == before + 1 && outcome->tokens && outcome->stored);
            all = steps;
            given++;
        } catch (const proofkey::Error &error) {
            CHECK(error.code() == "cancelled" && error.family() == "user_cancelled" && issued == before);
            all = at + 2;
        }
        CHECK(!memory.locked);
    }
    CHECK(given > 2);
}

static void records(proofkey::FileStore &files) {
    CHECK(files.folder().find("proofkey") != std::string::npos && !files.load("a-1"));
    CHECK(!files.swap("a-1", 5, "x") && files.swap("a-1", 0, "one") && !files.swap("a-1", 0, "two"));
    auto one = files.load("a-1");
    CHECK(one && one->value.expose() == "one" && files.swap("a-1", one->revision, std::string_view("t\0o", 3)));
    CHECK(files.load("a-1")->value.expose() == std::string_view("t\0o", 3));
    CHECK(files.swap("a-1", std::nullopt, std::nullopt) && !files.load("a-1"));
    auto lock = files.lock("a-1", std::chrono::milliseconds(0));
    CHECK(lock && !files.lock("a-1", std::chrono::milliseconds(1)) && files.lock("b", std::chrono::milliseconds(0)));
    lock.reset();
    CHECK(files.lock("a-1", std::chrono::milliseconds(0)));
    CHECK(files.key_place() == PK_KEY_PLACE_UNDECIDED);
    CHECK(files.file_key().expose_text().expose() == files.file_key().expose_text().expose());
    CHECK(files.key_place() == PK_KEY_PLACE_FILE && !files.decide_keyring());
    try {
        (void)files.load("Not a key");
        CHECK(false);
    } catch (const proofkey::Error &error) {
        CHECK(error.code() == "store_failed" && error.family() == "retry" && !error.advice().empty());
    }
}

static void sealed(const proofkey::DataKey &key) {
    pk_authorization_request request = PK_AUTHORIZATION_REQUEST_INIT;
    request.issuer = proofkey::view("https://as.example");
    request.authorization_endpoint = proofkey::view("https://as.example/authorize");
    request.token_endpoint = proofkey::view("https://as.example/token");
    request.client_id = proofkey::view("agent");
    request.redirect_uri = proofkey::view("https://app.example/cb");
    pk_parameter extra = {PK_LITERAL("prompt"), PK_LITERAL("consent")};
    request.extra_parameters = &extra;
    request.extra_parameter_count = 1;
    proofkey::Session session(request);
    proofkey::SecretText bytes = session.seal(key, 2000);
    auto open = [&](const proofkey::DataKey &with, std::uint64_t now) {
        return proofkey::Session::open(with, bytes.expose(), "https://as.example", "agent", "https://app.example/cb",
                                       now);
    };
    std::string url = open(proofkey::DataKey::from_text(key.expose_text().expose()), 1999).authorization_url();
    CHECK(session.authorization_url() == url + "&prompt=consent"); // The request was made: that part is not kept.
    for (auto code : {"session_expired", "record_unreadable"}) try {
            bool late = code == std::string_view("session_expired");
            (void)open(late ? proofkey::DataKey::from_text(key.expose_text().expose()) : proofkey::DataKey::generate(),
                       late ? 2001 : 1999);
            CHECK(false);
        } catch (const proofkey::Error &error) {
            CHECK(error.code() == code);
        }
}

static void documents() {
    pk_text redirect_uri = proofkey::view("http://127.0.0.1/callback");
    pk_client_document_fields fields = PK_CLIENT_DOCUMENT_FIELDS_INIT;
    fields.client_id = proofkey::view("https://app.example/client.json");
    fields.client_name = proofkey::view("An agent");
    fields.redirect_uris = &redirect_uri;
    fields.redirect_uri_count = 1;
    std::string json = proofkey::ClientDocument::write(fields);
    proofkey::ClientDocument document(read(fields.client_id), json);
    pk_client_document_fields again = document.fields();
    CHECK(read(again.client_name) == "An agent" && !again.client_uri.data && again.scope_count == 0);
    CHECK(again.redirect_uri_count == 1 && read(again.redirect_uris[0]) == read(redirect_uri));
    try {
        proofkey::ClientDocument other("https://app.example/other.json", json);
        CHECK(false);
    } catch (const proofkey::Error &error) {
        CHECK(error.code() == "invalid_metadata" && error.field() == "client_id");
    }
}

int main() {
    proofkey::DataKey key = proofkey::DataKey::generate();
    Memory memory;
    Store store = memory.store();
    life(store, key);
    for (const auto &one : memory.all) CHECK(one.first.rfind("tokens-", 0) != 0);
    // What is kept is sealed where there is a key, and is not where there is none.
    for (bool seals : {true, false}) {
        pk_access_run with = PK_ACCESS_RUN_INIT;
        if (seals) with.data_key = key.get();
        memory.all.clear();
        std::string token(run(store, PK_GOAL_SIGN_IN, &with, 1000).tokens->expose_access_token().expose());
        bool seen = false;
        for (const auto &one : memory.all) seen |= one.second.second.find(token) != std::string::npos;
        CHECK(seen == !seals);
    }
    promises();
    resumed(key);
    failing();
    cancelled();
    sealed(key);
    documents();

    std::string folder = (std::filesystem::temp_directory_path() / "proofkey-XXXXXX").string();
    CHECK(mkdtemp(folder.data()) != nullptr);
    {
        proofkey::FileStore files(folder);
        records(files);
        std::optional<proofkey::FileLock> held;
        Store on_disk = over(files, held);
        life(on_disk, files.file_key());
        CHECK(!held);
    }
    std::filesystem::remove_all(folder);
    std::puts("done");
}
