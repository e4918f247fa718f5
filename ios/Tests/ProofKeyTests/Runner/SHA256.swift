import Foundation

/// SHA-256 (FIPS 180-4), by another implementation than ours.
enum SHA256 {
    static func hash(_ text: String) -> Data { hash(text.utf8) }

    static func hash(_ bytes: some Sequence<UInt8>) -> Data {
        var message = Array(bytes)
        let bits = UInt64(message.count) * 8
        message.append(0x80)
        while message.count % 64 != 56 { message.append(0) }
        message += (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * $0)) }
        var state = initial
        for start in stride(from: 0, to: message.count, by: 64) {
            compress(message[start..<start + 64], into: &state)
        }
        return Data(state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } })
    }

    static func hex(_ text: String) -> String { hash(text).hex }

    /// RFC 7636 §4.2.
    static func challenge(of verifier: String) -> String {
        hash(verifier).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static let primes: [UInt32] = (2...311).filter { n in !(2..<n).contains { n % $0 == 0 } }

    /// The first 32 bits of the fractional part.
    private static func fraction(_ root: Double) -> UInt32 {
        UInt32((root - root.rounded(.down)) * 4_294_967_296)
    }

    private static let initial = primes.prefix(8).map { fraction(Double($0).squareRoot()) }
    private static let constants = primes.map { fraction(cbrt(Double($0))) }

    private static func rotated(_ word: UInt32, _ by: UInt32) -> UInt32 { word >> by | word << (32 - by) }

    private static func compress(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
        var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { at in
            block[at..<at + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        for at in 16..<64 {
            let (old, new) = (words[at - 15], words[at - 2])
            let first = rotated(old, 7) ^ rotated(old, 18) ^ old >> 3
            let second = rotated(new, 17) ^ rotated(new, 19) ^ new >> 10
            words.append(words[at - 16] &+ first &+ words[at - 7] &+ second)
        }
        var s = state
        for at in 0..<64 {
            let sum1 = rotated(s[4], 6) ^ rotated(s[4], 11) ^ rotated(s[4], 25)
            let choice = s[4] & s[5] ^ ~s[4] & s[6]
            let first = s[7] &+ sum1 &+ choice &+ constants[at] &+ words[at]
            let sum0 = rotated(s[0], 2) ^ rotated(s[0], 13) ^ rotated(s[0], 22)
            let majority = s[0] & s[1] ^ s[0] & s[2] ^ s[1] & s[2]
            s = [first &+ sum0 &+ majority, s[0], s[1], s[2], s[3] &+ first, s[4], s[5], s[6]]
        }
        for at in 0..<8 { state[at] = state[at] &+ s[at] }
    }
}

extension Data {
    var hex: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
