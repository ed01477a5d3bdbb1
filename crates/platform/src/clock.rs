//! Where time, ids and randomness come from. Nothing else in the program reads a clock or draws a random number, so
//! that a test or the demo county can fix all three.

use kernel::Timestamp;
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha20Rng;
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// The source of "now".
#[derive(Clone)]
pub struct Clock(Arc<Source>);

enum Source {
    System,
    /// Microseconds; moves only when told.
    Manual(AtomicI64),
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Self(Arc::new(Source::System))
    }

    /// A clock that stands still until it is moved.
    pub fn manual(start: Timestamp) -> Self {
        Self(Arc::new(Source::Manual(AtomicI64::new(start.micros()))))
    }

    pub fn now(&self) -> Timestamp {
        match &*self.0 {
            Source::System => {
                let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::default().plus(since_epoch)
            }
            Source::Manual(micros) => Timestamp::from_micros(micros.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock forward; a system clock goes its own way.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual(micros) = &*self.0 {
            micros.store(self.now().plus(by).micros(), Ordering::SeqCst);
        }
    }

    /// Sets a manual clock; a system clock goes its own way.
    pub fn set(&self, to: Timestamp) {
        if let Source::Manual(micros) = &*self.0 {
            micros.store(to.micros(), Ordering::SeqCst);
        }
    }
}

/// The source of ids, tokens and every other random draw.
#[derive(Clone)]
pub struct Random(Arc<Mutex<ChaCha20Rng>>);

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random")
    }
}

impl Random {
    /// Seeded by the operating system: for everything that must not be guessed.
    pub fn from_os() -> Self {
        Self(Arc::new(Mutex::new(ChaCha20Rng::from_os_rng())))
    }

    /// Repeatable: for tests and the demo county, never for a server that people sign in to.
    pub fn from_seed(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))))
    }

    /// Fills `bytes` with random bytes.
    pub fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A uniform integer below `bound` (0 when `bound` is 0). The bias below 2^-32 does not matter where this is used.
    pub fn below(&self, bound: u32) -> u32 {
        let wide = u64::from(u32::from_le_bytes(self.bytes())) * u64::from(bound);
        u32::try_from(wide >> 32).unwrap_or(0)
    }

    /// A UUIDv7 for `now`.
    pub fn uuid(&self, now: Timestamp) -> Uuid {
        let millis = u64::try_from(now.micros() / 1000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }
}
