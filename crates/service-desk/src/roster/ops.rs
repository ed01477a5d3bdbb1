//! Use cases of the team, the roster and attendance.

use super::plan::{self, Candidate, Day};
use super::store::{self, AttendanceRow, DutyRow, EngineerRow, RosterRow, SwapRow};
use super::wire::{
    AttendanceInput, AttendanceQuery, AttendanceStep, AttendanceView, DutyDay, DutyNow, DutyPerson,
    EngineerInput, EngineerView, FairnessView, Kind, Qualification, RosterView, Step, SwapView,
};
use crate::ServiceDesk;
use crate::access::{self, ATTENDANCE_RECORD, ROSTER_EDIT, ROSTER_READ, required};
use crate::book::{Book, Edition, terms_error};
use crate::journal::Subject;
use crate::settlement::ledger::{self, Amount, Assessment};
use jiff::civil::Date;
use kernel::{AccountId, Cursor, Error, Limit, Page, PenaltyId, Result, Timestamp, parse_date};
use platform::{AuditEntry, Ctx, Exec, Scope, Tx};
use ports::service::ServiceRecordChanged;
use service_terms::staff::{self, DutyRoster, Lapse};
use service_terms::{Assessed, Cents, TermsError};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// 5.3: engineers have at least three years of experience.
const LEAST_EXPERIENCE_YEARS: i32 = 3;

/// A month, as its first day.
pub(super) fn month(text: &str) -> Result<Date> {
    parse_date("month", &format!("{text}-01"))
}

/// The contract whose roster a month belongs to: the one in force on its first day that the caller may see.
pub(super) fn edition<'a>(book: &'a Book, scope: &Scope, first: Date) -> Result<&'a Edition> {
    let own = book.editions().iter().find(|edition| scope.contains(&edition.organisation_path));
    let path = own.map(|edition| edition.organisation_path.clone());
    let path = path.ok_or_else(|| Error::not_found("roster"))?;
    book.in_force(&path, Timestamp::start_of_local_date(first))
}

fn computed(
    book: &Book,
    edition: &Edition,
    first: Date,
) -> std::result::Result<Assessed<DutyRoster>, TermsError> {
    staff::duty_roster(&edition.contract, &book.calendar, first.year(), first.month())
}

/// Who works for the contract at `path`: its engineers lie at its region.
pub(super) async fn team(exec: &Exec<'_>, path: &str) -> Result<Vec<EngineerRow>> {
    store::engineers(exec, &Scope::of([platform::OrgPath::new(path)?])).await
}

impl ServiceDesk {
    pub async fn team(&self, ctx: &Ctx) -> Result<Vec<EngineerView>> {
        let scope = self.contract_scope(ctx).await?;
        let exec = ctx.platform().db().read();
        let book = Book::load(&exec).await?;
        let rows = store::engineers(&exec, &scope).await?;
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            let edition = book.in_force(&row.organisation_path, ctx.now())?;
            let (from, to) = (edition.contract.term_start.to_string(), edition.contract.term_end.to_string());
            let leaves = store::standing(&exec, row.id, Kind::UnfiledLeave.as_str(), &from, &to).await?;
            let limit = i64::from(edition.contract.figures.unfiled_leave_interview_from);
            views.push(EngineerView {
                id: row.id,
                account_id: AccountId(row.account_id),
                name: row.name,
                phone: row.phone,
                qualification: qualification(&row.qualification),
                experience_years: row.experience_years,
                active: row.active,
                unfiled_leaves: leaves,
                hr_interview: leaves >= limit,
                row_version: row.row_version,
            });
        }
        let entry = AuditEntry::new("service_team_listed").detail(serde_json::json!({"count": views.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(views)
    }

    /// The team lies at the contract's region; everybody who sees who is on duty sees it.
    pub(super) async fn contract_scope(&self, ctx: &Ctx) -> Result<Scope> {
        Ok(Scope::of(crate::contracts::serving(ctx, ROSTER_READ).await?))
    }

    /// Adds somebody to the team or changes what is known of them.
    pub async fn save_engineer(&self, ctx: &Ctx, input: &EngineerInput) -> Result<()> {
        let path = crate::contracts::own_region(ctx, ROSTER_EDIT).await?;
        ctx.authorize(ROSTER_EDIT, &access::resource("service_engineer", None, &path)?).await?;
        let found = self.directory.signatories(&[input.account_id]).await?.into_iter().next();
        let person =
            found.ok_or_else(|| Error::field("account_id", "account_unknown", "there is no such account"))?;
        if input.experience_years < LEAST_EXPERIENCE_YEARS {
            let detail = format!("at least {LEAST_EXPERIENCE_YEARS} years (5.3)");
            return Err(Error::field("experience_years", "experience_short", detail));
        }
        if input.experience_years > 60 {
            return Err(Error::field("experience_years", "out_of_range", "3 to 60 years"));
        }
        let row = EngineerRow {
            id: ctx.platform().new_uuid(),
            organisation_path: path.clone(),
            account_id: input.account_id.uuid(),
            name: person.name,
            phone: required("phone", &input.phone, 30)?,
            qualification: match input.qualification {
                Qualification::Software => "software",
                Qualification::Hardware => "hardware",
            }
            .to_owned(),
            experience_years: input.experience_years,
            active: input.active,
            row_version: 1,
        };
        let mut tx = ctx.platform().begin().await?;
        store::save_engineer(&tx.exec(), &row).await?;
        if !row.active {
            crate::duties::persons::off_the_team(self, &mut tx, ctx, input.account_id).await?;
        }
        tx.audit(
            ctx,
            AuditEntry::new("service_team_changed")
                .on("account", input.account_id.uuid())
                .organisation(&path),
        );
        tx.commit().await
    }

    pub(crate) async fn roster(&self, ctx: &Ctx, text: &str) -> Result<RosterView> {
        let view = self.roster_after_step(ctx, text).await?;
        let entry = AuditEntry::new("service_roster_read").detail(serde_json::json!({"month": text}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(view)
    }

    pub async fn roster_after_step(&self, ctx: &Ctx, text: &str) -> Result<RosterView> {
        let scope = self.contract_scope(ctx).await?;
        let first = month(text)?;
        let exec = ctx.platform().db().read();
        let book = Book::load(&exec).await?;
        let edition = edition(&book, &scope, first)?;
        let found = computed(&book, edition, first);
        let row = store::roster(&exec, edition.contract_id.uuid(), text).await?;
        let edits = access::may(ctx, ROSTER_EDIT, &edition.organisation_path)?;
        // A draft is the provider's business until it is published.
        let shown = row.as_ref().filter(|row| row.published_at.is_some() || edits);
        let duties = match shown {
            Some(row) => store::duties(&exec, row.id).await?,
            None => Vec::new(),
        };
        let people: HashMap<Uuid, EngineerRow> =
            team(&exec, &edition.organisation_path).await?.into_iter().map(|p| (p.id, p)).collect();
        let days: Vec<Date> = found.as_ref().map(|f| f.value.duty_days.clone()).unwrap_or_default();
        let swaps = match shown {
            Some(row) => store::swaps(&exec, row.id).await?,
            None => Vec::new(),
        };
        let name = |id: Uuid| people.get(&id).map(|p| p.name.clone()).unwrap_or_default();
        let mut allowed = Vec::new();
        let published = row.as_ref().is_some_and(|row| row.published_at.is_some());
        if edits && found.is_ok() {
            if !published {
                allowed.push("propose".to_owned());
            }
            allowed.push("assign".to_owned());
            if !published && !duties.is_empty() {
                allowed.push("publish".to_owned());
            }
            if swaps.iter().any(|swap| swap.state == "requested") {
                allowed.extend(["approve_swap".to_owned(), "decline_swap".to_owned()]);
            }
        }
        if published && access::may(ctx, access::TICKET_WORK, &edition.organisation_path)? {
            allowed.extend(["request_swap".to_owned(), "hand_over".to_owned()]);
        }
        let fairness = fairness(&exec, &book, edition, first, &people).await?;
        Ok(RosterView {
            contract_id: edition.contract_id,
            contract_code: edition.contract.code.clone(),
            month: text.to_owned(),
            due: found.as_ref().ok().map(|f| f.value.due.to_string()),
            warn_on: found
                .as_ref()
                .map(|f| f.value.warn_on.map(|d| d.to_string()).to_vec())
                .unwrap_or_default(),
            blocked: found.as_ref().err().map(|e| e.code().to_owned()),
            state: match (published, shown.is_some()) {
                (true, _) => "published",
                (false, true) => "draft",
                _ => "missing",
            }
            .to_owned(),
            late: row.as_ref().is_some_and(|row| row.late)
                || (!published && found.as_ref().is_ok_and(|f| f.value.due < ctx.now().local_date())),
            published_at: row.as_ref().and_then(|row| row.published_at).map(Timestamp::from_micros),
            published_by_name: row.as_ref().and_then(|row| row.published_by_name.clone()),
            days: days.iter().map(|day| duty_day(&book, *day, &duties, &people)).collect(),
            fairness,
            swaps: swaps
                .iter()
                .map(|swap| SwapView {
                    id: swap.id,
                    day: swap.day.clone(),
                    from_name: name(swap.from_id),
                    to_name: name(swap.to_id),
                    reason: swap.reason.clone(),
                    state: swap.state.clone(),
                    requested_by_name: swap.requested_by_name.clone(),
                    requested_at: Timestamp::from_micros(swap.requested_at),
                    decided_by_name: swap.decided_by_name.clone(),
                })
                .collect(),
            derivation: found.ok().map(|f| f.derivation.into()),
            allowed_actions: allowed,
            row_version: row.map(|row| row.row_version).unwrap_or_default(),
        })
    }

    /// Takes a step of a month's roster.
    pub async fn roster_step(&self, ctx: &Ctx, text: &str, step: &Step) -> Result<()> {
        let scope = self.contract_scope(ctx).await?;
        let first = month(text)?;
        let book = Book::load(&ctx.platform().db().read()).await?;
        let edition = edition(&book, &scope, first)?;
        let path = edition.organisation_path.clone();
        let action = match step {
            Step::RequestSwap { .. } | Step::HandOver { .. } => access::TICKET_WORK,
            _ => ROSTER_EDIT,
        };
        ctx.authorize(action, &access::resource("service_roster", None, &path)?).await?;
        let found = computed(&book, edition, first).map_err(|e| terms_error(&e))?.value;
        let mut tx = ctx.platform().begin().await?;
        let people = team(&tx.exec(), &path).await?;
        let mut row = match store::lock_roster(&tx.exec(), edition.contract_id.uuid(), text).await? {
            Some(row) => row,
            None => {
                let row = RosterRow {
                    id: ctx.platform().new_uuid(),
                    contract_id: edition.contract_id.uuid(),
                    organisation_path: path.clone(),
                    month: text.to_owned(),
                    due: found.due.to_string(),
                    calendar_version: book.calendar_version(),
                    published_at: None,
                    published_by_name: None,
                    late: false,
                    row_version: 1,
                };
                store::insert_roster(&tx.exec(), &row).await?;
                row
            }
        };
        row.calendar_version = book.calendar_version();
        let known = |field: &str, id: Uuid| {
            let active = people.iter().any(|p| p.id == id && p.active);
            if active { Ok(id) } else { Err(Error::field(field, "engineer_unknown", "nobody of the team")) }
        };
        let of_month = |day: &str| {
            let day = parse_date("day", day)?;
            if found.duty_days.contains(&day) {
                Ok(day)
            } else {
                Err(Error::field("day", "not_a_day_off", "no day off of this month"))
            }
        };
        let name = match step {
            Step::Propose => {
                if row.published_at.is_some() {
                    return Err(Error::conflict("roster_published", "a published month is changed by swaps"));
                }
                self.fill_month(&mut tx, &book, edition, &row, first, &found, &people).await?;
                "propose"
            }
            Step::Assign { day, engineer_id, backup_id } => {
                let day = of_month(day)?;
                known("engineer_id", *engineer_id)?;
                if let Some(backup) = backup_id {
                    known("backup_id", *backup)?;
                    if backup == engineer_id {
                        return Err(Error::field(
                            "backup_id",
                            "same_person",
                            "another person than the first",
                        ));
                    }
                }
                store::set_duty(&tx.exec(), row.id, &day.to_string(), *engineer_id, *backup_id).await?;
                "assign"
            }
            Step::Publish => {
                publish(ctx, &tx, &mut row, &found).await?;
                "publish"
            }
            Step::RequestSwap { day, to_id, reason } => {
                let day = of_month(day)?.to_string();
                known("to_id", *to_id)?;
                let duties = store::duties(&tx.exec(), row.id).await?;
                let duty = duties.iter().find(|duty| duty.day == day).filter(|_| row.published_at.is_some());
                let duty = duty
                    .ok_or_else(|| Error::conflict("roster_not_published", "the month is not published"))?;
                if duty.engineer_id == *to_id {
                    return Err(Error::field("to_id", "same_person", "already on duty that day"));
                }
                let open = store::swaps(&tx.exec(), row.id).await?;
                if open.iter().any(|swap| swap.day == day && swap.state == "requested") {
                    return Err(Error::conflict("swap_open", "a swap of this day waits for its decision"));
                }
                let swap = SwapRow {
                    id: ctx.platform().new_uuid(),
                    roster_id: row.id,
                    day,
                    from_id: duty.engineer_id,
                    to_id: *to_id,
                    reason: required("reason", reason, 200)?,
                    state: "requested".into(),
                    requested_by_name: ctx.principal().display_name.clone(),
                    requested_at: ctx.now().micros(),
                    decided_by_name: None,
                };
                store::insert_swap(&tx.exec(), &swap).await?;
                "request_swap"
            }
            Step::ApproveSwap { swap_id } | Step::DeclineSwap { swap_id } => {
                let approve = matches!(step, Step::ApproveSwap { .. });
                self.decide_swap(ctx, &tx, &row, *swap_id, approve).await?;
                if approve { "approve_swap" } else { "decline_swap" }
            }
            Step::HandOver { day, text } => {
                let day = of_month(day)?.to_string();
                let text = required("text", text, 2000)?;
                let by = &ctx.principal().display_name;
                if store::hand_over(&tx.exec(), row.id, &day, &text, by).await? == 0 {
                    return Err(Error::field("day", "not_a_day_off", "nobody is on duty that day"));
                }
                "hand_over"
            }
        };
        store::update_roster(&tx.exec(), &mut row).await?;
        note_change(&mut tx, ctx, &row, name).await?;
        tx.commit().await
    }

    #[allow(clippy::too_many_arguments, reason = "one private call; the arguments are the whole situation")]
    async fn fill_month(
        &self,
        tx: &mut Tx,
        book: &Book,
        edition: &Edition,
        row: &RosterRow,
        first: Date,
        found: &DutyRoster,
        people: &[EngineerRow],
    ) -> Result<()> {
        let exec = tx.exec();
        let counts =
            counts(&exec, book, edition, first.first_of_year(), first.yesterday().unwrap_or(first)).await?;
        let candidates: Vec<Candidate> = people
            .iter()
            .filter(|p| p.active)
            .map(|p| {
                let (holidays, weekends) = counts.get(&p.id).copied().unwrap_or_default();
                Candidate { id: p.id, software: p.qualification == "software", holidays, weekends }
            })
            .collect();
        if candidates.is_empty() {
            return Err(Error::conflict("team_empty", "the team has nobody who could be on duty"));
        }
        let (from, to) = (first.to_string(), first.last_of_month().to_string());
        let mut leave = BTreeSet::new();
        for record in store::leave(&exec, &from, &to).await? {
            leave.insert((record.day.parse().map_err(Error::internal)?, record.engineer_id));
        }
        let days: Vec<Day> = found
            .duty_days
            .iter()
            .map(|date| Day { date: *date, holiday: book.calendar.holiday_name(*date).is_some() })
            .collect();
        store::clear_duties(&exec, row.id).await?;
        for duty in plan::propose(&days, &candidates, &leave) {
            store::set_duty(&exec, row.id, &duty.date.to_string(), duty.engineer, duty.backup).await?;
        }
        Ok(())
    }

    async fn decide_swap(&self, ctx: &Ctx, tx: &Tx, row: &RosterRow, id: Uuid, approve: bool) -> Result<()> {
        let swaps = store::swaps(&tx.exec(), row.id).await?;
        let swap = swaps.iter().find(|swap| swap.id == id).ok_or_else(|| Error::not_found("swap"))?;
        let state = if approve { "approved" } else { "declined" };
        let by = &ctx.principal().display_name;
        if store::decide_swap(&tx.exec(), id, state, by, ctx.now().micros()).await? == 0 {
            return Err(Error::conflict("swap_decided", "this swap was decided already"));
        }
        if approve {
            let duties = store::duties(&tx.exec(), row.id).await?;
            let duty = duties.iter().find(|duty| duty.day == swap.day);
            // Whoever took the day over as second person is replaced by whoever gave it.
            let backup = duty
                .and_then(|duty| duty.backup_id)
                .map(|backup| if backup == swap.to_id { swap.from_id } else { backup });
            store::set_duty(&tx.exec(), row.id, &swap.day, swap.to_id, backup).await?;
        }
        Ok(())
    }

    /// Who is there now: the engineers on site on a working day, the published roster on a day off.
    pub(crate) async fn duty_now(&self, ctx: &Ctx) -> Result<DutyNow> {
        let scope = self.contract_scope(ctx).await?;
        let exec = ctx.platform().db().read();
        let book = Book::load(&exec).await?;
        let today = ctx.now().local_date();
        let edition = edition(&book, &scope, today)?;
        let present = present(&exec, &book, edition, today).await?;
        let people = present.people.iter().map(|(row, backup)| DutyPerson {
            account_id: AccountId(row.account_id),
            name: row.name.clone(),
            phone: row.phone.clone(),
            backup: *backup,
        });
        Ok(DutyNow {
            day: today.to_string(),
            kind: present.kind.to_owned(),
            people: people.collect(),
            handover: present.handover,
        })
    }

    pub(crate) async fn attendance(
        &self,
        ctx: &Ctx,
        query: &AttendanceQuery,
    ) -> Result<Page<AttendanceView>> {
        let scope = ctx.scope(ATTENDANCE_RECORD).await?;
        let limit = Limit::new(query.limit)?;
        for (field, text) in [("from", &query.from), ("to", &query.to)] {
            if let Some(text) = text {
                parse_date(field, text)?;
            }
        }
        let after = query.cursor.as_deref().map(|c| Cursor::decode(c, 1)).transpose()?;
        let after = after.map(|c| (c.keys.first().copied().unwrap_or(0), c.id));
        let exec = ctx.platform().db().read();
        let (from, to) = (query.from.as_deref(), query.to.as_deref());
        let rows =
            store::attendance(&exec, &scope, query.engineer_id, from, to, after, limit.fetch()).await?;
        let page = Page::from_rows(rows, limit, |row| Cursor { keys: vec![row.recorded_at], id: row.id });
        let mut items = Vec::with_capacity(page.items.len());
        for row in &page.items {
            items.push(attendance_view(ctx, &exec, row).await?);
        }
        let entry =
            AuditEntry::new("service_attendance_listed").detail(serde_json::json!({"count": items.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    /// Records a leave, or what went wrong with somebody on site or on duty.
    pub async fn record_attendance(&self, ctx: &Ctx, input: &AttendanceInput) -> Result<AttendanceView> {
        let scope = ctx.scope(ATTENDANCE_RECORD).await?;
        let exec = ctx.platform().db().read();
        let people = store::engineers(&exec, &scope).await?;
        let person = people.iter().find(|p| p.id == input.engineer_id);
        let person =
            person.ok_or_else(|| Error::field("engineer_id", "engineer_unknown", "nobody of the team"))?;
        let path = person.organisation_path.clone();
        ctx.authorize(ATTENDANCE_RECORD, &access::resource("service_attendance", None, &path)?).await?;
        let day = parse_date("day", &input.day)?;
        let today = ctx.now().local_date();
        if day > today && input.kind != Kind::LeaveFiled {
            return Err(Error::field("day", "in_the_future", "this lies in the future"));
        }
        let book = Book::load(&exec).await?;
        let off = book.calendar.is_off(day).map_err(|e| crate::book::calendar_error(&e))?;
        match input.kind {
            Kind::UnfiledLeave if off => {
                return Err(Error::field("day", "not_a_working_day", "an unfiled leave is of a working day"));
            }
            Kind::NoReply if !off => {
                return Err(Error::field("day", "not_a_day_off", "the clause is about holidays"));
            }
            _ => {}
        }
        let edition = book.in_force(&path, Timestamp::start_of_local_date(day))?;
        let mut row = AttendanceRow {
            id: ctx.platform().new_uuid(),
            contract_id: edition.contract_id.uuid(),
            organisation_path: path,
            engineer_id: person.id,
            kind: input.kind.as_str().into(),
            day: day.to_string(),
            evidence: required("evidence", &input.evidence, 500)?,
            chosen_cents: None,
            voided: false,
            void_reason: None,
            recorded_by_name: ctx.principal().display_name.clone(),
            recorded_at: ctx.now().micros(),
            row_version: 1,
        };
        let mut tx = ctx.platform().begin().await?;
        store::insert_attendance(&tx.exec(), &row).await?;
        fine(&mut tx, ctx, edition, &row, &person.name).await?;
        note_attendance(&mut tx, ctx, &row, "record", None).await?;
        tx.commit().await?;
        row.row_version = 1;
        attendance_view(ctx, &ctx.platform().db().read(), &row).await
    }

    /// Chooses an amount within the contract's bounds, or takes a record back.
    pub async fn attendance_step(
        &self,
        ctx: &Ctx,
        id: Uuid,
        step: &AttendanceStep,
    ) -> Result<AttendanceView> {
        let scope = ctx.scope(ATTENDANCE_RECORD).await?;
        let found = store::find_attendance(&ctx.platform().db().read(), id).await?;
        let row = access::visible(found, &scope, |row| row.organisation_path.as_str(), "attendance record")?;
        let resource = access::resource("service_attendance", Some(id), &row.organisation_path)?;
        ctx.authorize(ATTENDANCE_RECORD, &resource).await?;
        let mut tx = ctx.platform().begin().await?;
        let row = store::find_attendance(&tx.exec(), id).await?;
        let mut row = row.ok_or_else(|| Error::not_found("attendance record"))?;
        if row.voided {
            return Err(Error::conflict("state_conflict", "this record was taken back"));
        }
        let book = Book::load(&tx.exec()).await?;
        let day: Date = row.day.parse().map_err(Error::internal)?;
        let edition = book.of(row.contract_id.into(), Timestamp::start_of_local_date(day))?;
        let (name, reason) = match step {
            AttendanceStep::Choose { amount_cents, reason } => {
                let lapse = lapse(&row).filter(|lapse| *lapse == Lapse::NoReply);
                let lapse = lapse.ok_or_else(|| Error::conflict("amount_fixed", "this fine is fixed"))?;
                let chosen = Cents::new(*amount_cents).map_err(|e| terms_error(&e))?;
                staff::onsite_staff(&edition.contract, lapse, 1, Some(chosen))
                    .map_err(|e| Error::field("amount_cents", "choice_out_of_bounds", e.to_string()))?;
                row.chosen_cents = Some(*amount_cents);
                ("choose", required("reason", reason, 500)?)
            }
            AttendanceStep::Void { reason } => {
                let reason = required("reason", reason, 500)?;
                row.voided = true;
                row.void_reason = Some(reason.clone());
                ("void", reason)
            }
        };
        store::update_attendance(&tx.exec(), &mut row).await?;
        let people = team(&tx.exec(), &row.organisation_path).await?;
        let person =
            people.iter().find(|p| p.id == row.engineer_id).map(|p| p.name.clone()).unwrap_or_default();
        fine(&mut tx, ctx, edition, &row, &person).await?;
        note_attendance(&mut tx, ctx, &row, name, Some(&reason)).await?;
        tx.commit().await?;
        attendance_view(ctx, &ctx.platform().db().read(), &row).await
    }
}

fn qualification(text: &str) -> Qualification {
    if text == "software" { Qualification::Software } else { Qualification::Hardware }
}

fn lapse(row: &AttendanceRow) -> Option<Lapse> {
    match Kind::parse(&row.kind)? {
        Kind::LeaveFiled => None,
        Kind::UnfiledLeave => Some(Lapse::UnfiledLeave),
        Kind::LateDuty => Some(Lapse::LateDuty),
        Kind::NoReply => Some(Lapse::NoReply),
    }
}

fn subject(id: Uuid) -> Subject {
    Subject { kind: "attendance", id }
}

/// Books what a record costs; nothing once it is taken back.
async fn fine(tx: &mut Tx, ctx: &Ctx, edition: &Edition, row: &AttendanceRow, person: &str) -> Result<()> {
    let Some(lapse) = lapse(row) else { return Ok(()) };
    let chosen = row.chosen_cents.map(Cents::new).transpose().map_err(|e| terms_error(&e))?;
    let found = staff::onsite_staff(&edition.contract, lapse, 1, chosen).map_err(|e| terms_error(&e))?;
    let amount = match (row.voided, found.value.penalty) {
        (true, _) => Amount::Fixed(Cents::ZERO),
        (false, Some(amount)) => Amount::Fixed(amount),
        (false, None) => Amount::Choice { least: found.value.least, most: found.value.most },
    };
    let what = match lapse {
        Lapse::UnfiledLeave => "未报备离岗",
        Lapse::LateDuty => "值班迟到",
        Lapse::NoReply => "节假日紧急事项未应答",
    };
    let day: Date = row.day.parse().map_err(Error::internal)?;
    let assessment = Assessment {
        contract_id: row.contract_id.into(),
        contract_version: edition.version,
        organisation_path: &edition.organisation_path,
        source: subject(row.id),
        part: "",
        subject: format!("{person} {} {what}", row.day),
        occurred_at: Timestamp::start_of_local_date(day),
        amount,
    };
    ledger::assess(tx, ctx, &assessment, &found.derivation).await
}

async fn attendance_view(ctx: &Ctx, exec: &Exec<'_>, row: &AttendanceRow) -> Result<AttendanceView> {
    let people = team(exec, &row.organisation_path).await?;
    let person = people.iter().find(|p| p.id == row.engineer_id);
    let penalty = ledger::of_source(exec, subject(row.id)).await?.into_iter().next();
    let kind = Kind::parse(&row.kind).ok_or_else(|| Error::internal("attendance kind"))?;
    let mut allowed = Vec::new();
    if !row.voided && access::may(ctx, ATTENDANCE_RECORD, &row.organisation_path)? {
        if kind == Kind::NoReply {
            allowed.push("choose".to_owned());
        }
        allowed.push("void".to_owned());
    }
    Ok(AttendanceView {
        id: row.id,
        engineer_id: row.engineer_id,
        engineer_name: person.map(|p| p.name.clone()).unwrap_or_default(),
        kind,
        day: row.day.clone(),
        evidence: row.evidence.clone(),
        amount_cents: penalty.as_ref().map_or(0, |p| p.amount_cents),
        needs_choice: penalty.as_ref().is_some_and(|p| p.needs_choice),
        penalty_id: penalty.map(|p| PenaltyId(p.id)),
        voided: row.voided,
        void_reason: row.void_reason.clone(),
        recorded_by_name: row.recorded_by_name.clone(),
        recorded_at: Timestamp::from_micros(row.recorded_at),
        allowed_actions: allowed,
    })
}

/// Who is there on a day.
struct Present {
    /// `working_day`, `off_day`, or `unknown` without a calendar or a published roster.
    kind: &'static str,
    /// Whether they are the second person.
    people: Vec<(EngineerRow, bool)>,
    handover: Option<String>,
}

async fn present(exec: &Exec<'_>, book: &Book, edition: &Edition, day: Date) -> Result<Present> {
    let people = team(exec, &edition.organisation_path).await?;
    let mut found = Present { kind: "unknown", people: Vec::new(), handover: None };
    match book.calendar.is_off(day) {
        Ok(false) => {
            found.kind = "working_day";
            found.people = people.into_iter().filter(|p| p.active).map(|p| (p, false)).collect();
        }
        Ok(true) => {
            let month = day.strftime("%Y-%m").to_string();
            let row = store::roster(exec, edition.contract_id.uuid(), &month).await?;
            if let Some(row) = row.filter(|row| row.published_at.is_some()) {
                found.kind = "off_day";
                let duties = store::duties(exec, row.id).await?;
                if let Some(duty) = duties.iter().find(|duty| duty.day == day.to_string()) {
                    found.handover.clone_from(&duty.handover);
                    let of = |id: Uuid| people.iter().find(|p| p.id == id).cloned();
                    found.people.extend(of(duty.engineer_id).map(|p| (p, false)));
                    found.people.extend(duty.backup_id.and_then(of).map(|p| (p, true)));
                }
            }
        }
        Err(_) => {}
    }
    Ok(found)
}

/// Who is on duty now by the published roster, swaps included: on a day off alone, and nobody where no roster says so.
pub(crate) async fn on_duty(ctx: &Ctx, path: &str) -> Result<Vec<AccountId>> {
    let exec = ctx.platform().db().read();
    let book = Book::load(&exec).await?;
    let Ok(edition) = book.in_force(path, ctx.now()) else { return Ok(Vec::new()) };
    let present = present(&exec, &book, edition, ctx.now().local_date()).await?;
    let people = present.people.into_iter().filter(|_| present.kind == "off_day");
    Ok(people.map(|(row, _)| AccountId(row.account_id)).collect())
}

fn duty_day(book: &Book, day: Date, duties: &[DutyRow], people: &HashMap<Uuid, EngineerRow>) -> DutyDay {
    let text = day.to_string();
    let duty = duties.iter().find(|duty| duty.day == text);
    let engineer = duty.and_then(|duty| people.get(&duty.engineer_id));
    let backup = duty.and_then(|duty| duty.backup_id).and_then(|id| people.get(&id));
    DutyDay {
        day: text,
        holiday: book.calendar.holiday_name(day).map(ToOwned::to_owned),
        engineer_id: engineer.map(|p| p.id),
        engineer_name: engineer.map(|p| p.name.clone()),
        phone: engineer.map(|p| p.phone.clone()),
        backup_id: backup.map(|p| p.id),
        backup_name: backup.map(|p| p.name.clone()),
        backup_phone: backup.map(|p| p.phone.clone()),
        handover: duty.and_then(|duty| duty.handover.clone()),
        handover_by_name: duty.and_then(|duty| duty.handover_by_name.clone()),
    }
}

/// Duties of each person on holidays and on weekends between two days.
async fn counts(
    exec: &Exec<'_>,
    book: &Book,
    edition: &Edition,
    from: Date,
    to: Date,
) -> Result<BTreeMap<Uuid, (u32, u32)>> {
    let mut counts: BTreeMap<Uuid, (u32, u32)> = BTreeMap::new();
    let path = &edition.organisation_path;
    for duty in store::duties_between(exec, path, &from.to_string(), &to.to_string()).await? {
        let day: Date = duty.day.parse().map_err(Error::internal)?;
        let entry = counts.entry(duty.engineer_id).or_default();
        if book.calendar.holiday_name(day).is_some() {
            entry.0 += 1;
        } else {
            entry.1 += 1;
        }
    }
    Ok(counts)
}

async fn fairness(
    exec: &Exec<'_>,
    book: &Book,
    edition: &Edition,
    first: Date,
    people: &HashMap<Uuid, EngineerRow>,
) -> Result<Vec<FairnessView>> {
    let counts = counts(exec, book, edition, first.first_of_year(), first.last_of_month()).await?;
    let mut views: Vec<FairnessView> = people
        .values()
        .filter(|p| p.active || counts.contains_key(&p.id))
        .map(|p| {
            let (holidays, weekends) = counts.get(&p.id).copied().unwrap_or_default();
            FairnessView { engineer_id: p.id, name: p.name.clone(), holidays, weekends }
        })
        .collect();
    views.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(views)
}

/// Publishes a month whose every day off is covered.
async fn publish(ctx: &Ctx, tx: &Tx, row: &mut RosterRow, found: &DutyRoster) -> Result<()> {
    if row.published_at.is_some() {
        return Err(Error::conflict("roster_published", "this month is published already"));
    }
    let duties = store::duties(&tx.exec(), row.id).await?;
    let open: Vec<String> = found
        .duty_days
        .iter()
        .map(ToString::to_string)
        .filter(|day| !duties.iter().any(|duty| duty.day == *day))
        .collect();
    if !open.is_empty() {
        let detail = format!("nobody is on duty on {}", open.join(", "));
        return Err(Error::conflict("roster_incomplete", detail).with("days", open));
    }
    row.published_at = Some(ctx.now().micros());
    row.published_by_name = Some(ctx.principal().display_name.clone());
    // By the 28th to its 24:00, not moved when it is off.
    row.late = ctx.now().local_date() > found.due;
    Ok(())
}

pub(super) async fn note_change(tx: &mut Tx, ctx: &Ctx, row: &RosterRow, step: &str) -> Result<()> {
    let state = if row.published_at.is_some() { "published" } else { "draft" };
    let entry = AuditEntry::new("service_roster_changed")
        .on("service_roster", row.id)
        .organisation(&row.organisation_path)
        .detail(serde_json::json!({"step": step, "month": row.month, "state": state}));
    tx.audit(ctx, entry);
    tx.publish(&ServiceRecordChanged {
        kind: "roster".into(),
        id: row.id,
        state: state.into(),
        organisation_path: row.organisation_path.clone(),
    })
    .await
}

async fn note_attendance(
    tx: &mut Tx,
    ctx: &Ctx,
    row: &AttendanceRow,
    step: &str,
    reason: Option<&str>,
) -> Result<()> {
    let mut entry = AuditEntry::new("service_attendance_changed")
        .on("service_attendance", row.id)
        .organisation(&row.organisation_path)
        .detail(serde_json::json!({"step": step, "kind": row.kind}));
    if let Some(reason) = reason {
        entry = entry.reason(reason.to_owned());
    }
    tx.audit(ctx, entry);
    tx.publish(&ServiceRecordChanged {
        kind: "attendance".into(),
        id: row.id,
        state: step.to_owned(),
        organisation_path: row.organisation_path.clone(),
    })
    .await
}
