/* Holds a grant store to what it must promise, also under a race: the suite for the stores of authorization servers in
 * C and C++ (docs/grants.md). It knows no test framework and has no parts to be linked: include it in one file of your
 * tests, and link as for proofkey.h, with threads (-pthread).
 *
 *   static void *open_one(void *path) { … }                  a connection of its own for each thread
 *   static void answer(void *connection, const pk_store_step *step, pk_store_event *event) { … }
 *   static void close_one(void *connection) { … }
 *
 *   pk_testing_store store = {0};                            in C++: pk_testing_store store{};
 *   store.context = path;
 *   store.open = open_one;
 *   store.answer = answer;
 *   store.close = close_one;
 *   return pk_testing_check_store(&store, pk_testing_print, stderr) == 0 ? 0 : 1;
 *
 * The database need not be empty: each check makes grants of its own. None waits for time to pass, and none moves the
 * database's clock. A check ends at the first promise that is broken; the others are run all the same. A store that
 * never answers is waited for.
 *
 * Licence: MIT OR Apache-2.0. */
#ifndef PROOFKEY_TESTING_GRANT_STORE_H
#define PROOFKEY_TESTING_GRANT_STORE_H

#include <stdio.h>

#include <proofkey/testing/detail/grants.h>
#include <proofkey/testing/detail/server.h>
#include <proofkey/testing/detail/subject.h>
#include <proofkey/testing/detail/tokens.h>

/* One check. */
typedef struct pk_testing_check {
    /* What the store must do; the same names as in the other languages. */
    const char *name;
    /* Not for the caller. */
    bool (*run)(const pkt_subject *subject);
} pk_testing_check;

/* All checks, and how many. */
static const pk_testing_check pk_testing_checks[] = {
    {"a_grant_is_found_by_its_id_and_its_hash", pkt_a_grant_is_found_by_its_id_and_its_hash},
    {"a_second_grant_of_an_id_is_refused", pkt_a_second_grant_of_an_id_is_refused},
    {"mismatches_are_counted", pkt_mismatches_are_counted},
    {"a_revocation_reaches_every_token", pkt_a_revocation_reaches_every_token},
    {"a_claim_happens_once_and_brings_its_tokens", pkt_a_claim_happens_once_and_brings_its_tokens},
    {"a_claim_needs_every_one_of_its_conditions", pkt_a_claim_needs_every_one_of_its_conditions},
    {"a_claim_and_its_tokens_are_one", pkt_a_claim_and_its_tokens_are_one},
    {"of_many_claims_one_wins", pkt_of_many_claims_one_wins},
    {"a_rotation_happens_once_and_brings_its_tokens", pkt_a_rotation_happens_once_and_brings_its_tokens},
    {"a_rotation_needs_every_one_of_its_conditions", pkt_a_rotation_needs_every_one_of_its_conditions},
    {"the_window_spares_the_predecessor_alone", pkt_the_window_spares_the_predecessor_alone},
    {"of_many_rotations_one_wins", pkt_of_many_rotations_one_wins},
    {"a_proof_is_new_once", pkt_a_proof_is_new_once},
    {"a_grant_lives_its_life", pkt_a_grant_lives_its_life},
    {"of_many_redeemers_one_gets_a_token", pkt_of_many_redeemers_one_gets_a_token},
    /* Of C alone: elsewhere the library takes the steps apart. */
    {"a_step_of_a_newer_library_fails", pkt_a_step_of_a_newer_library_fails},
};
enum { PK_TESTING_CHECK_COUNT = sizeof pk_testing_checks / sizeof pk_testing_checks[0] };

/* A pk_testing_report that writes to `stream`, a FILE. */
static inline void pk_testing_print(void *stream, const pk_testing_broken *broken) {
    fprintf((FILE *)stream, "%s: %s: expected %s, got %s\n", broken->check, broken->promise, broken->expected,
            broken->got);
}

/* Runs one check. `report` is told of the promise that is broken, if one is. Returns whether none is. */
static inline bool pk_testing_run(const pk_testing_check *check, const pk_testing_store *store,
                                  pk_testing_report *report, void *report_context) {
    pkt_subject subject = {store, report, report_context, check->name, store->racers ? store->racers : 64, NULL};
    if (!pkt_open(&subject)) return pkt_broken(&subject, "open gives a store for a thread", "a store", "null");
    bool kept = check->run(&subject);
    pkt_close(&subject);
    return kept;
}

/* Runs all of them. Returns how many found a promise broken: 0 for a store that is good. */
static inline size_t pk_testing_check_store(const pk_testing_store *store, pk_testing_report *report,
                                            void *report_context) {
    size_t failed = 0;
    for (size_t i = 0; i < PK_TESTING_CHECK_COUNT; i++)
        failed += !pk_testing_run(&pk_testing_checks[i], store, report, report_context);
    return failed;
}

#endif
