//! Whether the time of `verify` (RFC 7636 §4.6) tells about the stored challenge: `tests/dudect [CALLS]`.
//!
//! The stored challenges are chosen: of one class the first byte alone is another than the right one, of the other
//! class the last. Both are refused, so all that may differ is the comparison. Beside it, by turns in the same run:
//! the same with a comparison that leaves at the first byte that differs, which must be found, and ours with the same
//! challenge in both classes, where nothing is to be found.

mod statistics;

use proofkey::challenge::CodeChallenge;
use proofkey::verifier::{CodeVerifier, verify};
use statistics::Series;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

/// Calls of one subject before it is the next one's turn.
const BATCH: usize = 10_000;

/// Calls of each subject, unless the command says otherwise.
const CALLS: usize = 10_000_000;

/// From here on the times of two classes are held to be different.
const DIFFERENT: f64 = 4.5;

/// What the control must reach; the paper's bound for "leaks for sure" is of this order.
const FOUND: f64 = 10.0;

type Judge = fn(&CodeVerifier, &CodeChallenge) -> bool;

fn ours(verifier: &CodeVerifier, stored: &CodeChallenge) -> bool {
    verify(verifier.expose_verifier(), stored).unwrap_or(true)
}

/// The control. Without `black_box` it would be compiled to something without branches.
fn leaves_early(verifier: &CodeVerifier, stored: &CodeChallenge) -> bool {
    let right = verifier.challenge();
    for (one, other) in right.as_bytes().iter().zip(stored.as_bytes()) {
        if black_box(*one) != black_box(*other) {
            return false;
        }
    }
    true
}

/// Numbers that need not be secret (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn class(&mut self) -> usize {
        usize::from(self.next() >> 63 == 1)
    }
}

/// The times of a batch of calls, in nanoseconds, each with its class. `places`: the bytes that are other than right.
fn batch(judge: Judge, places: [usize; 2], numbers: &mut Numbers) -> Option<Vec<(usize, f64)>> {
    let verifier = CodeVerifier::generate().ok()?;
    let stored = places.map(|place| {
        let mut bytes = *verifier.challenge().as_bytes();
        bytes[place] ^= 1 << (numbers.next() % 8);
        CodeChallenge::from_bytes(bytes)
    });
    // Made before any of them is timed, one behind the other: where it lies says nothing of the class.
    let inputs: Vec<(usize, CodeChallenge)> = (0..BATCH)
        .map(|_| {
            let class = numbers.class();
            (class, stored[class])
        })
        .collect();
    inputs
        .iter()
        .map(|(class, stored)| {
            let begun = Instant::now();
            let right = black_box(judge(black_box(&verifier), black_box(stored)));
            let time = begun.elapsed().as_nanos();
            // Both are refused, or it is not the comparison that is timed.
            (!right).then_some((*class, u32::try_from(time).map_or(f64::MAX, f64::from)))
        })
        .collect()
}

fn main() -> ExitCode {
    let calls = match std::env::args().nth(1).map(|calls| calls.parse()) {
        None => CALLS,
        Some(Ok(calls)) => calls,
        Some(Err(_)) => {
            eprintln!("dudect: expected a number of calls");
            return ExitCode::from(2);
        }
    };
    let subjects: [(&str, Judge, [usize; 2]); 3] = [
        ("ours", ours, [0, 31]),
        ("control: leaves early", leaves_early, [0, 31]),
        ("control: nothing differs", ours, [15, 15]),
    ];
    let Some(largest) = measure(&subjects, calls) else {
        eprintln!(
            "dudect: a wrong challenge was accepted, or the generator of random numbers fails"
        );
        return ExitCode::FAILURE;
    };
    let [ours, early, nothing] = largest;
    let verdict = if early < FOUND {
        "the control was not found: this run says nothing; make more calls, on a quieter machine"
    } else if nothing >= DIFFERENT {
        "a difference where there is none: this run says nothing; repeat it on a quieter machine"
    } else if ours >= DIFFERENT {
        "the time of verify depends on the stored challenge"
    } else {
        println!("no difference was found in the time of verify; the control was found");
        return ExitCode::SUCCESS;
    };
    println!("{verdict}");
    ExitCode::FAILURE
}

/// Times all subjects by turns and prints a line of each; gives their largest |t|.
fn measure(subjects: &[(&str, Judge, [usize; 2]); 3], calls: usize) -> Option<[f64; 3]> {
    let seed = std::time::UNIX_EPOCH.elapsed().map_or(1, |since| since.subsec_nanos());
    let mut numbers = Numbers(seed.into());
    let mut all = Vec::new();
    for (_, judge, places) in subjects {
        let first = batch(*judge, *places, &mut numbers)?;
        all.push(Series::new(first.into_iter().map(|(_, time)| time).collect()));
    }
    for _ in 0..calls.div_ceil(BATCH) {
        for ((_, judge, places), series) in subjects.iter().zip(&mut all) {
            for (class, time) in batch(*judge, *places, &mut numbers)? {
                series.push(class, time);
            }
        }
    }
    let mut largest = [0.0; 3];
    for (((name, ..), series), largest) in subjects.iter().zip(&all).zip(&mut largest) {
        let [first, last] = series.means();
        *largest = series.largest_t();
        println!(
            "{name:<25} |t| {largest:>9.2}   mean {first:.1} ns and {last:.1} ns, {calls} calls"
        );
    }
    Some(largest)
}
