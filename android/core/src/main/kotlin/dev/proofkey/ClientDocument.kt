package dev.proofkey

import dev.proofkey.internal.clientDocumentJson
import dev.proofkey.internal.readClientDocument
import dev.proofkey.internal.ClientDocument as NativeDocument

/**
 * What a client says of itself at its own address, which is its identifier at servers that take such documents (OAuth
 * Client ID Metadata Document). Its address is [ClientOptions.clientDocument].
 *
 * @property url the document's own address: https, with a path, without query and fragment.
 * @property name what a user is shown.
 * @property page the client's home page.
 * @property redirectUris where answers may go. For loopback the port does not count (RFC 8252 §7.3).
 * @property scopes what it may ask for; nothing leaves it to the server.
 */
public class ClientDocument
    @JvmOverloads
    constructor(
        public val url: String,
        public val name: String,
        public val redirectUris: List<String>,
        public val page: String? = null,
        public val scopes: List<String> = emptyList(),
    ) {
        /**
         * The document as JSON, to be served as `application/json`.
         *
         * @throws ProofKeyException.FixConfiguration a member cannot be used; the message names it.
         */
        public fun toJson(): String {
            val document =
                NativeDocument(
                    text("client_id", url),
                    text("client_name", name),
                    page?.let { text("client_uri", it) },
                    redirectUris.mapIndexed { at, uri -> text("redirect_uris[$at]", uri) },
                    scopes.mapIndexed { at, scope -> text("scopes[$at]", scope) },
                )
            return native("ClientDocument") { clientDocumentJson(document) }
        }

        /** By content. */
        override fun equals(other: Any?): Boolean =
            other is ClientDocument && url == other.url && name == other.name && page == other.page &&
                redirectUris == other.redirectUris && scopes == other.scopes

        /** By content. */
        override fun hashCode(): Int = url.hashCode()

        /** For people. */
        override fun toString(): String = "ClientDocument(url=$url, name=$name)"

        /** Reads them. */
        public companion object {
            /**
             * Reads what was fetched from this address.
             *
             * @throws ProofKeyException.FixConfiguration a member cannot be used; the message names it.
             */
            @JvmStatic
            public fun read(
                url: String,
                body: ByteArray,
            ): ClientDocument {
                val address = text("url", url)
                val read = native("ClientDocument") { readClientDocument(address, body) }
                return ClientDocument(read.clientId, read.clientName, read.redirectUris, read.clientUri, read.scopes)
            }
        }
    }
