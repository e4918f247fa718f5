package dev.proofkey.android

import android.app.Activity
import android.content.Intent
import android.net.Uri
import dev.proofkey.ProofKeyException
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf

/** The redirect as the result of an Auth Tab, which closes itself with it. P10. */
@RunWith(RobolectricTestRunner::class)
class AuthTabTest {
    /** What the tab ends with, as made from the right redirect; then the user sees the app again. */
    private fun after(
        code: Int,
        then: Phone.(SignIn) -> Unit,
        data: (right: String) -> Intent?,
    ) {
        Phone().use { phone ->
            phone.installBrowser(authTab = true)
            val signIn = phone.signIn()
            val page = phone.page()
            val opened = page.opened()
            shadowOf(page.activity).receiveResult(opened.intent, code, data(opened.redirect()))
            page.comesBack()
            assertTrue(page.activity.isFinishing)
            page.controller
                .pause()
                .stop()
                .destroy()
            phone.then(signIn)
        }
    }

    private fun view(uri: String) = Intent().setData(Uri.parse(uri))

    @Test
    fun aRedirectSignsIn() =
        after(Activity.RESULT_OK, { signIn ->
            signIn.assertSignsIn()
            assertEquals(1, redemptions)
        }) { view(it) }

    @Test
    fun extrasOfAResultAreNotRead() =
        after(Activity.RESULT_OK, { it.assertSignsIn() }) { view(it).putExtra("x", ByteArray(1 shl 20)) }

    /** No other redirect can come, so one that is not ours ends the sign-in. */
    @Test
    fun aRedirectThatIsNotOursIsAnError() =
        after(Activity.RESULT_OK, { signIn ->
            val e = signIn.failure<ProofKeyException>()
            assertTrue(e.message, "state" in e.message!!)
            assertEquals(0, redemptions)
        }) { view("$it-wrong") }

    @Test
    fun aForeignSchemeIsAnError() =
        after(Activity.RESULT_OK, { signIn ->
            signIn.failure<ProofKeyException>()
            assertEquals(0, redemptions)
        }) { view(it.replace("com.example.app:", "org.example.evil:")) }

    @Test
    fun aResultWithoutDataIsAnError() =
        after(Activity.RESULT_OK, { signIn ->
            val e = signIn.failure<ProofKeyException.FixConfiguration>()
            assertEquals("browser_failed", e.code)
            assertTrue(e.message, "without a redirect" in e.message!!)
        }) { null }

    @Test
    fun theUserClosedTheTab() =
        after(Activity.RESULT_CANCELED, { signIn ->
            assertEquals("user_cancelled", signIn.failure<ProofKeyException.UserCancelled>().code)
        }) { null }

    @Test
    fun aResultThatIsNotKnownIsACancel() = after(77, { it.failure<ProofKeyException.UserCancelled>() }) { view(it) }

    @Test
    fun theHostWasNotProven() =
        after(2, { signIn ->
            val e = signIn.failure<ProofKeyException.FixConfiguration>()
            assertTrue(e.message, "assetlinks.json" in e.message!!)
        }) { null }

    @Test
    fun theProofCameNotInTime() =
        after(3, { signIn ->
            val e = signIn.failure<ProofKeyException.FixConfiguration>()
            assertTrue(e.message, "in time" in e.message!!)
        }) { null }

    /** The redirect comes by the system after all: the tab stays open, so the wait goes on. */
    @Test
    fun noiseByTheOtherWayEndsNothing() {
        Phone().use { phone ->
            phone.installBrowser(authTab = true)
            val signIn = phone.signIn()
            val opened = phone.page().opened()
            phone.redirect("$REDIRECT?state=wrong").assertGoes()
            assertTrue(signIn.isWaiting())
            phone.redirect(opened.redirect())
            signIn.assertSignsIn()
            phone.assertGoesBack()
        }
    }
}
