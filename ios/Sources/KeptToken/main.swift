// Asks a resource with a token that is kept, signed in once and refreshed from then on:
//
//     KeptToken RESOURCE CLIENT_ID [token|sign-in|resume|sign-out]
//
// Without a word it prints the status and the body of the resource's answer, with `token` the token itself. `sign-in` can
// be taken up by `resume` if this program is ended while the user is at the browser. An error goes to standard error in two
// lines, what was wrong and what to do.
import Foundation
import ProofKey

let given = CommandLine.arguments.dropFirst().map { $0 }
guard (2...3).contains(given.count), let resource = URL(string: given[0]) else {
    FileHandle.standardError.write(Data("usage: KeptToken RESOURCE CLIENT_ID [token|sign-in|resume|sign-out]\n".utf8))
    exit(2)
}

#if canImport(Security)
    let store = KeychainTokenStore()
#else
    let store = try FileTokenStore()
#endif

do {
    let client = try ProofKeyClient(resource: given[0], clientID: given[1], store: store)
    switch given.dropFirst(2).first {
    case nil:
        let (body, response) = try await client.data(from: resource)
        print(response.statusCode, String(decoding: body, as: UTF8.self))
    case "token":
        print(try await client.accessToken())
    case "sign-in":
        print("signed in at", try await client.signIn(resumable: true).issuer)
    case "resume":
        print("signed in at", try await client.resume().issuer)
    case "sign-out":
        print("revoked:", try await client.signOut().isRevoked ?? false)
    case .some(let word):
        FileHandle.standardError.write(Data("\(word) is none of token, sign-in, resume, sign-out\n".utf8))
        exit(2)
    }
} catch let error as ProofKeyError {
    FileHandle.standardError.write(Data("\(error.message)\n\(error.advice)\n".utf8))
    exit(1)
}
