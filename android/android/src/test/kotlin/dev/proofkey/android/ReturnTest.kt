package dev.proofkey.android

import dev.proofkey.ProofKeyException
import kotlinx.coroutines.CancellationException
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import kotlin.time.Duration.Companion.seconds

/** The user comes back, turns the phone, leaves; the caller cancels. P10. */
@RunWith(RobolectricTestRunner::class)
class ReturnTest {
    @Test
    fun theUserComesBackWithoutARedirect() {
        Phone().use { phone ->
            phone.installBrowser()
            val signIn = phone.signIn()
            val page = phone.page()
            page.opened()
            page.comesBack()
            assertTrue(page.activity.isFinishing)
            assertEquals("user_cancelled", signIn.failure<ProofKeyException.UserCancelled>().code)
        }
    }

    @Test
    fun theUserWipesTheAppAway() {
        Phone().use { phone ->
            phone.installBrowser()
            val signIn = phone.signIn()
            val page = phone.page()
            page.opened()
            page.activity.finish()
            page.controller.destroy()
            assertEquals("user_cancelled", signIn.failure<ProofKeyException.UserCancelled>().code)
        }
    }

    @Test
    fun aRotationOpensNoSecondBrowserAndEndsNothing() {
        Phone().use { phone ->
            phone.installBrowser()
            val signIn = phone.signIn()
            val page = phone.page()
            val right = page.opened().redirect()
            val remade = page.remade().remade()
            assertTrue(signIn.isWaiting())
            phone.redirect(right)
            signIn.assertSignsIn()
            phone.assertGoesBack()
            remade.controller.newIntent(ProofKeyActivity.back(remade.activity)).resume()
            assertTrue(remade.activity.isFinishing)
        }
    }

    @Test
    fun afterARotationTheUserCanStillComeBack() {
        Phone().use { phone ->
            phone.installBrowser()
            val signIn = phone.signIn()
            val page = phone.page()
            page.opened()
            val remade = page.remade()
            remade.controller.resume()
            assertNull(shadowOf(remade.activity).nextStartedActivityForResult)
            signIn.failure<ProofKeyException.UserCancelled>()
            assertTrue(remade.activity.isFinishing)
        }
    }

    /** Its id is known to no one, so no browser is opened and no other sign-in is touched. */
    @Test
    fun anActivityOfAProcessThatEndedGoes() {
        Phone().use { phone ->
            phone.installBrowser()
            val old = phone.signIn()
            val first = phone.page()
            first.opened()
            old.job.cancel()
            old.failure<CancellationException>()
            phone.assertGoesBack()
            val signIn = phone.signIn()
            val right = phone.page().opened().redirect()
            val stale = first.remade()
            stale.controller.resume()
            assertTrue(stale.activity.isFinishing)
            assertTrue(signIn.isWaiting())
            phone.redirect(right)
            signIn.assertSignsIn()
            phone.assertGoesBack()
        }
    }

    @Test
    fun aBrowserThatNeverReturnsIsWaitedForUntilTheDeadline() {
        Phone().use { phone ->
            phone.installBrowser()
            val signIn =
                phone.signIn {
                    redirectUri = REDIRECT
                    timeout = 1.seconds
                }
            val page = phone.page()
            page.opened()
            assertEquals("redirect_timeout", signIn.failure<ProofKeyException>().code)
            phone.assertGoesBack()
            page.comesBack()
            assertTrue(page.activity.isFinishing)
        }
    }

    @Test
    fun aCancelClosesTheBrowser() {
        Phone().use { phone ->
            phone.installBrowser()
            val signIn = phone.signIn()
            phone.page().opened()
            signIn.job.cancel()
            signIn.failure<CancellationException>()
            phone.assertGoesBack()
        }
    }

    @Test
    fun aSecondSignInWaitsForTheFirst() {
        Phone().use { phone ->
            phone.installBrowser()
            val first = phone.signIn()
            val page = phone.page()
            page.opened()
            val second = phone.signIn()
            phone.hasStartedNothing()
            page.comesBack()
            first.failure<ProofKeyException.UserCancelled>()
            page.controller
                .pause()
                .stop()
                .destroy()
            val right = phone.page().opened().redirect()
            phone.redirect(right)
            second.assertSignsIn()
            phone.assertGoesBack()
        }
    }

    /** A second one that is cancelled before its turn holds up no third. */
    @Test
    fun whoWaitsForItsTurnCanBeCancelled() {
        Phone().use { phone ->
            phone.installBrowser()
            val first = phone.signIn()
            val page = phone.page()
            page.opened()
            val second = phone.signIn()
            second.job.cancel()
            second.failure<CancellationException>()
            assertTrue(first.isWaiting())
            page.comesBack()
            first.failure<ProofKeyException.UserCancelled>()
            val third = phone.signIn()
            assertFalse(
                phone
                    .page()
                    .opened()
                    .intent.dataString
                    .isNullOrEmpty(),
            )
            third.job.cancel()
            third.failure<CancellationException>()
            phone.assertGoesBack()
        }
    }
}
