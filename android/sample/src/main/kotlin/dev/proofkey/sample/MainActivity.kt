package dev.proofkey.sample

import android.app.Activity
import android.content.Context
import android.os.Bundle
import android.widget.TextView
import dev.proofkey.ProofKeyClient
import dev.proofkey.ProofKeyException
import dev.proofkey.TokenSet
import dev.proofkey.android.BrowserAuthenticator
import dev.proofkey.android.KeystoreSigner
import dev.proofkey.android.KeystoreTokenStore
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
        text.setOnClickListener { show(Account.signIn(this)) }
        setContentView(text)
        // Where the phone was turned it is running still.
        show(Account.running ?: Account.takeUp(this))
    }

    private fun show(answer: Deferred<String>) {
        text.text = "Tap to sign in"
        scope.launch {
            val words =
                try {
                    answer.await()
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

/** The user's account, which outlives the activity; in a larger app a view model holds it. */
private object Account {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val server = Server("https://as.example")
    private var client: ProofKeyClient? = null

    var running: Deferred<String>? = null
        private set

    /** A new sign-in, in place of what runs. */
    fun signIn(context: Context): Deferred<String> = begin(context) { it.signIn() }

    /**
     * What an earlier process has begun: the system may have ended it while the user was in the browser, and the redirect
     * has started this one. Else what is kept.
     */
    fun takeUp(context: Context): Deferred<String> =
        begin(context) {
            try {
                it.resume()
            } catch (_: ProofKeyException.SignInAgain) {
                it.tokens()
            }
        }

    private fun begin(
        context: Context,
        tokens: suspend (ProofKeyClient) -> TokenSet,
    ): Deferred<String> {
        running?.cancel()
        val client = client(context)
        val answer =
            scope.async {
                tokens(client).close()
                server.ask(client)
            }
        running = answer
        return answer
    }

    private fun client(context: Context): ProofKeyClient =
        client ?: server
            .client(BrowserAuthenticator(context), "dev.proofkey.sample:/callback") {
                store = KeystoreTokenStore(context)
                signer = KeystoreSigner(context)
                dpopKey = "tokens"
            }.also { client = it }
}

/** The four families, and what a user can do about each. */
private fun words(e: ProofKeyException): String =
    when (e) {
        is ProofKeyException.UserCancelled, is ProofKeyException.SignInAgain -> "Tap to sign in"
        is ProofKeyException.Retry -> "Please try again later."
        is ProofKeyException.FixConfiguration -> "This app is set up wrongly (${e.code})."
    }
