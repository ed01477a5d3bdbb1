//! The account of a period: penalties, payments, what lateness costs, what is left. Pure: the same ledger gives the same account.

use super::ledger::{LineRow, PenaltyRow, PenaltyState};
use crate::book::{Edition, terms_error};
use cn_calendar::{Calendar, counting};
use jiff::civil::Date;
use kernel::{Error, Result, Timestamp};
use service_terms::payments::{self, Excuse, LatePayment, Tranche};
use service_terms::{Cents, Derivation, TermsError};
use std::collections::HashMap;
use uuid::Uuid;

/// Days of a period, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: Date,
    pub to: Date,
}

/// Sums of penalties by what has become of them, cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub proposed: i64,
    pub confirmed: i64,
    pub disputed: i64,
}

/// A payment that stands, or was taken back.
#[derive(Clone, Debug)]
pub struct Payment {
    pub id: Uuid,
    pub instalment: i32,
    pub paid_on: Date,
    pub amount: Cents,
    pub note: Option<String>,
    pub reversed: bool,
    pub recorded_by_name: String,
    pub recorded_at: Timestamp,
}

/// Where an instalment stands.
#[derive(Clone, Debug)]
pub struct Instalment {
    pub number: i32,
    pub amount: Cents,
    /// The last day; or why it cannot be said.
    pub due: std::result::Result<Date, TermsError>,
    pub paid: Cents,
    pub open: Cents,
    pub days_late: u32,
    pub tranches: Vec<Tranche>,
    pub excuse: Option<(Excuse, String)>,
}

/// The account.
#[derive(Clone, Debug)]
pub struct Statement {
    pub period: Period,
    pub as_of: Date,
    pub sums: Sums,
    /// Of the whole contract up to the end of the period: what stands against the cap of 7.2, for information.
    pub running: Sums,
    pub cap: Cents,
    pub instalments: Vec<Instalment>,
    pub late_payment: LatePayment,
    pub late_payment_derivation: Derivation,
    /// Parts and work that party A pays beside the price, cents.
    pub billable: i64,
}

/// Quarters of the contract: three months each from the first day of the term.
pub fn quarters(edition: &Edition) -> Result<Vec<Period>> {
    let contract = &edition.contract;
    let out_of_range = |e: cn_calendar::CalendarError| Error::internal(e);
    let mut found = Vec::new();
    let mut from = contract.term_start;
    while from <= contract.term_end {
        let months = i32::try_from(found.len() * 3 + 3).map_err(Error::internal)?;
        let next = counting::months_after(contract.term_start, months).map_err(out_of_range)?;
        let before = counting::days_after(next, -1).map_err(out_of_range)?;
        // The term of a year ends on the corresponding day (Civil Code 202): that day belongs to the last quarter.
        let to = if next >= contract.term_end { contract.term_end } else { before };
        found.push(Period { from, to });
        from = counting::days_after(to, 1).map_err(out_of_range)?;
    }
    Ok(found)
}

/// Penalties added up.
pub fn sums<'a>(penalties: impl IntoIterator<Item = &'a PenaltyRow>) -> Sums {
    let mut sums = Sums::default();
    for row in penalties {
        match PenaltyState::parse(&row.state) {
            Some(PenaltyState::Proposed) => sums.proposed += row.amount_cents,
            Some(PenaltyState::Confirmed) => sums.confirmed += row.amount_cents,
            Some(PenaltyState::Disputed) => sums.disputed += row.amount_cents,
            Some(PenaltyState::Withdrawn) | None => {}
        }
    }
    sums
}

/// Whether a penalty belongs to a period: by the day on which what it is for happened.
pub fn is_of(row: &PenaltyRow, period: Period) -> bool {
    let day = Timestamp::from_micros(row.occurred_at).local_date();
    period.from <= day && day <= period.to
}

/// Every amount of a penalty is the sum of its lines: what an auditor checks first.
pub fn lines_agree(penalties: &[PenaltyRow], lines: &[LineRow]) -> bool {
    let mut by_penalty: HashMap<Uuid, i64> = HashMap::new();
    for line in lines {
        *by_penalty.entry(line.penalty_id).or_default() += line.amount_cents;
    }
    penalties.iter().all(|row| by_penalty.get(&row.id).copied().unwrap_or(0) == row.amount_cents)
}

/// The instalments with what was paid of each up to `as_of`.
pub fn instalments(
    edition: &Edition,
    calendar: &Calendar,
    payments: &[Payment],
    excuses: &HashMap<i32, (Excuse, String)>,
    as_of: Date,
) -> Result<Vec<Instalment>> {
    let contract = &edition.contract;
    let mut found = Vec::new();
    for (n, payment) in contract.payments.iter().enumerate() {
        let number = i32::try_from(n + 1).map_err(Error::internal)?;
        let event = if payment.after == "signed" { contract.signed } else { contract.term_end };
        let amount = contract.total.times(payment.share).map_err(|e| terms_error(&e))?;
        let due = payments::payment_due(contract, calendar, event, payment.share, payment.days)
            .map(|found| found.value.due);
        let standing =
            payments.iter().filter(|p| p.instalment == number && !p.reversed && p.paid_on <= as_of);
        let paid: Cents = standing.clone().map(|p| p.amount).sum();
        let open = (amount - paid).or_zero();
        let (mut tranches, mut days_late) = (Vec::new(), 0);
        if let Ok(due) = &due {
            let late = |day: Date| u32::try_from(counting::days_between(*due, day)).unwrap_or(0);
            for payment in standing {
                if payment.paid_on > *due {
                    tranches.push(Tranche { overdue: payment.amount, days_late: late(payment.paid_on) });
                }
            }
            if as_of > *due && open > Cents::ZERO {
                days_late = late(as_of);
                tranches.push(Tranche { overdue: open, days_late });
            }
        }
        let excuse = excuses.get(&number).cloned();
        found.push(Instalment { number, amount, due, paid, open, days_late, tranches, excuse });
    }
    Ok(found)
}

/// The account of a period as it stands on a day.
pub fn statement(
    edition: &Edition,
    period: Period,
    as_of: Date,
    penalties: &[PenaltyRow],
    instalments: Vec<Instalment>,
    billable: i64,
) -> Result<Statement> {
    let contract = &edition.contract;
    let tranches: Vec<Tranche> = instalments
        .iter()
        .filter(|instalment| instalment.excuse.is_none())
        .flat_map(|instalment| instalment.tranches.iter().copied())
        .collect();
    let late = payments::late_payment(contract, &tranches, None).map_err(|e| terms_error(&e))?;
    let up_to = Period { from: Date::MIN, to: period.to };
    Ok(Statement {
        period,
        as_of,
        sums: sums(penalties.iter().filter(|row| is_of(row, period))),
        running: sums(penalties.iter().filter(|row| is_of(row, up_to))),
        cap: contract.total.times(contract.figures.late_delivery_cap).map_err(|e| terms_error(&e))?,
        instalments,
        late_payment: late.value,
        late_payment_derivation: late.derivation,
        billable,
    })
}

/// An amount as Chinese accounts write it: 捌仟肆佰贰拾肆元壹角陆分.
pub fn capital(cents: i64) -> String {
    const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
    let digit = |n: u64| usize::try_from(n % 10).ok().and_then(|n| DIGITS.get(n)).copied().unwrap_or('零');
    let amount = cents.unsigned_abs();
    let (yuan, jiao, fen) = (amount / 100, amount / 10 % 10, amount % 10);
    // Groups of four digits, the lowest first, with 万 and 亿 behind them.
    let mut text = String::new();
    let mut groups = Vec::new();
    let mut rest = yuan;
    while rest > 0 {
        groups.push(rest % 10_000);
        rest /= 10_000;
    }
    let mut gap = false;
    for (n, group) in groups.iter().enumerate().rev() {
        if *group == 0 {
            gap = true;
            continue;
        }
        for (power, unit) in [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")] {
            let n = group / power % 10;
            if n == 0 {
                gap = true;
                continue;
            }
            if gap && !text.is_empty() {
                text.push('零');
            }
            gap = false;
            text.push(digit(n));
            text.push_str(unit);
        }
        text.push_str(match n {
            1 => "万",
            2 => "亿",
            3 => "万亿",
            _ => "",
        });
        // A zero at the end of a group is spoken only when more follows.
        gap = group % 10 == 0;
    }
    if yuan > 0 {
        text.push('元');
    }
    if jiao > 0 {
        text.push(digit(jiao));
        text.push('角');
    } else if fen > 0 && yuan > 0 {
        text.push('零');
    }
    if fen > 0 {
        text.push(digit(fen));
        text.push('分');
    } else if amount == 0 {
        text.push_str("零元整");
    } else {
        text.push('整');
    }
    if cents < 0 { format!("负{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::capital;

    #[test]
    fn amounts_are_written_in_capitals_as_banks_demand() {
        // Forms of 支付结算办法 (1997), appendix 1: 正确填写票据和结算凭证的基本规定, with its examples.
        for (cents, text) in [
            (140_950, "壹仟肆佰零玖元伍角整"),
            (600_714, "陆仟零柒元壹角肆分"),
            (168_032, "壹仟陆佰捌拾元零叁角贰分"),
            (10_700_053, "壹拾万零柒仟元零伍角叁分"),
            (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
            (32_504, "叁佰贰拾伍元零肆分"),
            (98_000_000, "玖拾捌万元整"),
            (842_416, "捌仟肆佰贰拾肆元壹角陆分"),
            (0, "零元整"),
            (5, "伍分"),
            (-10, "负壹角整"),
        ] {
            // The rules leave a 零 before 角 to the writer where 元 is preceded by zeros: both forms are right.
            let ours = capital(cents);
            assert!(ours == text || ours == text.replace("元零", "元"), "{cents}: {ours}");
        }
    }
}
