package dev.proofkey.benches

/** Starts, says the first authorization URL, and ends. Each is a program of its own, for a process of its own. */
public object ColdOurs {
    /** By ProofKey. */
    @JvmStatic
    public fun main(args: Array<String>) {
        println(Ours().firstUrl())
    }
}

/** The same by the peer. */
public object ColdNimbus {
    /** By Nimbus. */
    @JvmStatic
    public fun main(args: Array<String>) {
        println(Nimbus().firstUrl())
    }
}

/** A JVM that only starts and says a line. */
public object ColdBare {
    /** By nobody. */
    @JvmStatic
    public fun main(args: Array<String>) {
        println(Inputs.AUTHORIZATION_ENDPOINT)
    }
}
