package dev.proofkey.sample

import android.app.Activity
import android.os.Bundle
import android.widget.TextView
import dev.proofkey.ProofKeyException
import dev.proofkey.android.BrowserAuthenticator
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.launch
import java.io.IOException

/** Signs in when it is tapped, and shows what the resource answers. */
class MainActivity : Activity() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private lateinit var text: TextView

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        text = TextView(this)
        text.text = "Tap to sign in"
        text.setOnClickListener { show(SignIn.start(this)) }
        setContentView(text)
        // The phone was turned while the user was in the browser.
        SignIn.running?.let(::show)
    }

    private fun show(signIn: Deferred<String>) {
        text.text = "Signing in …"
        scope.launch {
            val words =
                try {
                    signIn.await()
                } catch (e: ProofKeyException) {
                    words(e)
                } catch (_: IOException) {
                    "The server cannot be reached."
                }
            runOnUiThread { text.text = words }
        }
    }

    override fun onDestroy() {
        scope.coroutineContext[kotlinx.coroutines.Job]?.cancel()
        super.onDestroy()
    }
}

/** One sign-in, which outlives the activity that began it; in a larger app a view model holds it. */
private object SignIn {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    var running: Deferred<String>? = null
        private set

    fun start(activity: Activity): Deferred<String> {
        running?.takeIf { it.isActive }?.let { return it }
        val authenticator = BrowserAuthenticator(activity)
        val server = Server("https://as.example")
        return scope.async { server.ask(authenticator, "dev.proofkey.sample:/callback") }.also { running = it }
    }
}

/** The four families, and what a user can do about each. */
private fun words(e: ProofKeyException): String =
    when (e) {
        is ProofKeyException.UserCancelled -> "Tap to sign in"
        is ProofKeyException.Retry -> "Please try again later."
        is ProofKeyException.SignInAgain -> "Please sign in again."
        is ProofKeyException.FixConfiguration -> "This app is set up wrongly (${e.code})."
    }
