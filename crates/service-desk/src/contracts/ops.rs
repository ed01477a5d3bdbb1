//! Entering, amending and renewing contracts; calendar years; hours.
//!
//! Whatever changes here may move deadlines that were computed before: the caller replays the open clocks afterwards, and
//! what differs is written into their journals.

use super::wire::{
    Amendment, CalendarDay, CalendarImport, CalendarView, CalendarYearView, ContractInput, ContractView,
    DatedDuty, HoursInput, HoursView, InstalmentView, Renewal, VersionView,
};
use crate::access::{self, CONTRACT_EDIT, CONTRACT_READ};
use crate::book::{Book, Edition, HoursDefinition, terms_error};
use crate::{ServiceDesk, duties, inspections, roster};
use cn_calendar::{DayKind, Year, counting, import_holiday_cn};
use jiff::civil::Date;
use kernel::{Error, OrganisationId, Result, ServiceContractId, Timestamp, parse_date};
use platform::db::{Exec, execute, query_all};
use platform::{AuditEntry, Ctx, OrgPath, Tx};
use ports::service::ServiceRecordChanged;
use sea_orm::FromQueryResult;
use serde_json::{Value, json};
use service_terms::{Contract, dates, payments};
use uuid::Uuid;

const CONTRACT: &str = "contract";
/// A contract file: the one that comes with the program has 7 kB.
const LONGEST_DEFINITION: usize = 200_000;

#[derive(FromQueryResult)]
struct ContractRow {
    id: Uuid,
    organisation_path: String,
    renews: Option<Uuid>,
}

#[derive(FromQueryResult)]
struct VersionRow {
    version: i32,
    valid_from: String,
    body: String,
    note: String,
    made_by_name: String,
    made_at: i64,
}

#[derive(FromQueryResult)]
struct HoursRow {
    organisation_id: Uuid,
    valid_from: String,
    definition: String,
    made_by_name: String,
}

/// Enters a contract that lies at `path`.
pub async fn enter(ctx: &Ctx, path: &OrgPath, input: &ContractInput) -> Result<ServiceContractId> {
    ctx.authorize(CONTRACT_EDIT, &access::resource(CONTRACT, None, path.as_str())?).await?;
    if input.definition.len() > LONGEST_DEFINITION {
        return Err(Error::field("definition", "too_long", format!("at most {LONGEST_DEFINITION} bytes")));
    }
    let contract = Contract::from_toml(&input.definition)
        .map_err(|e| Error::field("definition", e.code(), e.to_string()))?;
    let note = access::required("note", &input.note, 500)?;
    insert(ctx, path.as_str(), &contract, &note, input.renews).await
}

async fn insert(
    ctx: &Ctx,
    path: &str,
    contract: &Contract,
    note: &str,
    renews: Option<ServiceContractId>,
) -> Result<ServiceContractId> {
    let mut tx = ctx.platform().begin().await?;
    let sql = "SELECT COUNT(*) AS n FROM service_desk_contract WHERE code = $1";
    if platform::db::query_number(&tx.exec(), sql, vec![contract.code.clone().into()]).await? > 0 {
        return Err(Error::conflict("contract_code_taken", "another contract has this code"));
    }
    let id = ServiceContractId(ctx.platform().new_uuid());
    execute(
        &tx.exec(),
        "INSERT INTO service_desk_contract (id, code, organisation_path, renews, created_at) VALUES ($1, $2, $3, $4, $5)",
        vec![
            id.uuid().into(),
            contract.code.clone().into(),
            path.into(),
            renews.map(ServiceContractId::uuid).into(),
            ctx.now().micros().into(),
        ],
    )
    .await?;
    insert_version(&tx, ctx, id, 1, contract.term_start, contract, note).await?;
    inspections::replan(&mut tx, ctx, id, "contract entered").await?;
    let edition = Edition::new(id, 1, contract.term_start, path.to_owned(), contract.clone())?;
    roster::schedule(&mut tx, ctx, &edition).await?;
    super::reminders::schedule(&mut tx, ctx, &edition).await?;
    duties::reports::schedule(&mut tx, ctx, &edition).await?;
    note_change(&mut tx, ctx, id, path, 1, note).await?;
    tx.commit().await?;
    Ok(id)
}

async fn insert_version(
    tx: &Tx,
    ctx: &Ctx,
    id: ServiceContractId,
    version: i32,
    valid_from: Date,
    contract: &Contract,
    note: &str,
) -> Result<()> {
    execute(
        &tx.exec(),
        "INSERT INTO service_desk_contract_version (contract_id, version, valid_from, body, note, made_by, made_by_name, made_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vec![
            id.uuid().into(),
            version.into(),
            valid_from.to_string().into(),
            serde_json::to_string(contract).map_err(Error::internal)?.into(),
            note.into(),
            access::by(ctx).into(),
            ctx.principal().display_name.clone().into(),
            ctx.now().micros().into(),
        ],
    )
    .await
    .map(drop)
}

async fn note_change(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ServiceContractId,
    path: &str,
    version: i32,
    reason: &str,
) -> Result<()> {
    let entry = AuditEntry::new("service_contract_changed")
        .on("service_contract", id.uuid())
        .organisation(path)
        .reason(reason.to_owned())
        .detail(json!({"version": version}));
    tx.audit(ctx, entry);
    tx.publish(&ServiceRecordChanged {
        kind: CONTRACT.into(),
        id: id.uuid(),
        state: format!("version {version}"),
        organisation_path: path.to_owned(),
    })
    .await
}

async fn find(ctx: &Ctx, id: ServiceContractId) -> Result<ContractRow> {
    let scope = ctx.scope(CONTRACT_READ).await?;
    let sql = "SELECT id, organisation_path, renews FROM service_desk_contract WHERE id = $1";
    let found = platform::db::query_one(&ctx.platform().db().read(), sql, vec![id.uuid().into()]).await?;
    access::visible(found, &scope, |row: &ContractRow| row.organisation_path.as_str(), CONTRACT)
}

/// Renews a contract: the same terms for another time, as a contract of its own.
pub async fn renew(ctx: &Ctx, id: ServiceContractId, renewal: &Renewal) -> Result<ServiceContractId> {
    let row = find(ctx, id).await?;
    ctx.authorize(CONTRACT_EDIT, &access::resource(CONTRACT, Some(row.id), &row.organisation_path)?).await?;
    let book = Book::load(&ctx.platform().db().read()).await?;
    let mut contract = book.latest(id)?.contract.clone();
    let ended = contract.term_end;
    contract.code = access::required("code", &renewal.code, 60)?;
    contract.signed = parse_date("signed", &renewal.signed)?;
    contract.term_start = parse_date("term_start", &renewal.term_start)?;
    contract.term_end = parse_date("term_end", &renewal.term_end)?;
    if contract.term_start <= ended {
        return Err(Error::field(
            "term_start",
            "term_overlaps",
            format!("the renewed contract runs until {ended}"),
        ));
    }
    contract.check().map_err(|e| terms_error(&e))?;
    let note = access::required("note", &renewal.note, 500)?;
    insert(ctx, &row.organisation_path, &contract, &note, Some(id)).await
}

impl ServiceDesk {
    /// Amends a contract: a new version that applies from a day on. Clocks that it moves are replayed.
    pub(crate) async fn amend(&self, ctx: &Ctx, id: ServiceContractId, amendment: &Amendment) -> Result<()> {
        let row = find(ctx, id).await?;
        ctx.authorize(CONTRACT_EDIT, &access::resource(CONTRACT, Some(row.id), &row.organisation_path)?)
            .await?;
        let note = access::required("note", &amendment.note, 500)?;
        let valid_from = parse_date("valid_from", &amendment.valid_from)?;
        let mut tx = ctx.platform().begin().await?;
        let book = Book::load(&tx.exec()).await?;
        let latest = book.latest(id)?;
        if latest.version != amendment.version {
            return Err(access::stale());
        }
        let mut body = serde_json::to_value(&latest.contract).map_err(Error::internal)?;
        json_patch::merge(&mut body, &amendment.patch);
        let contract: Contract = serde_json::from_value(body)
            .map_err(|e| Error::field("patch", "contract_definition_invalid", e.to_string()))?;
        contract.check().map_err(|e| Error::field("patch", e.code(), e.to_string()))?;
        if contract.code != latest.contract.code {
            return Err(Error::field("patch", "contract_code_fixed", "the code of a contract stays"));
        }
        let version = latest.version + 1;
        insert_version(&tx, ctx, id, version, valid_from, &contract, &note).await?;
        inspections::replan(&mut tx, ctx, id, &format!("contract version {version}")).await?;
        let edition = Edition::new(id, version, valid_from, row.organisation_path.clone(), contract.clone())?;
        duties::reports::schedule(&mut tx, ctx, &edition).await?;
        note_change(&mut tx, ctx, id, &row.organisation_path, version, &note).await?;
        tx.commit().await?;
        self.replay(ctx, &format!("contract {} version {version}", contract.code)).await
    }

    pub(crate) async fn contracts(&self, ctx: &Ctx) -> Result<Vec<ContractView>> {
        let scope = ctx.scope(CONTRACT_READ).await?;
        let exec = ctx.platform().db().read();
        let mut values = Vec::new();
        let condition = scope.sql("organisation_path", &mut values);
        let sql = format!(
            "SELECT id, organisation_path, renews FROM service_desk_contract WHERE {condition} ORDER BY created_at DESC, id"
        );
        let rows: Vec<ContractRow> = query_all(&exec, &sql, values).await?;
        let book = Book::load(&exec).await?;
        let mut views = Vec::with_capacity(rows.len());
        for row in &rows {
            views.push(view(ctx, &book, row).await?);
        }
        let entry = AuditEntry::new("service_contracts_listed").detail(json!({"count": views.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(views)
    }

    pub(crate) async fn contract(&self, ctx: &Ctx, id: ServiceContractId) -> Result<ContractView> {
        let row = find(ctx, id).await?;
        let book = Book::load(&ctx.platform().db().read()).await?;
        let entry = AuditEntry::new("service_contract_read")
            .on("service_contract", row.id)
            .organisation(&row.organisation_path);
        ctx.platform().audit(ctx, entry).await?;
        view(ctx, &book, &row).await
    }

    /// The known years around a date, day by day what is special.
    pub(crate) async fn calendar(&self, ctx: &Ctx) -> Result<CalendarView> {
        ctx.scope(access::ROSTER_READ).await?;
        let book = Book::load(&ctx.platform().db().read()).await?;
        let this = ctx.now().local_date().year();
        let first = book.editions().iter().map(|e| e.contract.term_start.year()).min().unwrap_or(this);
        let years = (first..=this.saturating_add(1)).map(|year| calendar_year(&book, year)).collect();
        ctx.platform().audit(ctx, AuditEntry::new("service_calendar_read")).await?;
        Ok(CalendarView { version: book.calendar_version(), years })
    }

    /// Takes over the notice of a year. Clocks that waited for it, or that it moves, are replayed.
    pub(crate) async fn import_calendar(&self, ctx: &Ctx, input: &CalendarImport) -> Result<CalendarView> {
        // A calendar is one for all contracts: who keeps the first of them keeps it.
        let book = Book::load(&ctx.platform().db().read()).await?;
        let path = match book.editions().first() {
            Some(edition) => edition.organisation_path.clone(),
            None => own_region(ctx, CONTRACT_EDIT).await?,
        };
        ctx.authorize(CONTRACT_EDIT, &access::resource("service_calendar", None, &path)?).await?;
        let wrong = |code: &'static str, detail: String| Error::field("text", code, detail);
        if input.text.len() > LONGEST_DEFINITION {
            return Err(wrong("too_long", format!("at most {LONGEST_DEFINITION} bytes")));
        }
        let year = if input.text.trim_start().starts_with('{') {
            import_holiday_cn(&input.text).map_err(|e| wrong("calendar_definition_invalid", e.to_string()))?
        } else {
            Year::from_toml(&input.text).map_err(|e| wrong(e.code(), e.to_string()))?
        };
        // What is stored must be readable together with what is there.
        book.calendar.with_year(&year).map_err(|e| wrong(e.code(), e.to_string()))?;
        let mut tx = ctx.platform().begin().await?;
        execute(
            &tx.exec(),
            "INSERT INTO service_desk_calendar_year (id, year, definition, imported_by_name, imported_at) VALUES ($1, $2, $3, $4, $5)",
            vec![
                ctx.platform().new_uuid().into(),
                i32::from(year.year).into(),
                year.to_toml().into(),
                ctx.principal().display_name.clone().into(),
                ctx.now().micros().into(),
            ],
        )
        .await?;
        let entry = AuditEntry::new("service_calendar_imported").organisation(&path);
        tx.audit(ctx, entry.detail(json!({"year": year.year})));
        tx.commit().await?;
        self.replay(ctx, &format!("calendar {}", year.year)).await?;
        self.calendar(ctx).await
    }

    pub(crate) async fn hours(&self, ctx: &Ctx) -> Result<Vec<HoursView>> {
        let scope = ctx.scope(access::ROSTER_READ).await?;
        let mut values = Vec::new();
        let condition = scope.sql("organisation_path", &mut values);
        let sql = format!(
            "SELECT organisation_id, valid_from, definition, made_by_name FROM service_desk_hours WHERE {condition} \
             ORDER BY organisation_path, valid_from DESC, made_at DESC"
        );
        let rows: Vec<HoursRow> = query_all(&ctx.platform().db().read(), &sql, values).await?;
        let ids: Vec<OrganisationId> = rows.iter().map(|row| row.organisation_id.into()).collect();
        let names = self.organisation_names(&ids).await?;
        let view = |row: HoursRow| {
            Ok(HoursView {
                organisation_name: names.get(&row.organisation_id).cloned().unwrap_or_default(),
                organisation_id: row.organisation_id.into(),
                valid_from: row.valid_from,
                hours: serde_json::from_str(&row.definition).map_err(Error::internal)?,
                made_by_name: row.made_by_name,
            })
        };
        let views = rows.into_iter().map(view).collect::<Result<Vec<_>>>()?;
        let entry = AuditEntry::new("service_hours_listed").detail(json!({"count": views.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(views)
    }
}

/// Sets the hours of an institution from a day on. Clocks that they move are replayed.
pub async fn set_hours(desk: &ServiceDesk, ctx: &Ctx, input: &HoursInput) -> Result<()> {
    let place = desk.organisation(input.organisation_id).await?;
    ctx.authorize(access::TICKET_CONFIRM, &access::resource("service_hours", None, &place.path)?).await?;
    input.hours.read()?;
    let from = parse_date("valid_from", &input.valid_from)?;
    let mut tx = ctx.platform().begin().await?;
    execute(
        &tx.exec(),
        "INSERT INTO service_desk_hours (id, organisation_id, organisation_path, valid_from, definition, made_by_name, made_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vec![
            ctx.platform().new_uuid().into(),
            place.id.uuid().into(),
            place.path.clone().into(),
            from.to_string().into(),
            serde_json::to_string::<HoursDefinition>(&input.hours).map_err(Error::internal)?.into(),
            ctx.principal().display_name.clone().into(),
            ctx.now().micros().into(),
        ],
    )
    .await?;
    tx.audit(
        ctx,
        AuditEntry::new("service_hours_set").on("organisation", place.id.uuid()).organisation(&place.path),
    );
    tx.commit().await?;
    desk.replay(ctx, &format!("hours of {}", place.name)).await
}

/// The widest place over which the caller may do this: where things of the whole contract are put.
pub async fn own_region(ctx: &Ctx, action: platform::Action) -> Result<String> {
    ctx.scope(action).await?;
    let mut paths: Vec<&OrgPath> = ctx.principal().roles.iter().map(|grant| &grant.scope).collect();
    paths.sort_by_key(|path| path.as_str().len());
    for path in paths {
        if access::may(ctx, action, path.as_str())? {
            return Ok(path.as_str().to_owned());
        }
    }
    ctx.principal().organisation_path().map(ToOwned::to_owned).ok_or_else(|| Error::not_found("organisation"))
}

/// Regions of the contracts that the caller's place is served by or that lie in the scope of `action`: what is published there
/// is for an institution below too.
pub(crate) async fn serving(ctx: &Ctx, action: platform::Action) -> Result<Vec<OrgPath>> {
    let scope = ctx.scope(action).await?;
    let book = Book::load(&ctx.platform().db().read()).await?;
    let own = ctx.principal().organisation_path().unwrap_or_default();
    let serves = |region: &str| scope.contains(region) || own.starts_with(region);
    book.editions()
        .iter()
        .filter(|edition| serves(&edition.organisation_path))
        .map(|edition| OrgPath::new(edition.organisation_path.clone()))
        .collect()
}

async fn view(ctx: &Ctx, book: &Book, row: &ContractRow) -> Result<ContractView> {
    let edition = book.latest(row.id.into())?;
    let contract = &edition.contract;
    let today = ctx.now().local_date();
    let state = if today < contract.term_start {
        "coming"
    } else if edition.covers(today) {
        "in_force"
    } else {
        "ended"
    };
    let vat = payments::vat(contract.total, contract.vat_rate).map_err(|e| terms_error(&e))?.value;
    let mut allowed = Vec::new();
    if access::may(ctx, CONTRACT_EDIT, &row.organisation_path)? {
        allowed.extend(["amend".to_owned(), "renew".to_owned()]);
    }
    Ok(ContractView {
        id: row.id.into(),
        code: contract.code.clone(),
        name: contract.name.clone(),
        version: edition.version,
        valid_from: edition.valid_from.to_string(),
        state: state.to_owned(),
        renews: row.renews.map(Into::into),
        total_cents: contract.total.cents(),
        net_cents: vat.net.cents(),
        vat_cents: vat.vat.cents(),
        versions: versions(&ctx.platform().db().read(), row.id).await?,
        payments: instalments(book, edition),
        dates: dated_duties(edition, today)?,
        contract: serde_json::to_value(contract).map_err(Error::internal)?,
        allowed_actions: allowed,
    })
}

async fn versions(exec: &Exec<'_>, id: Uuid) -> Result<Vec<VersionView>> {
    let sql = "SELECT version, valid_from, body, note, made_by_name, made_at FROM service_desk_contract_version \
               WHERE contract_id = $1 ORDER BY version";
    let rows: Vec<VersionRow> = query_all(exec, sql, vec![id.into()]).await?;
    let mut before = Value::Null;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let body: Value = serde_json::from_str(&row.body).map_err(Error::internal)?;
        let mut changes = Vec::new();
        if !before.is_null() {
            differences("", &before, &body, &mut changes);
        }
        before = body;
        views.push(VersionView {
            version: row.version,
            valid_from: row.valid_from,
            note: row.note,
            made_by_name: row.made_by_name,
            made_at: Timestamp::from_micros(row.made_at),
            changes,
        });
    }
    views.reverse();
    Ok(views)
}

fn differences(path: &str, before: &Value, after: &Value, found: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let inner = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                let side =
                    |map: &serde_json::Map<String, Value>| map.get(key).cloned().unwrap_or(Value::Null);
                differences(&inner, &side(a), &side(b), found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (n, (x, y)) in a.iter().zip(b).enumerate() {
                differences(&format!("{path}[{}]", n + 1), x, y, found);
            }
        }
        _ if before == after => {}
        _ => found.push(format!("{path}: {before} → {after}")),
    }
}

fn instalments(book: &Book, edition: &Edition) -> Vec<InstalmentView> {
    let contract = &edition.contract;
    let due = |p: &service_terms::Payment| {
        let event = if p.after == "signed" { contract.signed } else { contract.term_end };
        payments::payment_due(contract, &book.calendar, event, p.share, p.days)
    };
    contract
        .payments
        .iter()
        .enumerate()
        .map(|(n, payment)| match due(payment) {
            Ok(found) => InstalmentView {
                number: n + 1,
                amount_cents: found.value.amount.cents(),
                due: Some(found.value.due.to_string()),
                blocked: None,
                derivation: Some(found.derivation.into()),
            },
            Err(error) => InstalmentView {
                number: n + 1,
                amount_cents: contract.total.times(payment.share).map_or(0, service_terms::Cents::cents),
                due: None,
                blocked: Some(error.code().to_owned()),
                derivation: None,
            },
        })
        .collect()
}

/// What a contract wants on a day, earliest first.
pub fn dated_duties(edition: &Edition, today: Date) -> Result<Vec<DatedDuty>> {
    let contract = &edition.contract;
    let mut found = Vec::new();
    let mut push = |code: &str, clause: &str, date: Date| {
        found.push(DatedDuty {
            code: code.to_owned(),
            clause: clause.to_owned(),
            date: date.to_string(),
            days_left: counting::days_between(today, date),
        });
    };
    let reminder = dates::renewal_reminder(contract, contract.term_end).map_err(|e| terms_error(&e))?.value;
    for date in reminder.warn_on {
        push("renewal_warning", "6.2(7)", date);
    }
    push("renewal_reminder", "6.2(7)", reminder.latest);
    push("renewal_talks", "12.5", reminder.talks_from);
    let report = dates::security_report_date(contract).map_err(|e| terms_error(&e))?.value;
    push("security_report", "附件3 二.11", report);
    push("term_end", "二", contract.term_end);
    let closing = dates::closing(contract.term_end).map_err(|e| terms_error(&e))?.value;
    push("return_originals", "9.3", closing.return_by);
    push("confidential_until", "9.6", closing.confidential_until);
    push("no_poaching_until", "6.1(9)", closing.no_poaching_until);
    found.sort_by(|a, b| a.date.cmp(&b.date));
    Ok(found)
}

fn calendar_year(book: &Book, year: i16) -> CalendarYearView {
    let (mut off_days, mut adjusted) = (Vec::new(), Vec::new());
    let known = book.calendar.knows(year);
    if let (true, Ok(mut day)) = (known, Date::new(year, 1, 1)) {
        while day.year() == year {
            let name = book.calendar.holiday_name(day).map(ToOwned::to_owned);
            let entry = CalendarDay { date: day.to_string(), name };
            match book.calendar.kind(day) {
                Ok(DayKind::AdjustedWorking) => adjusted.push(entry),
                Ok(kind) if kind.is_off() => off_days.push(entry),
                _ => {}
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
    }
    CalendarYearView { year, known, off_days, adjusted_working_days: adjusted }
}
