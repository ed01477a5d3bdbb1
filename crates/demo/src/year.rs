//! A year of the service contract, simulated: many calls, outages and requirements, settled and checked against an independent
//! recomputation of what they cost.

use crate::dice::Dice;
use crate::inspections;
use crate::roster;
use crate::service::{Cast, Played, Scale, plan, play};
use identity::{NewOrganisation, NewStaff, RoleRequest};
use kernel::{AccountId, Error, OrganisationId, Result, Timestamp};
use platform::{Ctx, OrgPath, Platform, Principal, PrincipalKind, RoleGrant};
use ports::identity::OrganisationKind;
use ports::patients::Sex;
use service_desk::ServiceDesk;
use service_desk::contracts::wire::ContractInput;
use service_desk::settlement::wire::SettlementQuery;
use std::time::{Duration, Instant};

/// The contract that the year is played under.
const CONTRACT: &str = include_str!("../../../definitions/contracts/liyang-2024.toml");
/// Institutions that call.
const PLACES: u32 = 20;

/// What came out.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub played: Played,
    /// Inspections that both parties have signed.
    pub inspections: usize,
    /// Months whose duty was published.
    pub rosters: usize,
    /// What went wrong with people on site or on duty.
    pub lapses: usize,
    /// How long the account of the year took.
    pub settled_in: Duration,
    pub penalties: usize,
    /// All fines of the account, cents.
    pub ledger_cents: i64,
    /// The same by other arithmetic, before anything was played.
    pub expected_cents: i64,
    /// Every amount is the sum of its lines.
    pub lines_agree: bool,
}

impl Outcome {
    /// Whether the ledger is right.
    pub fn is_right(&self) -> bool {
        self.lines_agree && self.ledger_cents == self.expected_cents
    }
}

struct People {
    ctx: Ctx,
    region: OrganisationId,
    path: OrgPath,
}

impl People {
    async fn hire(&self, place: OrganisationId, login: &str, role: &str) -> Result<Ctx> {
        let new = NewStaff {
            name: login.to_owned(),
            sex: Sex::Unknown,
            title: None,
            licence_number: None,
            phone: None,
            organisation_id: place,
            department_id: None,
        };
        let staff = identity::create_staff(&self.ctx, new).await?;
        let account = identity::create_account(&self.ctx, staff, login, crate::PASSWORD).await?;
        let request =
            RoleRequest { role: role.to_owned(), scope_organisation_id: self.region, expires_at: None };
        identity::set_roles(&self.ctx, account, &[request]).await?;
        Ok(self.as_principal(account, login, role, place))
    }

    fn as_principal(&self, account: AccountId, login: &str, role: &str, place: OrganisationId) -> Ctx {
        let principal = Principal {
            kind: PrincipalKind::Staff,
            account_id: Some(account),
            staff_id: None,
            patient_id: None,
            session_id: None,
            display_name: login.to_owned(),
            organisation_id: Some(place),
            organisation_path: Some(self.path.clone()),
            roles: vec![RoleGrant { role: role.to_owned(), scope: self.path.clone() }],
            restricted: false,
        };
        Ctx::for_principal(self.ctx.platform(), principal, "demo year")
    }
}

fn place(
    parent: Option<OrganisationId>,
    kind: OrganisationKind,
    code: String,
    name: String,
) -> NewOrganisation {
    NewOrganisation {
        parent_id: parent,
        kind,
        code,
        name,
        short_name: None,
        address: None,
        phone: None,
        longitude: None,
        latitude: None,
    }
}

/// Simulates the term of the contract on an empty database. The platform runs on a manual clock, its modules registered.
pub async fn simulate(platform: &Platform, desk: &ServiceDesk, seed: u64, scale: Scale) -> Result<Outcome> {
    let contract = service_terms::Contract::from_toml(CONTRACT).map_err(Error::internal)?;
    let from = Timestamp::start_of_local_date(contract.term_start);
    platform.clock().set(from);
    let ctx = Ctx::system(platform, "demo year");
    let region = place(None, OrganisationKind::Region, "320481".into(), "溧阳市".into());
    let region = identity::create_organisation(&ctx, region).await?;
    let found = identity::find_organisation_by_code(&ctx, "320481").await?;
    let (_, path) = found.ok_or_else(|| Error::internal("an organisation vanished"))?;
    let path = OrgPath::new(path)?;
    let mut places = Vec::new();
    for n in 0..PLACES {
        let new = place(
            Some(region),
            OrganisationKind::TownHealthCentre,
            format!("320481{n:03}"),
            format!("第{}卫生院", n + 1),
        );
        places.push(identity::create_organisation(&ctx, new).await?);
    }
    let input = ContractInput { definition: CONTRACT.to_owned(), note: "合同签订".into(), renews: None };
    let contract_id = service_desk::contracts::enter(&ctx, &path, &input).await?;
    let people = People { ctx, region, path };
    let cast = Cast {
        bureau: people.hire(region, "bureau", "bureau_information").await?,
        lead: people.hire(region, "lead", "project_lead").await?,
        engineers: vec![
            people.hire(region, "engineer1", "site_engineer").await?,
            people.hire(region, "engineer2", "site_engineer").await?,
        ],
        duty: people.hire(region, "duty", "duty_engineer").await?,
        places,
        articles: std::collections::HashMap::new(),
    };
    let mut dice = Dice::new(seed);
    let until = Timestamp::start_of_local_date(contract.term_end).plus(Duration::from_secs(86_399));
    let script = plan(&mut dice, from, until, scale, cast.places.len(), cast.engineers.len());
    let people: Vec<&Ctx> = cast.engineers.iter().chain([&cast.duty]).collect();
    roster::team(desk, &cast.lead, &people).await?;
    let duty = roster::play(desk, &cast, (contract.term_start, contract.term_end), &mut dice).await?;
    let expected_cents = script.expected_cents() + duty.expected_cents;
    let inspections = inspections::play(desk, &cast, contract_id, until, &mut dice).await?;
    let played = play(desk, &cast, &script).await?;
    let started = Instant::now();
    let account = desk.settlement(&cast.bureau, contract_id, &SettlementQuery::default()).await?;
    let settled_in = started.elapsed();
    let sums = account.running;
    Ok(Outcome {
        played,
        inspections,
        rosters: duty.months,
        lapses: duty.lapses,
        settled_in,
        penalties: account.penalties.len(),
        ledger_cents: sums.proposed_cents + sums.confirmed_cents + sums.disputed_cents,
        expected_cents,
        lines_agree: account.ledger_agrees,
    })
}
