//! Security duties as a newcomer should see them: access that is in force, ends soon, waits for the bureau, or is over and still to
//! be removed; somebody who left; vulnerabilities; last year's report and this year's draft.

use crate::internal;
use crate::service::Cast;
use jiff::civil::Date;
use kernel::{Result, ServiceContractId, Timestamp};
use platform::Ctx;
use service_desk::ServiceDesk;
use service_desk::duties::grants::model::AccessKind;
use service_desk::duties::grants::wire::{GrantInput, Step as GrantStep};
use service_desk::duties::handovers::wire::{
    HandoverInput, ItemInput, ItemKind, Method, Occasion, Step as HandoverStep,
};
use service_desk::duties::persons::wire::{PersonInput, Step as PersonStep};
use service_desk::duties::reports::wire::{Parts, Step as ReportStep};
use service_desk::duties::vulnerabilities::model::Severity;
use service_desk::duties::vulnerabilities::wire::{Step as VulnerabilityStep, VulnerabilityInput};
use std::time::Duration;
use uuid::Uuid;

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// A contract and its term.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    pub id: ServiceContractId,
    pub start: Date,
    pub end: Date,
}

struct Play<'a> {
    desk: &'a ServiceDesk,
    cast: &'a Cast,
    now: Timestamp,
    /// First and last moment of the contract in force: nothing is granted across them.
    first: Timestamp,
    last: Timestamp,
}

impl Play<'_> {
    /// Moves the clock to so many seconds ago, but into the contract in force.
    fn ago(&self, seconds: u64) -> Timestamp {
        let at = self.now.minus(Duration::from_secs(seconds)).max(self.first);
        self.cast.lead.platform().clock().set(at);
        at
    }
}

/// Plays what led to the state of today. `before` is the contract before the one in force, if there was one.
pub async fn play(
    desk: &ServiceDesk,
    cast: &Cast,
    term: Term,
    before: Option<Term>,
    now: Timestamp,
) -> Result<()> {
    if let Some(before) = before {
        let on = before.end.saturating_sub(jiff::Span::new().days(33));
        cast.lead.platform().clock().set(service_desk::book::instant(on.at(10, 0, 0, 0)));
        report(desk, cast, before.id, true).await?;
    }
    let after = term.end.tomorrow().map_err(kernel::Error::internal)?;
    let play = Play {
        desk,
        cast,
        now,
        first: service_desk::book::instant(term.start.at(9, 0, 0, 0)),
        last: Timestamp::start_of_local_date(after),
    };
    let people = people(&play).await?;
    access(&play, &people).await?;
    vulnerabilities(&play).await?;
    play.ago(3 * DAY);
    report(desk, cast, term.id, false).await?;
    cast.lead.platform().clock().set(now);
    Ok(())
}

/// Three who sign in, one who left, and one who is not trained yet.
async fn people(play: &Play<'_>) -> Result<Vec<Uuid>> {
    let cast = play.cast;
    let now = play.ago(40 * DAY);
    let day = |days: u64| now.minus(Duration::from_secs(days * DAY)).local_date().to_string();
    let known = cast.engineers.iter().chain([&cast.duty]);
    let mut inputs: Vec<(PersonInput, bool)> = Vec::new();
    for (ctx, post) in known.zip(["驻场软件工程师", "驻场软件工程师", "值班工程师"]) {
        let name = ctx.principal().display_name.clone();
        let input =
            PersonInput { name, post: post.into(), account_id: Some(ctx.account_id()?), joined_on: day(300) };
        inputs.push((input, true));
    }
    for (name, joined, trained) in [("周远航", 280, true), ("孟晓岚", 12, false)] {
        let input = PersonInput {
            name: name.into(),
            post: "数据库工程师".into(),
            account_id: None,
            joined_on: day(joined),
        };
        inputs.push((input, trained));
    }
    let mut ids = Vec::with_capacity(inputs.len());
    for (n, (input, trained)) in inputs.into_iter().enumerate() {
        let id = play.desk.add_duty_person(&cast.lead, &input).await?;
        let number = n + 1;
        let check = PersonStep::Background {
            day: input.joined_on.clone(),
            passed: true,
            checked_by: "乙方人事部".into(),
            reference: Some(format!("BJ-{number:03}")),
        };
        let agreement = PersonStep::Confidentiality {
            day: input.joined_on.clone(),
            countersigned_by: "卫健局信息科".into(),
            reference: Some(format!("BM-{number:03}")),
        };
        let training = PersonStep::Training {
            day: day(100),
            topic: "数据安全法、个人信息保护法与应急处置".into(),
            duration_min: 120,
            passed: true,
            taught_by: "信息科安全员".into(),
            reference: None,
        };
        let steps = [Some(check), Some(agreement), trained.then_some(training)];
        for step in steps.into_iter().flatten() {
            play.desk.duty_person_step(&cast.lead, id, &step).await?;
        }
        ids.push(id);
    }
    Ok(ids)
}

struct Wanted {
    /// Of the people above.
    person: usize,
    item_code: &'static str,
    system_name: &'static str,
    access: AccessKind,
    reason: &'static str,
    asked_days_ago: u64,
    /// Days from today, below zero before it.
    until_days: i64,
}

const WANTED: [Wanted; 4] = [
    Wanted {
        person: 3,
        item_code: "ecg",
        system_name: "心电数据库",
        access: AccessKind::Database,
        reason: "数据库性能优化",
        asked_days_ago: 36,
        until_days: 40,
    },
    Wanted {
        person: 0,
        item_code: "ecg",
        system_name: "心电应用服务器",
        access: AccessKind::Read,
        reason: "每日巡检与日志分析",
        asked_days_ago: 30,
        until_days: 60,
    },
    Wanted {
        person: 1,
        item_code: "cloud",
        system_name: "虚拟化平台",
        access: AccessKind::Admin,
        reason: "存储扩容",
        asked_days_ago: 20,
        until_days: -2,
    },
    Wanted {
        person: 2,
        item_code: "video",
        system_name: "会议管理系统",
        access: AccessKind::Remote,
        reason: "节假日远程值守",
        asked_days_ago: 18,
        until_days: 5,
    },
];

async fn ask(play: &Play<'_>, people: &[Uuid], wanted: &Wanted) -> Result<Option<Uuid>> {
    let from = play.ago(wanted.asked_days_ago * DAY);
    let days = Duration::from_secs(wanted.until_days.unsigned_abs() * DAY);
    let until = if wanted.until_days < 0 { play.now.minus(days) } else { play.now.plus(days) };
    let until = until.min(play.last);
    if until <= from.plus(Duration::from_secs(HOUR)) {
        return Ok(None);
    }
    let person = people.get(wanted.person).copied().ok_or_else(|| internal("a person who is not there"))?;
    let input = GrantInput {
        person_id: person,
        item_code: wanted.item_code.into(),
        system_name: wanted.system_name.into(),
        access: wanted.access,
        reason: wanted.reason.into(),
        from: None,
        until,
    };
    play.desk.request_grant(&play.cast.lead, &input).await.map(Some)
}

async fn access(play: &Play<'_>, people: &[Uuid]) -> Result<()> {
    let (desk, cast) = (play.desk, play.cast);
    let mut first = None;
    for wanted in &WANTED {
        let Some(id) = ask(play, people, wanted).await? else { continue };
        desk.grant_step(&cast.bureau, id, &GrantStep::Approve).await?;
        first.get_or_insert(id);
    }
    // One leaves: the access ends with it, is removed, and what was in those hands is handed over or destroyed.
    play.ago(9 * DAY);
    let leaver = people.get(3).copied().ok_or_else(|| internal("a person who is not there"))?;
    let on = cast.lead.now().local_date().to_string();
    let leave = PersonStep::Leave { on, reason: "项目调整，调离".into() };
    desk.duty_person_step(&cast.lead, leaver, &leave).await?;
    play.ago(9 * DAY - 2 * HOUR);
    if let Some(id) = first {
        let removed =
            GrantStep::ConfirmRemoval { at: None, note: "已删除数据库账号并更换口令".into() };
        desk.grant_step(&cast.duty, id, &removed).await?;
    }
    handover(desk, cast, leaver).await?;
    play.ago(HOUR);
    let waiting = Wanted {
        person: 4,
        item_code: "medical_records",
        system_name: "病案数据库",
        access: AccessKind::Read,
        reason: "接手数据库维护",
        asked_days_ago: 0,
        until_days: 30,
    };
    ask(play, people, &waiting).await.map(drop)
}

async fn handover(desk: &ServiceDesk, cast: &Cast, person: Uuid) -> Result<()> {
    let item = |kind, description: &str, quantity: &str| ItemInput {
        kind,
        description: description.into(),
        quantity: quantity.into(),
    };
    let items = vec![
        item(ItemKind::Documents, "数据库运维手册及巡检脚本说明", "1 套"),
        item(ItemKind::Accounts, "心电数据库维护账号", "1 个"),
        item(ItemKind::DataCopies, "性能分析用的脱敏数据副本", "1 块移动硬盘"),
    ];
    let input = HandoverInput { occasion: Occasion::PersonLeft, person_id: Some(person), items };
    let id = desk.open_handover(&cast.lead, &input).await?;
    for entry in desk.handover_after_step(&cast.lead, id).await?.entries {
        let step = if entry.kind == ItemKind::DataCopies {
            let particulars = "信息科机房，三遍覆写后低级格式化".into();
            HandoverStep::Destroy { item_id: entry.id, method: Method::Overwrite, particulars, at: None }
        } else {
            HandoverStep::HandOver { item_id: entry.id, recipient: "项目经理".into(), at: None }
        };
        desk.handover_step(&cast.duty, id, &step).await?;
        desk.handover_step(&cast.bureau, id, &HandoverStep::Witness { item_id: entry.id }).await?;
    }
    desk.handover_step(&cast.bureau, id, &HandoverStep::Complete).await
}

async fn vulnerabilities(play: &Play<'_>) -> Result<()> {
    let (desk, cast) = (play.desk, play.cast);
    let by = cast.engineers.first().ok_or_else(|| internal("a contract without engineers"))?;
    let input = |item_code: &str, system: &str, title: &str, text: &str, severity| VulnerabilityInput {
        item_code: item_code.into(),
        system_name: system.into(),
        title: title.into(),
        description: text.into(),
        severity,
        found_by: "季度漏洞扫描".into(),
        found_at: None,
    };
    let told =
        || VulnerabilityStep::Report {
            at: None, recipient: "信息科".into(), way: "电话及书面报告".into()
        };
    play.ago(15 * DAY);
    let old = input(
        "cloud",
        "防火墙管理口",
        "管理界面存在弱口令",
        "两台防火墙管理口仍使用初始口令，仅内网可达。",
        Severity::High,
    );
    let old = desk.open_vulnerability(by, &old).await?;
    play.ago(15 * DAY - 4 * HOUR);
    desk.vulnerability_step(by, old, &told()).await?;
    play.ago(14 * DAY);
    let fix = VulnerabilityStep::Fix { at: None, text: "更换口令并限制管理网段".into() };
    desk.vulnerability_step(by, old, &fix).await?;
    play.ago(13 * DAY);
    let close = VulnerabilityStep::Close { conclusion: "复测通过".into() };
    desk.vulnerability_step(&cast.bureau, old, &close).await?;
    play.ago(5 * HOUR);
    let new = input(
        "resident_app",
        "居民APP接口服务",
        "第三方组件存在已公布漏洞",
        "JSON 解析组件版本过低，升级包已在测试环境验证。",
        Severity::Medium,
    );
    desk.open_vulnerability(by, &new).await.map(drop)
}

/// Last year's report is confirmed, this year's is being written.
async fn report(desk: &ServiceDesk, cast: &Cast, contract: ServiceContractId, finished: bool) -> Result<()> {
    let parts = Parts {
        management: "设安全负责人一名，制度八项；权限按最小够用授予，到期自动失效，按季度清查。".into(),
        data_security: "数据按级别管理，每日备份、每季度恢复演练；导出须经信息科审批。".into(),
        key_components: if finished {
            "服务器、存储、交换、防火墙与网闸按登记清单管理，系统与数据库补丁按月更新。".into()
        } else {
            String::new()
        },
        team_changes: if finished {
            "年内人员稳定，均已审查、签署保密协议并培训。".into()
        } else {
            String::new()
        },
        other: String::new(),
    };
    let step = async |who: &Ctx, step: ReportStep| desk.security_report_step(who, contract, &step).await;
    step(&cast.lead, ReportStep::Save { parts, row_version: 0 }).await?;
    if finished {
        step(&cast.lead, ReportStep::Submit).await?;
        step(&cast.bureau, ReportStep::Confirm).await?;
    }
    Ok(())
}
