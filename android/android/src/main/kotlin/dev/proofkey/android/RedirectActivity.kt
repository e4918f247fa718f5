package dev.proofkey.android

import android.app.Activity
import android.os.Bundle

/**
 * Gets the redirects that the system sends to the app. It shows nothing. The app's manifest names them in a
 * filter, which is merged into the library's declaration; for a private-use scheme (RFC 8252 §7.1):
 *
 * ```
 * <activity android:name="dev.proofkey.android.RedirectActivity" android:exported="true">
 *     <intent-filter>
 *         <action android:name="android.intent.action.VIEW" />
 *         <category android:name="android.intent.category.DEFAULT" />
 *         <category android:name="android.intent.category.BROWSABLE" />
 *         <data android:scheme="com.example.app" />
 *     </intent-filter>
 * </activity>
 * ```
 *
 * For a claimed https link (RFC 8252 §7.2) the filter has `android:autoVerify="true"` and the data's scheme,
 * host and path.
 *
 * Any app and any page can send something here, so nothing that arrives is believed: the data goes on as it
 * came, and what belongs to no sign-in ends none. Extras are never read.
 */
public class RedirectActivity : Activity() {
    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        val uri = intent?.dataString
        val page = ShownPage.current
        when {
            // One that is made anew has passed its redirect on before.
            uri == null || savedInstanceState != null -> {
                finish()
            }

            page == null -> {
                // The app's process has ended meanwhile, or the sign-in has. The user belongs back in the app, which
                // may take it up.
                LateRedirects.arrived(uri)
                startActivity(ProofKeyActivity.back(this))
                finish()
            }

            // Until then it stays, invisible: so the app is in front and may close the browser's tab.
            else -> {
                page.redirected(uri, isLast = false) { runOnUiThread { finish() } }
            }
        }
    }
}
