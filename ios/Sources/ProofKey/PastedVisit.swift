import Foundation
internal import ProofKeyFFI

/// The user opens the address wherever a browser is, and pastes the address where it ended.
final class PastedVisit: Visit {
    private struct State {
        var hasBegun = false
        // What was read beyond the end of a line.
        var rest: ArraySlice<UInt8> = []
    }

    private let terminal: Terminal
    private let address: String?
    private let deadline: ContinuousClock.Instant
    private let state = Locked(State())

    /// - Parameter address: What is shown; none where the user has it already.
    init(at terminal: Terminal, to address: String?, timeout: Duration) {
        self.terminal = terminal
        self.address = address
        deadline = .now + timeout
    }

    func next(after refused: (code: String, text: String)?) async -> Event {
        let isFirst = state.withLock { state in
            defer { state.hasBegun = true }
            return !state.hasBegun
        }
        if isFirst {
            terminal.say("\n\(invitation)\(Self.warning)\n")
        } else if let refused {
            terminal.say("That is not where this sign-in ended (\(refused.text)). Try again.\n")
        }
        guard let waker = Waker() else { return .failed(code: "", detail: "no pipe could be opened") }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A thread of its own: Swift's are few, and the user may take long.
                let thread = Thread { continuation.resume(returning: self.ask(waker)) }
                thread.name = "proofkey-paste"
                thread.start()
            }
        } onCancel: {
            waker.wake()
        }
    }

    func end() {}

    private var invitation: String {
        guard let address else { return "" }
        return """
            Open this address in a browser, on this machine or another, and sign in:

            \(address)

            At the end the browser goes to an address at 127.0.0.1, [::1] or localhost, and may say that it cannot be \
            reached. Copy that whole address from its address bar and paste it here.

            """
    }

    /// RFC 8252 §8.1: what is pasted holds a code.
    private static let warning = """
        Paste it nowhere else, and never send it to anyone who asks for it: whoever has it may get into your account. If \
        somebody else gave you the address above, stop here.

        """

    private func ask(_ waker: Waker) -> Event {
        terminal.say("The address where the browser ended (it is not shown): ")
        defer { terminal.say("\n") }
        return terminal.quietly {
            while true {
                switch line(waker) {
                case .success(.entered("")): continue
                case .success(.entered(let uri)): return .redirect(uri: uri)
                case .success(.closed): return .dismissed
                case .failure(let why): return why.event
                }
            }
        }
    }

    private struct Ended: Error {
        let event: Event
    }

    private func line(_ waker: Waker) -> Result<TypedLine.End, Ended> {
        var typed = TypedLine()
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            var rest = state.withLock { $0.rest }
            while let byte = rest.popFirst() {
                guard let end = typed.take(byte) else { continue }
                state.withLock { [rest] in $0.rest = rest }
                return .success(end)
            }
            if let event = wait(waker) { return .failure(Ended(event: event)) }
            let count = read(terminal.input, &buffer, buffer.count)
            guard count >= 0 else { return .failure(Ended(event: Self.nowhere)) }
            guard count > 0 else { return .success(.closed) }
            state.withLock { [buffer] in $0.rest = buffer[..<count] }
        }
    }

    private static let nowhere = Event.failed(code: "", detail: "this program has no standard input to paste into")

    /// Waits for something to be read. What there is instead, if so.
    private func wait(_ waker: Waker) -> Event? {
        while true {
            var both = [terminal.input, waker.woken].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let left = max(.zero, deadline - .now)
            let ready = poll(&both, 2, Int32(clamping: (try? Settings.milliseconds(left)) ?? 0))
            if both[1].revents != 0 { return .cancel }
            if ready == 0 { return .elapsed }
            if ready > 0 { return both[0].revents & Int16(POLLNVAL) == 0 ? nil : Self.nowhere }
            guard errno == EINTR else { return Self.nowhere }
        }
    }
}
