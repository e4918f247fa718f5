import ProofKey

/// What was wrong, of a promise that the check's caller knows.
struct Finding: Error {
    let circumstance: String
    let expected: String
    let actual: String
}

func expect<Value: Equatable>(_ circumstance: String, _ actual: Value, is expected: Value) throws {
    guard actual != expected else { return }
    throw Finding(circumstance: circumstance, expected: said(expected), actual: said(actual))
}

func expect(_ circumstance: String, _ actual: Int, isIn expected: ClosedRange<Int>) throws {
    guard !expected.contains(actual) else { return }
    throw Finding(
        circumstance: circumstance, expected: "\(expected.lowerBound) to \(expected.upperBound)", actual: "\(actual)")
}

/// Says which columns differ, and no others.
func expect(_ circumstance: String, _ actual: Grant, is expected: Grant) throws {
    guard actual != expected else { return }
    let pairs = zip(columns(of: expected), columns(of: actual)).filter { $0 != $1 }
    throw Finding(
        circumstance: circumstance, expected: pairs.map(\.0).joined(separator: ", "),
        actual: pairs.map(\.1).joined(separator: ", "))
}

/// It must be there.
func required<Value>(_ circumstance: String, _ value: Value?) throws -> Value {
    guard let value else { throw Finding(circumstance: circumstance, expected: "a row", actual: "none") }
    return value
}

/// It must not be there.
func expectNone<Value>(_ circumstance: String, _ value: Value?) throws {
    guard value != nil else { return }
    throw Finding(circumstance: circumstance, expected: "none", actual: "a row")
}

private func columns(of row: Any) -> [String] {
    Mirror(reflecting: row).children.flatMap { child in
        child.value is GrantTerms ? columns(of: child.value) : ["\(child.label ?? "") \(said(child.value))"]
    }
}

private func said(_ value: Any) -> String {
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .optional { return mirror.children.first.map { said($0.value) } ?? "none" }
    return value is String ? "\"\(value)\"" : "\(value)"
}
