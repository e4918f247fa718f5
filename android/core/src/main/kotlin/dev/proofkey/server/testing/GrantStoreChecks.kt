package dev.proofkey.server.testing

import dev.proofkey.server.GrantStore

/**
 * Holds a grant store to what it must promise, also under a race. It knows no test framework:
 *
 * ```
 * GrantStoreChecks { MyGrantStore(database) }.run()
 * ```
 *
 * in one test, or one test for each of the [checks]. What misbehaves throws an `AssertionError` that says what was
 * wrong. The store need not be empty, as each check makes grants of its own; none waits, and none moves the database's
 * clock.
 *
 * @param racers how many race.
 * @param store gives the store, anew for each of those that race; all of them over the same database.
 */
public class GrantStoreChecks
    @JvmOverloads
    constructor(
        racers: Int = 64,
        store: () -> GrantStore,
    ) {
        private val subject = Subject(racers, store)

        /** All checks. */
        public val checks: List<Check> =
            (grantChecks() + tokenChecks() + serverChecks()).map { (name, check) -> Check(name, subject, check) }

        /** Runs them one after the other. */
        public suspend fun run() {
            for (check in checks) check.run()
        }

        /**
         * One check.
         *
         * @property name what the store must do.
         */
        public class Check internal constructor(
            public val name: String,
            private val subject: Subject,
            private val check: suspend (Subject) -> Unit,
        ) {
            /** Runs it. */
            public suspend fun run() {
                check(subject)
            }

            /** Its name. */
            override fun toString(): String = name
        }
    }
