// The suite for grant stores, as C++ uses it: a store in memory keeps its promises, also under a race; the same without
// its lock does not. P20, P24, P27, RFC 9449 §11.1.
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <proofkey/testing/grant_store.h>
#include <string>

#include "memory_store.hpp"

// The one database of all threads.
struct Shared {
    MemoryStore store;
    std::mutex lock;
    bool naive = false;

    // So many have read and may write.
    std::condition_variable all;
    unsigned racers = 1, read = 0;
};

// One thread's. What it gives out is its own, for another thread may change the row meanwhile.
class Connection {
  public:
    explicit Connection(Shared &shared) : shared_(shared) {}

    void answer(const pk_store_step &step, pk_store_event &event) {
        std::unique_lock<std::mutex> held(shared_.lock);
        if (shared_.naive && step.kind == PK_STORE_STEP_CLAIM) {
            claim(step, event, held);
            return;
        }
        event = shared_.store.answer(step);
        if (event.found_grant) event.found_grant = &(grant_ = *event.found_grant);
        if (event.found_token) event.found_token = &(token_ = *event.found_token);
    }

  private:
    // Reads, lets the others read, and says what it has seen.
    void claim(const pk_store_step &step, pk_store_event &event, std::unique_lock<std::mutex> &held) {
        pk_store_step find = step;
        find.kind = PK_STORE_STEP_FIND;
        pk_store_event seen = shared_.store.answer(find);
        bool unused = seen.found_grant && !seen.found_grant->used;
        shared_.read++;
        shared_.all.notify_all();
        shared_.all.wait_for(held, std::chrono::minutes(1), [this] { return shared_.read >= shared_.racers; });
        event.kind = PK_STORE_EVENT_CLAIMED;
        event.done = unused;
        shared_.store.answer(step);
    }

    Shared &shared_;
    pk_found_grant grant_ = PK_FOUND_GRANT_INIT;
    pk_found_token token_ = PK_FOUND_TOKEN_INIT;
};

static pk_testing_store looked_at(Shared &shared) {
    pk_testing_store store{};
    store.context = &shared;
    store.open = [](void *context) -> void * { return new Connection(*static_cast<Shared *>(context)); };
    store.answer = [](void *connection, const pk_store_step *step, pk_store_event *event) {
        static_cast<Connection *>(connection)->answer(*step, *event);
    };
    store.close = [](void *connection) { delete static_cast<Connection *>(connection); };
    return store;
}

static void tell(void *context, const pk_testing_broken *broken) {
    *static_cast<std::string *>(context) += std::string(broken->check) + ": " + broken->promise + ": expected " +
                                            broken->expected + ", got " + broken->got + "\n";
}

int main() {
    std::string told;
    Shared sound;
    pk_testing_store store = looked_at(sound);
    if (pk_testing_check_store(&store, tell, &told) != 0 || !told.empty()) {
        std::fputs(told.c_str(), stderr);
        return 1;
    }

    Shared naive;
    naive.naive = true;
    naive.racers = 64;
    store = looked_at(naive);
    for (const pk_testing_check &check : pk_testing_checks)
        if (std::string(check.name) == "of_many_claims_one_wins") pk_testing_run(&check, &store, tell, &told);
    if (told != "of_many_claims_one_wins: of many claims one wins: expected 1, got 64\n") {
        std::fprintf(stderr, "of a naive store it was told: %s", told.c_str());
        return 1;
    }
    std::puts("done");
}
