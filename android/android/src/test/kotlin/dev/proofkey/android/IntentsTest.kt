package dev.proofkey.android

import android.content.Intent
import dev.proofkey.ProofKeyException
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf

private const val SESSION = "android.support.customtabs.extra.SESSION"
private const val LAUNCH_AUTH_TAB = "androidx.browser.auth.extra.LAUNCH_AUTH_TAB"
private const val REDIRECT_SCHEME = "androidx.browser.auth.extra.REDIRECT_SCHEME"
private const val HTTPS_HOST = "androidx.browser.auth.extra.HTTPS_REDIRECT_HOST"
private const val HTTPS_PATH = "androidx.browser.auth.extra.HTTPS_REDIRECT_PATH"

/** The browser that is asked, and how. P10. */
@RunWith(RobolectricTestRunner::class)
class IntentsTest {
    /** The intent that opens the page, and whether a result of it is waited for. */
    private fun Phone.opened(redirectUri: String = REDIRECT): Pair<Intent, Boolean> {
        val signIn = signIn { this.redirectUri = redirectUri }
        val page = page()
        val opened = page.opened()
        page.comesBack()
        signIn.failure<ProofKeyException.UserCancelled>()
        return opened.intent to (opened.requestCode >= 0)
    }

    @Test
    fun anAuthTabGetsTheScheme() {
        Phone().use { phone ->
            phone.installBrowser(authTab = true)
            val (intent, hasResult) = phone.opened()
            assertEquals(Intent.ACTION_VIEW, intent.action)
            assertEquals(setOf(Intent.CATEGORY_BROWSABLE), intent.categories)
            assertEquals("org.example.browser", intent.`package`)
            assertTrue(intent.dataString!!.startsWith("https://as.example/authorize?"))
            assertTrue(intent.getBooleanExtra(LAUNCH_AUTH_TAB, false))
            assertEquals("com.example.app", intent.getStringExtra(REDIRECT_SCHEME))
            assertEquals(setOf(SESSION, LAUNCH_AUTH_TAB, REDIRECT_SCHEME), intent.extras!!.keySet())
            assertNull(intent.extras!!.getBinder(SESSION))
            assertTrue(hasResult)
        }
    }

    @Test
    fun anAuthTabGetsTheHostAndThePath() {
        Phone().use { phone ->
            phone.installBrowser(authTab = true)
            val (intent, hasResult) = phone.opened("https://app.example/call%20back")
            assertEquals("app.example", intent.getStringExtra(HTTPS_HOST))
            assertEquals("/call%20back", intent.getStringExtra(HTTPS_PATH))
            assertEquals(setOf(SESSION, LAUNCH_AUTH_TAB, HTTPS_HOST, HTTPS_PATH), intent.extras!!.keySet())
            assertTrue(hasResult)
        }
    }

    @Test
    fun aBrowserWithoutAuthTabGetsACustomTab() {
        Phone().use { phone ->
            phone.installBrowser()
            val (intent, hasResult) = phone.opened()
            assertEquals(setOf(SESSION), intent.extras!!.keySet())
            assertNull(intent.extras!!.getBinder(SESSION))
            // A browser that opens a window of its own gives a result at once.
            assertFalse(hasResult)
        }
    }

    @Test
    fun aBrowserWithoutTabsGetsThePage() {
        Phone().use { phone ->
            phone.installBrowser("org.example.plain", tabs = false)
            val (intent, hasResult) = phone.opened()
            assertEquals("org.example.plain", intent.`package`)
            assertFalse(hasResult)
        }
    }

    @Test
    fun whereNoneWasChosenOneWithTabsIsTaken() {
        Phone().use { phone ->
            phone.installBrowser("org.example.aplain", tabs = false)
            phone.installBrowser("org.example.tabs")
            shadowOf(RuntimeEnvironment.getApplication().packageManager).setShouldShowActivityChooser(true)
            assertEquals("org.example.tabs", phone.opened().first.`package`)
        }
    }

    /** An app that claims the server's links is not given the page. */
    @Test
    fun anAppForOneHostIsNoBrowser() {
        Phone().use { phone ->
            phone.installBrowser("org.example.greedy", authTab = true, host = "as.example")
            phone.installBrowser()
            assertEquals("org.example.browser", phone.opened().first.`package`)
        }
    }

    /** What passes through the system and lies in saved states names no address and no state. */
    @Test
    fun theOwnIntentHoldsAnIdAlone() {
        Phone().use { phone ->
            phone.installBrowser()
            val signIn = phone.signIn()
            val page = phone.page()
            assertNull(page.intent.data)
            assertEquals(setOf("dev.proofkey.android.ID"), page.intent.extras!!.keySet())
            assertEquals(Intent.FLAG_ACTIVITY_NEW_TASK, page.intent.flags)
            page.opened()
            page.comesBack()
            signIn.failure<ProofKeyException.UserCancelled>()
        }
    }

    @Test
    fun noBrowserIsInstalled() {
        Phone().use { phone ->
            val e = phone.signIn().failure<ProofKeyException.FixConfiguration>()
            assertEquals("browser_failed", e.code)
            assertTrue(e.message, "no browser is installed" in e.message!!)
        }
    }

    @Test
    fun theBrowserIsGoneWhenItIsOpened() {
        Phone().use { phone ->
            phone.installBrowser()
            val signIn = phone.signIn()
            val shown = phone.nextStarted()
            shadowOf(RuntimeEnvironment.getApplication()).checkActivities(true)
            phone.removeBrowser()
            val page = phone.Page(shown)
            page.controller
                .create()
                .start()
                .resume()
            assertTrue(page.activity.isFinishing)
            page.controller
                .pause()
                .stop()
                .destroy()
            assertEquals("browser_failed", signIn.failure<ProofKeyException.FixConfiguration>().code)
        }
    }

    @Test
    fun theManifestLacksTheFilter() {
        Phone().use { phone ->
            phone.installBrowser(authTab = true)
            val e = phone.signIn { redirectUri = "org.example.other:/cb" }.failure<ProofKeyException.FixConfiguration>()
            assertEquals("browser_failed", e.code)
            assertTrue(e.message, "\"org.example.other\"" in e.message!!)
        }
    }

    @Test
    fun aLoopbackRedirectIsRefused() {
        Phone().use { phone ->
            phone.installBrowser()
            val e = phone.signIn { redirectUri = "http://127.0.0.1/cb" }.failure<ProofKeyException>()
            assertTrue(e.message, "no loopback redirect can be received here" in e.message!!)
        }
    }
}
