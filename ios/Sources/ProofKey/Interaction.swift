/// Whether the user may be asked, and how.
public enum Interaction: Hashable, Sendable {
    /// Not at all.
    case never
    /// By a browser where there is one, else by ``paste`` where the program has a terminal.
    case auto
    /// By what the client's authenticator shows.
    case browser
    /// An address is shown in the terminal. The user opens it anywhere, and pastes the address where the browser ended. On
    /// macOS and Linux, and for a redirect on loopback.
    case paste
    /// On another device (RFC 8628): a code is shown by the client's `showCode`, and entered where there is a browser. It is
    /// never chosen by itself: whoever is talked into entering somebody else's code signs that somebody in.
    case device
}

/// Which issuers a resource may name to sign the user in, where the program names none itself.
public enum IssuerConfirmation: Sendable, ExpressibleByArrayLiteral {
    /// All: the browser shows the host too.
    case any
    /// Those whose host, with its port where it has one, is among these.
    case hosts([String])
    /// Those for which this says true.
    case asking(@Sendable (_ issuerHost: String, _ resourceHost: String) async -> Bool)

    /// Those whose host is among these.
    public init(arrayLiteral hosts: String...) {
        self = .hosts(hosts)
    }

    func allows(_ issuerHost: String, for resourceHost: String) async -> Bool {
        switch self {
        case .any: true
        case .hosts(let hosts): hosts.contains { $0.lowercased() == issuerHost.lowercased() }
        case .asking(let allows): await allows(issuerHost, resourceHost)
        }
    }
}
