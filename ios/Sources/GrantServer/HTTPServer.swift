import Foundation

/// HTTP/1.1 on 127.0.0.1, one request a connection, as little as an example needs: a server of yours has its own.
///
/// What waits for the network has a thread of its own and holds none of Swift's; the handler runs as a task.
final class HTTPServer: Sendable {
    typealias Handler = @Sendable (HTTPRequest) async -> HTTPResponse

    /// So many connections at once; others wait to be accepted.
    static let maxConnections = 128

    private let socket: ListeningSocket

    /// Listens; whoever comes waits for ``serve(_:)``.
    init(port: UInt16) throws { socket = try ListeningSocket(port: port) }

    deinit { socket.close() }

    var port: UInt16 { socket.port }

    func serve(_ handler: @escaping Handler) {
        Thread { [socket] in
            let room = DispatchSemaphore(value: Self.maxConnections)
            while true {
                room.wait()
                guard let visitor = socket.accept() else {
                    // A semaphore is given up as it was made.
                    room.signal()
                    return
                }
                Thread {
                    Self.answer(visitor, handler)
                    room.signal()
                }.start()
            }
        }.start()
    }

    private static func answer(_ visitor: Socket, _ handler: @escaping Handler) {
        let deadline = ContinuousClock.now + .seconds(Socket.patience)
        do {
            guard let request = try read(visitor, until: deadline) else { return }
            let reply = Reply()
            Task { reply.set(await handler(request)) }
            visitor.send(reply.wait().bytes)
        } catch {
            visitor.send(HTTPResponse(status: (error as? HTTPFailure)?.status ?? 400).bytes)
            visitor.finish()
            // What is closed with something unread loses its answer: it is read, as long as the visitor had time.
            while ContinuousClock.now < deadline, !visitor.receive().isEmpty {}
        }
    }

    /// One request; none where nobody says anything.
    private static func read(_ visitor: Socket, until deadline: ContinuousClock.Instant) throws -> HTTPRequest? {
        var data = Data()
        func more() throws {
            let next = visitor.receive()
            guard !next.isEmpty, ContinuousClock.now < deadline else { throw HTTPFailure(status: 408) }
            data += next
        }
        data = visitor.receive()
        if data.isEmpty { return nil }
        let blank = Data("\r\n\r\n".utf8)
        while data.range(of: blank) == nil {
            guard data.count <= HTTPRequest.maxHead else { throw HTTPFailure(status: 431) }
            try more()
        }
        guard let end = data.range(of: blank), end.lowerBound <= HTTPRequest.maxHead else {
            throw HTTPFailure(status: 431)
        }
        var request = try HTTPRequest(head: data[..<end.lowerBound])
        let length = try request.bodyLength()
        while data.count < end.upperBound + length { try more() }
        request.body = Data(data[end.upperBound...].prefix(length))
        return request
    }
}

/// What a task says to the thread that waits for it.
private final class Reply: @unchecked Sendable {
    // Sound: reached under the lock alone.
    private var response: HTTPResponse?
    private let lock = NSCondition()

    func set(_ response: HTTPResponse) {
        lock.withLock {
            self.response = response
            lock.signal()
        }
    }

    /// A handler ends: what it asks has deadlines of its own.
    func wait() -> HTTPResponse {
        lock.withLock {
            while true {
                if let response { return response }
                lock.wait()
            }
        }
    }
}
