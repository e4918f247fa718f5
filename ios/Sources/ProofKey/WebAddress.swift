/// Which addresses may reach a browser.
enum WebAddress {
    private static let longest = 16 * 1024

    /// Only https, http only to loopback (M9), and only characters that a URI has (RFC 3986 §2): no space, no control
    /// character, no quote, nothing that begins with `-`.
    static func check(_ address: String) throws {
        if address.hasPrefix("http://") {
            guard isLoopback(address) else {
                throw WebAuthenticationError.failed(
                    "the sign-in address is http and not on loopback; expected https")
            }
        } else if !address.hasPrefix("https://") {
            throw WebAuthenticationError.failed("the sign-in address is not an https URL")
        }
        let allowed = #/[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*/#
        guard address.utf8.allSatisfy({ $0 < 0x80 }), address.wholeMatch(of: allowed) != nil else {
            throw WebAuthenticationError.failed(
                "the sign-in address has a character that does not belong in a URL")
        }
        guard address.utf8.count <= longest else {
            throw WebAuthenticationError.failed("the sign-in address is longer than 16 KiB")
        }
    }

    /// Whether an address is on this machine.
    static func isLoopback(_ address: String) -> Bool {
        address.prefixMatch(of: #/https?://(?:127\.0\.0\.1|\[::1\]|localhost)(?::[0-9]*)?(?:[/?#]|$)/#) != nil
    }
}
