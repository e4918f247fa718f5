package dev.proofkey

import dev.proofkey.internal.Event
import dev.proofkey.internal.Lost
import java.net.ConnectException
import java.net.Socket

/** The connection of one exchange. It can be ended from any thread, while another one reads from it. */
internal class Line {
    private val lock = Any()
    private var ended = false
    private var socket: Socket? = null
    private var release: (() -> Unit)? = null

    /** Whether the request may have arrived. In doubt it has: that is the answer that loses nothing. */
    @Volatile
    private var connected = false

    /** The end will close this socket, which ends what waits for it. There is one, and never a second. */
    fun over(socket: Socket) =
        unlessEnded {
            if (this.socket != null) throw ConnectException("the connection ended before the answer did")
            this.socket = socket
        }

    /** The end will call this too, after the socket is closed. */
    fun onEnd(release: () -> Unit) = unlessEnded { this.release = release }

    /** From now on the request may arrive. */
    fun connected() = unlessEnded { connected = true }

    /** What ended without an answer: before the connection stood, nothing was sent. */
    fun unreachable(
        reason: Lost,
        detail: String,
    ): Event = Event.Unreachable(if (connected) reason else Lost.NOT_CONNECTED, clean(detail))

    /** Ends the exchange: nothing more is sent or read. Does not block. */
    fun end() {
        synchronized(lock) { ended = true }
        // Nothing is added any more. Beside: TLS and the platform may have something to wait for.
        daemon("proofkey-http-end") {
            try {
                socket?.close()
            } finally {
                release?.invoke()
            }
        }
    }

    private inline fun unlessEnded(change: () -> Unit) =
        synchronized(lock) {
            if (ended) throw ConnectException("the exchange was ended")
            change()
        }
}
