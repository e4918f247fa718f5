package dev.proofkey.okhttp

import dev.proofkey.Interaction
import dev.proofkey.ProofKeyClient
import dev.proofkey.ProofKeyException
import dev.proofkey.ResourceCall
import kotlinx.coroutines.runBlocking
import okhttp3.Interceptor
import okhttp3.OkHttpClient
import okhttp3.Response
import java.io.IOException

/**
 * Requests with a token by OkHttp 4 or later, which the program brings itself:
 *
 * ```
 * val http = ResourceTokens(client).addTo(OkHttpClient.Builder()).build()
 * ```
 *
 * Each request, and each redirect that is followed, to the client's own resource gets the header field `Authorization`,
 * and where the token is bound to a key `DPoP` (RFC 9449 §7.1); every other request is refused. Where the resource does
 * not take the token it is refreshed, or the user signs in again, as [ResourceCall] says, and the request is sent once
 * more; one whose body can be sent only once is not, and its answer is the program's.
 *
 * What the client throws comes out as the cause of an [IOException], which is what OkHttp hands on. A request that
 * has the field `Authorization` already is left alone.
 *
 * @param client of the resource; it may be shared.
 * @param interaction whether the user may be asked for a sign-in, and how.
 */
public class ResourceTokens
    @JvmOverloads
    constructor(
        private val client: ProofKeyClient,
        private val interaction: Interaction = Interaction.Never,
    ) {
        /** Adds what it takes: an interceptor around all the tries of a request, and one at each that is made. */
        public fun addTo(builder: OkHttpClient.Builder): OkHttpClient.Builder =
            builder.addInterceptor(::tries).addNetworkInterceptor(::sends)

        private fun tries(chain: Interceptor.Chain): Response {
            if (chain.request().header(FIELD) != null) return chain.proceed(chain.request())
            val call = waiting { client.call(interaction) }
            val tagged = chain.request().newBuilder().tag(ResourceCall::class.java, call)
            val request = tagged.build()
            while (true) {
                val response = chain.proceed(request)
                // As it was sent: after redirects it is another than the program's.
                val sent = response.networkResponse?.request
                if (sent == null || request.body?.run { isOneShot() || isDuplex() } == true) return response
                val again =
                    try {
                        waiting { call.answered(sent.url.toString(), response.code, response.headers.toMultimap()) }
                    } catch (e: Throwable) {
                        response.close()
                        throw e
                    }
                if (!again) return response
                response.close()
            }
        }

        private fun sends(chain: Interceptor.Chain): Response {
            val request = chain.request()
            val call = request.tag(ResourceCall::class.java) ?: return chain.proceed(request)
            val url = request.url.toString()
            val fields = waiting { call.headers(request.method, url) }
            val authorized = request.newBuilder()
            for (field in fields) authorized.header(field.name, field.value)
            val response = chain.proceed(authorized.build())
            waiting { call.hear(url, response.headers.toMultimap()) }
            return response
        }

        private fun <T> waiting(call: suspend () -> T): T =
            try {
                runBlocking { call() }
            } catch (e: ProofKeyException) {
                throw IOException(e.message, e)
            } catch (e: InterruptedException) {
                throw IOException("interrupted", e)
            }

        /** For people; it holds no secret. */
        override fun toString(): String = "ResourceTokens($client)"
    }

private const val FIELD = "Authorization"
