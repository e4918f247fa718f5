package dev.proofkey.serversample

import kotlinx.coroutines.runBlocking
import kotlin.concurrent.fixedRateTimer
import kotlin.system.exitProcess

private const val A_MINUTE_MS = 60_000L

/** Serves until it is stopped: FILE PORT, or FILE alone for a port of the system's choice. */
fun main(arguments: Array<String>) {
    if (arguments.isEmpty()) {
        System.err.println("usage: MainKt FILE [PORT], where FILE is the database; it is made where there is none")
        exitProcess(2)
    }
    val store = JdbcGrantStore(JdbcGrantStore.sqlite(arguments[0]))
    runBlocking { store.prepare() }
    fixedRateTimer(daemon = true, period = A_MINUTE_MS) { runBlocking { store.forgetExpired() } }
    val site = Site(store, arguments.getOrNull(1)?.toInt() ?: 0, System.getProperty("user.name"))
    println("proofkey login ${site.resource} --client-id ${site.client.clientId}")
}
