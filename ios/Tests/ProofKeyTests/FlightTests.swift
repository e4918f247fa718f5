import Foundation
import ProofKeyFFI
import Testing

@testable import ProofKey

/// Who waits, who leaves, and what goes on without them.
@Suite struct FlightTests {
    @Test func allHearTheEnd() async throws {
        let flight = Flight<String>(isShared: true)
        let waiting = try (0..<3).map { _ in
            let seat = try #require(flight.seat())
            return Task { try await flight.wait(at: seat) }
        }
        flight.settle(.success("landed"))
        for task in waiting { #expect(try await task.value == "landed") }
        #expect(flight.seat() == nil)
    }

    @Test func theLastOneWhoLeavesEndsIt() async throws {
        let flight = Flight<String>(isShared: true)
        let seats = [try #require(flight.seat()), try #require(flight.seat())]
        let began = Signal()
        let step = Task {
            await flight.untilCancelled {
                began.set()
                let never = AsyncStream<Event>.makeStream()
                var events = never.stream.makeAsyncIterator()
                return await events.next() ?? .cancel
            }
        }
        try await began.happened()
        for seat in seats {
            #expect(!flight.isCancelled)
            let task = Task { try await flight.wait(at: seat) }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        #expect(flight.isCancelled)
        #expect(await step.value == .cancel)
        // What comes now flies anew, and what need not be finished does not begin.
        #expect(flight.seat() == nil)
        #expect(!flight.beginFinishing())
        #expect(await flight.untilCancelled { .ok } == .cancel)
    }

    /// Who waits alone is let go when all is closed; at once while something must be finished.
    @Test func whoWaitsAlone() async throws {
        let flight = Flight<String>(isShared: false)
        let seat = try #require(flight.seat())
        let hasLeft = Box(false)
        let left = Signal()
        let task = Task {
            defer {
                hasLeft.change { $0 = true }
                left.set()
            }
            return try await flight.wait(at: seat)
        }
        #expect(flight.beginFinishing())
        flight.endFinishing()
        task.cancel()
        while !flight.isCancelled { await Task.yield() }
        #expect(!hasLeft.value)
        flight.settle(.success("too late"))
        try await left.happened()
        await #expect(throws: CancellationError.self) { try await task.value }

        let other = Flight<String>(isShared: false)
        let place = try #require(other.seat())
        #expect(other.beginFinishing())
        let leaving = Task { try await other.wait(at: place) }
        leaving.cancel()
        await #expect(throws: CancellationError.self) { try await leaving.value }
    }
}
