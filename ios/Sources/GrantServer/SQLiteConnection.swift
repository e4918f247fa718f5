import CSQLite
import Dispatch
import Foundation

/// One connection to a database. SQLite waits by holding its thread, for the disk at each commit and for others who write: so
/// it runs on a queue of Dispatch, in whose pool there is a thread for each queue that has work, and holds none of the few
/// threads that Swift's tasks share. What asks it is suspended meanwhile. The queue does one thing after the other, as SQLite
/// does for all who write to a file.
final class SQLiteConnection: @unchecked Sendable {
    // Sound: the session is reached on the queue alone.
    private let session: SQLiteSession
    private let queue: DispatchQueue

    /// Opens the file, or makes it.
    init(_ path: String) async throws {
        let queue = DispatchQueue(label: "sqlite")
        self.queue = queue
        session = try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try SQLiteSession(path) }) }
        }
    }

    // The last one to close writes what is in the log into the file.
    deinit { queue.async { [session] in withExtendedLifetime(session) {} } }

    func run<Value: Sendable>(_ work: @escaping @Sendable (SQLiteSession) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work(self.session) }) }
        }
    }

    /// All of it, or nothing. It begins with the right to write, so that nobody writes in between.
    func transaction<Value: Sendable>(
        _ work: @escaping @Sendable (SQLiteSession) throws -> Value
    ) async throws -> Value {
        try await run { session in
            try session.execute("BEGIN IMMEDIATE")
            do {
                let value = try work(session)
                try session.execute("COMMIT")
                return value
            } catch {
                _ = try? session.execute("ROLLBACK")
                throw error
            }
        }
    }
}

struct SQLiteError: Error, CustomStringConvertible {
    let description: String
}

enum SQLiteValue: Sendable {
    case null
    case integer(Int)
    case text(String)
    case blob(Data)

    static func optional(_ text: String?) -> SQLiteValue { text.map(SQLiteValue.text) ?? .null }
    static func optional(_ number: Int?) -> SQLiteValue { number.map(SQLiteValue.integer) ?? .null }
    static func flag(_ flag: Bool) -> SQLiteValue { .integer(flag ? 1 : 0) }
}

/// What a connection is spoken to with, on its queue.
final class SQLiteSession: @unchecked Sendable {
    // Sound: one queue has it, from its beginning to its end.
    private var handle: OpaquePointer?

    fileprivate init(_ path: String) throws {
        let opened = sqlite3_open_v2(
            path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nil)
        guard opened == SQLITE_OK else {
            sqlite3_close_v2(handle)
            handle = nil
            throw SQLiteError(description: "the database cannot be opened: \(opened)")
        }
        // Who finds it locked waits so long.
        sqlite3_busy_timeout(handle, 30_000)
        // What is said to be written is on the disk.
        for pragma in ["journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"] {
            try execute("PRAGMA \(pragma)")
        }
    }

    deinit { sqlite3_close_v2(handle) }

    /// The number of rows that it changed.
    @discardableResult
    func execute(_ sql: String, _ values: SQLiteValue...) throws -> Int {
        _ = try query(sql, values) { _ in () }
        return Int(sqlite3_changes(handle))
    }

    /// The first row, if there is one.
    func first<Value>(
        _ sql: String, _ values: SQLiteValue..., read: (SQLiteRow) throws -> Value
    ) throws -> Value? {
        try query(sql, values, read: read).first
    }

    private func query<Value>(
        _ sql: String, _ values: [SQLiteValue], read: (SQLiteRow) throws -> Value
    ) throws -> [Value] {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else { throw error() }
        defer { sqlite3_finalize(statement) }
        for (place, value) in values.enumerated() { try bind(value, at: Int32(place + 1), of: statement) }
        var rows: [Value] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: rows.append(try read(SQLiteRow(statement: statement)))
            case SQLITE_DONE: return rows
            default: throw error()
            }
        }
    }

    private func bind(_ value: SQLiteValue, at place: Int32, of statement: OpaquePointer?) throws {
        // SQLite makes a copy of what it is given.
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        let bound =
            switch value {
            case .null: sqlite3_bind_null(statement, place)
            case .integer(let number): sqlite3_bind_int64(statement, place, Int64(number))
            case .text(let text): sqlite3_bind_text(statement, place, text, -1, copied)
            case .blob(let data):
                data.withUnsafeBytes { sqlite3_bind_blob(statement, place, $0.baseAddress, Int32($0.count), copied) }
            }
        guard bound == SQLITE_OK else { throw error() }
    }

    private func error() -> SQLiteError { SQLiteError(description: String(cString: sqlite3_errmsg(handle))) }
}

/// A row that was found, and its columns.
struct SQLiteRow {
    fileprivate let statement: OpaquePointer?

    func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }
    func flag(_ column: Int32) -> Bool { integer(column) != 0 }
    func text(_ column: Int32) -> String { optionalText(column) ?? "" }

    func optionalText(_ column: Int32) -> String? {
        sqlite3_column_text(statement, column).map { String(cString: $0) }
    }

    func optionalInteger(_ column: Int32) -> Int? {
        sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : integer(column)
    }
}
