import Foundation

/// ES256 (FIPS 186-5), slow and leaky: by another implementation than ours, for a signer of the tests.
enum Curve {
    typealias Number = SIMD4<UInt64>

    /// A key whose secret half nobody else has.
    struct Key: Sendable {
        private let secret: Number
        private let point: (x: Number, y: Number)

        init() {
            secret = random()
            point = times(secret)
        }

        /// SEC 1 §2.3.3
        var sec1: Data { Data([4]) + bytes(point.x) + bytes(point.y) }

        /// RFC 7518 §3.4
        func signature(of input: some Sequence<UInt8>) -> Data {
            let once = random()
            let r = order.reduced(times(once).x)
            let hash = order.reduced(number(SHA256.hash(input)))
            let sum = order.sum(order.entered(hash), order.product(order.entered(r), order.entered(secret)))
            return bytes(r) + bytes(order.left(order.product(order.inverse(order.entered(once)), sum)))
        }
    }

    /// The same signature in DER (RFC 3279 §2.2.3).
    static func der(_ signature: Data) -> Data {
        var numbers: [UInt8] = []
        for half in [signature.prefix(32), signature.suffix(32)] {
            var digits: [UInt8] = Array(half.drop { $0 == 0 })
            if digits.isEmpty || digits[0] >= 0x80 { digits.insert(0, at: 0) }
            numbers += [2, UInt8(digits.count)]
            numbers += digits
        }
        return Data([0x30, UInt8(numbers.count)]) + Data(numbers)
    }

    private static let field = Modulus(
        Number(0xFFFF_FFFF_FFFF_FFFF, 0x0000_0000_FFFF_FFFF, 0, 0xFFFF_FFFF_0000_0001))
    private static let order = Modulus(
        Number(0xF3B9_CAC2_FC63_2551, 0xBCE6_FAAD_A717_9E84, 0xFFFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_0000_0000))
    private static let base = (
        x: Number(0xF4A1_3945_D898_C296, 0x7703_7D81_2DEB_33A0, 0xF8BC_E6E5_63A4_40F2, 0x6B17_D1F2_E12C_4247),
        y: Number(0xCBB6_4068_37BF_51F5, 0x2BCE_3357_6B31_5ECE, 0x8EE7_EB4A_7C0F_9E16, 0x4FE3_42E2_FE1A_7F9B)
    )

    private static func random() -> Number {
        var drawn = Number.zero
        for word in 0..<4 { drawn[word] = .random(in: 0...UInt64.max) }
        let number = order.reduced(drawn)
        return number == .zero ? random() : number
    }

    private static func number(_ bytes: Data) -> Number {
        var number = Number.zero
        for (place, byte) in bytes.enumerated() {
            let word: Int = 3 - place / 8
            number[word] = number[word] << 8 | UInt64(byte)
        }
        return number
    }

    private static func bytes(_ number: Number) -> Data {
        var bytes = Data()
        for word in [number[3], number[2], number[1], number[0]] {
            withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// A point as X/Z², Y/Z³; none at Z = 0.
    private struct Point {
        var (x, y, z): (Number, Number, Number)

        func doubled() -> Point {
            let f = field
            let (delta, gamma) = (f.product(z, z), f.product(y, y))
            let beta = f.product(x, gamma)
            let slope = f.product(f.difference(x, delta), f.sum(x, delta))
            let alpha = f.sum(slope, f.sum(slope, slope))
            let four = f.sum(f.sum(beta, beta), f.sum(beta, beta))
            let newX = f.difference(f.product(alpha, alpha), f.sum(four, four))
            let both = f.sum(y, z)
            let newZ = f.difference(f.difference(f.product(both, both), gamma), delta)
            let square = f.product(gamma, gamma)
            let eight = f.sum(f.sum(square, square), f.sum(square, square))
            let newY = f.difference(f.product(alpha, f.difference(four, newX)), f.sum(eight, eight))
            return Point(x: newX, y: newY, z: newZ)
        }

        /// Of two that are never the same here.
        func added(_ other: Point) -> Point {
            guard z != .zero else { return other }
            let f = field
            let (square, otherSquare) = (f.product(z, z), f.product(other.z, other.z))
            let (u, otherU) = (f.product(x, otherSquare), f.product(other.x, square))
            let s = f.product(y, f.product(other.z, otherSquare))
            let otherS = f.product(other.y, f.product(z, square))
            let (h, r) = (f.difference(otherU, u), f.difference(otherS, s))
            let h2 = f.product(h, h)
            let (h3, v) = (f.product(h, h2), f.product(u, h2))
            let newX = f.difference(f.difference(f.product(r, r), h3), f.sum(v, v))
            let newY = f.difference(f.product(r, f.difference(v, newX)), f.product(s, h3))
            return Point(x: newX, y: newY, z: f.product(h, f.product(z, other.z)))
        }
    }

    /// So many times the base point.
    private static func times(_ scalar: Number) -> (x: Number, y: Number) {
        let one = Point(x: field.entered(base.x), y: field.entered(base.y), z: field.entered(Number(1, 0, 0, 0)))
        var sum = Point(x: .zero, y: .zero, z: .zero)
        for bit in (0..<256).reversed() {
            if sum.z != .zero { sum = sum.doubled() }
            if scalar.has(bit) { sum = sum.added(one) }
        }
        let inverse = field.inverse(sum.z)
        let square = field.product(inverse, inverse)
        return (
            field.left(field.product(sum.x, square)), field.left(field.product(sum.y, field.product(inverse, square)))
        )
    }
}

extension SIMD4<UInt64> {
    fileprivate func has(_ bit: Int) -> Bool {
        let word: UInt64 = self[bit / 64]
        return (word >> UInt64(bit % 64)) & 1 == 1
    }
}

/// Arithmetic modulo a number of 256 bits, of numbers in Montgomery's form.
private struct Modulus: Sendable {
    typealias Number = Curve.Number

    private let modulus: Number
    private let negative: UInt64
    private let square: Number

    init(_ modulus: Number) {
        self.modulus = modulus
        var inverse: UInt64 = 1
        for _ in 0..<6 { inverse = inverse &* (2 &- modulus[0] &* inverse) }
        negative = 0 &- inverse
        var square = Number(1, 0, 0, 0)
        for _ in 0..<512 { square = Self.sum(square, square, modulus) }
        self.square = square
    }

    func entered(_ number: Number) -> Number { product(number, square) }
    func left(_ number: Number) -> Number { product(number, Number(1, 0, 0, 0)) }
    func sum(_ one: Number, _ other: Number) -> Number { Self.sum(one, other, modulus) }
    func reduced(_ number: Number) -> Number { Self.reduced(number, over: false, modulus) }

    func difference(_ one: Number, _ other: Number) -> Number {
        let (less, borrow) = Self.minus(one, other)
        return borrow ? Self.plus(less, modulus).sum : less
    }

    func product(_ one: Number, _ other: Number) -> Number {
        var (low, high, over) = (Number.zero, UInt64(0), UInt64(0))
        for i in 0..<4 {
            var carry: UInt64 = 0
            for j in 0..<4 { (low[j], carry) = Self.step(one[j], other[i], low[j], carry) }
            (high, over) = Self.add(high, carry)
            let factor = low[0] &* negative
            (_, carry) = Self.step(factor, modulus[0], low[0], 0)
            for j in 1..<4 { (low[j - 1], carry) = Self.step(factor, modulus[j], low[j], carry) }
            let (last, more) = Self.add(high, carry)
            (low[3], high) = (last, over + more)
        }
        return Self.reduced(low, over: high != 0, modulus)
    }

    /// By Fermat: the modulus is a prime.
    func inverse(_ number: Number) -> Number {
        let exponent = Self.minus(modulus, Number(2, 0, 0, 0)).difference
        var result = entered(Number(1, 0, 0, 0))
        for bit in (0..<256).reversed() {
            result = product(result, result)
            if exponent.has(bit) { result = product(result, number) }
        }
        return result
    }

    private static func sum(_ one: Number, _ other: Number, _ modulus: Number) -> Number {
        let (sum, over) = plus(one, other)
        return reduced(sum, over: over, modulus)
    }

    private static func reduced(_ number: Number, over: Bool, _ modulus: Number) -> Number {
        let (less, borrow) = minus(number, modulus)
        return over || !borrow ? less : number
    }

    private static func plus(_ one: Number, _ other: Number) -> (sum: Number, over: Bool) {
        var (sum, carry) = (Number.zero, UInt64(0))
        for i in 0..<4 {
            let (first, more) = add(one[i], other[i])
            let (second, again) = add(first, carry)
            (sum[i], carry) = (second, more + again)
        }
        return (sum, carry != 0)
    }

    private static func minus(_ one: Number, _ other: Number) -> (difference: Number, borrow: Bool) {
        var (difference, borrow) = (Number.zero, UInt64(0))
        for i in 0..<4 {
            let (first, more) = one[i].subtractingReportingOverflow(other[i])
            let (second, again) = first.subtractingReportingOverflow(borrow)
            (difference[i], borrow) = (second, more || again ? 1 : 0)
        }
        return (difference, borrow != 0)
    }

    private static func add(_ one: UInt64, _ other: UInt64) -> (UInt64, UInt64) {
        let (sum, over) = one.addingReportingOverflow(other)
        return (sum, over ? 1 : 0)
    }

    /// one · other + more + carry
    private static func step(_ one: UInt64, _ other: UInt64, _ more: UInt64, _ carry: UInt64) -> (UInt64, UInt64) {
        let whole = one.multipliedFullWidth(by: other)
        let (first, over) = add(whole.low, more)
        let (second, again) = add(first, carry)
        return (second, whole.high + over + again)
    }
}
