//! Memory as a caller of C may have it: not aligned, no byte too many, and not written to before.

use proofkey_c::text::pk_text;
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ffi::c_char;

/// So many bytes, the first at an odd address, the last the last of its allocation. What reads or writes beyond
/// them, reads what was never written, or takes them for aligned is seen by Miri.
pub struct Odd {
    start: *mut u8,
    size: usize,
}

impl Odd {
    pub fn new(size: usize) -> Self {
        let layout = Self::layout(size);
        // SAFETY: the layout has a byte at least.
        let start = unsafe { alloc(layout) };
        if start.is_null() {
            handle_alloc_error(layout);
        }
        Self { start, size }
    }

    /// One byte in front makes an even address odd.
    fn layout(size: usize) -> Layout {
        Layout::from_size_align(size + 1, 2).unwrap()
    }

    pub fn of(bytes: &[u8]) -> Self {
        let made = Self::new(bytes.len());
        // SAFETY: it has as many bytes, and is another allocation.
        unsafe { made.at::<u8>().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        made
    }

    /// A structure of the header of which only the size is written, to be filled by a function.
    pub fn sized<T>() -> Self {
        let made = Self::new(size_of::<T>());
        // SAFETY: every structure that this is called with begins with its size.
        unsafe { made.at::<usize>().write_unaligned(size_of::<T>()) };
        made
    }

    /// A value, copied to where nothing is aligned.
    pub fn value<T: Copy>(value: T) -> Self {
        let made = Self::new(size_of::<T>());
        // SAFETY: it has as many bytes.
        unsafe { made.at::<T>().write_unaligned(value) };
        made
    }

    pub fn list<T: Copy>(values: &[T]) -> Self {
        let made = Self::new(size_of_val(values));
        for (n, value) in values.iter().enumerate() {
            // SAFETY: it has room for all of them.
            unsafe { made.at::<T>().add(n).write_unaligned(*value) };
        }
        made
    }

    pub fn at<T>(&self) -> *mut T {
        // SAFETY: one byte stands in front.
        unsafe { self.start.add(1) }.cast()
    }

    /// What a function wrote here.
    pub fn read<T: Copy>(&self) -> T {
        assert_eq!(size_of::<T>(), self.size);
        // SAFETY: the size is right; that it was written is what is tested.
        unsafe { self.at::<T>().read_unaligned() }
    }

    pub fn bytes(&self) -> Vec<u8> {
        // SAFETY: as above.
        (0..self.size).map(|n| unsafe { self.at::<u8>().add(n).read() }).collect()
    }

    pub fn chars(&self) -> *mut c_char {
        self.at()
    }

    pub const fn len(&self) -> usize {
        self.size
    }

    pub fn text(&self) -> pk_text {
        pk_text { data: self.chars(), length: self.size }
    }
}

impl Drop for Odd {
    fn drop(&mut self) {
        // SAFETY: the layout is that of `new`.
        unsafe { dealloc(self.start, Self::layout(self.size)) };
    }
}
