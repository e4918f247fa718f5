//! Leaves secrets behind in freed memory, if the allocator lets it, and looks for them.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::FileExt as _;

/// As long as a code verifier; each byte has its top bit set here and nowhere else, so that this binary
/// itself does not hold what is looked for.
const SEALED: [u8; 43] = {
    let mut text = *b"fH3-zQ8_wLk29vBn5RtYxM0pDs7cJgUaE4iOyW1qNhT";
    let mut n = 0;
    while n < text.len() {
        text[n] ^= 0x80;
        n += 1;
    }
    text
};

/// Copies of it in blocks of many sizes: fresh, grown and shrunk, and all freed again.
pub fn leave_copies_behind() {
    for room in 0..200 {
        let mut text = String::with_capacity(room);
        for _ in 0..8 {
            for byte in SEALED {
                text.push(char::from(std::hint::black_box(byte) ^ 0x80));
            }
        }
        text.truncate(60);
        text.shrink_to_fit();
        let boxed: Box<str> = std::hint::black_box(text).into();
        drop(std::hint::black_box(boxed));
    }
}

/// How many 16-byte windows of the secret lie in this process's writable memory. The whole is not looked
/// for: an allocator writes its lists over the start of a freed block.
pub fn windows_left() -> usize {
    let memory = File::open("/proc/self/mem").expect("own memory");
    let maps = BufReader::new(File::open("/proc/self/maps").expect("own maps"));
    let lines: Vec<String> = maps.lines().map(|line| line.expect("text")).collect();
    let mut found = 0;
    for line in lines.iter().filter(|line| line.contains(" rw")) {
        let (start, end) = line.split(' ').next().and_then(|r| r.split_once('-')).expect("a range");
        let address = |text| u64::from_str_radix(text, 16).expect("an address");
        let (mut at, end) = (address(start), address(end));
        // Read in pieces that overlap by a window, into a buffer that is sealed as soon as it is filled.
        let mut piece = vec![0_u8; 1 << 16];
        while at < end {
            let want = usize::try_from((end - at).min(1 << 16)).expect("a size");
            let Ok(got) = memory.read_at(&mut piece[..want], at) else {
                break;
            };
            if got == 0 {
                break;
            }
            piece[..got].iter_mut().for_each(|byte| *byte ^= 0x80);
            let sealed = &piece[..got];
            found += sealed.windows(16).filter(|w| SEALED.windows(16).any(|s| s == *w)).count();
            piece.fill(0);
            if got < want {
                break;
            }
            at += (got as u64).saturating_sub(15).max(1);
            if got <= 15 {
                break;
            }
        }
    }
    found
}
