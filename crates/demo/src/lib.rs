//! The demo county: a deterministic synthetic region, so that a newcomer sees a living program without any outside file.
//!
//! Real are the names of towns and villages; every person, number and ECG is made up. The month before "now" is played
//! through the same use cases that people use, by accounts of the right role, on a clock that is moved by hand: what the
//! program refuses to people, the demo county cannot have. Start reading at [`load`].
//!
//! Invariants: the same seed, instant and program give the same county. Demo accounts exist only in a database that is
//! marked as demo ([`find_mark`]). Nothing here writes SQL.
//!
//! Deliberately absent: real recordings and anything that would need a file from outside.

mod cases;
mod corrections;
mod dice;
mod divisions;
mod duties;
mod inspections;
mod knowledge;
mod letters;
mod organisations;
mod plan;
mod play;
mod residents;
mod roster;
pub mod service;
mod staff;
pub mod wfdb;
pub mod year;

pub use divisions::{Division, DivisionKind, divisions};
pub use staff::{DemoAccount, PASSWORD};

use dice::Dice;
use ecg::Ecg;
use kernel::{Error, PatientId, Result, Timestamp};
use organisations::County;
use patients::PatientInput;
use platform::{Ctx, Exec, Platform};
use ports::identity::Directory;
use ports::patients::{IdentifierKind, Sex};
use serde::{Deserialize, Serialize};
use service_desk::ServiceDesk;
use service_desk::contracts::wire::{ContractInput, Renewal};
use service_desk::settlement::wire::{PaymentInput, SettlementQuery};
use staff::Team;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// What the county is built with. The platform runs on a manual clock and on seeded randomness, its modules registered.
pub struct DemoParts {
    pub platform: Platform,
    pub directory: Arc<dyn Directory>,
    pub ecg: Arc<Ecg>,
    pub service_desk: Arc<ServiceDesk>,
    /// When the newcomer arrives: the month before is played, and the clock stands here at the end.
    pub now: Timestamp,
    pub size: Size,
}

impl std::fmt::Debug for DemoParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DemoParts").field("now", &self.now).field("size", &self.size).finish_non_exhaustive()
    }
}

/// How much happens in the month.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    pub residents: u32,
    pub exams: u32,
    /// Calls at the service desk in the month.
    pub tickets: u32,
}

impl Default for Size {
    fn default() -> Self {
        Self { residents: 120, exams: 150, tickets: 70 }
    }
}

/// The seed that the demo platform's randomness should have; people and events have their own.
pub const SEED: u64 = 320_481;

/// The name of the setting that marks a database as demo.
const MARK: &str = "demo";

/// What a demo database says of itself, for the sign-in page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoMark {
    pub loaded_at: Timestamp,
    pub accounts: Vec<DemoAccount>,
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Summary {
    pub organisations: usize,
    pub staff: usize,
    pub patients: usize,
    pub exams: usize,
    pub accounts: Vec<DemoAccount>,
}

/// The mark of a demo database; absent in any other.
pub async fn find_mark(exec: &Exec<'_>) -> Result<Option<DemoMark>> {
    platform::settings::find(exec, MARK).await
}

/// True when nobody has set anything up yet, so that the county may be loaded.
pub async fn is_empty(platform: &Platform) -> Result<bool> {
    let ctx = Ctx::system(platform, "demo");
    Ok(identity::find_organisation_by_code(&ctx, "320481").await?.is_none()
        && find_mark(&platform.db().read()).await?.is_none())
}

/// Fills an empty database. Refused when there is anything in it.
///
/// The mark is written first: should the process die half way, the database is known as demo, and incomplete.
pub async fn load(parts: DemoParts) -> Result<Summary> {
    if !is_empty(&parts.platform).await? {
        return Err(Error::conflict(
            "database_not_empty",
            "the demo county is only loaded into an empty database",
        ));
    }
    let start = parts.now.minus(Duration::from_secs(u64::from(plan::DAYS + 1) * 86_400));
    parts.platform.clock().set(start);
    let ctx = Ctx::system(&parts.platform, "demo");
    mark(&parts.platform, parts.now, &[]).await?;

    let mut dice = Dice::new(SEED);
    let county = organisations::build(&ctx).await?;
    let team = staff::hire(&ctx, &county, &mut dice).await?;
    let script = plan::script(&mut dice, parts.now, parts.size.residents, parts.size.exams);
    let mut stage = play::Stage::new(&parts, &county, &team, &script);
    for (index, (_, technician)) in script.residents.iter().enumerate() {
        parts.platform.clock().advance(Duration::from_secs(97));
        stage.patient(technician, index).await?;
    }
    let special = special_people(&parts, &team, &mut dice).await?;
    platform::jobs::run_due(&parts.platform).await?;
    let exams = stage.play().await?;

    service_month(&parts, &county, &team).await?;

    let mut accounts = team.accounts.clone();
    for (index, login) in plan::APP_USERS {
        let Some((person, technician)) = script.residents.get(index) else { continue };
        let id = stage.patient(technician, index).await?;
        open_app_account(&ctx, &county, id, &person.name, login).await?;
        let title = format!("居民 · {}（{}岁）", person.name, person.age_years(parts.now.local_date()));
        accounts.push(DemoAccount::new(login, title, "Resident (phone)".into(), "resident"));
    }
    parts.platform.clock().set(parts.now);
    platform::jobs::run_due(&parts.platform).await?;
    mark(&parts.platform, parts.now, &accounts).await?;
    let clinics: usize = county.towns.iter().map(|town| town.clinics.len()).sum();
    Ok(Summary {
        organisations: 6 + county.towns.len() + clinics,
        staff: team.staff_count,
        patients: script.residents.len() + special,
        exams,
        accounts,
    })
}

/// The service contract of the county with its renewals, and the desk's month.
async fn service_month(parts: &DemoParts, county: &County, team: &Team) -> Result<()> {
    let platform = &parts.platform;
    let today = parts.now.local_date();
    let finance = team.ctx(platform, "finance")?;
    let bureau = team.ctx(platform, "bureau.info")?;
    let definition = include_str!("../../../definitions/contracts/liyang-2024.toml").to_owned();
    let mut contract = service_terms::Contract::from_toml(&definition).map_err(Error::internal)?;
    platform.clock().set(service_desk::book::instant(contract.signed.at(9, 0, 0, 0)));
    let input = ContractInput { definition, note: "合同签订".to_owned(), renews: None };
    let mut id = service_desk::contracts::enter(&bureau, &county.region.path, &input).await?;
    let mut contracts = vec![id];
    let term = |id, contract: &service_terms::Contract| duties::Term {
        id,
        start: contract.term_start,
        end: contract.term_end,
    };
    let mut before = None;
    // Party A paid on the last day of each instalment; whatever is due later than today is open.
    loop {
        for number in [1, 2] {
            let view = parts.service_desk.settlement(&finance, id, &SettlementQuery::default()).await?;
            let Some(instalment) = view.instalments.iter().find(|i| i.number == number) else { continue };
            let due = instalment.due.as_ref().and_then(|due| due.parse::<jiff::civil::Date>().ok());
            let Some(due) = due.filter(|due| *due < today) else { continue };
            let input = PaymentInput {
                instalment: number,
                paid_on: due.to_string(),
                amount_cents: instalment.open_cents,
                note: Some("银行转账".to_owned()),
            };
            platform.clock().set(service_desk::book::instant(due.at(15, 0, 0, 0)));
            parts.service_desk.record_payment(&finance, id, &input).await?;
        }
        if contract.term_end >= today {
            break;
        }
        let start = contract.term_end.tomorrow().map_err(Error::internal)?;
        let end = start.saturating_add(jiff::Span::new().years(1)).yesterday().map_err(Error::internal)?;
        let renewal = Renewal {
            code: format!("liyang-{}", start.year()),
            signed: contract.term_end.to_string(),
            term_start: start.to_string(),
            term_end: end.to_string(),
            note: "续签一年".to_owned(),
        };
        platform.clock().set(service_desk::book::instant(contract.term_end.at(10, 0, 0, 0)));
        before = Some(term(id, &contract));
        id = service_desk::contracts::renew(&bureau, id, &renewal).await?;
        contracts.push(id);
        (contract.term_start, contract.term_end, contract.signed) = (start, end, contract.term_end);
    }
    let mut cast = service::Cast {
        bureau,
        lead: team.ctx(platform, "svc.lead")?,
        engineers: vec![team.ctx(platform, "svc.engineer")?, team.ctx(platform, "svc.engineer2")?],
        duty: team.ctx(platform, "svc.duty")?,
        places: county
            .towns
            .iter()
            .map(|town| town.centre.id)
            .chain([county.hospital.id, county.tcm_hospital.id])
            .collect(),
        articles: HashMap::new(),
    };
    duty(parts, team).await?;
    let mut dice = Dice::new(SEED + 11);
    for contract in contracts {
        inspections::play(&parts.service_desk, &cast, contract, parts.now, &mut dice).await?;
    }
    corrections::play(&parts.service_desk, &cast, parts.now).await?;
    duties::play(&parts.service_desk, &cast, term(id, &contract), before, parts.now).await?;
    let from = parts.now.minus(Duration::from_secs(u64::from(plan::DAYS) * 86_400));
    cast.articles = knowledge::play(&parts.service_desk, &cast, from).await?;
    let mut dice = Dice::new(SEED + 10);
    let scale = service::Scale { tickets: parts.size.tickets, incidents: 4, requirements: 6, recent: 8 };
    let script = service::plan(&mut dice, from, parts.now, scale, cast.places.len(), cast.engineers.len());
    service::play(&parts.service_desk, &cast, &script).await?;
    let this = parts.now.local_date().first_of_month();
    for first in [this.saturating_sub(jiff::Span::new().months(1)), this] {
        roster::presence(&parts.service_desk, &cast, first, parts.now).await?;
    }
    let known = team.ctx(platform, "it.hospital")?.account_id()?;
    let box_of = service_desk::intake::letters(platform, &parts.service_desk);
    letters::play(platform, &*box_of, known, parts.now).await?;
    // Whoever was told more than a day ago has read it: the newcomer finds what is new.
    let yesterday = parts.now.minus(Duration::from_secs(86_400));
    service_desk::notices::read_before(&cast.bureau, yesterday).await
}

/// The provider's team, and the duty of last month and this one.
async fn duty(parts: &DemoParts, team: &Team) -> Result<()> {
    let (desk, platform) = (&parts.service_desk, &parts.platform);
    let lead = team.ctx(platform, "svc.lead")?;
    let people = [
        team.ctx(platform, "svc.engineer")?,
        team.ctx(platform, "svc.engineer2")?,
        team.ctx(platform, "svc.duty")?,
    ];
    roster::team(desk, &lead, &people.each_ref()).await?;
    let this = parts.now.local_date().first_of_month();
    for back in [1, 0] {
        roster::publish(desk, &lead, this.saturating_sub(jiff::Span::new().months(back))).await?;
    }
    Ok(())
}

async fn mark(platform: &Platform, loaded_at: Timestamp, accounts: &[DemoAccount]) -> Result<()> {
    let tx = platform.begin().await?;
    platform::settings::save(&tx, MARK, &DemoMark { loaded_at, accounts: accounts.to_vec() }).await?;
    tx.commit().await
}

async fn open_app_account(
    ctx: &Ctx,
    county: &County,
    patient: PatientId,
    name: &str,
    login: &str,
) -> Result<()> {
    let account = identity::create_resident_account(ctx, patient, name, login, PASSWORD).await?;
    let role = identity::RoleRequest {
        role: "resident".into(),
        scope_organisation_id: county.region.id,
        expires_at: None,
    };
    identity::set_roles(ctx, account, &[role]).await
}

/// People that a registration desk must know how to handle: pairs that may be one person, newborns, an unknown person.
/// Returns how many records.
async fn special_people(parts: &DemoParts, team: &Team, dice: &mut Dice) -> Result<usize> {
    let today = parts.now.local_date();
    let desk = team.ctx(&parts.platform, "tech.tianmuhu")?;
    let hospital = team.ctx(&parts.platform, "tech.hospital")?;
    let mut count = 0;
    // The same person once with the card and once without, or with a slip of the pen.
    for (ctx, age, slip) in
        [(&desk, 71, false), (&desk, 58, true), (&hospital, 64, false), (&hospital, 49, true)]
    {
        let person = residents::Resident::draw(dice, age, today);
        let first = play::as_input(&person);
        let second = PatientInput {
            identifier_kind: IdentifierKind::None,
            identifier_number: None,
            phone: if slip { None } else { person.phone.clone() },
            ..first.clone()
        };
        for input in [first, second] {
            patients::register(ctx, &*parts.directory, &input).await?;
            count += 1;
        }
    }
    let mut mother = residents::Resident::draw(dice, 29, today);
    mother.sex = Sex::Female;
    mother.name = residents::plausible_name(dice, Sex::Female);
    mother.id_card = Some(residents::id_card(dice, mother.birth_date, Sex::Female));
    let mother_id = patients::register(&hospital, &*parts.directory, &play::as_input(&mother)).await?.id();
    let born = parts.platform.now().local_date();
    for (order, sex) in [(1, Sex::Male), (2, Sex::Female)] {
        let twin = PatientInput {
            name: String::new(),
            sex,
            birth_date: Some(born.to_string()),
            identifier_kind: IdentifierKind::None,
            identifier_number: None,
            phone: mother.phone.clone(),
            newborn_of_patient_id: Some(mother_id),
            birth_order: Some(order),
            ..play::as_input(&mother)
        };
        patients::register(&hospital, &*parts.directory, &twin).await?;
    }
    let unknown = PatientInput {
        name: String::new(),
        sex: Sex::Male,
        birth_date: None,
        identifier_kind: IdentifierKind::None,
        identifier_number: None,
        phone: None,
        ethnicity: None,
        note: Some("急诊送入，意识不清，约六十岁".into()),
        unidentified: true,
        ..play::as_input(&mother)
    };
    patients::register(&hospital, &*parts.directory, &unknown).await?;
    Ok(count + 4)
}

fn internal(text: &str) -> Error {
    Error::internal(text)
}
