package dev.proofkey.android

import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.os.Bundle

/**
 * Invisible, and below the browser in the app's task: it opens the browser, gets an Auth Tab's result, and
 * learns that the user came back. It is named in the library's manifest; apps do not use it.
 *
 * When the page is over it is started once more, which closes the tab above it, and then it goes.
 */
internal class ProofKeyActivity : Activity() {
    private var opened = false

    private fun page(): ShownPage? = ShownPage.find(intent?.getStringExtra(ID))

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        opened = savedInstanceState?.getBoolean(OPENED) ?: false
        page()?.isHeld = true
    }

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        outState.putBoolean(OPENED, opened)
    }

    override fun onResume() {
        super.onResume()
        if (isFinishing) return
        val page = page()
        if (page != null && !opened) {
            opened = true
            open(page)
        } else {
            // Nothing is waited for, or the user came back.
            leave(ShownPage::dismissed)
        }
    }

    private fun open(page: ShownPage) {
        try {
            // Only an Auth Tab has a result. Other browsers give one at once, when the page is not yet shown.
            if (page.browser.hasAuthTab) startActivityForResult(page.intent(), AUTH_TAB) else startActivity(page.intent())
        } catch (_: ActivityNotFoundException) {
            leave { it.failed("the browser is gone") }
        } catch (_: SecurityException) {
            leave { it.failed("the browser may not be opened by other apps") }
        }
    }

    /** Goes, and says why to those who wait; there is nothing more to be taken away then. */
    private fun leave(say: (ShownPage) -> Unit) {
        page()?.let {
            it.isHeld = false
            say(it)
        }
        finish()
    }

    override fun onActivityResult(
        requestCode: Int,
        resultCode: Int,
        data: Intent?,
    ) {
        super.onActivityResult(requestCode, resultCode, data)
        // A result that says nothing is followed by onResume, where the user has come back.
        when (resultCode) {
            RESULT_OK -> {
                val redirect = data?.dataString
                leave { if (redirect == null) it.failed(NOTHING) else it.redirected(redirect, isLast = true) }
            }

            VERIFICATION_FAILED -> {
                leave { it.failed(NOT_PROVEN) }
            }

            VERIFICATION_TIMED_OUT -> {
                leave { it.failed(NOT_PROVEN_IN_TIME) }
            }
        }
    }

    override fun onDestroy() {
        // Also where the user has wiped the app away. What came before is read first.
        if (isFinishing) leave(ShownPage::dismissed)
        super.onDestroy()
    }

    internal companion object {
        private const val ID = "dev.proofkey.android.ID"
        private const val OPENED = "opened"
        private const val AUTH_TAB = 1
        private const val VERIFICATION_FAILED = 2
        private const val VERIFICATION_TIMED_OUT = 3

        // They follow "the browser could not be opened: ".
        private const val NOTHING = "it came back without a redirect"
        private const val NOT_PROVEN = "the https host does not say that redirects to it are for the app (assetlinks.json)"
        private const val NOT_PROVEN_IN_TIME = "the https host of the redirect did not answer in time (assetlinks.json)"

        /** Shows the page with this id, in the app's task. */
        fun show(
            context: Context,
            id: String,
        ): Intent = Intent(context, ProofKeyActivity::class.java).putExtra(ID, id).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK)

        /** Brings the app back, and closes the tab that is above this activity. */
        fun back(context: Context): Intent =
            Intent(context, ProofKeyActivity::class.java)
                .addFlags(Intent.FLAG_ACTIVITY_NEW_TASK or Intent.FLAG_ACTIVITY_CLEAR_TOP or Intent.FLAG_ACTIVITY_SINGLE_TOP)
    }
}
