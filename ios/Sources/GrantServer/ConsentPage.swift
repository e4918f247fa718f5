import Foundation
import ProofKey

/// The consent page, and whether a form is the answer to it.
struct ConsentPage {
    private static let cookie = "consent"

    /// Against forged requests (RFC 6749 §10.12): the browser has it in a cookie, and the page in its form.
    let token: String

    /// The token that this browser has, or a new one.
    init(for request: HTTPRequest) {
        token =
            Self.token(of: request) ?? (0..<16).map { _ in String(format: "%02x", UInt8.random(in: 0...255)) }.joined()
    }

    /// The page with the question. What it shows is escaped: whoever wrote the address chose it.
    func shown(_ asked: AuthorizationRequest, to user: String) -> HTTPResponse {
        let scopes = asked.scopes.map { "<li>\(Self.escaped($0))</li>" }.joined()
        let page = """
            <!DOCTYPE html>
            <html lang="en"><title>Allow?</title>
            <p>\(Self.escaped(user)), do you allow <b>\(Self.escaped(asked.client.name))</b> at
            <b>\(Self.escaped(asked.redirectHost))</b> to use \(Self.escaped(asked.resource ?? "this server"))?</p>
            <ul>\(scopes)</ul>
            <form method="post"><input type="hidden" name="token" value="\(token)">
            <button name="decision" value="allow">Allow</button>
            <button name="decision" value="deny">Deny</button></form></html>
            """
        var response = Self.html(200, page)
        response.fields.append(
            ("Set-Cookie", "\(Self.cookie)=\(token); HttpOnly; SameSite=Strict; Path=/authorize"))
        return response
    }

    /// Whether the form comes from a page that this browser was shown.
    static func isOurs(_ form: [String: String], of request: HTTPRequest) -> Bool {
        guard let own = token(of: request), let sent = form["token"], own.utf8.count == sent.utf8.count else {
            return false
        }
        // All of it is compared, so that the time tells nothing.
        return zip(own.utf8, sent.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    static func html(_ status: Int, _ page: String) -> HTTPResponse {
        HTTPResponse(
            status: status, fields: [("Content-Type", "text/html; charset=utf-8")], body: Data(page.utf8))
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }

    /// The fields of a form; none where it is none, or where one comes twice.
    static func form(_ body: Data) -> [String: String] {
        var fields: [String: String] = [:]
        for part in String(decoding: body, as: UTF8.self).split(separator: "&") {
            let pair = part.replacing("+", with: " ").split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, let name = pair[0].removingPercentEncoding,
                let value = pair[1].removingPercentEncoding, fields.updateValue(value, forKey: name) == nil
            else { return [:] }
        }
        return fields
    }

    private static func token(of request: HTTPRequest) -> String? {
        let pairs = request.field("Cookie")?.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        guard let pair = pairs?.first(where: { $0.hasPrefix("\(cookie)=") }) else { return nil }
        let token = pair.dropFirst(cookie.count + 1)
        let isOne = token.utf8.count == 32 && token.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
        return isOne ? String(token) : nil
    }
}
