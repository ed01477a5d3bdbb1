//! Use cases of dashboards.

use super::measure::{self, Durations, Observed, Unit};
use super::store::{self, ClockRow, Filter, TicketRow};
use super::wire::{CauseCount, Dashboard, DashboardQuery, LevelOf, NameCount, RunningClock};
use crate::ServiceDesk;
use crate::access::{self, CONTRACT_READ, TICKET_READ, TICKET_WORK};
use crate::book::Book;
use cn_calendar::counting;
use jiff::civil::Date;
use kernel::{Error, OrganisationId, Result, Timestamp, parse_date};
use platform::{AuditEntry, Ctx, OrgPath, Scope};
use std::collections::{BTreeMap, HashMap};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Moments of the curves. The limits of the contract (15 and 30 minutes) are among them.
const RESPONSE_MOMENTS: [i64; 14] = [
    MINUTE,
    2 * MINUTE,
    4 * MINUTE,
    6 * MINUTE,
    8 * MINUTE,
    10 * MINUTE,
    12 * MINUTE,
    15 * MINUTE,
    20 * MINUTE,
    25 * MINUTE,
    30 * MINUTE,
    45 * MINUTE,
    HOUR,
    2 * HOUR,
];
const RESOLUTION_MOMENTS: [i64; 14] = [
    10 * MINUTE,
    20 * MINUTE,
    30 * MINUTE,
    45 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    8 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    3 * DAY,
    5 * DAY,
    10 * DAY,
];

const LONGEST_DAYS: i32 = 1_100;
const CAUSES: usize = 12;

/// The days that a query means.
pub fn period(query: &DashboardQuery, today: Date) -> Result<(Date, Date)> {
    let to = query.to.as_deref().map_or(Ok(today), |text| parse_date("to", text))?;
    let from = match &query.from {
        Some(text) => parse_date("from", text)?,
        None => counting::days_after(to, -29).map_err(Error::internal)?,
    };
    if to < from {
        return Err(Error::field("to", "period_reversed", "the period ends before it begins"));
    }
    if counting::days_between(from, to) >= LONGEST_DAYS {
        return Err(Error::field("from", "period_too_long", format!("at most {LONGEST_DAYS} days")));
    }
    Ok((from, to))
}

/// The first instant of a period and the first after it.
pub fn instants(from: Date, to: Date) -> Result<(Timestamp, Timestamp)> {
    let after = counting::days_after(to, 1).map_err(Error::internal)?;
    Ok((Timestamp::start_of_local_date(from), Timestamp::start_of_local_date(after)))
}

/// Whether a ticket counts towards a level.
pub fn counts(row: &TicketRow) -> bool {
    row.state != "cancelled" && !row.out_of_scope
}

fn names<'a>(rows: impl Iterator<Item = &'a str>) -> Vec<NameCount> {
    let mut found: BTreeMap<&str, u32> = BTreeMap::new();
    for name in rows {
        *found.entry(name).or_default() += 1;
    }
    let mut counts: Vec<NameCount> =
        found.into_iter().map(|(name, count)| NameCount { name: name.to_owned(), count }).collect();
    counts.sort_by_key(|entry| std::cmp::Reverse(entry.count));
    counts
}

/// Levels by a key, the busiest first.
fn levels<K: Ord>(
    rows: &[(&TicketRow, &Observed)],
    key: impl Fn(&TicketRow) -> Option<K>,
    shown: impl Fn(&K) -> (String, Option<String>),
    now: i64,
) -> Vec<LevelOf> {
    let mut groups: BTreeMap<Option<K>, Vec<&Observed>> = BTreeMap::new();
    for (row, observed) in rows {
        groups.entry(key(row)).or_default().push(observed);
    }
    let mut found: Vec<LevelOf> = groups
        .into_iter()
        .map(|(key, group)| {
            let (key, name) = match key.as_ref().map(&shown) {
                Some((key, name)) => (Some(key), name),
                None => (None, None),
            };
            LevelOf { key, name, level: measure::level(group, now) }
        })
        .collect();
    found.sort_by_key(|entry| std::cmp::Reverse(entry.level.opened));
    found
}

fn causes(rows: &[(&TicketRow, &Observed)], now: i64) -> Vec<CauseCount> {
    let mut groups: BTreeMap<Option<&str>, (u32, Durations)> = BTreeMap::new();
    for (row, observed) in rows.iter().filter(|(row, _)| row.resolved_at.is_some()) {
        let (count, durations) = groups.entry(row.cause.as_deref()).or_default();
        *count += 1;
        durations.add(observed.opened_at, observed.resolved_at, now);
    }
    let mut found: Vec<CauseCount> = groups
        .into_iter()
        .map(|(name, (count, durations))| CauseCount {
            name: name.map(ToOwned::to_owned),
            count,
            resolution_median_s: Durations::quantile(&durations.steps(), 0.5),
        })
        .collect();
    found.sort_by_key(|entry| std::cmp::Reverse(entry.count));
    found.truncate(CAUSES);
    found
}

impl ServiceDesk {
    pub(crate) async fn dashboard(&self, ctx: &Ctx, query: &DashboardQuery) -> Result<Dashboard> {
        let scope = ctx.scope(TICKET_READ).await?;
        let (from, to) = period(query, ctx.now().local_date())?;
        let (start, until) = instants(from, to)?;
        let mut filter = Filter { item_code: query.item_code.as_deref(), ..Filter::default() };
        if let Some(id) = query.organisation_id {
            filter.organisation = Some(Scope::of([OrgPath::new(self.organisation(id).await?.path)?]));
        }
        let exec = ctx.platform().db().read();
        let rows = store::tickets(&exec, &scope, &filter, start, until).await?;
        let now = ctx.now().micros();
        let observed: Vec<Observed> = rows.iter().map(TicketRow::observed).collect();
        let opened_here = |row: &TicketRow| (start.micros()..until.micros()).contains(&row.opened_at);
        let counted: Vec<(&TicketRow, &Observed)> =
            rows.iter().zip(&observed).filter(|(row, _)| counts(row)).collect();
        let opened: Vec<(&TicketRow, &Observed)> =
            counted.iter().copied().filter(|(row, _)| opened_here(row)).collect();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);

        let ids: Vec<OrganisationId> = opened.iter().map(|(row, _)| row.organisation_id.into()).collect();
        let organisations = self.organisation_names(&ids).await?;
        let people: HashMap<_, _> = opened
            .iter()
            .filter_map(|(row, _)| Some((row.assignee_id?, row.assignee_name.clone()?)))
            .collect();
        let (mut response, mut resolution) = (Durations::default(), Durations::default());
        for (_, ticket) in &opened {
            response.add(ticket.opened_at, ticket.responded_at, now);
            resolution.add(ticket.opened_at, ticket.resolved_at, now);
        }
        let unit = Unit::of(counting::days_between(from, to) + 1);
        let all: Vec<&Observed> = counted.iter().map(|(_, observed)| *observed).collect();
        let trend = measure::trend(&all, from, to, unit, now)?;
        Ok(Dashboard {
            from: from.to_string(),
            to: to.to_string(),
            all: measure::level(opened.iter().map(|(_, observed)| *observed), now),
            cancelled: number(rows.iter().filter(|r| r.state == "cancelled" && opened_here(r)).count()),
            out_of_scope: number(
                rows.iter().filter(|r| r.state != "cancelled" && r.out_of_scope && opened_here(r)).count(),
            ),
            resolved: trend.iter().map(|point| point.resolved).sum(),
            by_item: levels(&opened, |row| row.item_code.clone(), |code| (code.clone(), None), now),
            by_organisation: levels(
                &opened,
                |row| Some(row.organisation_id),
                |id| (id.to_string(), organisations.get(id).cloned()),
                now,
            ),
            by_engineer: if works_here(ctx)? {
                levels(&opened, |row| row.assignee_id, |id| (id.to_string(), people.get(id).cloned()), now)
            } else {
                Vec::new()
            },
            unit,
            trend,
            response_curve: response.curve(&RESPONSE_MOMENTS),
            resolution_curve: resolution.curve(&RESOLUTION_MOMENTS),
            causes: causes(&opened, now),
            by_class: names(opened.iter().map(|(row, _)| row.class.as_str())),
            by_channel: names(opened.iter().map(|(row, _)| row.channel.as_str())),
        })
    }

    /// Clocks that run, the most pressing first.
    pub(crate) async fn running_clocks(&self, ctx: &Ctx, limit: Option<u16>) -> Result<Vec<RunningClock>> {
        let scope = ctx.scope(TICKET_READ).await?;
        let most = u32::from(limit.unwrap_or(30));
        if !(1..=200).contains(&most) {
            return Err(Error::field("limit", "limit_out_of_range", "1 to 200"));
        }
        let exec = ctx.platform().db().read();
        let mut found: Vec<(&str, ClockRow)> = Vec::new();
        found.extend(store::ticket_clocks(&exec, &scope, most).await?.into_iter().map(|row| ("ticket", row)));
        found.extend(
            store::requirement_clocks(&exec, &scope, most).await?.into_iter().map(|row| ("requirement", row)),
        );
        found.extend(
            store::incident_clocks(&exec, &scope, most).await?.into_iter().map(|row| ("incident", row)),
        );
        found.sort_by_key(|(_, row)| row.due_at);
        found.truncate(usize::try_from(most).map_err(Error::internal)?);
        let ids: Vec<OrganisationId> =
            found.iter().filter_map(|(_, row)| row.organisation_id.map(Into::into)).collect();
        let names = self.organisation_names(&ids).await?;
        let entry =
            AuditEntry::new("service_clocks_listed").detail(serde_json::json!({"count": found.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(found
            .into_iter()
            .map(|(kind, row)| RunningClock {
                kind: kind.to_owned(),
                id: row.id,
                number: row.number,
                title: row.title,
                organisation_name: row.organisation_id.and_then(|id| names.get(&id).cloned()),
                assignee_name: row.person_name,
                clock: row.clock,
                due_at: Timestamp::from_micros(row.due_at),
            })
            .collect())
    }
}

/// Whether the caller belongs to one of the parties, anywhere.
fn works_here(ctx: &Ctx) -> Result<bool> {
    for grant in &ctx.principal().roles {
        if access::any(ctx, &[TICKET_WORK, CONTRACT_READ], grant.scope.as_str())? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The contract whose items name the systems that a caller sees.
pub async fn item_names(ctx: &Ctx) -> Result<HashMap<String, String>> {
    let book = Book::load(&ctx.platform().db().read()).await?;
    let items = book.editions().iter().flat_map(|edition| &edition.contract.items);
    Ok(items.map(|item| (item.code.clone(), item.name_zh.clone())).collect())
}
