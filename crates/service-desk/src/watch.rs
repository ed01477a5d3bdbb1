//! Looking at running clocks before their limits pass: shares of a limit at which somebody is told, each once.

use crate::clock::Clock;
use kernel::Timestamp;
use std::time::Duration;

/// Per cent of a limit; 100 is the limit itself.
const LEVELS: [i32; 4] = [50, 75, 90, 100];

/// When a clock reaches a share of its limit.
fn reaches(clock: &Clock, percent: i32) -> Timestamp {
    let whole = u64::try_from(clock.due_at.micros().saturating_sub(clock.started_at.micros())).unwrap_or(0);
    let share = u64::try_from(percent).unwrap_or(100);
    // The limit itself is still in time, so its watch looks a moment later.
    let late = if percent == 100 { 1_000_000 } else { 0 };
    clock.started_at.plus(Duration::from_micros(whole / 100 * share + late))
}

/// The levels of running clocks that nobody was told of, with their moments.
fn untold(clocks: &[Clock], told: &[(String, i32)]) -> Vec<(String, i32, Timestamp)> {
    clocks
        .iter()
        .filter(|clock| clock.is_running() && !clock.paused)
        .flat_map(|clock| {
            let highest =
                told.iter().filter(|(name, _)| *name == clock.name).map(|(_, p)| *p).max().unwrap_or(0);
            LEVELS
                .into_iter()
                .filter(move |level| *level > highest)
                .map(|level| (clock.name.clone(), level, reaches(clock, level)))
        })
        .collect()
}

/// When to look next.
pub fn next_look(clocks: &[Clock], told: &[(String, i32)]) -> Option<Timestamp> {
    untold(clocks, told).into_iter().map(|(_, _, at)| at).min()
}

/// The highest level that each clock has passed by now and nobody was told of.
pub fn passed<'a>(clocks: &'a [Clock], told: &[(String, i32)], now: Timestamp) -> Vec<(&'a Clock, i32)> {
    let passed: Vec<(String, i32)> = untold(clocks, told)
        .into_iter()
        .filter(|(_, _, at)| *at <= now)
        .map(|(name, percent, _)| (name, percent))
        .collect();
    clocks
        .iter()
        .filter_map(|clock| {
            let highest = passed.iter().filter(|(name, _)| *name == clock.name).map(|(_, p)| *p).max();
            highest.map(|percent| (clock, percent))
        })
        .collect()
}
