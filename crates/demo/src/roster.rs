//! The provider's team and its duty: months shared out and published before they are due, now and then a swap, and what went
//! wrong with somebody, with its fine.

use crate::dice::Dice;
use crate::internal;
use crate::service::Cast;
use jiff::civil::Date;
use kernel::{Error, Result, Timestamp};
use platform::Ctx;
use service_desk::ServiceDesk;
use service_desk::book::instant;
use service_desk::roster::wire::{
    AttendanceInput, AttendanceStep, EngineerInput, Kind, PresenceInput, PresenceStep, Qualification, Step,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Three people, two of them of software.
const SKILLS: [(Qualification, i32); 3] =
    [(Qualification::Software, 6), (Qualification::Hardware, 4), (Qualification::Software, 3)];

/// What was played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Played {
    pub months: usize,
    pub lapses: usize,
    /// What the lapses cost by the text of the contract (附件1 1.3.2-7), cents.
    pub expected_cents: i64,
}

/// Enters the team.
pub async fn team(desk: &ServiceDesk, lead: &Ctx, people: &[&Ctx]) -> Result<()> {
    for (n, person) in people.iter().enumerate() {
        let (qualification, experience_years) =
            SKILLS.get(n % SKILLS.len()).copied().unwrap_or((Qualification::Software, 3));
        let input = EngineerInput {
            account_id: person.account_id()?,
            phone: format!("1396110{:04}", n + 1),
            qualification,
            experience_years,
            active: true,
        };
        desk.save_engineer(lead, &input).await?;
    }
    Ok(())
}

/// Proposes and publishes a month on the 26th of the month before.
pub async fn publish(desk: &ServiceDesk, lead: &Ctx, first: Date) -> Result<String> {
    let before = first.saturating_sub(jiff::Span::new().days(1));
    let on = before.first_of_month().with().day(26).build().map_err(Error::internal)?;
    lead.platform().clock().set(instant(on.at(10, 0, 0, 0)));
    let month = first.strftime("%Y-%m").to_string();
    desk.roster_step(lead, &month, &Step::Propose).await?;
    desk.roster_step(lead, &month, &Step::Publish).await?;
    Ok(month)
}

/// Every month that begins in the term, with swaps and lapses as the dice fall.
pub async fn play(
    desk: &ServiceDesk,
    cast: &Cast,
    (from, to): (Date, Date),
    dice: &mut Dice,
) -> Result<Played> {
    let mut played = Played::default();
    let mut first = from.last_of_month().tomorrow().map_err(Error::internal)?;
    let people: Vec<Uuid> = desk.team(&cast.lead).await?.into_iter().map(|person| person.id).collect();
    while first <= to {
        let month = publish(desk, &cast.lead, first).await?;
        played.months += 1;
        let view = desk.roster_after_step(&cast.lead, &month).await?;
        let off: BTreeSet<Date> =
            view.days.iter().map(|day| day.day.parse().map_err(Error::internal)).collect::<Result<_>>()?;
        let mut worked = first;
        while off.contains(&worked) {
            worked = worked.tomorrow().map_err(Error::internal)?;
        }
        if dice.chance(30) {
            swap(desk, cast, &month, &view.days, &people).await?;
        }
        let person = people.get(usize::try_from(dice.between(0, 3)).unwrap_or(0) % people.len().max(1));
        let person = *person.ok_or_else(|| internal("a team without people"))?;
        let last = off.iter().next_back().copied().filter(|day| *day <= to);
        if dice.chance(25) && worked <= to {
            played.expected_cents += 20_000;
            played.lapses += 1;
            lapse(desk, cast, person, Kind::UnfiledLeave, worked).await?;
        }
        if dice.chance(25)
            && let Some(day) = last
        {
            played.expected_cents += 10_000;
            played.lapses += 1;
            lapse(desk, cast, person, Kind::LateDuty, day).await?;
        }
        if dice.chance(20)
            && let Some(day) = last
        {
            let amount_cents = i64::from(dice.between(100, 300)) * 100;
            played.expected_cents += amount_cents;
            played.lapses += 1;
            let id = lapse(desk, cast, person, Kind::NoReply, day).await?;
            let choose = AttendanceStep::Choose { amount_cents, reason: "按影响程度商定".to_owned() };
            desk.attendance_step(&cast.bureau, id, &choose).await?;
        }
        first = first.last_of_month().tomorrow().map_err(Error::internal)?;
    }
    Ok(played)
}

/// The first day goes to whoever does not have it, with the lead's consent.
async fn swap(
    desk: &ServiceDesk,
    cast: &Cast,
    month: &str,
    days: &[service_desk::roster::wire::DutyDay],
    people: &[Uuid],
) -> Result<()> {
    let Some(day) = days.first() else { return Ok(()) };
    let other = people.iter().find(|id| Some(**id) != day.engineer_id && Some(**id) != day.backup_id);
    let Some(to_id) = other else { return Ok(()) };
    let ask = Step::RequestSwap { day: day.day.clone(), to_id: *to_id, reason: "家中有事".to_owned() };
    desk.roster_step(&cast.duty, month, &ask).await?;
    let view = desk.roster_after_step(&cast.lead, month).await?;
    let asked = view.swaps.iter().find(|swap| swap.state == "requested");
    let swap_id = asked.ok_or_else(|| internal("a swap that was not asked for"))?.id;
    desk.roster_step(&cast.lead, month, &Step::ApproveSwap { swap_id }).await
}

/// Recorded by the bureau on the evening of the day.
async fn lapse(desk: &ServiceDesk, cast: &Cast, person: Uuid, kind: Kind, day: Date) -> Result<Uuid> {
    cast.bureau.platform().clock().set(instant(day.at(20, 0, 0, 0)));
    let input = AttendanceInput {
        engineer_id: person,
        kind,
        day: day.to_string(),
        evidence: "考勤记录与通话记录".to_owned(),
    };
    Ok(desk.record_attendance(&cast.bureau, &input).await?.id)
}

/// Who was on site on the working days of a month, up to `until`: nearly always in time, once late, and once somebody forgot to sign in.
pub async fn presence(desk: &ServiceDesk, cast: &Cast, first: Date, until: Timestamp) -> Result<()> {
    let clock = cast.lead.platform().clock();
    let month = desk.presence_after_step(&cast.lead, &first.strftime("%Y-%m").to_string()).await?;
    for (n, day) in month.days.iter().enumerate() {
        let date: Date = day.day.parse().map_err(Error::internal)?;
        let minutes = i8::try_from(n % 7).unwrap_or(0);
        let came = instant(if n == 9 { date.at(8, 14, 0, 0) } else { date.at(7, 46 + minutes, 20, 0) });
        let left = instant(date.at(17, 35 + minutes, 0, 0));
        let Some(person) = cast.engineers.get(n % cast.engineers.len().max(1)) else { continue };
        if came > until {
            break;
        }
        let mut input = PresenceInput {
            engineer_id: None,
            came_at: None,
            left_at: None,
            place: Some("卫健局机房".to_owned()),
            evidence: None,
        };
        if n == 4 && left < until {
            let team = desk.team(&cast.lead).await?;
            let account = person.account_id()?;
            clock.set(left);
            input.engineer_id = team.iter().find(|one| one.account_id == account).map(|one| one.id);
            (input.came_at, input.left_at) = (Some(came), Some(left));
            input.evidence = Some("门禁记录，本人忘记签到".to_owned());
            desk.sign_in(&cast.lead, &input).await?;
            continue;
        }
        clock.set(came);
        let open = desk.sign_in(person, &input).await?.open_id;
        if let Some(id) = open.filter(|_| left < until) {
            clock.set(left);
            desk.presence_step(person, id, &PresenceStep::Leave { at: None }).await?;
        }
    }
    clock.set(until);
    Ok(())
}
