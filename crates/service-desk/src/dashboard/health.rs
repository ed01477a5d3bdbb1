//! A contract's health: each part of the service looked at once, with what is wrong first.

use super::measure::{self, Kept, Observed};
use super::ops::{counts, instants};
use super::store::{self, Filter, TicketRow};
use super::wire::{ContractHealth, NameCount, Signal, SignalLevel};
use crate::ServiceDesk;
use crate::access::{self, CONTRACT_READ};
use crate::book::{Book, Edition};
use crate::contracts;
use crate::inspections::store as inspections;
use crate::roster::store as rosters;
use crate::settlement::ops::instalment_view;
use crate::settlement::statement::{Period, Sums};
use crate::settlement::wire::InstalmentState;
use cn_calendar::counting;
use jiff::civil::Date;
use kernel::{Error, Result, ServiceContractId};
use platform::db::Exec;
use platform::{Ctx, OrgPath, Scope};
use uuid::Uuid;

/// Days before a date from which somebody should look.
const SOON_DAYS: i32 = 7;
const PAYMENT_SOON_DAYS: i32 = 30;

fn signal(code: &str, level: SignalLevel, count: i64, date: Option<String>) -> Signal {
    Signal { code: code.to_owned(), level, count, date }
}

/// Bad when something is overdue, else worth a look when something waits.
fn graded(code: &str, bad: i64, watch: i64, date: Option<String>) -> Signal {
    match (bad, watch) {
        (0, 0) => signal(code, SignalLevel::Good, 0, date),
        (0, n) => signal(code, SignalLevel::Watch, n, date),
        (n, _) => signal(code, SignalLevel::Bad, n, date),
    }
}

struct Counter<'a> {
    exec: &'a Exec<'a>,
    contract: Uuid,
    now: i64,
}

impl Counter<'_> {
    async fn of(&self, table: &str, condition: &str) -> Result<i64> {
        store::count(self.exec, table, self.contract, condition, Vec::new()).await
    }

    /// The condition's `$2` is now.
    async fn now(&self, table: &str, condition: &str) -> Result<i64> {
        store::count(self.exec, table, self.contract, condition, vec![self.now.into()]).await
    }
}

impl ServiceDesk {
    pub(crate) async fn contract_health(&self, ctx: &Ctx, id: ServiceContractId) -> Result<ContractHealth> {
        let scope = ctx.scope(CONTRACT_READ).await?;
        let exec = ctx.platform().db().read();
        let book = Book::load(&exec).await?;
        let found = book.latest(id).ok();
        let edition = access::visible(found, &scope, |e| e.organisation_path.as_str(), "contract")?;
        let contract = &edition.contract;
        let (today, now) = (ctx.now().local_date(), ctx.now().micros());
        let count = Counter { exec: &exec, contract: id.uuid(), now };

        let (start, until) = instants(contract.term_start, contract.term_end)?;
        let place = Scope::of([OrgPath::new(edition.organisation_path.clone())?]);
        let tickets = store::tickets(&exec, &place, &Filter::default(), start, until).await?;
        let observed: Vec<Observed> = tickets
            .iter()
            .filter(|row| counts(row) && (start.micros()..until.micros()).contains(&row.opened_at))
            .map(TicketRow::observed)
            .collect();
        let level = measure::level(&observed, now);
        let month_ago = ctx.now().minus(std::time::Duration::from_secs(30 * 86_400)).micros();
        let unanswered = observed.iter().filter(|t| t.responded_at.is_none());
        let unsolved = observed.iter().filter(|t| t.resolved_at.is_none());
        let late_now = |kept: Kept| kept == Kept::Late;
        let recent = observed.iter().filter(|t| t.opened_at >= month_ago);
        let tally = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let response = graded(
            "response",
            tally(unanswered.filter(|t| late_now(t.response(now))).count()),
            tally(recent.clone().filter(|t| late_now(t.response(now))).count()),
            None,
        );
        let handling = graded(
            "handling",
            tally(unsolved.filter(|t| late_now(t.handling(now))).count()),
            tally(recent.filter(|t| late_now(t.handling(now))).count()),
            None,
        );

        let incidents = "service_desk_incident";
        let incident_open = count.of(incidents, "next_due_at IS NOT NULL").await?;
        let incident_over = count.now(incidents, "next_due_at < $2").await?;
        let incidents_late = count.of(incidents, "state <> 'void' AND restored_late").await?;
        let requirements = "service_desk_requirement";
        let requirements_open =
            count.of(requirements, "state NOT IN ('accepted', 'declined', 'withdrawn')").await?;
        let requirement_over = count.now(requirements, "next_due_at < $2").await?;
        let requirements_late =
            count.now(requirements, "feedback_late OR missed_count > 0 OR next_due_at < $2").await?;
        let corrections = "service_desk_correction";
        let corrections_waiting = count.of(corrections, "state = 'requested'").await?;
        let corrections_violating = count.of(corrections, "violation").await?;

        let planned = inspections::of_contract(&exec, id.uuid()).await?;
        let planned: Vec<_> = planned.iter().filter(|row| row.state != "cancelled").collect();
        let text = today.to_string();
        let is_open = |state: &str| matches!(state, "planned" | "in_progress");
        let overdue = planned.iter().filter(|row| is_open(&row.state) && row.due < text).count();
        let submitted_late = planned
            .iter()
            .filter(|row| !is_open(&row.state) && row.submitted_on.as_ref().is_some_and(|on| *on > row.due))
            .count();
        let next = planned.iter().filter(|row| is_open(&row.state)).map(|row| row.due.clone()).min();
        let soon = counting::days_after(today, SOON_DAYS).map_err(Error::internal)?.to_string();
        let due_soon = planned.iter().filter(|r| is_open(&r.state) && text <= r.due && r.due <= soon).count();

        let period = Period { from: contract.term_start, to: contract.term_end };
        let (account, penalties, _, payments) = self.account(&exec, &book, edition, period, today).await?;
        let instalments: Vec<InstalmentState> =
            account.instalments.iter().map(|i| instalment_view(i, &payments)).collect();
        let waiting = tally(
            penalties.iter().filter(|row| matches!(row.state.as_str(), "proposed" | "disputed")).count(),
        );

        let signals = vec![
            response,
            handling,
            graded("incidents", incident_over, incident_open, None),
            graded("requirements", requirement_over, 0, None),
            graded("corrections", corrections_violating, corrections_waiting, None),
            graded("inspections", tally(overdue), tally(due_soon), next.clone()),
            roster_signal(&exec, edition, today).await?,
            payment_signal(&instalments, today)?,
            penalty_signal(account.running, account.cap.cents(), waiting),
            calendar_signal(&book, edition),
            renewal_signal(&book, edition, today),
        ];
        let elapsed = counting::days_between(contract.term_start, today) + 1;
        let term_days = counting::days_between(contract.term_start, contract.term_end) + 1;
        Ok(ContractHealth {
            contract_id: id,
            code: contract.code.clone(),
            name: contract.name.clone(),
            version: edition.version,
            term_start: contract.term_start.to_string(),
            term_end: contract.term_end.to_string(),
            term_days,
            elapsed_days: elapsed.clamp(0, term_days),
            signals,
            level,
            incidents: store::incidents_by_severity(&exec, id.uuid())
                .await?
                .into_iter()
                .map(|c| NameCount { name: c.name, count: u32::try_from(c.n).unwrap_or(u32::MAX) })
                .collect(),
            incidents_late,
            requirements_open,
            requirements_late,
            corrections_waiting,
            corrections_violating,
            inspections_planned: tally(planned.len()),
            inspections_done: tally(planned.iter().filter(|row| !is_open(&row.state)).count()),
            inspections_late: tally(overdue + submitted_late),
            next_inspection: next,
            penalties: account.running.into(),
            cap_cents: account.cap.cents(),
            instalments,
            dates: contracts::dated_duties(edition, today)?,
        })
    }
}

/// Next month's roster, due this month.
async fn roster_signal(exec: &Exec<'_>, edition: &Edition, today: Date) -> Result<Signal> {
    let next = counting::months_after(today.first_of_month(), 1).map_err(Error::internal)?;
    let contract = &edition.contract;
    if next > contract.term_end || next.last_of_month() < contract.term_start {
        return Ok(signal("roster", SignalLevel::Good, 0, None));
    }
    let due =
        Date::new(today.year(), today.month(), contract.figures.roster_due_day).map_err(Error::internal)?;
    let row = rosters::roster(exec, edition.contract_id.uuid(), &next.strftime("%Y-%m").to_string()).await?;
    let level = match row.filter(|row| row.published_at.is_some()) {
        Some(_) => SignalLevel::Good,
        None if today > due => SignalLevel::Bad,
        None if counting::days_between(today, due) <= SOON_DAYS => SignalLevel::Watch,
        None => SignalLevel::Good,
    };
    Ok(signal("roster", level, i64::from(level != SignalLevel::Good), Some(due.to_string())))
}

fn payment_signal(instalments: &[InstalmentState], today: Date) -> Result<Signal> {
    let open = || instalments.iter().filter(|i| i.open_cents > 0);
    let late = open().filter(|i| i.days_late > 0 && i.excuse.is_none()).count();
    let soon = counting::days_after(today, PAYMENT_SOON_DAYS).map_err(Error::internal)?.to_string();
    let near = open().filter(|i| i.due.as_ref().is_some_and(|due| *due <= soon)).count();
    let next = open().filter_map(|i| i.due.clone()).min();
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Ok(graded("payments", number(late), number(near), next))
}

fn penalty_signal(running: Sums, cap: i64, waiting: i64) -> Signal {
    if cap > 0 && running.confirmed >= cap {
        return signal("penalties", SignalLevel::Bad, waiting, None);
    }
    graded("penalties", 0, waiting, None)
}

/// Years of the term and of its last payment whose notice of holidays is not in.
fn calendar_signal(book: &Book, edition: &Edition) -> Signal {
    let contract = &edition.contract;
    let years = contract.term_start.year()..=contract.term_end.year();
    let unknown: Vec<i16> = years.filter(|year| !book.calendar.knows(*year)).collect();
    let first = unknown.first().map(|year| format!("{year:04}-01-01"));
    graded("calendar", 0, i64::try_from(unknown.len()).unwrap_or(i64::MAX), first)
}

/// The end of the term comes near, and nothing follows.
fn renewal_signal(book: &Book, edition: &Edition, today: Date) -> Signal {
    let contract = &edition.contract;
    let followed = book.editions().iter().any(|other| {
        other.organisation_path == edition.organisation_path
            && other.contract_id != edition.contract_id
            && other.contract.term_end > contract.term_end
    });
    let end = Some(contract.term_end.to_string());
    if followed {
        return signal("renewal", SignalLevel::Good, 0, end);
    }
    let reminder =
        service_terms::dates::renewal_reminder(contract, contract.term_end).map(|found| found.value);
    let warned = reminder.is_ok_and(|r| r.warn_on.iter().min().is_some_and(|first| *first <= today));
    graded("renewal", i64::from(today > contract.term_end), i64::from(warned), end)
}
