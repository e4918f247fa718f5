import Foundation

// Measures ProofKey beside the same steps by hand, in one process, by turns.
//
//   Bench                a line for each job: its name, and nanoseconds of CPU a run: the lowest of all rounds, the median
//   Bench --smoke        the same with two short rounds
//   Bench --times JOB N  one job of ours so often and nothing else: what it calls is counted from outside
//   Bench --version      of libcrypto
//
// That a job does what it says is looked at before anything is measured.

typealias Job = () throws -> String

/// One measurement, in nanoseconds: short, so that many of them fall between other programs' turns.
let slice = 20e6

/// CPU of all threads of this process, in nanoseconds.
func cpu() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// Nanoseconds of one run of so many.
func time(_ job: Job, times: Int) throws -> Double {
    var seen = 0
    let begun = cpu()
    for _ in 0..<times { seen &+= try job().utf8.count }
    let taken = cpu() - begun
    guard seen > 0 else { throw Wrong("it does nothing") }
    return taken / Double(times)
}

func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

let crypto = try Crypto()
let hand = ByHand(crypto: crypto)
let ours: [(name: String, job: Job)] = [
    ("sign_in", Ours.signIn),
    ("authorization_url", Ours.authorizationURL),
    ("pair", Ours.pair),
    ("verify", Ours.verify),
]
let theirs: [(name: String, job: Job)] = [
    ("sign_in", hand.signIn),
    ("authorization_url", hand.authorizationURL),
    ("pair", hand.pair),
    ("verify", hand.verify),
]
let jobs = ours.map { ("\($0.name)/proofkey", $0.job) } + theirs.map { ("\($0.name)/hand", $0.job) }

/// Each result, as both sides must give it.
@MainActor func check() throws {
    for (name, job) in jobs {
        let result = try job()
        let right =
            switch name.prefix(while: { $0 != "/" }) {
            case "sign_in": result == Inputs.accessToken
            case "authorization_url": result.contains("&code_challenge_method=S256") && result.contains("state=")
            case "pair": try result.count == 86 && crypto.digest(String(result.prefix(43))) == result.suffix(43)
            default: result == "equal"
            }
        guard right else { throw Wrong("\(name) does not do its job") }
    }
}

@MainActor func measure(rounds: Int, slice: Double) throws {
    // The first runs, of which the number of later ones follows, are the warm-up.
    let times = try jobs.map { try max(1, Int(slice / time($0.1, times: 200))) }
    var figures = jobs.map { _ in [Double]() }
    for _ in 0..<rounds {
        for (index, job) in jobs.enumerated() { try figures[index].append(time(job.1, times: times[index])) }
    }
    for (job, all) in zip(jobs, figures) { print(job.0, all.min() ?? 0, median(all)) }
}

switch CommandLine.arguments.dropFirst().first {
case nil:
    try check()
    try measure(rounds: 40, slice: slice)
case "--smoke":
    try check()
    try measure(rounds: 2, slice: 1e6)
case "--version": print(crypto.version)
case "--times":
    guard CommandLine.arguments.count == 4, let times = Int(CommandLine.arguments[3]),
        let job = ours.first(where: { $0.name == CommandLine.arguments[2] })?.job
    else { throw Wrong("usage: Bench --times JOB N") }
    for _ in 0..<times { _ = try job() }
default: throw Wrong("usage: Bench [--smoke | --version | --times JOB N]")
}
