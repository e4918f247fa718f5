package dev.proofkey.serversample

import dev.proofkey.Browser
import dev.proofkey.Dpop
import dev.proofkey.LoopbackAuthenticator
import dev.proofkey.ProofKeyClient
import dev.proofkey.ProofKeyException
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.json.JSONObject
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.net.HttpURLConnection
import java.net.Proxy
import java.net.URL

private const val LONG_MS = 30_000

/** The whole server, by a client of ours. */
class SiteTest {
    @TempDir
    lateinit var folder: File
    private lateinit var store: JdbcGrantStore
    private lateinit var site: Site

    @BeforeEach
    fun start() {
        store = JdbcGrantStore(JdbcGrantStore.sqlite(File(folder, "grants.db").path))
        runBlocking { store.prepare() }
        site = Site(store, 0, "alice <b>")
    }

    @AfterEach
    fun stop() {
        site.close()
    }

    private fun connect(url: String) =
        (URL(url).openConnection(Proxy.NO_PROXY) as HttpURLConnection).apply {
            readTimeout = LONG_MS
            instanceFollowRedirects = false
        }

    private fun posted(
        url: String,
        cookie: String?,
        form: String,
    ): HttpURLConnection =
        connect(url).apply {
            doOutput = true
            if (cookie != null) setRequestProperty("Cookie", cookie)
            outputStream.use { it.write(form.toByteArray()) }
        }

    /** A user who reads the page and presses a button. */
    private fun presses(button: String) =
        Browser { url ->
            val shown = connect(url)
            val page = shown.inputStream.reader().readText()
            assertTrue("My agent" in page && "127.0.0.1:" in page && "alice &lt;b&gt;" in page, page)
            assertEquals("DENY", shown.getHeaderField("X-Frame-Options"))
            val token = page.substringAfter("""name="token" value="""").substringBefore('"')
            val cookie = shown.getHeaderField("Set-Cookie").substringBefore(';')
            for ((sent, form) in listOf(null to "token=$token", cookie to "token=", "consent=x" to "token=x")) {
                assertEquals(403, posted(url, sent, "$form&decision=allow").responseCode, "a forged form")
            }
            val answer = posted(url, cookie, "token=$token&decision=$button")
            assertEquals(303, answer.responseCode)
            connect(answer.getHeaderField("Location")).responseCode
        }

    private fun client(
        browser: Browser,
        bound: Dpop,
    ) = ProofKeyClient(site.resource, LoopbackAuthenticator(browser)) {
        clientId = "agent"
        dpop = bound
    }

    private fun signedIn(bound: Dpop) =
        runBlocking {
            withTimeout(LONG_MS.toLong()) {
                val client = client(presses("allow"), bound)
                client.signIn().use { tokens ->
                    val type = if (bound == Dpop.Never) "Bearer" else "DPoP"
                    assertEquals(type, tokens.tokenType)
                    val call = client.call()
                    val request = connect(site.resource)
                    for (field in call.headers("GET", site.resource)) request.setRequestProperty(field.name, field.value)
                    assertEquals(200, request.responseCode)
                    val said = JSONObject(request.inputStream.reader().readText())
                    assertEquals("alice <b>", said.getString("user"))
                }
                client.signOut()
            }
        }

    @Test
    fun `a user signs in and the resource answers`() {
        signedIn(Dpop.Never)
        signedIn(Dpop.Required)
    }

    @Test
    fun `a user says no`() {
        assertThrows(ProofKeyException.UserCancelled::class.java) {
            runBlocking { withTimeout(LONG_MS.toLong()) { client(presses("deny"), Dpop.Never).signIn() } }
        }
    }

    @Test
    fun `what is wrong is answered so`() {
        assertEquals(405, connect("${site.issuer}/token").responseCode)
        assertEquals(404, connect("${site.issuer}/token/more").responseCode)
        assertEquals(400, connect("${site.issuer}/authorize?client_id=x").responseCode)
        assertEquals(400, posted("${site.issuer}/token", null, "grant_type=x").responseCode)
        val refused = connect(site.resource)
        assertEquals(401, refused.responseCode)
        assertTrue("resource_metadata" in refused.getHeaderField("WWW-Authenticate"))
    }
}
