package dev.proofkey.benches

/** What every side is given; the same as in core/benches/src/inputs.rs. */
internal object Inputs {
    const val ISSUER = "https://as.example"
    const val AUTHORIZATION_ENDPOINT = "https://as.example/authorize"
    const val TOKEN_ENDPOINT = "https://as.example/token"
    const val CLIENT_ID = "my-agent"
    const val REDIRECT_URI = "http://127.0.0.1:49152/callback"
    const val ACCESS_TOKEN = "nQ3gG1m5J0y2x0m9b1Zx5g.4rLr3xkq3q1n2c7o8w5v6z9a0b1d2e3f4g5h6i7j8k9"
    const val TOKEN_RESPONSE =
        "{\"access_token\":\"$ACCESS_TOKEN\",\"token_type\":\"Bearer\",\"expires_in\":3600," +
            "\"refresh_token\":\"nQ3gG1m5J0y2x0m9b1Zx5g.Zk3tYb0bq8o5JX2o2sU6m1y4v7x9c3n5p8r1t4w6z0q\"," +
            "\"scope\":\"read write\"}"

    private const val CODE = "nQ3gG1m5J0y2x0m9b1Zx5g.T1hUq0m6yq2x8d4v9c3n7b5k1z6w0p2r4t8y3u5i7o9"
    private const val STATE = "state="

    /** A list that cannot be changed, and so is made once. */
    @JvmField
    val scopes: List<String> = listOf("read", "write")

    /** The redirect of a server that grants what this URL asks for. */
    fun redirect(url: String): String {
        val query = url.indexOf('?')
        // The parameter, not the end of another one's name.
        val at = maxOf(url.indexOf("?$STATE", query), url.indexOf("&$STATE", query)) + STATE.length + 1
        val end = url.indexOf('&', at)
        val state = if (end < 0) url.substring(at) else url.substring(at, end)
        return "$REDIRECT_URI?code=$CODE&state=$state&iss=https%3A%2F%2Fas.example"
    }
}
