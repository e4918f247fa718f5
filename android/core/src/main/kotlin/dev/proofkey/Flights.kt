package dev.proofkey

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.async

/**
 * Work that many wait for and none of them owns. Who is cancelled leaves at once, and the others wait on; when nobody
 * waits any more the work is cancelled, and what it must finish it finishes.
 */
internal class Flights<K : Any, T>(
    private val scope: CoroutineScope,
) {
    private class Flight<T>(
        val work: Deferred<Result<T>>,
    ) {
        var waiting = 0
    }

    private val flights = HashMap<K, Flight<T>>()

    /** Waits for the flight of this kind, which is begun by the first. */
    suspend fun join(
        kind: K,
        fly: suspend () -> T,
    ): T {
        val flight = synchronized(flights) { flight(kind, fly).also { it.waiting++ } }
        try {
            return flight.work.await().getOrThrow()
        } finally {
            synchronized(flights) {
                if (--flight.waiting == 0 && !flight.work.isCompleted) {
                    forget(kind, flight)
                    flight.work.cancel()
                }
            }
        }
    }

    private fun flight(
        kind: K,
        fly: suspend () -> T,
    ): Flight<T> {
        flights[kind]?.let { if (it.work.isActive) return it }
        // As a result: an exception belongs to those who wait, not to the scope.
        val work = scope.async(start = CoroutineStart.LAZY) { runCatching { fly() } }
        val flight = Flight(work)
        flights[kind] = flight
        work.invokeOnCompletion { synchronized(flights) { forget(kind, flight) } }
        work.start()
        return flight
    }

    // Not by Map.remove(key, value), which Android has from API 24 on.
    private fun forget(
        kind: K,
        flight: Flight<T>,
    ) {
        if (flights[kind] === flight) flights.remove(kind)
    }
}
