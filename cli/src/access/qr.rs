//! An address as a QR code, for a phone's camera: in text, and as an SVG picture.

use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// Modules that stay light around the code (ISO/IEC 18004 wants four).
const QUIET: usize = 4;

/// The modules, row by row, with the quiet zone; dark is true. None where the text is too long for any code.
fn modules(text: &str) -> Option<Vec<Vec<bool>>> {
    // A screen is not dirty: the lowest level makes the smallest code.
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let (width, colours) = (code.width(), code.to_colors());
    let side = width + 2 * QUIET;
    let mut rows = vec![vec![false; side]; side];
    for (n, colour) in colours.into_iter().enumerate() {
        let place = rows.get_mut(n / width + QUIET).and_then(|row| row.get_mut(n % width + QUIET));
        if let Some(place) = place {
            *place = colour == Color::Dark;
        }
    }
    Some(rows)
}

/// The code in half blocks, two rows of it in a line, black on white whatever the colours of the terminal are.
/// None where it is wider than `columns`.
pub fn text(address: &str, columns: usize) -> Option<String> {
    let rows = modules(address)?;
    if rows.len() > columns {
        return None;
    }
    let mut out = String::new();
    for pair in rows.chunks(2) {
        let (upper, lower) = (pair.first()?, pair.get(1));
        out.push_str("\u{1b}[30;107m");
        for (n, upper) in upper.iter().enumerate() {
            let lower = lower.and_then(|row| row.get(n)).is_some_and(|dark| *dark);
            out.push(match (*upper, lower) {
                (false, false) => ' ',
                (true, false) => '▀',
                (false, true) => '▄',
                (true, true) => '█',
            });
        }
        out.push_str("\u{1b}[0m\n");
    }
    Some(out)
}

/// The code as an SVG picture of black squares on white.
pub fn svg(address: &str) -> Option<String> {
    let rows = modules(address)?;
    let side = rows.len();
    let mut path = String::new();
    for (y, row) in rows.iter().enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&true) {
                // Writing into a String cannot fail.
                let _ = write!(path, "M{x} {y}h{}v1h-{}z", run.len(), run.len());
            }
            x += run.len();
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\
         <path d=\"{path}\"/></svg>\n"
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const ADDRESS: &str = "https://login.example/authorize?state=abc";

    #[test]
    fn text_and_picture_hold_the_modules_of_the_code() {
        let rows = modules(ADDRESS).unwrap();
        let side = rows.len();
        assert!(rows.iter().all(|row| row.len() == side));
        // The corner of the finder pattern, inside a quiet zone of four.
        assert!(rows[..QUIET].iter().all(|row| !row.contains(&true)));
        assert!(rows[QUIET][QUIET..QUIET + 7].iter().all(|dark| *dark));
        let shown = text(ADDRESS, side).unwrap();
        assert_eq!(shown.lines().count(), side.div_ceil(2));
        for (n, line) in shown.lines().enumerate() {
            let line =
                line.strip_prefix("\u{1b}[30;107m").unwrap().strip_suffix("\u{1b}[0m").unwrap();
            for (x, block) in line.chars().enumerate() {
                let lower = rows.get(2 * n + 1).is_some_and(|row| row[x]);
                assert_eq!(matches!(block, '▀' | '█'), rows[2 * n][x]);
                assert_eq!(matches!(block, '▄' | '█'), lower);
            }
        }
        // Each run of the picture is drawn once, as long as it is.
        let dark = rows.iter().flatten().filter(|dark| **dark).count();
        let drawn: usize = svg(ADDRESS)
            .unwrap()
            .rsplit("<path")
            .next()
            .unwrap()
            .split('h')
            .skip(1)
            .filter_map(|run| run.split('v').next()?.parse::<usize>().ok())
            .sum();
        assert_eq!(drawn, dark);
    }

    #[test]
    fn what_does_not_fit_is_not_shown() {
        assert!(text(ADDRESS, 20).is_none());
        assert!(text(&"x".repeat(3000), 10_000).is_none());
        assert!(svg(&"x".repeat(3000)).is_none());
    }
}
