package dev.proofkey.serversample

import dev.proofkey.server.Grant
import dev.proofkey.server.Terms
import java.sql.Connection
import java.sql.PreparedStatement
import java.sql.ResultSet

// What JDBC lacks for a store: values given to a statement in one go, and rows as grants.

/** Runs a statement that writes; how many rows it changed. */
internal fun Connection.change(
    sql: String,
    vararg values: Any?,
): Int = prepareStatement(sql).use { it.with(values).executeUpdate() }

/** Runs a statement that reads, and gives its first row to [read]. */
internal fun <T : Any> Connection.first(
    sql: String,
    vararg values: Any?,
    read: (ResultSet) -> T?,
): T? =
    prepareStatement(sql).use { statement ->
        statement.with(values).executeQuery().use { if (it.next()) read(it) else null }
    }

private fun PreparedStatement.with(values: Array<out Any?>): PreparedStatement {
    values.forEachIndexed { at, value -> setObject(at + 1, value) }
    return this
}

/** What a grant is written with, in the order of [GRANT_COLUMNS]. */
internal fun columns(grant: Grant): Array<Any?> =
    with(grant) {
        arrayOf(
            grantId,
            clientId,
            subject,
            redirectUri,
            redirectUriWasSent,
            codeChallenge,
            scope,
            resource,
            refreshable,
            terms.dpopJkt,
            terms.nonce,
            terms.authTime,
            terms.acr,
            terms.authorizationDetails,
        )
    }

internal const val GRANT_COLUMNS =
    "grant_id, client_id, subject, redirect_uri, redirect_uri_was_sent, code_challenge, scope, resource, refreshable, " +
        "dpop_jkt, nonce, auth_time, acr, authorization_details"

internal fun grant(row: ResultSet): Grant =
    Grant(
        grantId = row.getString("grant_id"),
        clientId = row.getString("client_id"),
        subject = row.getString("subject"),
        redirectUri = row.getString("redirect_uri"),
        redirectUriWasSent = row.getBoolean("redirect_uri_was_sent"),
        codeChallenge = row.getString("code_challenge"),
        scope = row.getString("scope"),
        resource = row.getString("resource"),
        refreshable = row.getBoolean("refreshable"),
        terms =
            Terms(
                dpopJkt = row.getString("dpop_jkt"),
                nonce = row.getString("nonce"),
                authTime = row.getLong("auth_time").takeUnless { row.wasNull() },
                acr = row.getString("acr"),
                authorizationDetails = row.getString("authorization_details"),
            ),
    )
