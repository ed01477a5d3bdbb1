//! What a requirement costs: a late feedback once, each missed agreed date once, compensation as negotiated.

use super::model::{Aggravation, ComplaintTo, Event, Requirement, Size};
use super::ops::subject;
use super::store::RequirementRow;
use crate::book::{Book, instant, terms_error};
use crate::journal::Subject;
use crate::settlement::ledger::{self, Amount, Assessment};
use jiff::civil::Date;
use kernel::{Error, Result, Timestamp};
use platform::{Ctx, Tx};
use service_terms::requirements::{self, Complaint, Missed};
use service_terms::{Assessed, Cents, Derivation};
use std::collections::BTreeMap;

/// What a part of a requirement costs at a moment.
pub struct Fine {
    pub part: String,
    pub occurred_at: Timestamp,
    pub assessed: Assessed<Cents>,
}

/// Every fine as it stands at `now`, also those of nothing.
pub fn fines(
    requirement: &Requirement,
    book: &Book,
    row: &RequirementRow,
    now: Timestamp,
) -> Result<Vec<Fine>> {
    let edition = book.of(row.contract_id.into(), requirement.received_at)?;
    let contract = &edition.contract;
    let mut found = Vec::new();
    let feedback = requirement.feedback_fine(book, edition, now).map_err(|e| terms_error(&e))?;
    found.push(Fine {
        part: "feedback".into(),
        // When the limit passed, whatever came afterwards.
        occurred_at: instant(feedback.value.due),
        assessed: Assessed { value: feedback.value.penalty, derivation: feedback.derivation },
    });
    for milestone in &requirement.milestones {
        let until = requirement.until(now);
        let missed = milestone.missed(until);
        for date in &milestone.dates {
            let end = super::model::end_of(date.due);
            let (own, others): (Vec<&Aggravation>, Vec<&Aggravation>) =
                milestone.aggravations.iter().partition(|a| milestone.date_of(a, until) == Some(date.due));
            let complaints = complaints_of(&own);
            let other_complaints = complaints_of(&others);
            let assessed = if missed.contains(&date) {
                let facts = Missed {
                    due: Some(date.due),
                    agreed_by_both: true,
                    complaints: &complaints,
                    business_affected: own.iter().any(|a| a.complained_to.is_none()),
                    other_complaints: &other_complaints,
                    other_business_affected: others.iter().any(|a| a.complained_to.is_none()),
                };
                requirements::milestone(contract, facts).map_err(|e| terms_error(&e))?
            } else {
                Assessed { value: Cents::ZERO, derivation: Derivation::default() }
            };
            found.push(Fine { part: format!("{} {}", milestone.id, date.due), occurred_at: end, assessed });
        }
    }
    let compensation = Cents::new(requirement.compensation_cents).map_err(Error::internal)?;
    found.push(Fine {
        part: "compensation".into(),
        occurred_at: requirement.received_at,
        assessed: Assessed {
            value: compensation,
            derivation: Derivation::by_hand("patient_compensation", "附件1 1.3.2-6(4)", compensation),
        },
    });
    Ok(found)
}

fn complaints_of(aggravations: &[&Aggravation]) -> Vec<Complaint> {
    aggravations.iter().filter_map(|a| a.complained_to.map(ComplaintTo::term)).collect()
}

/// Books what the requirement costs now, and takes back what it no longer costs. Returns the sum, cents.
pub async fn book_fines(
    tx: &mut Tx,
    ctx: &Ctx,
    book: &Book,
    row: &RequirementRow,
    requirement: &Requirement,
) -> Result<i64> {
    let edition = book.of(row.contract_id.into(), requirement.received_at)?;
    let source: Subject = subject(row.id);
    let mut wanted: BTreeMap<String, Fine> = BTreeMap::new();
    for fine in fines(requirement, book, row, ctx.now())? {
        wanted.insert(fine.part.clone(), fine);
    }
    // A part that no longer exists, because its entry was struck, costs nothing any more.
    for known in ledger::of_source(&tx.exec(), source).await? {
        wanted.entry(known.source_part.clone()).or_insert_with(|| Fine {
            part: known.source_part.clone(),
            occurred_at: Timestamp::from_micros(known.occurred_at),
            assessed: Assessed { value: Cents::ZERO, derivation: Derivation::default() },
        });
    }
    let mut sum = 0;
    for fine in wanted.values() {
        sum += fine.assessed.value.cents();
        let what = match fine.part.as_str() {
            "feedback" => "反馈超时".to_owned(),
            "compensation" => "患者损失补偿".to_owned(),
            part => {
                let milestone = requirement.milestones.iter().find(|m| part.starts_with(&m.id.to_string()));
                let due = part.rsplit(' ').next().unwrap_or_default();
                format!("约定 {due} 未完成 {}", milestone.map(|m| m.name.as_str()).unwrap_or_default())
            }
        };
        let found = Assessment {
            contract_id: row.contract_id.into(),
            contract_version: edition.version,
            organisation_path: &edition.organisation_path,
            source,
            part: &fine.part,
            subject: format!("需求 {} {what}", row.number),
            occurred_at: fine.occurred_at,
            amount: Amount::Fixed(fine.assessed.value),
        };
        ledger::assess(tx, ctx, &found, &fine.assessed.derivation).await?;
    }
    Ok(sum)
}

/// Names of sizes, for paper.
pub fn size_text(size: Size) -> &'static str {
    match size {
        Size::Ordinary => "普通需求（24小时内反馈）",
        Size::Complex => "复杂需求（72小时内反馈）",
    }
}

/// Entries of people, in the words of the form.
pub fn entry_text(what: &Event) -> Option<String> {
    Some(match what {
        Event::Registered => "登记".to_owned(),
        Event::KindProposed { kind, party } => {
            format!("{}提出分类：{}", party_text(*party), size_text(*kind))
        }
        Event::KindConfirmed { party } => format!("{}确认分类", party_text(*party)),
        Event::Answered { .. } => "反馈".to_owned(),
        Event::DateProposed { name, due, party, .. } => {
            format!("{}提出 {name} 完成日期 {due}", party_text(*party))
        }
        Event::DateAccepted { party, .. } => format!("{}同意日期", party_text(*party)),
        Event::DateDeclined { party, .. } => format!("{}不同意日期", party_text(*party)),
        Event::Reached { .. } => "节点完成".to_owned(),
        Event::Complained { to, evidence, due, .. } => {
            format!(
                "因{}投诉至{}：{evidence}",
                date_text(*due),
                if *to == super::model::ComplaintTo::CityGovernment {
                    "市委市政府"
                } else {
                    "卫健局领导"
                }
            )
        }
        Event::BusinessAffected { evidence, due, .. } => format!("{}影响业务：{evidence}", date_text(*due)),
        Event::Compensated { amount_cents } => {
            format!("患者损失补偿 {} 元", crate::forms::yuan(*amount_cents))
        }
        Event::Delivered { note } => format!("交付 {note}"),
        Event::Rejected => "验收不通过".to_owned(),
        Event::Accepted => "验收通过".to_owned(),
        Event::Declined => "不予实施".to_owned(),
        Event::Withdrawn => "撤回".to_owned(),
        Event::Noted { text } => text.clone(),
        Event::Escalated { .. } | Event::Replayed { .. } | Event::Struck => return None,
    })
}

fn date_text(due: Option<Date>) -> String {
    due.map_or_else(|| "未按期".to_owned(), |due| format!("{due} 未按期"))
}

fn party_text(party: super::model::Party) -> &'static str {
    match party {
        super::model::Party::A => "甲方",
        super::model::Party::B => "乙方",
    }
}
