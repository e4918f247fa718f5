import Foundation

/// The system's libcrypto, without its headers: random bytes, and SHA-256 with an algorithm and a context that are made
/// once, as OpenSSL advises.
final class Crypto {
    private typealias Opaque = UnsafeMutableRawPointer
    private let randomBytes: @convention(c) (UnsafeMutablePointer<UInt8>, Int32) -> Int32
    private let begin: @convention(c) (Opaque, Opaque, Opaque?) -> Int32
    private let update: @convention(c) (Opaque, UnsafeRawPointer?, Int) -> Int32
    private let end: @convention(c) (Opaque, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt32>?) -> Int32
    private let compare: @convention(c) (UnsafeRawPointer?, UnsafeRawPointer?, Int) -> Int32
    private let sha256: Opaque
    private let context: Opaque

    /// What OpenSSL calls itself: "3.5.1".
    let version: String

    init() throws {
        guard let library = dlopen("libcrypto.so.3", RTLD_NOW) else { throw Wrong("libcrypto.so.3 is not installed") }
        func named<F>(_ name: String, as type: F.Type) throws -> F {
            guard let found = dlsym(library, name) else { throw Wrong("libcrypto has no \(name)") }
            return unsafeBitCast(found, to: type)
        }
        randomBytes = try named("RAND_bytes", as: (@convention(c) (UnsafeMutablePointer<UInt8>, Int32) -> Int32).self)
        begin = try named("EVP_DigestInit_ex2", as: (@convention(c) (Opaque, Opaque, Opaque?) -> Int32).self)
        update = try named("EVP_DigestUpdate", as: (@convention(c) (Opaque, UnsafeRawPointer?, Int) -> Int32).self)
        end = try named(
            "EVP_DigestFinal_ex",
            as: (@convention(c) (Opaque, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt32>?) -> Int32).self
        )
        compare = try named(
            "CRYPTO_memcmp", as: (@convention(c) (UnsafeRawPointer?, UnsafeRawPointer?, Int) -> Int32).self)
        let fetch = try named(
            "EVP_MD_fetch",
            as: (@convention(c) (Opaque?, UnsafePointer<CChar>, UnsafePointer<CChar>?) -> Opaque?).self
        )
        let new = try named("EVP_MD_CTX_new", as: (@convention(c) () -> Opaque?).self)
        guard let sha256 = fetch(nil, "SHA2-256", nil), let context = new() else { throw Wrong("no SHA-256") }
        self.sha256 = sha256
        self.context = context
        let text = try named("OpenSSL_version", as: (@convention(c) (Int32) -> UnsafePointer<CChar>).self)
        // OPENSSL_VERSION_STRING
        version = String(cString: text(6))
    }

    /// 32 bytes of OpenSSL's own generator, as base64url without padding.
    func random() throws -> String {
        try text { randomBytes($0, 32) == 1 }
    }

    /// SHA-256 of a text, as base64url without padding: the challenge of a verifier (RFC 7636 §4.2).
    func digest(_ words: String) throws -> String {
        var words = words
        return try words.withUTF8 { bytes in
            try text { out in
                begin(context, sha256, nil) == 1 && update(context, bytes.baseAddress, bytes.count) == 1
                    && end(context, out, nil) == 1
            }
        }
    }

    /// Whether two texts are equal, in constant time.
    func equal(_ one: String, _ other: String) -> Bool {
        var (one, other) = (one, other)
        return one.withUTF8 { one in
            other.withUTF8 { one.count == $0.count && compare(one.baseAddress, $0.baseAddress, one.count) == 0 }
        }
    }

    private func text(filled fill: (UnsafeMutablePointer<UInt8>) -> Bool) throws -> String {
        try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { bytes in
            guard let first = bytes.baseAddress, fill(first) else { throw Wrong("libcrypto failed") }
            var encoded = Data(bytes: first, count: 32).base64EncodedData()
            // 43 characters and one that fills up.
            encoded.removeLast()
            for (index, byte) in encoded.enumerated() {
                if byte == UInt8(ascii: "+") { encoded[index] = UInt8(ascii: "-") }
                if byte == UInt8(ascii: "/") { encoded[index] = UInt8(ascii: "_") }
            }
            return String(decoding: encoded, as: UTF8.self)
        }
    }
}
