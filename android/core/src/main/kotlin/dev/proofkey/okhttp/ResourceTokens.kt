package dev.proofkey.okhttp

import dev.proofkey.Interaction
import dev.proofkey.ProofKeyClient
import dev.proofkey.ProofKeyException
import kotlinx.coroutines.runBlocking
import okhttp3.Authenticator
import okhttp3.Interceptor
import okhttp3.Request
import okhttp3.Response
import okhttp3.Route
import java.io.IOException

/**
 * Requests with a token by OkHttp 4 or later, which the program brings itself:
 *
 * ```
 * val tokens = ResourceTokens(client)
 * val http = OkHttpClient.Builder().addNetworkInterceptor(tokens).authenticator(tokens).build()
 * ```
 *
 * As a **network** interceptor it sets the header field `Authorization` of each request, and of each redirect that is
 * followed, to the client's own resource, and refuses every other request. As the authenticator it refreshes the token
 * after a 401, and has the request repeated, once.
 *
 * What the client throws comes out as the cause of an [IOException], which is what OkHttp hands on. A request that
 * has the field already is left alone.
 *
 * @param client of the resource; it may be shared.
 * @param interaction whether the user may be asked for a sign-in, and how.
 */
public class ResourceTokens
    @JvmOverloads
    constructor(
        private val client: ProofKeyClient,
        private val interaction: Interaction = Interaction.Never,
    ) : Interceptor,
        Authenticator {
        /** Sets the field. OkHttp calls it on a thread that may wait. */
        override fun intercept(chain: Interceptor.Chain): Response {
            if (chain.connection() == null) throw IOException("ResourceTokens belongs into addNetworkInterceptor")
            val request = chain.request()
            if (request.header(FIELD) != null) return chain.proceed(request)
            val value = waiting { client.authorization(request.url.toString(), interaction) }
            return chain.proceed(request.newBuilder().header(FIELD, value).build())
        }

        /** The request once more, for the interceptor to set the field; null gives up. */
        override fun authenticate(
            route: Route?,
            response: Response,
        ): Request? {
            val request = response.request
            // As it was sent; the request itself shows what the program set.
            val sent = response.networkResponse?.request ?: return null
            val refused = sent.header(FIELD) ?: return null
            if (request.header(FIELD) != null || request.tag(Refreshed::class.java) != null) return null
            waiting { client.authorizationAfter(sent.url.toString(), refused, response.headers(CHALLENGES), interaction) }
            return request.newBuilder().tag(Refreshed::class.java, Refreshed).build()
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

/** Marks a request whose token was refreshed. */
private object Refreshed

private const val FIELD = "Authorization"
private const val CHALLENGES = "WWW-Authenticate"
