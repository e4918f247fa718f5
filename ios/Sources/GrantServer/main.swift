// An authorization server and a resource over a file of SQLite, on this machine alone, until it is stopped:
//
//     GrantServer FILE [PORT]
//
// It prints how to sign in at it. Without a port the system chooses one.
import Foundation

let given = CommandLine.arguments.dropFirst().map { $0 }
guard (1...2).contains(given.count), let port = UInt16(given.count > 1 ? given[1] : "0") else {
    complain("usage: GrantServer FILE [PORT]")
    exit(2)
}

do {
    let store = try await SQLiteGrantStore(given[0])
    try await store.makeTables()
    let http = try HTTPServer(port: port)
    let site = try Site(issuer: "http://127.0.0.1:\(http.port)", store: store, user: NSUserName())
    http.serve { await site.answer($0) }
    let line = "proofkey login \(site.resource) --client-id \(site.client.clientID)\n"
    FileHandle.standardOutput.write(Data(line.utf8))
    while true {
        try await Task.sleep(for: .seconds(60))
        do {
            try await store.forgetExpired()
        } catch {
            complain("what has expired could not be forgotten: \(error)")
        }
    }
} catch {
    complain("\(error)")
    exit(1)
}
