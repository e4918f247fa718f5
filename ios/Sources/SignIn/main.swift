// Signs in and asks the resource, as bindings/c/examples/sign_in.c does:
//
//     SignIn ISSUER AUTHORIZATION_ENDPOINT TOKEN_ENDPOINT CLIENT_ID RESOURCE SCOPE
//
// It prints the status and the body of the resource's answer. An error goes to standard error in two lines, what was
// wrong and what to do.
import Foundation
import ProofKey

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

let given = CommandLine.arguments.dropFirst().map { $0 }
guard given.count == 6, let resource = URL(string: given[4]) else {
    FileHandle.standardError.write(
        Data("usage: SignIn ISSUER AUTHORIZATION_ENDPOINT TOKEN_ENDPOINT CLIENT_ID RESOURCE SCOPE\n".utf8))
    exit(2)
}

do {
    let client = try ProofKeyClient(
        issuer: given[0],
        endpoints: .init(authorization: given[1], token: given[2], issPromised: true),
        clientID: given[3],
        scopes: [given[5]],
        resource: given[4]
    )
    let tokens = try await client.signIn()

    var request = URLRequest(url: resource)
    request.setValue("Bearer \(try tokens.exposeAccessToken())", forHTTPHeaderField: "Authorization")
    let (body, response) = try await URLSession.shared.data(for: request)
    let status = (response as? HTTPURLResponse)?.statusCode ?? 0
    print(status, String(decoding: body, as: UTF8.self))
    exit(status == 200 ? 0 : 1)
} catch let error as ProofKeyError {
    FileHandle.standardError.write(Data("\(error.message)\n\(error.advice)\n".utf8))
    exit(1)
}
