import Foundation

/// The program's terminal: questions on standard error, answers from standard input.
struct Terminal: Sendable {
    static let standard = Terminal(input: STDIN_FILENO, output: STDERR_FILENO)

    let input: Int32
    let output: Int32

    /// Whether somebody sits there.
    var isThere: Bool { isatty(input) == 1 && isatty(output) == 1 }

    /// Whether somebody sees what is said.
    var isShown: Bool { isatty(output) == 1 }

    func say(_ text: String) {
        // Where it cannot be said, nobody sits there.
        try? FileHandle(fileDescriptor: output, closeOnDealloc: false).write(contentsOf: Data(text.utf8))
    }

    /// A terminal shows nothing of what is typed meanwhile, for a code stands in it, and it takes more than the line of
    /// 4 KiB that it would put together by itself.
    func quietly<Result>(_ body: () -> Result) -> Result {
        var before = termios()
        guard tcgetattr(input, &before) == 0 else { return body() }
        var quiet = before
        quiet.c_lflag &= ~tcflag_t(ECHO | ICANON)
        _ = tcsetattr(input, TCSADRAIN, &quiet)
        defer { _ = tcsetattr(input, TCSADRAIN, &before) }
        return body()
    }
}

/// What ends a wait for a descriptor, from any thread.
final class Waker: Sendable {
    let woken: Int32
    private let wakes: Int32

    /// None where the program may open no more files.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        (woken, wakes) = (ends[0], ends[1])
    }

    deinit {
        close(woken)
        close(wakes)
    }

    func wake() {
        var byte: UInt8 = 0
        _ = write(wakes, &byte, 1)
    }
}

/// The bytes of a line as they are typed.
struct TypedLine {
    enum End: Equatable {
        case entered(String)
        /// The user has closed the input.
        case closed
    }

    // The core refuses a longer redirect.
    private static let longest = 64 * 1024
    private var bytes: [UInt8] = []

    /// One byte more, as a terminal would take it.
    mutating func take(_ byte: UInt8) -> End? {
        switch byte {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
            defer { bytes = [] }
            let text = String(decoding: bytes, as: UTF8.self)
            return .entered(text.trimmingCharacters(in: .whitespaces))
        case 0x08, 0x7F: _ = bytes.popLast()
        // Ctrl-U and Ctrl-D
        case 0x15: bytes = []
        case 0x04: return .closed
        default: bytes = bytes.count < Self.longest ? bytes + [byte] : []
        }
        return nil
    }
}
