//! Filling in: answers unit by unit, from a telephone that loses its connection, and from monitoring.
//!
//! A unit is saved as often as one likes. Two people may fill in one unit side by side: refused is only an answer that
//! somebody else gave meanwhile and that says something else. A value of monitoring counts once a person confirms it, and
//! never replaces what a person has said.

use super::checklists::{EquipmentType, Item, ItemKind, number};
use super::model::{Event, Source, State, Verdict, fold};
use super::ops::{authorized, fits, kept, note_change, subject, visible};
use super::plan::append;
use super::queries;
use super::store::{self, AnswerRow, InspectionRow, UnitRow};
use super::wire::{AnswerInput, OpenItem, UnitInput, UnitView};
use crate::ServiceDesk;
use crate::access::{self, optional};
use crate::journal::{self, Entry, New};
use kernel::{Error, ErrorKind, InspectionId, Result, Timestamp};
use platform::{Ctx, Exec, Tx, hash, idempotency};
use ports::service::{Reading, ReadingQuery, ReadingValue};
use std::collections::HashMap;
use uuid::Uuid;

/// Longest text of an answer.
const LONGEST: usize = 500;

/// An item of a type of equipment.
pub fn item<'a>(lists: &'a [EquipmentType], type_code: &str, code: &str) -> Result<&'a Item> {
    lists
        .iter()
        .find(|list| list.code == type_code)
        .and_then(|list| list.items.iter().find(|item| item.code == code))
        .ok_or_else(|| Error::field("code", "item_unknown", format!("this unit has no item {code:?}")))
}

/// What is said about an item, read and judged: verdict and value.
fn judged(item: &Item, verdict: Verdict, value: Option<&str>) -> Result<(Verdict, Option<String>)> {
    let wrong = |code: &'static str, detail: &str| Err(Error::field(&item.code, code, detail));
    if verdict == Verdict::NotApplicable || item.kind == ItemKind::Check {
        return match value.map(str::trim).filter(|text| !text.is_empty()) {
            Some(_) => wrong("value_not_wanted", "there is no value here"),
            None => Ok((verdict, None)),
        };
    }
    let Some(value) = optional(&item.code, value, LONGEST)? else {
        return wrong("required", "a value is needed");
    };
    if item.kind == ItemKind::Number {
        if number(&value).is_none() {
            return wrong("number_invalid", "a decimal number, such as 21.5");
        }
        if item.in_range(&value) == Some(false) {
            return Ok((Verdict::Abnormal, Some(value)));
        }
    }
    Ok((verdict, Some(value)))
}

impl ServiceDesk {
    /// Saves answers of one unit, and gives the unit as it is then. With a key, sending the same again has its effect once.
    pub async fn save_unit(
        &self,
        ctx: &Ctx,
        id: InspectionId,
        unit_id: Uuid,
        input: &UnitInput,
        key: Option<&str>,
    ) -> Result<UnitView> {
        let seen = visible(ctx, id).await?;
        authorized(ctx, &seen, "fill").await?;
        let body = serde_json::to_string(input).map_err(Error::internal)?;
        let fingerprint = hash::sm3_hex(format!("{unit_id}/{body}").as_bytes());
        let mut tx = ctx.platform().begin().await?;
        let mut row = store::lock(&tx.exec(), seen.id).await?;
        store::find_unit(&tx.exec(), row.id, unit_id).await?;
        let replayed = match key {
            Some(key) => idempotency::replayed(&tx.exec(), ctx, key, &fingerprint).await?.is_some(),
            None => false,
        };
        if !replayed {
            if let Some(key) = key {
                tx.remember(ctx, key, &fingerprint, unit_id).await?;
            }
            let inputs = [(unit_id, input)];
            self.fill(&mut tx, ctx, &mut row, inputs.into_iter()).await?;
            tx.commit().await?;
        } else {
            drop(tx);
        }
        queries::unit(self, ctx, &row, unit_id).await
    }

    /// Saves answers of many units at once, all or none.
    pub async fn save_units(&self, ctx: &Ctx, id: InspectionId, inputs: &[(Uuid, UnitInput)]) -> Result<()> {
        let seen = visible(ctx, id).await?;
        authorized(ctx, &seen, "fill").await?;
        let mut tx = ctx.platform().begin().await?;
        let mut row = store::lock(&tx.exec(), seen.id).await?;
        self.fill(&mut tx, ctx, &mut row, inputs.iter().map(|(unit, input)| (*unit, input))).await?;
        tx.commit().await
    }

    async fn fill(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        row: &mut InspectionRow,
        inputs: impl Iterator<Item = (Uuid, &UnitInput)> + Send,
    ) -> Result<()> {
        let entries: Vec<Entry<Event>> = journal::load(&tx.exec(), subject(row.id)).await?;
        let found = fold(&entries).ok_or_else(|| Error::internal("an inspection without a plan"))?;
        fits("fill", found.state)?;
        let lists = kept(&tx.exec(), row.id).await?;
        let known = store::answers(&tx.exec(), row.id).await?;
        let mut changes = Vec::new();
        for (unit_id, input) in inputs {
            let mut unit = store::find_unit(&tx.exec(), row.id, unit_id).await?;
            let changed = fill_unit(tx, ctx, &mut unit, input, &lists, &known).await?;
            if found.returned_count > 0 {
                changes.extend(changed.into_iter().map(|what| New::now(ctx, what)));
            }
        }
        count(&tx.exec(), row, &lists).await?;
        append(tx, ctx, row, entries, changes).await?;
        note_change(tx, ctx, row, "fill", None).await
    }

    /// What monitoring knows about the items that nobody has answered.
    pub(super) async fn readings(&self, ctx: &Ctx, row: &InspectionRow) -> Result<Vec<Reading>> {
        let Some(port) = &self.readings else {
            return Err(Error::conflict("monitoring_absent", "no monitoring system is connected"));
        };
        if row.state != State::InProgress.as_str() {
            // The step itself says why, under the lock.
            return Ok(Vec::new());
        }
        let exec = ctx.platform().db().read();
        let lists = kept(&exec, row.id).await?;
        let answers = store::answers(&exec, row.id).await?;
        let units = store::units(&exec, row.id).await?;
        let wanted: Vec<ReadingQuery> = units
            .iter()
            .filter(|unit| unit.skip_reason.is_none())
            .filter_map(|unit| {
                let list = lists.iter().find(|list| list.code == unit.type_code)?;
                let answered = |item: &&Item| {
                    answers.iter().any(|a| a.unit_id == unit.id && a.code == item.code && a.by_name.is_some())
                };
                let items: Vec<String> = list
                    .items
                    .iter()
                    .filter(|item| item.monitoring && !answered(item))
                    .map(|item| item.code.clone())
                    .collect();
                let equipment = unit.monitoring_name.clone().unwrap_or_else(|| unit.label.clone());
                (!items.is_empty()).then_some(ReadingQuery { equipment, items })
            })
            .collect();
        let period = row.period_from.parse().map_err(Error::internal)?;
        port.readings(&wanted, Timestamp::start_of_local_date(period)).await
    }
}

/// Writes the answers of one unit, and gives what says something else than before.
async fn fill_unit(
    tx: &Tx,
    ctx: &Ctx,
    unit: &mut UnitRow,
    input: &UnitInput,
    lists: &[EquipmentType],
    known: &[AnswerRow],
) -> Result<Vec<Event>> {
    if input.answers.len() > 100 {
        return Err(Error::field("answers", "too_many", "at most 100 answers at once"));
    }
    if input.row_version > unit.row_version || input.row_version < 0 {
        return Err(Error::field("row_version", "out_of_range", "the unit has no such version"));
    }
    let mut known: HashMap<&str, &AnswerRow> = known
        .iter()
        .filter(|answer| answer.unit_id == unit.id)
        .map(|answer| (answer.code.as_str(), answer))
        .collect();
    let version = unit.row_version + 1;
    let (mut errors, mut taken, mut changes) = (Vec::new(), Vec::new(), Vec::new());
    for answer in &input.answers {
        let item = item(lists, &unit.type_code, &answer.code)?;
        let before = known.remove(answer.code.as_str());
        let after = match read(ctx, unit, item, answer, before, version) {
            Ok(after) => after,
            Err(error) if error.kind() == ErrorKind::Invalid => {
                errors.extend(error.field_errors().iter().cloned());
                continue;
            }
            Err(error) => return Err(error),
        };
        let (old, new) = (before.map(said), after.as_ref().map(said));
        if old != new {
            if before.is_some_and(|b| b.version > input.row_version && b.by_name.is_some()) {
                taken.push(answer.code.clone());
            }
            let text = |said: Option<String>| said.unwrap_or_else(|| "—".to_owned());
            let (unit, item) = (unit.label.clone(), item.zh.clone());
            changes.push(Event::Changed { unit, item, before: text(old), after: text(new) });
        }
        match after {
            Some(after) => store::put_answer(&tx.exec(), &after).await?,
            None => store::remove_answer(&tx.exec(), unit.id, &answer.code).await?,
        }
    }
    if !errors.is_empty() {
        return Err(Error::fields(errors));
    }
    if let Some(reason) = &input.skip_reason {
        let reason = optional("skip_reason", Some(reason), LONGEST)?;
        if reason != unit.skip_reason && input.row_version != unit.row_version {
            taken.push("skip_reason".to_owned());
        }
        unit.skip_reason = reason;
    }
    if !taken.is_empty() {
        return Err(access::stale().with("codes", taken).with("row_version", unit.row_version));
    }
    unit.row_version = version;
    unit.saved_by_name = Some(ctx.principal().display_name.clone());
    unit.saved_at = Some(ctx.now().micros());
    store::update_unit(&tx.exec(), unit).await?;
    Ok(changes)
}

/// The answer that an input makes; none takes it back.
fn read(
    ctx: &Ctx,
    unit: &UnitRow,
    item: &Item,
    input: &AnswerInput,
    before: Option<&AnswerRow>,
    version: i64,
) -> Result<Option<AnswerRow>> {
    let Some(verdict) = input.verdict else { return Ok(None) };
    let (verdict, value) = judged(item, verdict, input.value.as_deref())?;
    let remark = optional("remark", input.remark.as_deref(), LONGEST)?;
    // Confirmed as it was measured: it stays a measured value, with the name of who confirmed it.
    let measured = before.filter(|b| {
        b.source == Source::Monitoring.as_str() && b.verdict == verdict.as_str() && b.value == value
    });
    Ok(Some(AnswerRow {
        unit_id: unit.id,
        code: item.code.clone(),
        verdict: verdict.as_str().to_owned(),
        value,
        remark,
        source: measured.map_or(Source::Person.as_str(), |_| Source::Monitoring.as_str()).to_owned(),
        source_name: measured.and_then(|b| b.source_name.clone()),
        measured_at: measured.and_then(|b| b.measured_at),
        by_name: Some(ctx.principal().display_name.clone()),
        at: ctx.now().micros(),
        version,
    }))
}

/// What an answer says, to compare and to show in the journal.
fn said(answer: &AnswerRow) -> String {
    let parts = [Some(answer.verdict.as_str()), answer.value.as_deref(), answer.remark.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" / ")
}

/// Puts readings in as answers that a person still confirms: how many were taken, and how many were refused.
pub(super) async fn take_over(
    tx: &Tx,
    ctx: &Ctx,
    row: &mut InspectionRow,
    readings: Vec<Reading>,
) -> Result<(i32, i32)> {
    let lists = kept(&tx.exec(), row.id).await?;
    let answers = store::answers(&tx.exec(), row.id).await?;
    let mut units = store::units(&tx.exec(), row.id).await?;
    let period: jiff::civil::Date = row.period_from.parse().map_err(Error::internal)?;
    let since = Timestamp::start_of_local_date(period);
    let (mut filled, mut refused) = (0, 0);
    for reading in readings {
        let named = |unit: &&mut UnitRow| unit.monitoring_name.as_deref() == Some(reading.equipment.as_str());
        let Some(unit) = units.iter_mut().find(named) else {
            refused += 1;
            continue;
        };
        let said_by_a_person =
            answers.iter().any(|a| a.unit_id == unit.id && a.code == reading.item && a.by_name.is_some());
        let known = item(&lists, &unit.type_code, &reading.item).ok().filter(|item| item.monitoring);
        let fresh = since <= reading.measured_at && reading.measured_at <= ctx.now();
        let judged =
            known.filter(|_| fresh && !said_by_a_person).and_then(|item| measured(item, &reading.value));
        let Some((verdict, value, remark)) = judged else {
            refused += 1;
            continue;
        };
        unit.row_version += 1;
        let answer = AnswerRow {
            unit_id: unit.id,
            code: reading.item,
            verdict: verdict.as_str().to_owned(),
            value,
            remark,
            source: Source::Monitoring.as_str().to_owned(),
            source_name: Some(reading.source.chars().take(100).collect()),
            measured_at: Some(reading.measured_at.micros()),
            by_name: None,
            at: ctx.now().micros(),
            version: unit.row_version,
        };
        store::put_answer(&tx.exec(), &answer).await?;
        store::update_unit(&tx.exec(), unit).await?;
        filled += 1;
    }
    count(&tx.exec(), row, &lists).await?;
    Ok((filled, refused))
}

/// A reading as verdict, value and remark; none when it does not fit the item.
fn measured(item: &Item, value: &ReadingValue) -> Option<(Verdict, Option<String>, Option<String>)> {
    match (item.kind, value) {
        (ItemKind::Check, ReadingValue::Check { normal, note }) => {
            let verdict = if *normal { Verdict::Normal } else { Verdict::Abnormal };
            let note = note.as_deref().map(|text| text.chars().take(LONGEST).collect());
            Some((verdict, None, note))
        }
        (ItemKind::Number, ReadingValue::Number(text)) | (ItemKind::Text, ReadingValue::Text(text)) => {
            let (verdict, value) = judged(item, Verdict::Normal, Some(text)).ok()?;
            Some((verdict, value, None))
        }
        _ => None,
    }
}

/// Counts what is answered and abnormal into the row.
async fn count(exec: &Exec<'_>, row: &mut InspectionRow, lists: &[EquipmentType]) -> Result<()> {
    let answers = store::answers(exec, row.id).await?;
    let units = store::units(exec, row.id).await?;
    let (mut answered, mut abnormal) = (0, 0);
    for unit in &units {
        let own = || answers.iter().filter(|a| a.unit_id == unit.id && a.by_name.is_some());
        abnormal += own().filter(|a| a.verdict == Verdict::Abnormal.as_str()).count();
        answered += match unit.skip_reason {
            Some(_) => {
                lists.iter().find(|list| list.code == unit.type_code).map_or(0, |list| list.items.len())
            }
            None => own().count(),
        };
    }
    row.answered = i32::try_from(answered).map_err(Error::internal)?;
    row.abnormal = i32::try_from(abnormal).map_err(Error::internal)?;
    Ok(())
}

/// What of one unit keeps the report from being submitted.
pub fn open_of(unit: &UnitRow, list: Option<&EquipmentType>, answers: &[&AnswerRow]) -> Vec<OpenItem> {
    let Some(list) = list.filter(|_| unit.skip_reason.is_none()) else { return Vec::new() };
    list.items
        .iter()
        .filter_map(|item| {
            let why = match answers.iter().find(|a| a.code == item.code) {
                None => "unanswered",
                Some(answer) if answer.by_name.is_none() => "unconfirmed",
                Some(answer) if answer.verdict != Verdict::Normal.as_str() && answer.remark.is_none() => {
                    "remark_missing"
                }
                Some(_) => return None,
            };
            Some(OpenItem {
                unit_id: unit.id,
                unit: unit.label.clone(),
                code: item.code.clone(),
                zh: item.zh.clone(),
                en: item.en.clone(),
                why: why.to_owned(),
            })
        })
        .collect()
}

/// The same of a whole inspection.
pub async fn open_items(exec: &Exec<'_>, inspection: Uuid) -> Result<Vec<OpenItem>> {
    let lists = kept(exec, inspection).await?;
    let answers = store::answers(exec, inspection).await?;
    let units = store::units(exec, inspection).await?;
    let mut open = Vec::new();
    for unit in &units {
        let own: Vec<&AnswerRow> = answers.iter().filter(|a| a.unit_id == unit.id).collect();
        open.extend(open_of(unit, lists.iter().find(|list| list.code == unit.type_code), &own));
    }
    Ok(open)
}
