import Foundation

#if canImport(Glibc)
    import Glibc
    private let stream = Int32(SOCK_STREAM.rawValue)
    private let withoutSignal = Int32(MSG_NOSIGNAL)
#else
    import Darwin
    private let stream = SOCK_STREAM
    private let withoutSignal: Int32 = 0
#endif

struct SocketError: Error, CustomStringConvertible {
    let call: String
    let number: Int32

    var description: String { "\(call): \(String(cString: strerror(number)))" }
}

/// A connection that was accepted. Its calls hold the thread that they are made on, none of them for longer than `patience`.
final class Socket: Sendable {
    static let patience = 10
    private let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: Self.patience, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        #if canImport(Darwin)
            var one: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &one, socklen_t(MemoryLayout<Int32>.size))
        #endif
    }

    deinit { closeDescriptor(descriptor) }

    /// What comes next; nothing at the end, and when nothing came for too long.
    func receive() -> Data {
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        var count = -1
        repeat { count = recv(descriptor, &buffer, buffer.count, 0) } while count < 0 && errno == EINTR
        return Data(buffer.prefix(max(0, count)))
    }

    /// All of it, or as much as the other side takes.
    func send(_ data: Data) {
        data.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = sendBytes(descriptor, bytes.baseAddress! + sent, bytes.count - sent, withoutSignal)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return }
                sent += count
            }
        }
    }

    /// Says that this was all.
    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }
}

/// A port of 127.0.0.1 that is listened on.
final class ListeningSocket: Sendable {
    let port: UInt16
    private let descriptor: Int32

    /// - Parameter port: 0 for one of the system's choice.
    init(port: UInt16) throws {
        let descriptor = socket(AF_INET, stream, 0)
        guard descriptor >= 0 else { throw SocketError(call: "socket", number: errno) }
        self.descriptor = descriptor
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed: String? = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                if bind(descriptor, $0, size) != 0 { return "bind to port \(port)" }
                if listen(descriptor, 128) != 0 { return "listen" }
                return getsockname(descriptor, $0, &size) == 0 ? nil : "getsockname"
            }
        }
        self.port = UInt16(bigEndian: address.sin_port)
        if let failed { throw SocketError(call: failed, number: errno) }
    }

    deinit { closeDescriptor(descriptor) }

    /// The next visitor; nobody when it was closed. One who has gone meanwhile, and a lack of descriptors, are waited out.
    func accept() -> Socket? {
        while true {
            let visitor = acceptVisitor(descriptor)
            if visitor >= 0 { return Socket(visitor) }
            switch errno {
            case EINTR, ECONNABORTED: continue
            case EMFILE, ENFILE, ENOMEM: Thread.sleep(forTimeInterval: 0.05)
            default: return nil
            }
        }
    }

    /// Wakes `accept` too.
    func close() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

// By their own names the methods above would be called.
private func closeDescriptor(_ descriptor: Int32) { close(descriptor) }
private func acceptVisitor(_ descriptor: Int32) -> Int32 { accept(descriptor, nil, nil) }
private func sendBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int, _ flags: Int32) -> Int {
    send(descriptor, bytes, count, flags)
}
