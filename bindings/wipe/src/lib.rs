//! An allocator that wipes memory before it gives it back.
//!
//! A secret that crosses a language boundary is copied by code that knows nothing of secrets: the
//! generated layer, a serializer, a growing buffer. With this allocator every such copy in Rust's heap
//! is wiped when it is freed. ProofKey's shared libraries install it; a Rust program may too:
//!
//! ```
//! #[global_allocator]
//! static ALLOCATOR: proofkey_wipe::Wiping = proofkey_wipe::Wiping::SYSTEM;
//! # fn main() { assert_eq!(format!("{}{}", "a", "b"), "ab"); }
//! ```
//!
//! It does not reach the stack, registers, memory that is still in use, what a garbage collector holds on
//! the other side of a boundary, swap, or core dumps.

use core::alloc::{GlobalAlloc, Layout};
use std::alloc::System;

/// An allocator that wipes every block before the allocator inside takes it back. A block that grows or
/// shrinks is allocated anew, copied, wiped and freed, because the one inside might move it and leave the
/// old bytes behind.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wiping<A = System>(A);

impl Wiping {
    /// Around the system's allocator.
    pub const SYSTEM: Self = Self(System);
}

impl<A> Wiping<A> {
    /// Around another allocator.
    pub const fn around(inner: A) -> Self {
        Self(inner)
    }
}

// SAFETY: every method passes what it got to the allocator inside, which keeps the contract; `dealloc`
// writes only to the block that it was given, before giving it back, and `realloc` is made of the others.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Wiping<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps alloc's contract, which is the inner one's.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe { self.0.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller gives the block up, so its `layout.size()` bytes are ours to write.
        unsafe { wipe(block, layout.size()) };
        // SAFETY: the caller keeps dealloc's contract, which is the inner one's.
        unsafe { self.0.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the caller promises that `new_size`, rounded up to the alignment, is a valid size.
        let new_layout = unsafe { Layout::from_size_align_unchecked(new_size, layout.align()) };
        // SAFETY: the caller promises that `new_size` is not zero.
        let new_block = unsafe { self.alloc(new_layout) };
        if !new_block.is_null() {
            // SAFETY: both blocks have at least so many bytes, and a new block overlaps no old one.
            unsafe { block.copy_to_nonoverlapping(new_block, layout.size().min(new_size)) };
            // SAFETY: the block came from this allocator with this layout and is given up here.
            unsafe { self.dealloc(block, layout) };
        }
        new_block
    }
}

/// Overwrites the block with zeros.
///
/// # Safety
/// The block has `size` bytes that may be written.
#[inline(never)] // one copy in the library; it is called at every free
unsafe fn wipe(block: *mut u8, size: usize) {
    // SAFETY: the caller's promise.
    unsafe { block.write_bytes(0, size) };
    // The compiler may drop writes to memory that is freed next, unless someone might read them.
    core::hint::black_box(block);
}
