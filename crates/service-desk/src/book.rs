//! The contracts in force, the calendar and the opening hours, read together: what every clock and amount is computed with.

use cn_calendar::{Calendar, Hours, WorkingTime, Year};
use jiff::civil::Date;
use kernel::{Error, OrganisationId, Result, ServiceContractId, Timestamp};
use platform::db::{Exec, query_all};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use service_terms::{Contract, TermsError};
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// One version of a contract, as it applies from a day on.
#[derive(Clone, Debug)]
pub struct Edition {
    pub contract_id: ServiceContractId,
    pub version: i32,
    pub valid_from: Date,
    /// Where the contract lies in the tree of organisations: its region.
    pub organisation_path: String,
    pub contract: Contract,
    hours: Hours,
}

/// Opening hours as they are entered.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
#[schema(as = ServiceHours)]
pub struct HoursDefinition {
    /// Parts of a working day, such as `08:00-11:30`.
    pub usual: Vec<String>,
    #[serde(default)]
    pub seasons: Vec<SeasonDefinition>,
}

/// Hours of a part of the year, both days included.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
#[schema(as = ServiceSeason)]
pub struct SeasonDefinition {
    /// `06-01`
    pub from: String,
    /// `09-30`
    pub to: String,
    pub hours: Vec<String>,
}

impl HoursDefinition {
    /// Reads the hours, refusing them with the field that is wrong.
    pub fn read(&self) -> Result<Hours> {
        let wrong = |field: &str, error: cn_calendar::HoursError| {
            Error::field(field, error.code(), error.to_string())
        };
        let mut hours = Hours::parse(&self.usual).map_err(|e| wrong("usual", e))?;
        for season in &self.seasons {
            let (from, to) = (day_of_year("from", &season.from)?, day_of_year("to", &season.to)?);
            hours = hours.with_season(from, to, &season.hours).map_err(|e| wrong("hours", e))?;
        }
        Ok(hours)
    }
}

fn day_of_year(field: &str, text: &str) -> Result<(i8, i8)> {
    // A leap year knows every day that some year has.
    let date = kernel::parse_date(field, &format!("2024-{text}"))?;
    Ok((date.month(), date.day()))
}

/// Everything that computing needs.
#[derive(Clone, Debug)]
pub struct Book {
    pub calendar: Calendar,
    /// By contract, then by version.
    editions: Vec<Edition>,
    hours: HashMap<Uuid, Vec<(Date, Hours)>>,
}

#[derive(FromQueryResult)]
struct EditionRow {
    contract_id: Uuid,
    organisation_path: String,
    version: i32,
    valid_from: String,
    body: String,
}

#[derive(FromQueryResult)]
struct YearRow {
    definition: String,
}

#[derive(FromQueryResult)]
struct HoursRow {
    organisation_id: Uuid,
    valid_from: String,
    definition: String,
}

/// A failure of a clause as the error vocabulary has it. An unknown calendar year blocks: it is never guessed.
pub fn terms_error(error: &TermsError) -> Error {
    Error::invalid(error.code(), error.to_string())
}

/// The same for the calendar alone.
pub fn calendar_error(error: &cn_calendar::CalendarError) -> Error {
    Error::invalid(error.code(), error.to_string())
}

impl Edition {
    /// Reads a contract body as it is stored.
    pub fn new(
        contract_id: ServiceContractId,
        version: i32,
        valid_from: Date,
        path: String,
        contract: Contract,
    ) -> Result<Self> {
        let hours = Hours::parse(&contract.working_hours)
            .map_err(|e| Error::field("working_hours", e.code(), e.to_string()))?;
        Ok(Self { contract_id, version, valid_from, organisation_path: path, contract, hours })
    }

    /// When work begins on a day, should it be a working day.
    pub fn opens(&self, day: Date) -> jiff::civil::Time {
        self.hours.on(day).first().map_or(jiff::civil::Time::midnight(), |part| part.start)
    }

    /// Whether a day lies in the term, both ends included.
    pub fn covers(&self, day: Date) -> bool {
        self.contract.term_start <= day && day <= self.contract.term_end
    }
}

impl Book {
    /// Reads contracts, later calendar years and hours.
    pub async fn load(exec: &Exec<'_>) -> Result<Self> {
        let mut calendar = Calendar::builtin().map_err(Error::internal)?;
        let sql = "SELECT definition FROM service_desk_calendar_year ORDER BY imported_at, id";
        let years: Vec<YearRow> = query_all(exec, sql, vec![]).await?;
        for row in years {
            let year = Year::from_toml(&row.definition).map_err(Error::internal)?;
            calendar = calendar.with_year(&year).map_err(Error::internal)?;
        }
        let sql = "SELECT v.contract_id, c.organisation_path, v.version, v.valid_from, v.body \
                   FROM service_desk_contract_version v JOIN service_desk_contract c ON c.id = v.contract_id \
                   ORDER BY c.created_at, c.id, v.version";
        let rows: Vec<EditionRow> = query_all(exec, sql, vec![]).await?;
        let mut editions = Vec::with_capacity(rows.len());
        for row in rows {
            let contract: Contract = serde_json::from_str(&row.body).map_err(Error::internal)?;
            let from = row.valid_from.parse().map_err(Error::internal)?;
            editions.push(Edition::new(
                row.contract_id.into(),
                row.version,
                from,
                row.organisation_path,
                contract,
            )?);
        }
        let sql = "SELECT organisation_id, valid_from, definition FROM service_desk_hours ORDER BY valid_from, made_at, id";
        let rows: Vec<HoursRow> = query_all(exec, sql, vec![]).await?;
        let mut hours: HashMap<Uuid, Vec<(Date, Hours)>> = HashMap::new();
        for row in rows {
            let definition: HoursDefinition =
                serde_json::from_str(&row.definition).map_err(Error::internal)?;
            let from = row.valid_from.parse().map_err(Error::internal)?;
            hours.entry(row.organisation_id).or_default().push((from, definition.read()?));
        }
        Ok(Self { calendar, editions, hours })
    }

    /// The calendar's version, as results name it.
    pub fn calendar_version(&self) -> String {
        self.calendar.version()
    }

    /// Every version of every contract, oldest contract first.
    pub fn editions(&self) -> &[Edition] {
        &self.editions
    }

    /// The version of a contract that applies on the day of `at`: the latest whose first day has come, else the first.
    pub fn of(&self, contract: ServiceContractId, at: Timestamp) -> Result<&Edition> {
        let day = at.local_date();
        let mut versions = self.editions.iter().filter(|e| e.contract_id == contract);
        let first = versions.clone().next().ok_or_else(|| Error::not_found("contract"))?;
        Ok(versions.rfind(|e| e.valid_from <= day).unwrap_or(first))
    }

    /// One version of a contract.
    pub fn version(&self, contract: ServiceContractId, version: i32) -> Result<&Edition> {
        let found = self.editions.iter().find(|e| e.contract_id == contract && e.version == version);
        found.ok_or_else(|| Error::not_found("contract"))
    }

    /// The latest version of a contract.
    pub fn latest(&self, contract: ServiceContractId) -> Result<&Edition> {
        let found = self.editions.iter().rfind(|e| e.contract_id == contract);
        found.ok_or_else(|| Error::not_found("contract"))
    }

    /// The contract under which something that happens at `at` in an organisation falls, of those that lie at it or above it: the
    /// one whose term covers the day, else the one that ended last before it (service goes on while a renewal is being
    /// signed), else the first to begin.
    pub fn in_force(&self, organisation_path: &str, at: Timestamp) -> Result<&Edition> {
        let day = at.local_date();
        let concerns = |e: &&Edition| organisation_path.starts_with(&e.organisation_path);
        let mut ids: Vec<ServiceContractId> =
            self.editions.iter().filter(concerns).map(|e| e.contract_id).collect();
        ids.dedup();
        let mut editions = ids.iter().map(|id| self.of(*id, at)).collect::<Result<Vec<_>>>()?;
        editions.sort_by_key(|e| e.contract.term_start);
        editions
            .iter()
            .rfind(|e| e.covers(day))
            .or_else(|| editions.iter().rfind(|e| e.contract.term_end < day))
            .or(editions.first())
            .copied()
            .ok_or_else(|| Error::conflict("no_contract", "no service contract has been entered yet"))
    }

    /// Working time at an institution on the day of `at`: its own hours, else those of the contract.
    pub fn working_time<'a>(
        &'a self,
        edition: &'a Edition,
        organisation: OrganisationId,
        at: Timestamp,
    ) -> WorkingTime<'a> {
        let day = at.local_date();
        let own = self
            .hours
            .get(&organisation.uuid())
            .and_then(|all| all.iter().rfind(|(from, _)| *from <= day))
            .map(|(_, hours)| hours);
        WorkingTime { calendar: &self.calendar, hours: own.unwrap_or(&edition.hours) }
    }
}

/// A wall-clock time of the region as an instant.
pub fn instant(local: jiff::civil::DateTime) -> Timestamp {
    let midnight = Timestamp::start_of_local_date(local.date());
    let since = local.time().duration_since(jiff::civil::Time::midnight());
    midnight.plus(std::time::Duration::try_from(since).unwrap_or_default())
}
