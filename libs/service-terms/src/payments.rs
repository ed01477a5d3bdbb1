//! Tax, instalments, lateness of either party, and the end before its time.

use crate::{Assessed, Cents, Contract, Derivation, Factor, TermsError};
use cn_calendar::{Calendar, counting};
use jiff::civil::Date;

/// An amount without its tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vat {
    pub net: Cents,
    pub vat: Cents,
}

/// Clause 三: the tax contained in an amount; the two parts add up to it.
///
/// # Errors
/// A negative amount or rate.
pub fn vat(gross: Cents, rate: Factor) -> Result<Assessed<Vat>, TermsError> {
    if gross < Cents::ZERO {
        return Err(TermsError::invalid("gross", "below zero"));
    }
    let net = gross.times(Factor::ONE.plus(rate).inverse()?)?;
    let vat = gross - net;
    Ok(Derivation::new("vat", "三")
        .input("gross", gross)
        .input("rate", rate)
        .step(format!("net = {gross} / (1 + {rate}) = {net}"))
        .step(format!("vat = {gross} - {net} = {vat}"))
        .of(Vat { net, vat }))
}

/// An instalment with its last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentDue {
    pub amount: Cents,
    pub due: Date,
}

/// Clause 四: the instalment that an event makes due. Overdue day 1 is the day after.
///
/// # Errors
/// A year without a calendar.
pub fn payment_due(
    contract: &Contract,
    calendar: &Calendar,
    event: Date,
    share: Factor,
    days: i32,
) -> Result<Assessed<PaymentDue>, TermsError> {
    let amount = contract.total.times(share)?;
    let last = counting::days_after(event, days)?;
    let due = counting::rolled(calendar, last)?;
    Ok(Derivation::new("payment_due", "四")
        .input("event", event)
        .step(format!("amount = {} × {share} = {amount}", contract.total))
        .step(format!("{event} + {days} days = {last} (the day of the event is not counted, Civil Code 201)"))
        .step(if due == last {
            format!("{last} is a working day")
        } else {
            format!("{last} is off, so the last day is {due} (Civil Code 203)")
        })
        .of(PaymentDue { amount, due }))
}

/// The contract's instalments, in order.
///
/// # Errors
/// A year without a calendar.
pub fn schedule(contract: &Contract, calendar: &Calendar) -> Result<Vec<Assessed<PaymentDue>>, TermsError> {
    contract
        .payments
        .iter()
        .map(|p| {
            let event = if p.after == "signed" { contract.signed } else { contract.term_end };
            payment_due(contract, calendar, event, p.share, p.days)
        })
        .collect()
}

/// Why lateness costs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excuse {
    /// The other party's doing.
    OtherParty,
    ForceMajeure,
    /// Fiscal appropriation, for payments only; needs evidence.
    FiscalAppropriation,
}

impl Excuse {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OtherParty => "other_party",
            Self::ForceMajeure => "force_majeure",
            Self::FiscalAppropriation => "fiscal_appropriation",
        }
    }
}

/// What late or failed service costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LateDelivery {
    pub penalty: Cents,
    pub may_terminate: bool,
}

/// Clause 7.2: 1 % of the total a natural day, at most 5 % for the whole contract; at the cap party A may terminate. Due on
/// the 10th and done on the 11th is one day.
///
/// # Errors
/// More than a million days.
pub fn late_delivery(
    contract: &Contract,
    days_late: u32,
    excuse: Option<Excuse>,
) -> Result<Assessed<LateDelivery>, TermsError> {
    let f = &contract.figures;
    let derivation = Derivation::new("late_delivery", "7.2").input("days_late", days_late);
    if let Some(excuse) = excuse {
        return Ok(derivation
            .input("excuse", excuse.as_str())
            .step("excused: no penalty")
            .of(LateDelivery { penalty: Cents::ZERO, may_terminate: false }));
    }
    let cap = contract.total.times(f.late_delivery_cap)?;
    let accrued = contract.total.times(f.late_delivery_daily.and(Factor::fraction(days_late, 1)?))?;
    let penalty = accrued.min(cap);
    let may_terminate = accrued >= cap && days_late > 0;
    Ok(derivation
        .step(format!("{} × {} × {days_late} days = {accrued}", contract.total, f.late_delivery_daily))
        .step(format!("cap = {} × {} = {cap}; penalty = {penalty}", contract.total, f.late_delivery_cap))
        .step(if may_terminate { "the cap is reached: party A may terminate" } else { "below the cap" })
        .reading("cap", "whole contract")
        .of(LateDelivery { penalty, may_terminate }))
}

/// A part of a payment that came, or has not come, so many days after its last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tranche {
    pub overdue: Cents,
    pub days_late: u32,
}

/// What late payment costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LatePayment {
    pub penalty_accrued: Cents,
    pub interest_accrued: Cents,
    pub payable: Cents,
    pub may_terminate: bool,
}

/// Clause 7.3: 1‰ of the overdue part a day and 0.5‰ interest on top, together payable up to 5 % of the total. Party B may
/// terminate once the *penalty* alone has reached 5 %: the right counts the penalty without the cap.
///
/// # Errors
/// A negative amount, or more than a million days.
pub fn late_payment(
    contract: &Contract,
    tranches: &[Tranche],
    excuse: Option<Excuse>,
) -> Result<Assessed<LatePayment>, TermsError> {
    let f = &contract.figures;
    let mut derivation = Derivation::new("late_payment", "7.3");
    let (mut penalties, mut interests) = (Vec::new(), Vec::new());
    for Tranche { overdue, days_late } in tranches.iter().copied() {
        if overdue < Cents::ZERO {
            return Err(TermsError::invalid("overdue", "below zero"));
        }
        derivation = derivation.input("overdue", overdue).input("days_late", days_late);
        if excuse.is_some() {
            continue;
        }
        let days = Factor::fraction(days_late, 1)?;
        derivation = derivation
            .step(format!("penalty {overdue} × {} × {days_late} days", f.late_payment_daily))
            .step(format!("interest {overdue} × {} × {days_late} days", f.late_payment_interest_daily));
        penalties.push((overdue, f.late_payment_daily.and(days)));
        interests.push((overdue, f.late_payment_interest_daily.and(days)));
    }
    let (penalty, interest) = (Cents::sum_of(penalties)?, Cents::sum_of(interests)?);
    if let Some(excuse) = excuse {
        derivation = derivation.input("excuse", excuse.as_str()).step("excused: nothing is due");
    }
    let cap = contract.total.times(f.late_payment_cap)?;
    let payable = (penalty + interest).min(cap);
    let may_terminate = penalty >= cap && cap > Cents::ZERO;
    Ok(derivation
        .step(format!(
            "{penalty} + {interest}, at most {} × {} = {cap}: payable {payable}",
            contract.total, f.late_payment_cap
        ))
        .reading("termination", "the penalty without the cap")
        .of(LatePayment { penalty_accrued: penalty, interest_accrued: interest, payable, may_terminate }))
}

/// On what ground party A ends the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// 附件3 一.4, four causes: 90 % of reasonable fees for the time elapsed.
    Serious,
    /// 附件3 一.5, four grave causes: all money back.
    Grave,
}

/// The account at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Termination {
    /// What party B may keep or claim.
    pub payable: Cents,
    pub refund: Cents,
    /// What party A still owes when it has paid less than is payable.
    pub still_due: Cents,
}

/// 附件3 一.4 and 一.5. The price by the day stands for "reasonable fees", which the text does not define.
///
/// # Errors
/// More days elapsed than the term has, a term of no days, a negative payment.
pub fn termination(
    contract: &Contract,
    ground: Ground,
    elapsed_days: u32,
    term_days: u32,
    paid: Cents,
) -> Result<Assessed<Termination>, TermsError> {
    if elapsed_days > term_days || term_days == 0 {
        return Err(TermsError::invalid(
            "elapsed_days",
            format!("{elapsed_days} of a term of {term_days} days"),
        ));
    }
    if paid < Cents::ZERO {
        return Err(TermsError::invalid("paid", "below zero"));
    }
    let share = contract.figures.termination_share;
    let derivation =
        Derivation::new("termination", if ground == Ground::Serious { "附件3 一.4" } else { "附件3 一.5" })
            .input("elapsed_days", elapsed_days)
            .input("term_days", term_days)
            .input("paid", paid);
    let (payable, derivation) = match ground {
        Ground::Serious => {
            let payable = contract.total.times(Factor::fraction(elapsed_days, term_days)?.and(share))?;
            let text = format!("{} × {elapsed_days}/{term_days} × {share} = {payable}", contract.total);
            (payable, derivation.step(text).reading("reasonable_fees", "the price by the day"))
        }
        Ground::Grave => (Cents::ZERO, derivation.step("grave ground: everything is paid back")),
    };
    let (refund, still_due) = ((paid - payable).or_zero(), (payable - paid).or_zero());
    Ok(derivation
        .step(format!("paid {paid} - payable {payable}: refund {refund}, still due {still_due}"))
        .of(Termination { payable, refund, still_due }))
}

/// 附件3 三.1: 5 % of the total for a breach of security law or agreement; negotiable, so it needs approval.
///
/// # Errors
/// None with a contract that was checked.
pub fn security_breach(contract: &Contract) -> Result<Assessed<Cents>, TermsError> {
    let share = contract.figures.security_breach_share;
    let amount = contract.total.times(share)?;
    Ok(Derivation::new("security_breach", "附件3 三.1")
        .step(format!("{} × {share} = {amount}", contract.total))
        .step("the parties agree on the amount; losses come on top")
        .of(amount))
}
