//! Handles: numbers that a table turns into objects. A wrong one is an answer, never a wrong access.
//!
//! A handle is a kind (8 bits), a place in the table of that kind (24) and a generation (32). A place that
//! is freed gets the next generation before it is given out again, so an old handle fits nothing; the
//! generations of a place begin at a number of the process's own, so a handle of another process, or random
//! bits, fit nothing either but by a chance of one in four billion.

use crate::call::call;
use crate::status::{Fail, Misuse, pk_status};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

/// No table has more places.
const PLACES: usize = 1 << 24;

/// The objects of one kind.
pub(crate) struct Table<T> {
    kind: u8,
    /// The parameter's name, for messages.
    name: &'static str,
    slots: RwLock<Slots<T>>,
}

struct Slots<T> {
    all: Vec<Slot<T>>,
    free: Vec<u32>,
}

struct Slot<T> {
    generation: u32,
    entry: Option<Arc<Entry<T>>>,
}

struct Entry<T> {
    /// A call has panicked with this object in hand.
    dead: AtomicBool,
    object: T,
}

/// Marks the object dead unless the call came to its end.
struct Guard<'a>(&'a AtomicBool);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, Ordering::Release);
        }
    }
}

impl<T> Table<T> {
    pub(crate) const fn new(kind: u8, name: &'static str) -> Self {
        Self { kind, name, slots: RwLock::new(Slots { all: Vec::new(), free: Vec::new() }) }
    }

    /// Takes an object in and gives its handle.
    pub(crate) fn insert(&self, object: T) -> Result<u64, Fail> {
        let entry = Arc::new(Entry { dead: AtomicBool::new(false), object });
        // Nothing panics while the lock is held; and if it did, the table would still be whole.
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        let index = match slots.free.pop() {
            Some(index) => index,
            None if slots.all.len() < PLACES => {
                let index = u32::try_from(slots.all.len()).unwrap_or_default();
                slots
                    .all
                    .push(Slot { generation: first_generation(self.kind, index), entry: None });
                index
            }
            None => return Err(Fail::Misuse(Misuse::TooManyHandles, self.name)),
        };
        let Some(slot) = slots.all.get_mut(index as usize) else {
            return Err(Fail::Misuse(Misuse::TooManyHandles, self.name));
        };
        slot.entry = Some(entry);
        Ok(u64::from(self.kind) << 56 | u64::from(index) << 32 | u64::from(slot.generation))
    }

    /// Gives the object up. A call of another thread that is at work on it ends first, on its own copy
    /// of the reference; the object goes with the last of them.
    pub(crate) fn remove(&self, handle: u64) -> Result<Removed<T>, Fail> {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        let slots = &mut *slots;
        let (index, generation) = self.place(handle)?;
        let slot = slots.all.get_mut(index as usize).filter(|slot| slot.generation == generation);
        let Some((slot, entry)) = slot.and_then(|slot| {
            let entry = slot.entry.take()?;
            Some((slot, entry))
        }) else {
            return Err(self.invalid());
        };
        slot.generation = slot.generation.wrapping_add(1);
        // A place whose generations are used up is never given out again.
        if slot.generation != first_generation(self.kind, index) {
            slots.free.push(index);
        }
        Ok(Removed(entry))
    }

    /// Gives the object up: the body of a function that frees.
    pub(crate) fn free(&self, handle: u64) -> pk_status {
        // SAFETY: null is a place for an error that nobody wants to know.
        unsafe { call(core::ptr::null_mut(), || self.remove(handle).map(drop)) }
    }

    /// Does something with the object.
    pub(crate) fn with<R>(
        &self,
        handle: u64,
        act: impl FnOnce(&T) -> Result<R, Fail>,
    ) -> Result<R, Fail> {
        let entry = self.find(handle)?;
        if entry.dead.load(Ordering::Acquire) {
            return Err(Fail::Misuse(Misuse::Dead, self.name));
        }
        let _guard = Guard(&entry.dead);
        #[cfg(feature = "test-panic")]
        crate::call::injected::at(crate::call::injected::OBJECT);
        act(&entry.object)
    }

    fn find(&self, handle: u64) -> Result<Arc<Entry<T>>, Fail> {
        let (index, generation) = self.place(handle)?;
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.all.get(index as usize).filter(|slot| slot.generation == generation);
        slot.and_then(|slot| slot.entry.clone()).ok_or_else(|| self.invalid())
    }

    /// The place and the generation of a handle of this kind.
    fn place(&self, handle: u64) -> Result<(u32, u32), Fail> {
        let [kind, a, b, c, d, e, f, g] = handle.to_be_bytes();
        if kind != self.kind {
            return Err(self.invalid());
        }
        Ok((u32::from_be_bytes([0, a, b, c]), u32::from_be_bytes([d, e, f, g])))
    }

    const fn invalid(&self) -> Fail {
        Fail::Misuse(Misuse::Handle, self.name)
    }
}

impl<T> Table<Mutex<T>> {
    /// Does something with an object that one thread at a time may use. The others wait.
    pub(crate) fn locked<R>(
        &self,
        handle: u64,
        act: impl FnOnce(&mut T) -> Result<R, Fail>,
    ) -> Result<R, Fail> {
        self.with(handle, |object| {
            // Poisoned: the thread before this one has panicked with it.
            let mut object = object.lock().map_err(|_| Fail::Misuse(Misuse::Dead, self.name))?;
            act(&mut object)
        })
    }
}

/// An object that is out of its table.
pub(crate) struct Removed<T>(Arc<Entry<T>>);

impl<T> Removed<T> {
    pub(crate) fn object(&self) -> &T {
        &self.0.object
    }
}

/// Where the generations of a place begin: a number that differs from process to process.
fn first_generation(kind: u8, index: u32) -> u32 {
    static KEYS: OnceLock<RandomState> = OnceLock::new();
    let hash = KEYS.get_or_init(RandomState::new).hash_one((kind, index));
    u32::try_from(hash >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
    use super::*;
    use crate::status::{PK_DEAD, PK_INVALID_HANDLE};
    use std::panic::{AssertUnwindSafe, catch_unwind};

    fn status<R>(result: Result<R, Fail>) -> i32 {
        result.map_or_else(|fail| fail.status(), |_| 0)
    }

    #[test]
    fn a_handle_fits_its_own_object_until_it_is_freed() {
        let table = Table::new(7, "thing");
        let first = table.insert("a").unwrap();
        assert_eq!(table.with(first, |text| Ok(*text)).unwrap(), "a");
        table.remove(first).unwrap();
        assert_eq!(status(table.remove(first)), PK_INVALID_HANDLE);
        let second = table.insert("b").unwrap();
        assert_eq!(first >> 32, second >> 32, "the place is used again");
        assert_ne!(first, second);
        assert_eq!(status(table.with(first, |_| Ok(()))), PK_INVALID_HANDLE);
        assert_eq!(table.with(second, |text| Ok(*text)).unwrap(), "b");
    }

    #[test]
    fn no_other_number_fits() {
        let table = Table::new(7, "thing");
        let handle = table.insert("a").unwrap();
        for bit in 0..64 {
            assert_eq!(status(table.with(handle ^ 1 << bit, |_| Ok(()))), PK_INVALID_HANDLE);
        }
        for other in [0, 1, u64::MAX, 7 << 56, handle.swap_bytes()] {
            assert_eq!(status(table.remove(other)), PK_INVALID_HANDLE);
        }
    }

    #[test]
    fn an_object_that_saw_a_panic_is_dead_and_can_be_freed() {
        let table = Table::new(7, "thing");
        let handle = table.insert(Mutex::new(1)).unwrap();
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            table.locked(handle, |_| -> Result<(), Fail> { panic!("on purpose") })
        }));
        assert!(panicked.is_err());
        assert_eq!(status(table.locked(handle, |_| Ok(()))), PK_DEAD);
        table.remove(handle).unwrap();
    }

    #[test]
    fn an_object_in_use_outlives_its_handle() {
        let table = Table::new(7, "thing");
        let handle = table.insert(String::from("a")).unwrap();
        let read = table.with(handle, |text| {
            drop(table.remove(handle)?);
            Ok(text.clone())
        });
        assert_eq!(read.unwrap(), "a");
        assert_eq!(status(table.with(handle, |_| Ok(()))), PK_INVALID_HANDLE);
    }
}
