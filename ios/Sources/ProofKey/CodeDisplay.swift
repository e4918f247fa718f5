internal import ProofKeyFFI

/// What is shown of a device code, for as long as its sign-in runs, and the waits meanwhile.
final class CodeDisplay: Sendable {
    private struct State {
        var shown: Task<Void, Never>?
        var isDismissed = false
        var wait: Task<Void, Never>?
    }

    private let state = Locked(State())

    /// Shows a code, in place of another. It does not wait for its reader: the time that the showing takes is of the wait.
    func show(_ code: DeviceCode, by show: @escaping DeviceCode.Show) {
        let shown = Task { [weak self] in
            do {
                try await show(code)
            } catch {
                // Whoever was told to stop showing it has not closed it.
                if !Task.isCancelled { self?.dismiss() }
            }
        }
        let before = state.withLock { state in
            defer { (state.shown, state.isDismissed) = (shown, false) }
            return state.shown
        }
        before?.cancel()
    }

    /// Waits, by a clock that is never set. A cancel of the task, or the user who closes what is shown, ends the wait at once.
    func wait(_ time: Duration) async -> Event {
        let wait = Task<Void, Never> { try? await Task.sleep(for: time) }
        let isDismissed = state.withLock {
            $0.wait = wait
            return $0.isDismissed
        }
        if isDismissed { wait.cancel() }
        await withTaskCancellationHandler {
            await wait.value
        } onCancel: {
            wait.cancel()
        }
        let dismissed = state.withLock {
            $0.wait = nil
            return $0.isDismissed
        }
        return Task.isCancelled ? .cancel : dismissed ? .dismissed : .elapsed
    }

    /// The sign-in is over.
    func end() {
        state.withLock { $0.shown }?.cancel()
    }

    private func dismiss() {
        let wait = state.withLock {
            $0.isDismissed = true
            return $0.wait
        }
        wait?.cancel()
    }
}
