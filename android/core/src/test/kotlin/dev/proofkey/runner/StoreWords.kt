package dev.proofkey.runner

import dev.proofkey.internal.NewToken
import dev.proofkey.internal.Rotation
import dev.proofkey.internal.StoreEvent
import dev.proofkey.internal.StoreStep
import dev.proofkey.internal.TokenKind
import dev.proofkey.internal.TokenRow
import org.json.JSONObject

// The events and steps of a grant store in the words of the transcripts.

internal fun event(data: JSONObject): StoreEvent =
    when (val name = data.getString("name")) {
        "Start" -> {
            StoreEvent.Start
        }

        "Ok" -> {
            StoreEvent.Ok
        }

        "Failed" -> {
            StoreEvent.Failed
        }

        "Stored" -> {
            StoreEvent.Stored(data.getBoolean("stored"))
        }

        "Claimed" -> {
            StoreEvent.Claimed(data.getBoolean("claimed"))
        }

        "Rotated" -> {
            StoreEvent.Rotated(data.getBoolean("rotated"))
        }

        "Found" -> {
            val found = data.optJSONObject("grant")?.let { row(it, grant(it.getJSONObject("grant"))) }
            StoreEvent.Found(found, data.getLong("now").toULong())
        }

        "FoundToken" -> {
            StoreEvent.FoundToken(data.optJSONObject("token")?.let(::tokenRow), data.getLong("now").toULong())
        }

        else -> {
            error("no event of a store: $name")
        }
    }

private fun tokenRow(data: JSONObject): TokenRow =
    TokenRow(
        kind = TokenKind.valueOf(data.getString("kind").uppercase()),
        expiresAt = data.getLong("expires_at").toULong(),
        revoked = data.getBoolean("revoked"),
        grant = grant(data.getJSONObject("grant")),
        rotation =
            when (val rotation = data.string("rotation")) {
                null, "newest" -> Rotation.Newest
                "predecessor" -> Rotation.Predecessor(data.getLong("rotated_at").toULong())
                "older" -> Rotation.Older
                else -> error("no rotation: $rotation")
            },
        scope = data.string("scope"),
    )

internal fun seen(step: StoreStep): Map<String, Any?> =
    when (step) {
        is StoreStep.Put -> {
            val grant = step.grant.grant
            val inner =
                mapOf(
                    "grant_id" to grant.grantId,
                    "client_id" to grant.clientId,
                    "subject" to grant.subject,
                    "redirect_uri" to grant.redirectUri,
                    "redirect_uri_was_sent" to grant.redirectUriWasSent,
                    "code_challenge" to grant.codeChallenge,
                    "scope" to grant.scope,
                    "resource" to grant.resource,
                    "refreshable" to grant.refreshable,
                )
            val more = mapOf("code_hash" to step.grant.codeHash.hex(), "lifetime_s" to step.grant.lifetimeS.toLong())
            mapOf("name" to "Put", "grant" to inner) + more
        }

        is StoreStep.Find -> {
            mapOf("name" to "Find", "grant_id" to step.grantId, "code_hash" to step.codeHash.hex())
        }

        is StoreStep.Claim -> {
            mapOf(
                "name" to "Claim",
                "grant_id" to step.grantId,
                "code_hash" to step.codeHash.hex(),
                "max_mismatches" to step.maxMismatches.toLong(),
                "tokens" to step.tokens.map(::newToken),
            )
        }

        is StoreStep.Rotate -> {
            mapOf(
                "name" to "Rotate",
                "grant_id" to step.grantId,
                "token_hash" to step.tokenHash.hex(),
                "reuse_window_s" to step.reuseWindowS.toLong(),
                "tokens" to step.tokens.map(::newToken),
            )
        }

        is StoreStep.Count -> {
            mapOf("name" to "Count", "grant_id" to step.grantId)
        }

        is StoreStep.Revoke -> {
            mapOf("name" to "Revoke", "grant_id" to step.grantId)
        }

        is StoreStep.FindToken -> {
            mapOf("name" to "FindToken", "grant_id" to step.grantId, "token_hash" to step.tokenHash.hex())
        }

        is StoreStep.Done -> {
            mapOf("name" to "Done")
        }
    }

private fun newToken(new: NewToken): Map<String, Any?> =
    mapOf(
        "kind" to new.kind.name.lowercase(),
        "token_hash" to new.tokenHash.hex(),
        "lifetime_s" to new.lifetimeS.toLong(),
        "scope" to new.scope,
    )
