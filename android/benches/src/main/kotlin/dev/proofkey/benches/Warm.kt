package dev.proofkey.benches

import java.lang.management.ManagementFactory
import kotlin.math.max

private const val ROUNDS = 40

/** One measurement, in nanoseconds of CPU: short, so that many of them fall between other programs' turns. */
private const val SLICE = 20_000_000L

/** Until the JVM has compiled what it wants to compile. */
private const val WARM_UP = 3_000_000_000L

/**
 * Measures the jobs in one process, by turns, and writes lines: a name and nanoseconds of CPU in each round, and
 * what crosses the boundary. With `--smoke` each runs, its answer is looked at, and nothing is measured.
 */
public object Warm {
    /** The program. */
    @JvmStatic
    public fun main(args: Array<String>) {
        val jobs = mapOf("sign_in/proofkey" to Ours(), "sign_in/nimbus" to Nimbus())
        for ((name, job) in jobs) check(job.signIn() == Inputs.ACCESS_TOKEN) { "$name does not do its job" }
        val crossings = Crossings.of(Counted().ours())
        check(crossings.keys.any { kind(it) == "calls" }) { "a job of ProofKey does not cross" }
        for ((name, count) in crossings) println("crossing ${kind(name)} $name $count")
        println("java ${System.getProperty("java.version")} ${System.getProperty("java.vm.name")}")
        if ("--smoke" !in args) measure(jobs)
    }

    private fun measure(jobs: Map<String, Job>) {
        for (job in jobs.values) {
            val end = System.nanoTime() + WARM_UP
            while (System.nanoTime() < end) job.signIn()
        }
        val times = jobs.mapValues { (_, job) -> max(1, SLICE / (time(job, SAMPLE) / SAMPLE)) }
        repeat(ROUNDS) {
            for ((name, job) in jobs) {
                val count = times.getValue(name)
                println("figure $name ${time(job, count).toDouble() / count}")
            }
        }
    }

    private const val SAMPLE = 50L

    private val threads = ManagementFactory.getThreadMXBean()

    private fun time(
        job: Job,
        times: Long,
    ): Long {
        val begun = threads.currentThreadCpuTime
        for (i in 0 until times) job.signIn()
        return threads.currentThreadCpuTime - begun
    }
}
