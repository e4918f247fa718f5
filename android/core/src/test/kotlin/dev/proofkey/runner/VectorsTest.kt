package dev.proofkey.runner

import org.json.JSONObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.io.File
import java.nio.file.Files
import java.nio.file.StandardCopyOption.ATOMIC_MOVE

private val vectors: Map<String, (JSONObject) -> String> =
    mapOf(
        "authorization_requests" to ::authorizationRequest,
        "authorizations" to ::authorization,
        "challenges" to ::challenge,
        "client_documents" to ::clientDocument,
        "configurations" to ::configuration,
        "dpop_proofs" to ::dpopProof,
        "id_tokens" to ::idToken,
        "key_sets" to ::keySet,
        "metadata" to ::metadata,
        "pairs" to ::pair,
        "redirect_matching" to ::redirectMatch,
        "redirects" to ::redirect,
        "resource_answers" to ::resourceAnswers,
        "resource_metadata" to ::resourceMetadata,
        "sealed_sessions" to ::sealedSession,
        "signatures" to ::signature,
        "token_requests" to ::tokenRequest,
        "token_responses" to ::tokenResponse,
        "verification" to ::verification,
        "well_known" to ::wellKnown,
        "www_authenticate" to ::wwwAuthenticate,
    )

private class Case(
    val folder: String,
    val kind: String,
    val data: JSONObject,
) {
    val id: String = data.getString("id")

    /** The verdict, and what differed in a transcript. */
    fun verdict(): Pair<String, String> =
        try {
            if (folder == "vectors") {
                vectors.getValue(kind)(data.getJSONObject("input")) to ""
            } else {
                play(data) to ""
            }
        } catch (e: Mismatch) {
            "mismatch turn=${e.turn}" to e.message.orEmpty()
        }
}

private val all =
    listOf("vectors", "transcripts").flatMap { folder ->
        kinds(folder).flatMap { kind -> cases(folder, kind).map { Case(folder, kind, it) } }
    }

/** Every vector and transcript through the generated layer, and the canonical lines of Kotlin. */
class VectorsTest {
    @TestFactory
    fun `every vector and transcript comes to its verdict`(): List<DynamicTest> =
        all.map { case ->
            dynamicTest(case.id) {
                val (said, differed) = case.verdict()
                assertEquals(case.data.getString("expect"), said) { "${case.data.getString("why")}. $differed" }
            }
        }

    @Test
    fun `every kind has a runner`() {
        assertEquals(vectors.keys.sorted(), kinds("vectors"))
    }

    @Test
    fun `the canonical lines are written`() {
        val lines = all.map { "${it.id}\t${it.verdict().first}\n" }.sorted()
        assertTrue(lines.size >= 180)
        val place = File(System.getenv("PROOFKEY_CANONICAL_OUT") ?: "$target/canonical/kotlin.txt").absoluteFile
        place.parentFile.mkdirs()
        val beside = File.createTempFile("kotlin", ".txt", place.parentFile)
        beside.writeText(lines.joinToString(""))
        Files.move(beside.toPath(), place.toPath(), ATOMIC_MOVE)
    }
}
