package dev.proofkey.android

import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import android.os.Bundle
import dev.proofkey.BrowserFailedException

/** The user's browser, and how it is asked. The names of its extras are those of androidx.browser. */
internal class Browser private constructor(
    private val packageName: String,
    /** Whether it gives the redirect as the result of its activity. */
    val hasAuthTab: Boolean,
) {
    /** What opens [url], by the best that this browser has. A browser without tabs ignores the extras. */
    fun intent(
        url: String,
        redirectUri: String,
    ): Intent {
        val intent =
            Intent(
                Intent.ACTION_VIEW,
                Uri.parse(url),
            ).addCategory(Intent.CATEGORY_BROWSABLE).setPackage(packageName)
        // No session: the tab needs no service of the browser.
        intent.putExtras(Bundle().apply { putBinder(SESSION, null) })
        if (hasAuthTab) {
            val redirect = Uri.parse(redirectUri)
            intent.putExtra(LAUNCH_AUTH_TAB, true)
            if (redirect.scheme == "https") {
                intent.putExtra(HTTPS_REDIRECT_HOST, redirect.host)
                intent.putExtra(HTTPS_REDIRECT_PATH, redirect.encodedPath)
            } else {
                intent.putExtra(REDIRECT_SCHEME, redirect.scheme)
            }
        }
        return intent
    }

    internal companion object {
        private const val CUSTOM_TABS_SERVICE = "android.support.customtabs.action.CustomTabsService"
        private const val AUTH_TAB = "androidx.browser.auth.category.AuthTab"
        private const val SESSION = "android.support.customtabs.extra.SESSION"
        private const val LAUNCH_AUTH_TAB = "androidx.browser.auth.extra.LAUNCH_AUTH_TAB"
        private const val REDIRECT_SCHEME = "androidx.browser.auth.extra.REDIRECT_SCHEME"
        private const val HTTPS_REDIRECT_HOST = "androidx.browser.auth.extra.HTTPS_REDIRECT_HOST"
        private const val HTTPS_REDIRECT_PATH = "androidx.browser.auth.extra.HTTPS_REDIRECT_PATH"

        /**
         * The user's default browser, or where none was chosen, the first that has tabs, or the first at all.
         * It is named in the intent: else an app that claims the server's links could take the page.
         */
        fun find(context: Context): Browser {
            val packages = context.packageManager
            // A link to no host: an app that opens the links of one server is no browser.
            val link = Intent(Intent.ACTION_VIEW, Uri.fromParts("https", "", null)).addCategory(Intent.CATEGORY_BROWSABLE)
            val all = packages.queryIntentActivities(link, PackageManager.MATCH_ALL).map { it.activityInfo.packageName }
            // Where none was chosen, it is the system's dialogue, which is no browser.
            val chosen = packages.resolveActivity(link, PackageManager.MATCH_DEFAULT_ONLY)?.activityInfo?.packageName
            val name =
                chosen?.takeIf { it in all }
                    ?: all.firstOrNull { has(packages, it, null) }
                    ?: all.firstOrNull()
                    ?: throw BrowserFailedException("no browser is installed")
            return Browser(name, has(packages, name, AUTH_TAB))
        }

        private fun has(
            packages: PackageManager,
            name: String,
            category: String?,
        ): Boolean {
            val service = Intent(CUSTOM_TABS_SERVICE).setPackage(name)
            if (category != null) service.addCategory(category)
            return packages.queryIntentServices(service, 0).isNotEmpty()
        }
    }
}

/**
 * Says now, and not when the user waits in vain, that the app's manifest lacks the filter for its redirect. Of
 * an https link the system decides by more than the manifest; whether it arrives is not asked here.
 */
internal fun checkThatRedirectsArrive(
    context: Context,
    redirectUri: String,
) {
    val redirect = Uri.parse(redirectUri)
    if (redirect.scheme == "https") return
    val intent = Intent(Intent.ACTION_VIEW, redirect).addCategory(Intent.CATEGORY_BROWSABLE).setPackage(context.packageName)
    val receivers = context.packageManager.queryIntentActivities(intent, PackageManager.MATCH_DEFAULT_ONLY)
    if (receivers.none { it.activityInfo.name == RedirectActivity::class.java.name }) {
        throw BrowserFailedException(
            "the app's manifest has no filter of dev.proofkey.android.RedirectActivity for the scheme \"${redirect.scheme}\"",
        )
    }
}
