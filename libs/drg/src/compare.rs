//! Two plans over the same batch: who moves where. Streaming; memory grows with the pairs of groups, not records.

use std::collections::BTreeMap;

use crate::group::{Outcome, Status};
use crate::plan::Plan;
use crate::record::Record;

/// Counts of a comparison. Add records one by one.
#[derive(Debug)]
pub struct Comparison<'p> {
    before: &'p Plan,
    after: &'p Plan,
    pairs: BTreeMap<(&'p str, &'p str), u64>,
    totals: Totals,
}

/// How many records agree, and how far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    pub records: u64,
    pub same_drg: u64,
    /// Same ADRG, another DRG.
    pub same_adrg: u64,
    /// Same MDC, another ADRG.
    pub same_mdc: u64,
    pub other_mdc: u64,
    /// Grouped by one plan only.
    pub gained: u64,
    pub lost: u64,
    pub neither: u64,
}

impl std::fmt::Display for Totals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { records, same_drg, same_adrg, same_mdc, other_mdc, gained, lost, neither } = self;
        write!(
            f,
            "{records} records: {same_drg} in the same DRG, {same_adrg} in the same ADRG, {same_mdc} in the same MDC, \
             {other_mdc} in another MDC, {gained} grouped by the second plan only, {lost} by the first only, {neither} by \
             neither"
        )
    }
}

impl<'p> Comparison<'p> {
    #[must_use]
    pub fn new(before: &'p Plan, after: &'p Plan) -> Self {
        Self { before, after, pairs: BTreeMap::new(), totals: Totals::default() }
    }

    /// Groups the record by both plans and counts it.
    pub fn add(&mut self, record: &Record<'_>) -> (Outcome<'p>, Outcome<'p>) {
        let (a, b) = (self.before.group(record), self.after.group(record));
        let t = &mut self.totals;
        t.records += 1;
        let grouped = |o: &Outcome<'_>| o.status == Status::Grouped;
        let counter = match (grouped(&a), grouped(&b)) {
            (false, false) => &mut t.neither,
            (false, true) => &mut t.gained,
            (true, false) => &mut t.lost,
            _ if a.drg == b.drg => &mut t.same_drg,
            _ if a.adrg == b.adrg => &mut t.same_adrg,
            _ if a.mdc == b.mdc => &mut t.same_mdc,
            _ => &mut t.other_mdc,
        };
        *counter += 1;
        *self.pairs.entry((a.drg, b.drg)).or_default() += 1;
        (a, b)
    }

    #[must_use]
    pub const fn totals(&self) -> Totals {
        self.totals
    }

    /// The migration matrix, sparse: (group before, group after, records), by group.
    pub fn matrix(&self) -> impl Iterator<Item = (&'p str, &'p str, u64)> + '_ {
        self.pairs.iter().map(|((a, b), n)| (*a, *b, *n))
    }
}
