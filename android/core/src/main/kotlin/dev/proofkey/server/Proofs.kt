package dev.proofkey.server

/**
 * What a server asks of proofs of possession (RFC 9449).
 *
 * @property required whether tokens are issued and taken with a proof only (RFC 9449 §5.2, RFC 9728 §2).
 * @property windowSeconds how far a proof's time may be from the server's, forward or back (RFC 9449 §11.1).
 * @property nonceLifetimeSeconds after so many seconds there is a new nonce; the one before it is good for as long
 * again.
 * @param nonceKey the key that the server's nonces are made with (RFC 9449 §8): 32 bytes of a good generator, the same
 * on every node of the server. Null: proofs need no nonce.
 */
public class ProofRules
    @JvmOverloads
    constructor(
        public val required: Boolean = false,
        public val windowSeconds: Long = 60,
        nonceKey: ByteArray? = null,
        public val nonceLifetimeSeconds: Long = 300,
    ) {
        internal val key = nonceKey?.copyOf()

        /** For people; it shows no key. */
        override fun toString(): String =
            "ProofRules(required=$required, windowSeconds=$windowSeconds, nonces=${key != null})"
    }

/**
 * The proofs that came with a request, and the request that they have to be for.
 *
 * @property fields the values of its header fields `DPoP`, each as it came. None proves nothing, and more than one is
 * refused (RFC 9449 §4.3).
 * @property method the request's method.
 * @property url its URL as clients know it, not as a proxy has rewritten it; query and fragment are not compared.
 */
public class Proof(
    public val fields: List<String>,
    public val method: String,
    public val url: String,
) {
    /** For people; it shows no proof, and no query. */
    override fun toString(): String = "Proof($method ${url.substringBefore('?')}, ${fields.size} fields)"
}
