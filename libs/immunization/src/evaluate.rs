//! Evaluation of the given doses against one series.

use jiff::civil::Date;

use crate::assess::{Person, Reason, Verdict};
use crate::pack::{AgeRule, Context, Count, Dose, IntervalRule, Label, Live, Pack, Product, Series, Skip};
use crate::period::{Overflow, Period};

/// A vaccination with its product found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item<'a> {
    pub index: usize,
    pub date: Date,
    pub product: &'a Product,
    pub substandard: bool,
}

/// What is known about the person, in terms of the schedule.
#[derive(Debug)]
pub(crate) struct Known<'a> {
    pub pack: &'a Pack,
    pub person: &'a Person<'a>,
    pub items: &'a [Item<'a>],
    pub conditions: Vec<&'a str>,
    pub barred: Vec<(&'a str, &'a Label)>,
    pub deferred: Vec<(&'a str, &'a Label)>,
    pub notes: Vec<(&'a str, &'a Label)>,
    pub immune: Vec<(&'a str, &'a Label)>,
    pub barred_groups: Vec<(&'a str, &'a Label)>,
    pub deferred_groups: Vec<(&'a str, &'a Label)>,
    pub group_notes: Vec<(&'a str, &'a Label)>,
}

impl<'a> Known<'a> {
    pub fn new(pack: &'a Pack, person: &'a Person<'a>, items: &'a [Item<'a>]) -> Self {
        Self {
            pack,
            person,
            items,
            conditions: Vec::new(),
            barred: Vec::new(),
            deferred: Vec::new(),
            notes: Vec::new(),
            immune: Vec::new(),
            barred_groups: Vec::new(),
            deferred_groups: Vec::new(),
            group_notes: Vec::new(),
        }
    }

    pub const fn minimum(&self) -> Overflow {
        self.pack.schedule.minimum_overflow
    }

    pub const fn recommended(&self) -> Overflow {
        self.pack.schedule.recommended_overflow
    }

    /// First day on which the person has this age.
    pub fn at_age(&self, age: Period) -> Date {
        age.after(self.person.birth, self.minimum())
    }

    /// The dose is one of the series' products, at an age that the series looks at.
    pub fn belongs(&self, series: &Series, item: &Item<'_>) -> bool {
        series.products.contains(&item.product.code)
            && series.consider_from.is_none_or(|a| item.date >= self.at_age(a))
            && series.consider_before.is_none_or(|a| item.date < self.at_age(a))
    }

    /// Grounds of a whole series: by the day of assessment, over all that was given.
    pub fn grounds(&self, skip: &Skip) -> bool {
        skip.age_from.is_none_or(|age| self.person.as_of >= self.at_age(age))
            && skip
                .count
                .iter()
                .all(|c| self.counts(c, self.items.iter().map(|i| (i.date, i.product.code.as_str()))))
    }

    fn counts<'d>(&self, count: &Count, doses: impl Iterator<Item = (Date, &'d str)>) -> bool {
        let from = count.age_from.map(|a| self.at_age(a));
        let before = count.age_before.map(|a| self.at_age(a));
        let number = doses
            .filter(|(date, product)| {
                (count.products.is_empty() || count.products.iter().any(|p| p == product))
                    && from.is_none_or(|d| *date >= d)
                    && before.is_none_or(|d| *date < d)
                    && count.from.is_none_or(|d| *date >= d)
                    && count.until.is_none_or(|d| *date <= d)
            })
            .count();
        (count.at_least..=count.at_most).contains(&number)
    }

    /// First day on which the product may follow the live vaccines and immunoglobulins given before `day`.
    pub fn spacing(&self, product: &Product, day: Date) -> Option<(Date, bool)> {
        let mut latest: Option<(Date, bool)> = None;
        let mut raise = |date: Date, live: bool| {
            if latest.is_none_or(|(l, _)| date > l) {
                latest = Some((date, live));
            }
        };
        for rule in self.pack.live.iter().filter(|r| r.live == product.live && r.live != Live::No) {
            // On the same day is allowed, at another site.
            let before = self.items.iter().filter(|i| i.product.live == rule.live && i.date < day);
            before.for_each(|i| raise(rule.min.after(i.date, self.minimum()), true));
        }
        for rule in self.pack.immunoglobulin.iter().filter(|r| r.products.contains(&product.code)) {
            let before = self.items.iter().filter(|i| i.product.immunoglobulin && i.date <= day);
            before.for_each(|i| raise(rule.min.after(i.date, self.minimum()), false));
        }
        latest
    }
}

/// A dose that counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted<'a> {
    /// Number in the series, from 1.
    pub dose: usize,
    pub date: Date,
    pub product: &'a Product,
}

#[derive(Debug, Clone)]
pub(crate) struct Judged {
    pub index: usize,
    pub dose: Option<usize>,
    pub verdict: Verdict,
}

/// A series walked through with the history.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    pub series: &'a Series,
    pub verdicts: Vec<Judged>,
    pub counted: Vec<Counted<'a>>,
    /// Doses done or left out so far.
    pub target: usize,
    /// The dose given last, counting or not.
    pub previous: Option<Date>,
    previous_was_early: bool,
}

impl<'a> Run<'a> {
    pub fn evaluate(known: &Known<'a>, series: &'a Series) -> Self {
        let mut run = Self {
            series,
            verdicts: Vec::new(),
            counted: Vec::new(),
            target: 0,
            previous: None,
            previous_was_early: false,
        };
        for item in known.items.iter().filter(|i| known.belongs(series, i)) {
            let judged = run.judge(known, item);
            match &judged.verdict {
                Verdict::Valid => {
                    let dose = judged.dose.unwrap_or(run.target + 1).max(1);
                    run.counted.push(Counted { dose, date: item.date, product: item.product });
                    let recurring = series.dose.get(dose - 1).is_some_and(|d| d.recurring);
                    run.target = if recurring { dose.saturating_sub(1) } else { dose };
                    run.previous_was_early = false;
                }
                Verdict::NotValid { because } => {
                    run.previous_was_early = matches!(
                        because,
                        Reason::AgeTooYoung { .. }
                            | Reason::IntervalTooShort { .. }
                            | Reason::NoGraceAfterEarlyDose
                    );
                }
                _ => {}
            }
            if !matches!(&judged.verdict, Verdict::Extraneous { because: Reason::SameDay }) {
                run.previous = Some(item.date);
            }
            run.verdicts.push(judged);
        }
        run
    }

    /// The dose that is open, after leaving out what need not be given on this day.
    pub fn open_dose(&mut self, known: &Known<'_>, context: Context, day: Date) -> Option<&'a Dose> {
        while let Some(dose) = self.series.dose.get(self.target) {
            if !dose.skip.iter().any(|s| self.skips(known, s, context, day)) {
                return Some(dose);
            }
            self.target += 1;
        }
        if self.lacks_components() { self.series.dose.last() } else { None }
    }

    /// After [`Self::open_dose`]: nothing is open.
    pub fn is_complete(&self) -> bool {
        self.target >= self.series.dose.len() && !self.lacks_components()
    }

    fn lacks_components(&self) -> bool {
        self.series.need.iter().any(|(component, number)| {
            let have = self.counted.iter().filter(|c| c.product.components.contains(component)).count();
            have < *number
        })
    }

    fn skips(&self, known: &Known<'_>, skip: &Skip, context: Context, day: Date) -> bool {
        let interval =
            |period: Period| self.previous.is_some_and(|p| day >= period.after(p, known.minimum()));
        skip.context.is_none_or(|c| c == context)
            && skip.from.is_none_or(|d| day >= d)
            && skip.until.is_none_or(|d| day <= d)
            && skip.age_from.is_none_or(|age| day >= known.at_age(age))
            && skip.age_before.is_none_or(|age| day < known.at_age(age))
            && skip.interval_from.is_none_or(interval)
            && skip.count.iter().all(|c| self.count_holds(known, c, day))
    }

    /// Counts the series' own valid doses; products of other series, and totals, are counted as given before `day`.
    pub fn count_holds(&self, known: &Known<'_>, count: &Count, day: Date) -> bool {
        let own = |p: &str| self.series.products.iter().any(|s| s == p);
        if count.total && count.products.iter().all(|p| own(p)) {
            let given = known.items.iter().filter(|i| i.date < day && own(&i.product.code));
            known.counts(count, given.map(|i| (i.date, i.product.code.as_str())))
        } else if count.products.iter().all(|p| own(p)) {
            known.counts(count, self.counted.iter().map(|c| (c.date, c.product.code.as_str())))
        } else {
            known.counts(count, known.items.iter().map(|i| (i.date, i.product.code.as_str())))
        }
    }

    fn judge(&mut self, known: &Known<'_>, item: &Item<'_>) -> Judged {
        let day = item.date;
        let done = |dose, verdict| Judged { index: item.index, dose, verdict };
        let extraneous = |because| Verdict::Extraneous { because };
        let not_valid = |because| Verdict::NotValid { because };
        if self.counted.last().is_some_and(|c| c.date == day) {
            return done(None, extraneous(Reason::SameDay));
        }
        let Some(dose) = self.open_dose(known, Context::Evaluation, day) else {
            return done(None, extraneous(Reason::SeriesComplete));
        };
        let number = Some(self.target + 1);
        if item.substandard {
            return done(number, Verdict::SubStandard);
        }
        let age = age_rule(dose, day, &item.product.code);
        if let Some(until) = age.and_then(|a| a.max).map(|a| known.at_age(a))
            && day >= until
        {
            return done(number, extraneous(Reason::AgeTooOld { until }));
        }
        if item.product.sex.is_some_and(|s| known.person.sex != Some(s)) {
            return done(number, not_valid(Reason::SexNotIndicated));
        }
        let minimum = age.and_then(|a| a.min);
        let absolute = age.and_then(|a| a.absolute).or(minimum);
        if let Some(valid_from) = absolute.map(|a| known.at_age(a))
            && day < valid_from
        {
            return done(number, not_valid(Reason::AgeTooYoung { valid_from }));
        }
        if let Err(because) = self.accepts(known, dose, item) {
            return done(number, not_valid(because));
        }
        let mut grace = minimum.is_some_and(|a| day < known.at_age(a));
        match self.passed(known, &dose.interval, day) {
            Ok(early) => grace |= early,
            Err(valid_from) => {
                let other = &dose.allowable_interval;
                if other.is_empty() || self.passed(known, other, day).is_err() {
                    return done(number, not_valid(Reason::IntervalTooShort { valid_from }));
                }
            }
        }
        if let Some((valid_from, live)) = known.spacing(item.product, day)
            && day < valid_from
        {
            let because = if live {
                Reason::LiveTooSoon { valid_from }
            } else {
                Reason::ImmunoglobulinTooRecent { valid_from }
            };
            return done(number, not_valid(because));
        }
        if grace && self.previous_was_early && !self.counted.is_empty() {
            return done(number, not_valid(Reason::NoGraceAfterEarlyDose));
        }
        done(number, Verdict::Valid)
    }

    fn accepts(&self, known: &Known<'_>, dose: &Dose, item: &Item<'_>) -> Result<(), Reason> {
        let code = &item.product.code;
        if dose.accept.is_empty() {
            let products = if dose.products.is_empty() { &self.series.products } else { &dose.products };
            return if products.contains(code) { Ok(()) } else { Err(Reason::ProductNotAccepted) };
        }
        let mut because = Reason::ProductNotAccepted;
        for accept in dose.accept.iter().filter(|a| a.products.contains(code)) {
            let from = accept.age_from.map(|a| known.at_age(a));
            let until = accept.age_before.map(|a| known.at_age(a));
            if let Some(valid_from) = from.filter(|d| item.date < *d) {
                because = Reason::AgeTooYoung { valid_from };
            } else if let Some(until) = until.filter(|d| item.date >= *d) {
                because = Reason::AgeTooOld { until };
            } else {
                return Ok(());
            }
        }
        Err(because)
    }

    /// All intervals have passed; `Ok(true)` if one of them only within its grace. Else the first day on which it has.
    fn passed(&self, known: &Known<'_>, rules: &[IntervalRule], day: Date) -> Result<bool, Date> {
        let mut grace = false;
        for rule in rules {
            let Some(start) = self.interval_start(known, rule, day) else { continue };
            let valid_from = rule.absolute.unwrap_or(rule.min).after(start, known.minimum());
            if day < valid_from {
                return Err(valid_from);
            }
            grace |= day < rule.min.after(start, known.minimum());
        }
        Ok(grace)
    }

    /// From which day an interval runs; `None` if it does not apply.
    pub fn interval_start(&self, known: &Known<'_>, rule: &IntervalRule, day: Date) -> Option<Date> {
        let in_force = rule.from.is_none_or(|d| day >= d)
            && rule.until.is_none_or(|d| day <= d)
            && rule.age_from.is_none_or(|a| day >= known.at_age(a));
        if !in_force || rule.when.as_ref().is_some_and(|c| !self.count_holds(known, c, day)) {
            return None;
        }
        if let Some(dose) = rule.dose {
            return self.counted.iter().find(|c| c.dose == dose).map(|c| c.date);
        }
        if !rule.after.is_empty() {
            let given = known.items.iter().filter(|i| rule.after.contains(&i.product.code) && i.date < day);
            return given.map(|i| i.date).max();
        }
        self.previous
    }
}

/// The limits of age for a product, in force on a day.
pub(crate) fn age_rule<'d>(dose: &'d Dose, day: Date, product: &str) -> Option<&'d AgeRule> {
    let of_product = |a: &&AgeRule| a.products.is_empty() || a.products.iter().any(|p| p == product);
    dose.age
        .iter()
        .filter(of_product)
        .find(|a| a.from.is_none_or(|d| day >= d) && a.until.is_none_or(|d| day <= d))
}
