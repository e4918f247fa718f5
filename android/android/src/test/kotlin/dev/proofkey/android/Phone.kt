package dev.proofkey.android

import android.content.ComponentName
import android.content.Context
import android.content.ContextWrapper
import android.content.Intent
import android.content.IntentFilter
import android.net.Uri
import android.os.Bundle
import android.os.Looper
import dev.proofkey.ClientOptions
import dev.proofkey.ProofKeyClient
import dev.proofkey.TokenSet
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.shadows.ShadowActivity.IntentForResult
import org.robolectric.shadows.ShadowPausedLooper
import java.util.concurrent.CountDownLatch
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

const val REDIRECT = "com.example.app:/callback"

internal const val SECONDS = 10L

/** A phone with an app that signs in. The test's thread is the main thread; sign-ins run on others. */
class Phone : AutoCloseable {
    /** What the library starts by the application's context, from any thread. */
    private val started = LinkedBlockingQueue<Intent>()
    private val application = RuntimeEnvironment.getApplication()
    private val server = TokenEndpoint()
    private val signIns = mutableListOf<SignIn>()

    private val context =
        object : ContextWrapper(application) {
            override fun getApplicationContext(): Context = this

            override fun startActivity(intent: Intent) {
                started.add(intent)
            }
        }

    init {
        // What the app's manifest says once it is merged with the library's.
        val packages = shadowOf(application.packageManager)
        val receiver = ComponentName(application, RedirectActivity::class.java)
        packages.addActivityIfNotPresent(receiver)
        packages.addIntentFilterForActivity(
            receiver,
            IntentFilter(Intent.ACTION_VIEW).apply {
                addCategory(Intent.CATEGORY_DEFAULT)
                addCategory(Intent.CATEGORY_BROWSABLE)
                addDataScheme("com.example.app")
            },
        )
    }

    val redemptions get() = server.redemptions

    /** Keeps the tokens back while [run] runs. */
    fun beforeTheTokens(run: () -> Unit) {
        val gate = CountDownLatch(1)
        server.gate = gate
        try {
            run()
        } finally {
            gate.countDown()
        }
    }

    fun installBrowser(
        name: String = "org.example.browser",
        tabs: Boolean = true,
        authTab: Boolean = false,
        host: String? = null,
    ) {
        val packages = shadowOf(application.packageManager)
        val links = IntentFilter(Intent.ACTION_VIEW)
        links.addCategory(Intent.CATEGORY_BROWSABLE)
        links.addCategory(Intent.CATEGORY_DEFAULT)
        links.addDataScheme("https")
        host?.let { links.addDataAuthority(it, null) }
        val page = ComponentName(name, "$name.Page")
        packages.addActivityIfNotPresent(page)
        packages.addIntentFilterForActivity(page, links)
        if (!tabs) return
        val service = ComponentName(name, "$name.Tabs")
        val connections = IntentFilter("android.support.customtabs.action.CustomTabsService")
        if (authTab) connections.addCategory("androidx.browser.auth.category.AuthTab")
        packages.addServiceIfNotPresent(service)
        packages.addIntentFilterForService(service, connections)
    }

    fun removeBrowser(name: String = "org.example.browser") {
        shadowOf(application.packageManager).removeActivity(ComponentName(name, "$name.Page"))
    }

    fun signIn(options: ClientOptions.() -> Unit = { redirectUri = REDIRECT }): SignIn = begin(options) { it.signIn() }

    /** As the app's next process does it. */
    fun resume(options: ClientOptions.() -> Unit): SignIn = begin(options) { it.resume() }

    private fun begin(
        options: ClientOptions.() -> Unit,
        call: suspend (ProofKeyClient) -> TokenSet,
    ): SignIn {
        val client =
            ProofKeyClient(
                issuer = server.issuer,
                authorizationEndpoint = "https://as.example/authorize",
                tokenEndpoint = server.url,
                clientId = "app",
                authenticator = BrowserAuthenticator(context),
                options = options,
            )
        val result = CompletableDeferred<Result<TokenSet>>()
        val job = CoroutineScope(Dispatchers.Default).launch { result.complete(runCatching { call(client) }) }
        // Also one that was cancelled before it began.
        job.invokeOnCompletion { cause -> cause?.let { result.complete(Result.failure(it)) } }
        return SignIn(job, result).also { signIns += it }
    }

    /** What the library starts next. */
    fun nextStarted(): Intent =
        started.poll(SECONDS, TimeUnit.SECONDS)
            ?: throw AssertionError("nothing was started; ${signIns.filterNot { it.isWaiting() }.map { it.outcome() }}")

    fun hasStartedNothing() = assertEquals(emptyList<Intent>(), started.toList())

    /** The library's activity in front of the user, with the browser above it. */
    internal fun page(): Page = Page(nextStarted()).apply { controller.create().start().resume() }

    /** The intent that closes the browser and brings the app back. */
    fun assertGoesBack() {
        val back = nextStarted()
        assertEquals(ProofKeyActivity::class.java.name, back.component?.className)
        val flags = Intent.FLAG_ACTIVITY_NEW_TASK or Intent.FLAG_ACTIVITY_CLEAR_TOP or Intent.FLAG_ACTIVITY_SINGLE_TOP
        assertEquals(flags, back.flags)
        assertNull(back.extras)
    }

    /** The system sends a redirect to the app. */
    fun redirect(intent: Intent): ActivityController<RedirectActivity> =
        Robolectric.buildActivity(RedirectActivity::class.java, intent).create()

    fun redirect(uri: String): ActivityController<RedirectActivity> = redirect(Intent(Intent.ACTION_VIEW, Uri.parse(uri)))

    fun token(uri: String): String {
        server.challenge = Uri.parse(uri).getQueryParameter("code_challenge").orEmpty()
        return uri
    }

    /** Every test ends with nothing held; one that fails must not hold up the next. */
    override fun close() {
        val waiting = signIns.filter { it.isWaiting() }
        waiting.forEach { it.job.cancel() }
        signIns.forEach { it.outcome() }
        server.close()
        assertEquals("sign-ins that wait on", 0, waiting.size)
        assertNull(ShownPage.current)
        hasStartedNothing()
    }

    internal inner class Page(
        val intent: Intent,
    ) {
        val controller: ActivityController<ProofKeyActivity> =
            Robolectric.buildActivity(
                ProofKeyActivity::class.java,
                intent,
            )
        val activity: ProofKeyActivity get() = controller.get()

        /** What opened the browser. */
        fun opened(): IntentForResult =
            shadowOf(activity).nextStartedActivityForResult.also { opened ->
                token(opened.intent.dataString!!)
                controller.pause().stop()
            }

        fun comesBack() = controller.restart().start().resume()

        /** The activity as the system makes it anew. */
        fun remade(): Page {
            val state = Bundle()
            controller.saveInstanceState(state)
            controller.destroy()
            return Page(intent).apply { controller.create(state).start() }
        }
    }
}

/** What the server sends back to the page that was opened so. */
fun IntentForResult.redirect(): String = "$REDIRECT?code=right&state=${intent.data!!.getQueryParameter("state")}"

class SignIn(
    val job: Job,
    private val result: Deferred<Result<TokenSet>>,
) {
    fun outcome(): Result<TokenSet> = runBlocking { withTimeout(SECONDS * 1000) { result.await() } }

    fun isWaiting() = !result.isCompleted

    fun assertSignsIn() {
        outcome().getOrThrow().use { tokens -> assertEquals("secret-access", tokens.exposeAccessToken()) }
    }

    inline fun <reified E : Throwable> failure(): E {
        val failure = outcome().exceptionOrNull()
        assertTrue("$failure", failure is E)
        return failure as E
    }
}

/** Lets the main thread work until the activity goes. */
fun ActivityController<*>.assertGoes() {
    val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS)
    val main = shadowOf(Looper.getMainLooper()) as ShadowPausedLooper
    while (!get().isFinishing) {
        assertFalse("it stays", System.nanoTime() > end)
        // Waits for a message from another thread.
        main.poll(SECONDS * 1000)
        main.idle()
    }
}
