import Foundation

#if canImport(Glibc)
    import Glibc
    let stream = Int32(SOCK_STREAM.rawValue)
#else
    import Darwin
    let stream = SOCK_STREAM
#endif

/// A connection on 127.0.0.1, by hand: the tests must not speak HTTP by what they test.
final class Connection: Sendable {
    private let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        var one: Int32 = 1
        #if canImport(Darwin)
            setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &one, socklen_t(MemoryLayout<Int32>.size))
        #else
            setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &one, socklen_t(MemoryLayout<Int32>.size))
        #endif
    }

    /// To a port of 127.0.0.1, or of ::1.
    convenience init(to port: UInt16, host: String = "127.0.0.1") throws {
        let descriptor = socket(host == "[::1]" ? AF_INET6 : AF_INET, stream, 0)
        let connected =
            host == "[::1]"
            ? withAddress6(port) { connect(descriptor, $0, $1) }
            : withAddress(port) { connect(descriptor, $0, $1) }
        guard connected == 0 else {
            Glibc.close(descriptor)
            throw SocketError(what: "connect", number: errno)
        }
        self.init(descriptor)
    }

    deinit { Glibc.close(descriptor) }

    /// What comes next; empty at the end.
    func receive() -> Data {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return Data(buffer.prefix(max(0, count)))
    }

    /// False when nobody listens any more.
    @discardableResult
    func send(_ data: Data) -> Bool {
        var sent = 0
        while sent < data.count {
            let rest = data.suffix(from: data.startIndex + sent)
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// All that comes until the other side closes.
    func receiveAll() -> Data {
        var all = Data()
        while true {
            let more = receive()
            if more.isEmpty { return all }
            all += more
        }
    }
}

struct SocketError: Error {
    let what: String
    let number: Int32
}

/// No test waits longer for anything.
let seconds = 30

func withAddress<Result>(
    _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}

private func withAddress6<Result>(
    _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = port.bigEndian
    address.sin6_addr = in6addr_loopback
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
        }
    }
}

/// A port of 127.0.0.1 that is listened on.
final class Listener: Sendable {
    let port: UInt16
    private let descriptor: Int32

    init() throws {
        let descriptor = socket(AF_INET, stream, 0)
        // Room for all of a test's at once: who finds none comes again after a second, and later still.
        guard withAddress(0, { bind(descriptor, $0, $1) }) == 0, listen(descriptor, 1024) == 0 else {
            throw SocketError(what: "listen", number: errno)
        }
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        port = UInt16(bigEndian: address.sin_port)
        self.descriptor = descriptor
    }

    /// The next visitor; nobody when it was closed.
    func accept() -> Connection? {
        let visitor = Glibc.accept(descriptor, nil, nil)
        return visitor < 0 ? nil : Connection(visitor)
    }

    /// Wakes `accept` too.
    func close() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    deinit { Glibc.close(descriptor) }
}

/// Whether nobody listens on a port of 127.0.0.1.
func isFree(_ port: UInt16) -> Bool {
    (try? Connection(to: port)) == nil
}

/// Runs on a thread of its own: what blocks must not hold one of Swift's.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result(catching: body)) }.start()
    }
}
