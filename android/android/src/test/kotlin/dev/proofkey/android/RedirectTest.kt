package dev.proofkey.android

import android.content.Intent
import android.net.Uri
import android.os.Bundle
import dev.proofkey.ClientOptions
import dev.proofkey.ProofKeyException
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import java.io.File
import java.security.Security

/** What the system sends to the app, by its exported activity. P10. */
@RunWith(RobolectricTestRunner::class)
class RedirectTest {
    /** Before the right redirect comes, [noise] ends nothing and leaves the browser where it is. */
    private fun signsInAfter(noise: Phone.(right: String) -> Unit) {
        Phone().use { phone ->
            phone.installBrowser()
            val signIn = phone.signIn()
            val right = phone.page().opened().redirect()
            phone.noise(right)
            assertTrue(signIn.isWaiting())
            phone.hasStartedNothing()
            assertEquals(0, phone.redemptions)
            val activity = phone.redirect(right)
            signIn.assertSignsIn()
            phone.assertGoesBack()
            activity.assertGoes()
            assertEquals(1, phone.redemptions)
        }
    }

    @Test
    fun aRedirectSignsIn() = signsInAfter {}

    /** The user does not look at a page that is over while the server thinks. */
    @Test
    fun theTabIsClosedBeforeTheTokensAreThere() {
        Phone().use { phone ->
            phone.installBrowser()
            val signIn = phone.signIn()
            val page = phone.page()
            val right = page.opened().redirect()
            phone.beforeTheTokens {
                val activity = phone.redirect(right)
                phone.assertGoesBack()
                activity.assertGoes()
                page.controller
                    .newIntent(ProofKeyActivity.back(page.activity))
                    .restart()
                    .start()
                    .resume()
                assertTrue(page.activity.isFinishing)
                assertTrue(signIn.isWaiting())
            }
            signIn.assertSignsIn()
            assertEquals(1, phone.redemptions)
        }
    }

    @Test
    fun withoutData() = signsInAfter { redirect(Intent(Intent.ACTION_VIEW)).assertGoes() }

    @Test
    fun ofAForeignScheme() = signsInAfter { redirect(it.replace("com.example.app:", "org.example.evil:")).assertGoes() }

    @Test
    fun ofAScriptAndAFile() =
        signsInAfter {
            redirect("javascript:alert(1)").assertGoes()
            redirect("content://com.example.app/callback").assertGoes()
        }

    @Test
    fun withoutAQuery() = signsInAfter { redirect(REDIRECT).assertGoes() }

    @Test
    fun withAWrongState() = signsInAfter { redirect("$REDIRECT?code=right&state=wrong").assertGoes() }

    @Test
    fun withAWrongStateThatSaysNo() = signsInAfter { redirect("$REDIRECT?error=access_denied&state=wrong").assertGoes() }

    @Test
    fun withHalfAPair() = signsInAfter { redirect("$REDIRECT?code=\ud800&state=\udfff").assertGoes() }

    @Test
    fun withHugeData() = signsInAfter { right -> redirect(right + "&a=" + "x".repeat(1 shl 20)).assertGoes() }

    @Test
    fun withHugeExtras() =
        signsInAfter { right ->
            val intent = Intent(Intent.ACTION_VIEW, Uri.parse(right.replace("state=", "state=x")))
            intent.putExtra("dev.proofkey.android.ID", ByteArray(1 shl 20))
            intent.putExtra("data", right)
            redirect(intent).assertGoes()
        }

    /** Extras are not looked at, even with a redirect that is ours. */
    @Test
    fun theRightOneWithHugeExtrasSignsIn() {
        Phone().use { phone ->
            phone.installBrowser()
            val signIn = phone.signIn()
            val right = phone.page().opened().redirect()
            val intent = Intent("some.other.ACTION", Uri.parse(right)).putExtra("x", ByteArray(1 shl 20))
            val activity = phone.redirect(intent)
            signIn.assertSignsIn()
            phone.assertGoesBack()
            activity.assertGoes()
        }
    }

    @Test
    fun moreThanAnyoneCanRead() = signsInAfter { List(200) { redirect("$REDIRECT?state=$it") }.forEach { it.assertGoes() } }

    @Test
    fun theRightStateTwice() {
        Phone().use { phone ->
            phone.installBrowser()
            val signIn = phone.signIn()
            val right = phone.page().opened().redirect()
            val both = List(2) { phone.redirect(right) }
            signIn.assertSignsIn()
            phone.assertGoesBack()
            both.forEach { it.assertGoes() }
            val late = phone.redirect(right)
            late.assertGoes()
            // The user is brought back into the app, which is all that is left to do.
            val started = shadowOf(late.get()).nextStartedActivity
            assertTrue(started == null || started.component!!.className == ProofKeyActivity::class.java.name)
            assertEquals(1, phone.redemptions)
        }
    }

    /** The app's process has ended while the browser was in front. */
    @Test
    fun whenNobodyWaitsTheUserIsBroughtBack() {
        Phone().use { phone ->
            val redirect = phone.redirect("$REDIRECT?code=c&state=s")
            redirect.assertGoes()
            val back = shadowOf(redirect.get()).nextStartedActivity
            assertEquals(ProofKeyActivity::class.java.name, back.component!!.className)
            val page = phone.Page(back)
            page.controller
                .create()
                .start()
                .resume()
            assertTrue(page.activity.isFinishing)
            assertEquals(null, shadowOf(page.activity).nextStartedActivity)
        }
    }

    /** The app's process has ended while the user was in the browser; the next one finishes what it began. */
    @Test
    fun theNextProcessFinishesTheSignIn() {
        Security.addProvider(FakeProvider())
        try {
            Phone().use { phone ->
                phone.installBrowser()
                val application = RuntimeEnvironment.getApplication()
                val kept: ClientOptions.() -> Unit = {
                    redirectUri = REDIRECT
                    store = KeystoreTokenStore(application)
                }
                val first = phone.signIn(kept)
                val right = phone.page().opened().redirect()
                // As far as its store can tell, this is how a process ends.
                val folder = File(application.noBackupFilesDir, "proofkey")
                val pending =
                    folder.listFiles()!!.single {
                        it.name.startsWith("pending-") &&
                            it.name.none { c ->
                                c == '.'
                            }
                    }
                val bytes = pending.readBytes()
                first.job.cancel()
                first.outcome()
                phone.assertGoesBack()
                pending.writeBytes(bytes)

                phone.redirect("$REDIRECT?code=right&state=wrong").assertGoes()
                phone.redirect(right).assertGoes()
                phone.resume(kept).assertSignsIn()
                assertEquals(1, phone.redemptions)
                assertEquals("nothing_pending", phone.resume(kept).failure<ProofKeyException.SignInAgain>().code)
            }
        } finally {
            Security.removeProvider("AndroidKeyStore")
        }
    }

    /** The one that is made anew does not send its redirect again. */
    @Test
    fun aRotationPassesTheRedirectOnOnce() =
        signsInAfter {
            val intent = Intent(Intent.ACTION_VIEW, Uri.parse("$REDIRECT?state=wrong"))
            redirect(intent).assertGoes()
            val again = Robolectric.buildActivity(RedirectActivity::class.java, intent).create(Bundle())
            assertTrue(again.get().isFinishing)
            assertFalse(again.get().isDestroyed)
        }
}
