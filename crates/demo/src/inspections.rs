//! The inspections of a contract as they would have been made: most in time, a few late, now and then something abnormal that
//! becomes a ticket, and the one of this month half done.

use crate::dice::Dice;
use crate::service::Cast;
use kernel::{Error, Result, ServiceContractId, Timestamp};
use platform::Ctx;
use service_desk::ServiceDesk;
use service_desk::book::instant;
use service_desk::inspections::checklists::{Item, ItemKind};
use service_desk::inspections::model::{Kind, Verdict};
use service_desk::inspections::wire::{
    AnswerInput, InspectionLine, InspectionQuery, InspectionView, Step, UnitInput, UnitView,
};
use service_desk::tickets::wire::Step as TicketStep;
use std::time::Duration;
use uuid::Uuid;

const REMARKS: [&str; 5] = ["指示灯告警", "风扇有异响", "端口误码增长", "日志有重复报错", "画面闪烁"];
const HOUR: u64 = 3600;

/// What becomes a ticket: unit, item, title.
type Found = (Uuid, String, String);

/// Makes every inspection of a contract whose time has come by `until`. Returns how many both parties have signed.
pub async fn play(
    desk: &ServiceDesk,
    cast: &Cast,
    contract: ServiceContractId,
    until: Timestamp,
    dice: &mut Dice,
) -> Result<usize> {
    let clock = cast.lead.platform().clock();
    let query =
        InspectionQuery { contract_id: Some(contract), limit: Some(200), ..InspectionQuery::default() };
    let mut made = 0;
    let mut script = Vec::new();
    for line in desk.inspections(&cast.lead, &query).await?.items {
        let due: jiff::civil::Date = line.due.parse().map_err(Error::internal)?;
        let morning = instant(due.at(9, 0, 0, 0));
        let days = u64::from(dice.between(2, 7)) * 24 * HOUR;
        let late = dice.chance(5);
        let at = if late {
            morning.plus(Duration::from_secs(24 * HOUR))
        } else {
            morning.minus(Duration::from_secs(days))
        };
        script.push((at, line));
    }
    script.sort_by_key(|(at, line)| (*at, line.id.uuid()));
    for (at, line) in script {
        let confirmed_at = at.plus(Duration::from_secs(30 * HOUR));
        // That of the video hardware is always left for the newcomer.
        let today = until.local_date().to_string();
        let now = line.kind == Kind::VideoMonthly && line.period_from <= today && today <= line.due;
        if now {
            begin(desk, cast, &line, until, dice).await?;
        } else if confirmed_at <= until {
            clock.set(at);
            make(desk, cast, &line, at, dice).await?;
            made += 1;
        }
    }
    Ok(made)
}

/// From the first look to both signatures, and the tickets of what was found.
async fn make(
    desk: &ServiceDesk,
    cast: &Cast,
    line: &InspectionLine,
    at: Timestamp,
    dice: &mut Dice,
) -> Result<()> {
    let clock = cast.lead.platform().clock();
    let after = |hours: u64| clock.set(at.plus(Duration::from_secs(hours * HOUR)));
    let engineer = engineer(cast, dice);
    desk.inspection_step(engineer, line.id, Step::Start, None).await?;
    let view = desk.inspection_after_step(engineer, line.id).await?;
    let (inputs, found) = answers(&view, view.unit_list.len(), dice);
    after(4);
    desk.save_units(engineer, line.id, &inputs).await?;
    let places: Vec<_> = cast.places.iter().copied().map(Some).collect();
    let mut tickets = Vec::new();
    for (unit_id, code, title) in found {
        let place = dice.pick(&places);
        let report = Step::ReportFinding {
            unit_id,
            code,
            title,
            description: String::new(),
            priority: 3,
            organisation_id: place,
        };
        desk.inspection_step(engineer, line.id, report, None).await?;
    }
    for finding in desk.inspection_after_step(engineer, line.id).await?.finding_list {
        let respond =
            TicketStep::Respond { at: None, note: Some("巡检中发现，现场处理".to_owned()) };
        desk.ticket_step(engineer, finding.ticket_id, respond, None).await?;
        tickets.push(finding.ticket_id);
    }
    after(6);
    let summary = match tickets.len() {
        0 => "设备运行正常。".to_owned(),
        n => format!("{n} 项异常已转工单处理，其余正常。"),
    };
    desk.inspection_step(engineer, line.id, Step::Submit { summary }, None).await?;
    after(26);
    for ticket in tickets {
        let solution = "更换配件后复测正常".to_owned();
        let resolve =
            TicketStep::Resolve {
                solution, cause: Some("设备老化".to_owned()), article_id: None, at: None
            };
        desk.ticket_step(engineer, ticket, resolve, None).await?;
        desk.ticket_step(&cast.bureau, ticket, TicketStep::Close, None).await?;
    }
    after(28);
    desk.inspection_step(&cast.bureau, line.id, Step::Confirm { opinion: None }, None).await?;
    if line.paper_due {
        let on = engineer.now().local_date().to_string();
        desk.inspection_step(engineer, line.id, Step::DeliverPaper { on }, None).await?;
    }
    Ok(())
}

/// Begun and half filled in when the newcomer arrives.
async fn begin(
    desk: &ServiceDesk,
    cast: &Cast,
    line: &InspectionLine,
    until: Timestamp,
    dice: &mut Dice,
) -> Result<()> {
    let begins: jiff::civil::Date = line.period_from.parse().map_err(Error::internal)?;
    let at = until.minus(Duration::from_secs(20 * HOUR));
    if at.local_date() < begins {
        return Ok(());
    }
    cast.lead.platform().clock().set(at);
    let engineer = engineer(cast, dice);
    desk.inspection_step(engineer, line.id, Step::Start, None).await?;
    let view = desk.inspection_after_step(engineer, line.id).await?;
    let (inputs, _) = answers(&view, view.unit_list.len() / 2, dice);
    desk.save_units(engineer, line.id, &inputs).await
}

fn engineer<'a>(cast: &'a Cast, dice: &mut Dice) -> &'a Ctx {
    let second = dice.chance(40);
    let found = if second { cast.engineers.get(1) } else { cast.engineers.first() };
    found.or(cast.engineers.first()).unwrap_or(&cast.duty)
}

/// Answers of the first `count` units, and up to two items that become tickets.
fn answers(view: &InspectionView, count: usize, dice: &mut Dice) -> (Vec<(Uuid, UnitInput)>, Vec<Found>) {
    let mut found: Vec<Found> = Vec::new();
    let mut inputs = Vec::with_capacity(count);
    for unit in view.unit_list.iter().take(count) {
        let list = view.checklists.iter().find(|list| list.code == unit.type_code);
        let mut given = Vec::new();
        for item in list.into_iter().flat_map(|list| &list.items) {
            let abnormal = item.kind == ItemKind::Check && found.len() < 2 && dice.between(0, 400) == 0;
            if abnormal {
                found.push((unit.id, item.code.clone(), title(unit, item)));
            }
            given.push(answer(item, abnormal, dice));
        }
        let input = UnitInput { row_version: unit.row_version, answers: given, skip_reason: None };
        inputs.push((unit.id, input));
    }
    (inputs, found)
}

fn title(unit: &UnitView, item: &Item) -> String {
    format!("{} {}异常", unit.label, item.zh).chars().take(100).collect()
}

fn answer(item: &Item, abnormal: bool, dice: &mut Dice) -> AnswerInput {
    let value = match item.kind {
        ItemKind::Check => None,
        ItemKind::Text => Some("与上次巡检一致".to_owned()),
        ItemKind::Number => Some(number(item, dice)),
    };
    AnswerInput {
        code: item.code.clone(),
        verdict: Some(if abnormal { Verdict::Abnormal } else { Verdict::Normal }),
        value,
        remark: abnormal.then(|| dice.pick(&REMARKS).to_owned()),
    }
}

/// A value that a healthy county shows, within the range of the item.
fn number(item: &Item, dice: &mut Dice) -> String {
    let whole = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<u32>().ok());
    match (whole(&item.low), whole(&item.high)) {
        (Some(low), Some(high)) => dice.between(low, high + 1).to_string(),
        (Some(low), None) => (low + dice.between(1, 60)).to_string(),
        (None, Some(high)) => dice.between(high / 4, high * 3 / 4).to_string(),
        (None, None) if item.high.is_some() => format!("0.0{}", dice.between(0, 9)),
        (None, None) if item.unit.as_deref() == Some("%") => dice.between(18, 62).to_string(),
        (None, None) => dice.between(0, 3).to_string(),
    }
}
