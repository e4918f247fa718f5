//! What tells two classes of times apart: Welch's t, as in "Dude, is my code constant time?" (Reparaz, Balasch,
//! Verbauwhede, 2017).

/// So many croppings: each forgets the times above its bound, and with them the interruptions.
const CROPPINGS: u32 = 100;

/// The cropping that keeps 90 in 100 times.
const NINE_IN_TEN: usize = 33;

/// A class of fewer times says nothing.
const ENOUGH: f64 = 10_000.0;

/// Welch's t of two classes, of times that come one by one (Welford's method).
#[derive(Debug, Default, Clone)]
struct Welch {
    count: [f64; 2],
    mean: [f64; 2],
    squares: [f64; 2],
}

impl Welch {
    fn push(&mut self, class: usize, time: f64) {
        self.count[class] += 1.0;
        let delta = time - self.mean[class];
        self.mean[class] += delta / self.count[class];
        self.squares[class] += delta * (time - self.mean[class]);
    }

    /// `None` where there is too little, or nothing that varies.
    fn t(&self) -> Option<f64> {
        if self.count.iter().any(|count| *count < ENOUGH) {
            return None;
        }
        let error =
            |class: usize| self.squares[class] / (self.count[class] - 1.0) / self.count[class];
        let both = error(0) + error(1);
        (both > 0.0).then(|| (self.mean[0] - self.mean[1]) / both.sqrt())
    }
}

/// All tests over one series of times: of all times, of each cropping, and of the squares about the mean, which find
/// what differs in its spread alone.
#[derive(Debug)]
pub struct Series {
    bounds: Vec<f64>,
    cropped: Vec<Welch>,
    all: Welch,
    spread: Welch,
}

impl Series {
    /// The bounds of the croppings come from times that are not counted: more bounds where there are more times.
    pub fn new(mut first: Vec<f64>) -> Self {
        first.sort_by(f64::total_cmp);
        let bound = |n: u32| {
            let part = 1.0 - 0.5_f64.powf(10.0 * f64::from(n + 1) / f64::from(CROPPINGS));
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "between nothing and the length"
            )]
            let at = (part * first.len() as f64) as usize;
            first.get(at).copied().unwrap_or(f64::INFINITY)
        };
        let bounds: Vec<f64> = (0..CROPPINGS).map(bound).collect();
        let cropped = vec![Welch::default(); bounds.len()];
        Self { bounds, cropped, all: Welch::default(), spread: Welch::default() }
    }

    /// Adds the time of one call, of class 0 or 1.
    pub fn push(&mut self, class: usize, time: f64) {
        self.all.push(class, time);
        for (bound, test) in self.bounds.iter().zip(&mut self.cropped) {
            if time < *bound {
                test.push(class, time);
            }
        }
        if self.all.count[class] > ENOUGH {
            let centred = time - self.all.mean[class];
            self.spread.push(class, centred * centred);
        }
    }

    /// The largest |t| of all tests; 0 where nothing could be said.
    pub fn largest_t(&self) -> f64 {
        let tests = self.cropped.iter().chain([&self.all, &self.spread]);
        tests.filter_map(Welch::t).map(f64::abs).fold(0.0, f64::max)
    }

    /// The mean time of each class, of the nine in ten that were not interrupted.
    pub fn means(&self) -> [f64; 2] {
        self.cropped.get(NINE_IN_TEN).map_or([0.0; 2], |test| test.mean)
    }
}

#[cfg(test)]
mod tests {
    use super::{Series, Welch};

    #[test]
    fn t_is_welchs() {
        let mut test = Welch::default();
        for n in 0..40_000_u32 {
            // Means 2 and 2.5, variances 1 and 2.25 (times n / (n - 1)).
            let (class, sign) = ((n % 2) as usize, if n % 4 < 2 { 1.0 } else { -1.0 });
            test.push(class, [2.0, 2.5][class] + sign * [1.0, 1.5][class]);
        }
        let expected = -0.5 / (3.25_f64 / 19_999.0).sqrt();
        assert!((test.t().unwrap_or_default() - expected).abs() < 1e-6, "{test:?}");
    }

    #[test]
    fn a_shift_a_spread_and_nothing() {
        for (shift, spread, found) in [(0.0, 0.0, false), (1.0, 0.0, true), (0.0, 1.0, true)] {
            let wave = |n: u32| 100.0 + f64::from(n / 2 % 11) - 5.0;
            let mut series = Series::new((0..10_000).map(wave).collect());
            for n in 0..100_000 {
                let other = f64::from(n % 2);
                let time = wave(n) + other * (shift + spread * (wave(n) - 100.0));
                series.push((n % 2) as usize, time);
            }
            assert_eq!(series.largest_t() > 10.0, found, "{shift} {spread}");
        }
    }
}
