//! The service contract at work: calls, outages, requirements over a stretch of time, played through the use cases.
//!
//! [`play`] draws what happens from the dice and plays it in the order of time. What it will cost is known before it is
//! played ([`Plan::expected_cents`]): computed here from the contract's table in whole cents, by other arithmetic than the
//! program's own, so that the two can be compared.

use crate::dice::Dice;
use crate::internal;
use kernel::{
    AccountId, Error, IncidentId, KnowledgeArticleId, OrganisationId, RequirementId, Result, ServiceTicketId,
    Timestamp,
};
use platform::Ctx;
use service_desk::ServiceDesk;
use service_desk::incidents::model::{EvidenceInput, NoticeTo, Report, Way};
use service_desk::incidents::wire::{IncidentInput, Step as IncidentStep};
use service_desk::requirements::model::{ComplaintTo, Size};
use service_desk::requirements::wire::{RequirementInput, Step as RequirementStep};
use service_desk::tickets::model::{Channel, Class, Touches};
use service_desk::tickets::wire::{Step as TicketStep, TicketInput};
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// Who acts, and for whom.
#[derive(Clone, Debug)]
pub struct Cast {
    pub bureau: Ctx,
    pub lead: Ctx,
    pub engineers: Vec<Ctx>,
    pub duty: Ctx,
    /// Institutions that call.
    pub places: Vec<OrganisationId>,
    /// What the desk knows, by the title of the call that it answers.
    pub articles: HashMap<&'static str, KnowledgeArticleId>,
}

/// How much happens.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    pub tickets: u32,
    pub incidents: u32,
    pub requirements: u32,
    /// Calls of the last hours before the end, most of them still open then.
    pub recent: u32,
}

/// What was played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Played {
    pub tickets: usize,
    pub incidents: usize,
    pub requirements: usize,
    pub steps: usize,
}

/// Item, class, title, description, solution, cause.
type Story = (&'static str, Class, &'static str, &'static str, &'static str, &'static str);

const STORIES: &[Story] = &[
    (
        "ecg",
        Class::Question,
        "如何补打心电报告",
        "护士站需要补打上周的报告",
        "在检查列表选中后点打印，可补打任意版本",
        "操作不熟",
    ),
    ("ecg", Class::Fault, "心电图机上传失败", "采集后提示网络超时", "更换网线并重新登记设备地址", "网线松动"),
    (
        "ecg",
        Class::Fault,
        "报告列表打开很慢",
        "上午高峰期打开列表要十几秒",
        "清理浏览器缓存并升级版本",
        "浏览器版本过旧",
    ),
    (
        "ecg",
        Class::Question,
        "危急值如何标记",
        "新来的医师不会标记",
        "在判读页按快捷键标记并填写",
        "操作不熟",
    ),
    (
        "medical_records",
        Class::Question,
        "病案首页无法归档",
        "提示缺少主要诊断",
        "补录主要诊断后归档成功",
        "漏填",
    ),
    (
        "medical_records",
        Class::ServiceRequest,
        "新增编码员账号",
        "病案室新来一名编码员",
        "已开通账号并完成培训",
        "人员变动",
    ),
    (
        "emr_quality",
        Class::Question,
        "质控评分与人工不一致",
        "病程记录时限扣分有疑问",
        "说明评分规则第12条",
        "规则理解",
    ),
    ("emr_quality", Class::Fault, "质控报表导出乱码", "导出的表格中文显示乱码", "改为UTF-8导出", "编码设置"),
    (
        "nursing",
        Class::Question,
        "体温单无法录入补测值",
        "夜班补测体温保存不了",
        "指导在补测栏录入",
        "操作不熟",
    ),
    ("nursing", Class::Fault, "护理单打印缺页", "第二页没有打印出来", "修复打印模板", "模板缺陷"),
    (
        "resident_app",
        Class::Question,
        "居民无法绑定身份证",
        "绑定时提示姓名不符",
        "核对姓名中的生僻字后绑定成功",
        "姓名登记有误",
    ),
    (
        "resident_app",
        Class::Fault,
        "预约短信收不到",
        "居民反映收不到验证码",
        "短信通道切换到备用线路",
        "短信通道故障",
    ),
    (
        "teleconsultation",
        Class::Question,
        "会诊申请如何撤回",
        "申请填错科室",
        "在未接诊前可撤回后重填",
        "操作不熟",
    ),
    (
        "teleconsultation",
        Class::Fault,
        "会诊视频没有声音",
        "对方听不到我方声音",
        "更换麦克风接口并复测",
        "外设接触不良",
    ),
    (
        "family_doctor",
        Class::Question,
        "续签提醒时间设置",
        "希望提前一个月提醒",
        "在签约设置中调整为30天",
        "操作不熟",
    ),
    (
        "video",
        Class::Fault,
        "会议终端无法入会",
        "Group 310 拨号无响应",
        "重启终端并更新注册地址",
        "终端注册失效",
    ),
    ("video", Class::EventSupport, "防汛视频会议保障", "需要现场保障两小时", "已完成现场保障", "会议保障"),
    ("cloud", Class::Fault, "虚拟机磁盘告警", "监控显示使用率超过90%", "扩容并清理日志", "日志增长"),
];

const INCIDENT_ITEMS: &[(&str, i64)] = &[
    ("ecg", 19_680_000),
    ("medical_records", 4_560_000),
    ("emr_quality", 3_984_000),
    ("nursing", 3_984_000),
    ("resident_app", 10_176_000),
    ("teleconsultation", 10_176_000),
    ("family_doctor", 6_480_000),
    // A cause in the cloud platform has no fine in this section (A5).
    ("cloud", 0),
];
const CAUSES: &[&str] = &["network", "database", "application", "server"];
const NEEDS: &[(&str, &str, &str)] = &[
    ("ecg", "报告增加机构抬头", "各卫生院报告显示本院名称与电话"),
    ("ecg", "按科室统计阳性率", "每月按申请科室统计阳性率并可导出"),
    ("medical_records", "首页增加肿瘤分期", "出院首页增加TNM分期字段"),
    ("emr_quality", "质控规则可停用", "允许质控科按科室停用个别规则"),
    ("nursing", "体温单批量录入", "按病区批量录入体温"),
    ("resident_app", "家庭成员代查报告", "子女可代父母查询报告"),
    ("teleconsultation", "会诊意见模板", "常用会诊意见做成模板"),
    ("family_doctor", "签约到期清单导出", "按团队导出三个月内到期名单"),
];

/// An incident before it happens.
#[derive(Clone, Copy, Debug)]
struct Outage {
    item: usize,
    /// 1 to 4 for S1 to S4.
    severity: u8,
    cause: usize,
    at: Timestamp,
    minutes: u64,
}

/// A requirement before it comes.
#[derive(Clone, Copy, Debug)]
struct Need {
    at: Timestamp,
    complex: bool,
    answered_after_min: u64,
    due_days: i32,
    reached_days: u32,
    complained: Option<ComplaintTo>,
    affected: bool,
}

/// A call before it comes.
#[derive(Clone, Copy, Debug)]
struct Call {
    at: Timestamp,
    story: usize,
    place: usize,
    engineer: usize,
    channel: Channel,
    answered_after_s: u64,
    solved_after_min: u64,
    stars: i32,
}

/// What will happen.
#[derive(Clone, Debug)]
pub struct Plan {
    calls: Vec<Call>,
    outages: Vec<Outage>,
    needs: Vec<Need>,
    until: Timestamp,
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

/// A moment of a working morning or afternoon mostly, of any hour sometimes.
fn moment(dice: &mut Dice, from: Timestamp, days: u32) -> Timestamp {
    let day = from.plus(Duration::from_secs(u64::from(dice.between(0, days.max(1))) * 86_400));
    let midnight = Timestamp::start_of_local_date(day.local_date());
    let second =
        if dice.chance(85) { dice.between(8 * 3600, 17 * 3600 + 1800) } else { dice.between(0, 86_399) };
    midnight.plus(Duration::from_secs(u64::from(second))).max(from)
}

fn index(dice: &mut Dice, count: usize) -> usize {
    usize::try_from(dice.between(0, u32::try_from(count).unwrap_or(1))).unwrap_or(0)
}

/// Draws what happens between two moments.
pub fn plan(
    dice: &mut Dice,
    from: Timestamp,
    until: Timestamp,
    scale: Scale,
    places: usize,
    engineers: usize,
) -> Plan {
    let days = u32::try_from(until.seconds_since(from) / 86_400).unwrap_or(1);
    let channels =
        [Channel::Phone, Channel::Phone, Channel::Qq, Channel::Wechat, Channel::Wechat, Channel::Web];
    let mut calls: Vec<Call> = (0..scale.tickets + scale.recent)
        .map(|_| Call {
            at: moment(dice, from, days),
            story: index(dice, STORIES.len()),
            place: index(dice, places),
            engineer: index(dice, engineers),
            channel: channels.get(index(dice, channels.len())).copied().unwrap_or(Channel::Phone),
            answered_after_s: u64::from(if dice.chance(92) {
                dice.between(40, 780)
            } else {
                dice.between(901, 2400)
            }),
            solved_after_min: u64::from(if dice.chance(90) {
                dice.between(3, 28)
            } else {
                dice.between(31, 300)
            }),
            stars: if dice.chance(75) { 5 } else { i32::try_from(dice.between(2, 5)).unwrap_or(4) },
        })
        .collect();
    for (n, call) in calls.iter_mut().rev().take(usize::try_from(scale.recent).unwrap_or(0)).enumerate() {
        let ago = 6 + 17 * u64::try_from(n).unwrap_or(0);
        call.at = until.minus(minutes(ago));
        call.solved_after_min = 90;
        if n < 2 {
            call.answered_after_s = 3600;
        }
    }
    let outages = (0..scale.incidents)
        .map(|n| {
            let severity = match dice.between(0, 100) {
                0..6 => 1,
                6..30 => 2,
                30..75 => 3,
                _ => 4,
            };
            let limit = [60, 180, 360, 600].get(usize::from(severity - 1)).copied().unwrap_or(600);
            let length =
                if dice.chance(75) { dice.between(10, limit) } else { dice.between(limit + 1, limit * 2) };
            Outage {
                item: index(dice, INCIDENT_ITEMS.len()),
                severity,
                cause: index(dice, CAUSES.len()),
                // Never two at one second here: the order of registration is told by other tests.
                at: moment(dice, from, days).plus(Duration::from_secs(u64::from(n))),
                minutes: u64::from(length),
            }
        })
        .collect();
    let needs = (0..scale.requirements)
        .map(|_| {
            let complex = dice.chance(30);
            let limit_min = if complex { 4320 } else { 1440 };
            let answered = if dice.chance(90) {
                dice.between(60, limit_min)
            } else {
                dice.between(limit_min + 1, limit_min * 2)
            };
            let due_days = dice.between(12, 40);
            let missed = dice.chance(20);
            let reached_days = if missed { due_days + dice.between(1, 8) } else { dice.between(8, due_days) };
            Need {
                at: moment(dice, from, days),
                complex,
                answered_after_min: u64::from(answered),
                due_days: i32::try_from(due_days).unwrap_or(20),
                reached_days,
                complained: match (missed, dice.between(0, 10)) {
                    (true, 0..2) => Some(ComplaintTo::CityGovernment),
                    (true, 2..4) => Some(ComplaintTo::HealthBureau),
                    _ => None,
                },
                affected: missed && dice.chance(20),
            }
        })
        .collect();
    Plan { calls, outages, needs, until }
}

/// The time of day at which a milestone is reached and a complaint comes in.
const NOON: Duration = Duration::from_secs(12 * 3600);

impl Need {
    fn answered_at(&self) -> Timestamp {
        self.at.plus(minutes(self.answered_after_min))
    }

    fn day(&self, days: u32) -> Timestamp {
        Timestamp::start_of_local_date(self.at.local_date())
            .plus(Duration::from_secs(u64::from(days) * 86_400))
    }

    fn due(&self) -> jiff::civil::Date {
        self.day(u32::try_from(self.due_days).unwrap_or(0)).local_date()
    }

    fn reached_at(&self) -> Timestamp {
        self.day(self.reached_days).plus(NOON)
    }

    fn agreed_at(&self) -> Timestamp {
        self.answered_at().plus(Duration::from_secs(86_400))
    }

    fn is_missed(&self) -> bool {
        self.reached_at().local_date() > self.due()
    }
}

impl Plan {
    /// What all of this costs, cents: the fines of incidents and requirements that are over before the end. By the contract's
    /// table (附件1 1.3.2-5(3), 1.3.2-6(4)) with the recommended readings, in whole numbers.
    pub fn expected_cents(&self) -> i64 {
        let mut outages: Vec<&Outage> = self.outages.iter().collect();
        outages.sort_by_key(|outage| outage.at);
        let mut before: BTreeMap<(usize, u8, usize), u32> = BTreeMap::new();
        let mut sum = 0;
        for outage in outages {
            let (over, accepted) = outage.ends();
            if over > self.until || outage.severity == 4 {
                continue;
            }
            let number = if accepted <= self.until {
                let count = before.entry((outage.item, outage.severity, outage.cause)).or_default();
                *count += 1;
                *count
            } else {
                1
            };
            sum += outage.fine_cents(number);
        }
        for need in &self.needs {
            let limit = if need.complex { 4320 } else { 1440 };
            // Late as soon as the limit has passed, whether the feedback comes afterwards or not.
            let limit_passed = need.at.plus(minutes(limit) + Duration::from_secs(1)) <= self.until;
            if limit_passed && need.answered_after_min > limit {
                sum += 10_000;
            }
            // The day after the date has begun before the end of the play.
            let passed =
                Timestamp::start_of_local_date(need.due()).plus(Duration::from_secs(86_400)) < self.until;
            if need.is_missed() && passed && need.agreed_at() <= self.until {
                let told = need.reached_at().plus(NOON) <= self.until;
                let base = match need.complained.filter(|_| told) {
                    Some(ComplaintTo::CityGovernment) => 40_000,
                    Some(ComplaintTo::HealthBureau) => 30_000,
                    None => 20_000,
                };
                sum += if need.affected && told { base.max(50_000) } else { base };
            }
        }
        sum
    }
}

impl Outage {
    /// When it is over, and when its report is accepted.
    fn ends(&self) -> (Timestamp, Timestamp) {
        let over = self.at.plus(minutes(self.minutes));
        (over, over.plus(minutes(1800)))
    }

    /// fee × rate × 1.5^(n−1), doubled when late, a late S1 one percent of the fee more; rounded once, half up.
    fn fine_cents(&self, number: u32) -> i64 {
        let fee = INCIDENT_ITEMS.get(self.item).map_or(0, |(_, fee)| i128::from(*fee));
        let (permille, limit) = match self.severity {
            1 => (10, 60),
            2 => (5, 180),
            _ => (2, 360),
        };
        let late = self.minutes > limit;
        let (three, two) = (3_i128.pow(number - 1), 2_i128.pow(number - 1));
        // All over one denominator: thousandths times a power of two.
        let mut numerator = fee * permille * three;
        if late {
            numerator = if self.severity == 1 { numerator + fee * 10 * two } else { numerator * 2 };
        }
        let denominator = 1000 * two;
        i64::try_from((2 * numerator + denominator) / (2 * denominator)).unwrap_or(i64::MAX)
    }
}

/// What happens next, to which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Call(usize),
    Take(usize),
    Answer(usize),
    Propose(usize),
    Agree(usize),
    Solve(usize),
    Close(usize),
    Declare(usize),
    Deal(usize),
    Restore(usize),
    Report(usize),
    AcceptReport(usize),
    Register(usize),
    Classify(usize),
    Feedback(usize),
    ProposeDate(usize),
    AgreeDate(usize),
    Reach(usize),
    Flag(usize),
    Deliver(usize),
    Accept(usize),
}

fn acts(plan: &Plan) -> Vec<(Timestamp, Act)> {
    let mut acts = Vec::new();
    for (n, call) in plan.calls.iter().enumerate() {
        let answered = call.at.plus(Duration::from_secs(call.answered_after_s));
        acts.push((call.at, Act::Call(n)));
        acts.push((answered, Act::Take(n)));
        acts.push((answered, Act::Answer(n)));
        let story = STORIES.get(call.story).map(|story| story.1);
        let mut solved = answered.plus(minutes(call.solved_after_min));
        if story != Some(Class::Question) {
            acts.push((answered.plus(minutes(1)), Act::Propose(n)));
            acts.push((answered.plus(minutes(2)), Act::Agree(n)));
            solved = answered.plus(minutes(call.solved_after_min * 6 + 3));
        }
        acts.push((solved, Act::Solve(n)));
        acts.push((solved.plus(minutes(45)), Act::Close(n)));
    }
    for (n, outage) in plan.outages.iter().enumerate() {
        let (over, accepted) = outage.ends();
        acts.push((outage.at.plus(minutes(2)), Act::Declare(n)));
        acts.push((outage.at.plus(minutes(4)), Act::Deal(n)));
        acts.push((over.max(outage.at.plus(minutes(5))), Act::Restore(n)));
        acts.push((over.plus(minutes(600)), Act::Report(n)));
        acts.push((accepted, Act::AcceptReport(n)));
    }
    for (n, need) in plan.needs.iter().enumerate() {
        acts.push((need.at, Act::Register(n)));
        if need.complex {
            acts.push((need.at.plus(minutes(30)), Act::Classify(n)));
        }
        acts.push((need.answered_at(), Act::Feedback(n)));
        acts.push((need.agreed_at(), Act::ProposeDate(n)));
        acts.push((need.agreed_at(), Act::AgreeDate(n)));
        acts.push((need.reached_at(), Act::Reach(n)));
        acts.push((need.reached_at().plus(NOON), Act::Flag(n)));
        acts.push((need.reached_at().plus(NOON), Act::Deliver(n)));
        acts.push((need.reached_at().plus(NOON + NOON), Act::Accept(n)));
    }
    acts.retain(|(at, _)| *at <= plan.until);
    acts.sort();
    acts
}

/// Ids of what exists so far.
#[derive(Default)]
struct Made {
    tickets: BTreeMap<usize, ServiceTicketId>,
    incidents: BTreeMap<usize, IncidentId>,
    requirements: BTreeMap<usize, RequirementId>,
}

/// Plays a plan, moving the clock by hand, and runs the jobs that fall due on the way.
pub async fn play(desk: &ServiceDesk, cast: &Cast, plan: &Plan) -> Result<Played> {
    let platform = cast.duty.platform().clone();
    let mut made = Made::default();
    let acts = acts(plan);
    for (at, act) in &acts {
        platform.clock().set(*at);
        platform::jobs::run_due(&platform).await?;
        perform(desk, cast, plan, &mut made, *act)
            .await
            .map_err(|error| Error::internal(format!("{act:?} at {}: {error}", at.local_text())))?;
    }
    platform.clock().set(plan.until);
    platform::jobs::run_due(&platform).await?;
    Ok(Played {
        tickets: made.tickets.len(),
        incidents: made.incidents.len(),
        requirements: made.requirements.len(),
        steps: acts.len(),
    })
}

async fn perform(desk: &ServiceDesk, cast: &Cast, plan: &Plan, made: &mut Made, act: Act) -> Result<()> {
    match act {
        Act::Call(n)
        | Act::Take(n)
        | Act::Answer(n)
        | Act::Propose(n)
        | Act::Agree(n)
        | Act::Solve(n)
        | Act::Close(n) => call(desk, cast, plan, made, act, n).await,
        Act::Declare(n) | Act::Deal(n) | Act::Restore(n) | Act::Report(n) | Act::AcceptReport(n) => {
            outage(desk, cast, plan, made, act, n).await
        }
        Act::Register(n)
        | Act::Classify(n)
        | Act::Feedback(n)
        | Act::ProposeDate(n)
        | Act::AgreeDate(n)
        | Act::Reach(n)
        | Act::Flag(n)
        | Act::Deliver(n)
        | Act::Accept(n) => need(desk, cast, plan, made, act, n).await,
    }
}

async fn call(
    desk: &ServiceDesk,
    cast: &Cast,
    plan: &Plan,
    made: &mut Made,
    act: Act,
    n: usize,
) -> Result<()> {
    let call = plan.calls.get(n).ok_or_else(|| internal("a call that was not planned"))?;
    let story = STORIES.get(call.story).ok_or_else(|| internal("a story that is not told"))?;
    let (item, class, title, description, solution, cause) = *story;
    let engineer = cast.engineers.get(call.engineer).unwrap_or(&cast.duty);
    let now = engineer.now();
    if act == Act::Call(n) {
        let input = TicketInput {
            organisation_id: cast.places.get(call.place).copied(),
            channel: call.channel,
            class,
            priority: if class == Class::Fault { 2 } else { 3 },
            item_code: Some(item.to_owned()),
            title: title.to_owned(),
            description: description.to_owned(),
            caller_name: Some("信息员".to_owned()),
            caller_phone: None,
            opened_at: None,
            touches: Touches::default(),
        };
        made.tickets.insert(n, desk.open_ticket(&cast.duty, input).await?);
        return Ok(());
    }
    let id = *made.tickets.get(&n).ok_or_else(|| internal("a call that was not opened"))?;
    let own: AccountId = engineer.account_id()?;
    let (who, step) = match act {
        Act::Take(_) => (engineer, TicketStep::Assign { account_id: own }),
        Act::Answer(_) => (engineer, TicketStep::Respond { at: None, note: None }),
        Act::Propose(_) => (
            engineer,
            TicketStep::ProposeDeadline { due_at: now.plus(minutes(call.solved_after_min.min(28) * 6 + 30)) },
        ),
        Act::Agree(_) => (&cast.bureau, TicketStep::AcceptDeadline),
        Act::Solve(_) => (
            engineer,
            TicketStep::Resolve {
                solution: solution.to_owned(),
                cause: Some(cause.to_owned()),
                article_id: cast.articles.get(title).copied(),
                at: None,
            },
        ),
        _ => {
            desk.ticket_step(&cast.bureau, id, TicketStep::Close, None).await?;
            (&cast.bureau, TicketStep::Rate { stars: call.stars, comment: None })
        }
    };
    desk.ticket_step(who, id, step, None).await
}

async fn outage(
    desk: &ServiceDesk,
    cast: &Cast,
    plan: &Plan,
    made: &mut Made,
    act: Act,
    n: usize,
) -> Result<()> {
    let outage = plan.outages.get(n).ok_or_else(|| internal("an outage that was not planned"))?;
    let item = INCIDENT_ITEMS.get(outage.item).map_or("ecg", |(item, _)| item);
    let cause = CAUSES.get(outage.cause).copied().unwrap_or("network").to_owned();
    let engineer = cast.engineers.first().unwrap_or(&cast.duty);
    if act == Act::Declare(n) {
        let (primary, secondary) = match outage.severity {
            1 => (18, 2),
            2 => (1, 1),
            3 => (1, 0),
            _ => (0, 0),
        };
        let evidence = EvidenceInput {
            connected_institutions: 20,
            primary_stopped: primary,
            secondary_stopped: secondary,
            ..EvidenceInput::default()
        };
        let input = IncidentInput {
            item_code: item.to_owned(),
            title: "业务系统无法使用".to_owned(),
            description: "多处反映登录后无法办理业务".to_owned(),
            evidence,
            affected: Vec::new(),
            also_affects: Vec::new(),
            first_alarm: None,
            first_report: Some(outage.at),
            source: Some("电话报障".to_owned()),
            tickets: None,
        };
        made.incidents.insert(n, desk.declare_incident(&cast.duty, input).await?);
        return Ok(());
    }
    let id = *made.incidents.get(&n).ok_or_else(|| internal("an outage that was not declared"))?;
    if act == Act::Restore(n) && outage.severity <= 2 {
        // 附2 十六: both are told within 24 hours.
        for (to, recipient) in
            [(NoticeTo::Authorities, "市委网信办、公安局网安大队"), (NoticeTo::Carrier, "溧阳市卫生健康局")]
        {
            let evidence = "电话报告并送达书面报告，签收回执留存".to_owned();
            let told = IncidentStep::Notice { to, recipient: recipient.to_owned(), evidence, at: None };
            desk.incident_step(&cast.lead, id, told).await?;
        }
    }
    let (who, step) = match act {
        Act::Deal(_) => (engineer, IncidentStep::Respond { way: Way::Remote, at: None }),
        Act::Restore(_) => {
            (engineer, IncidentStep::Restore { at: Some(outage.ends().0), note: Some("业务恢复".to_owned()) })
        }
        Act::Report(_) => {
            let report = Report {
                cause: "链路与服务异常".to_owned(),
                analysis: "核对日志后定位到单点".to_owned(),
                handling: "切换备用节点并验证业务".to_owned(),
                prevention: "增加监控与定期演练".to_owned(),
                cause_code: Some(cause),
            };
            (&cast.lead, IncidentStep::SubmitReport { report })
        }
        _ => (&cast.bureau, IncidentStep::AcceptReport { cause_code: cause }),
    };
    desk.incident_step(who, id, step).await
}

async fn need(
    desk: &ServiceDesk,
    cast: &Cast,
    plan: &Plan,
    made: &mut Made,
    act: Act,
    n: usize,
) -> Result<()> {
    let need = plan.needs.get(n).ok_or_else(|| internal("a requirement that was not planned"))?;
    if act == Act::Register(n) {
        let (item, title, description) = NEEDS.get(n % NEEDS.len()).copied().unwrap_or_default();
        let input = RequirementInput {
            organisation_id: cast.places.get(n % cast.places.len().max(1)).copied(),
            item_code: Some(item.to_owned()),
            title: title.to_owned(),
            description: description.to_owned(),
            requester_name: Some("科室负责人".to_owned()),
            received_at: None,
        };
        made.requirements.insert(n, desk.register_requirement(&cast.bureau, input).await?);
        return Ok(());
    }
    let id = *made.requirements.get(&n).ok_or_else(|| internal("a requirement that was not registered"))?;
    let milestone = desk.requirement_milestones(&cast.bureau, id).await?.first().copied();
    let known = || milestone.ok_or_else(|| internal("a requirement without a date"));
    let (who, step) = match act {
        Act::Classify(_) => {
            desk.requirement_step(&cast.lead, id, RequirementStep::ProposeKind { kind: Size::Complex })
                .await?;
            (&cast.bureau, RequirementStep::ConfirmKind)
        }
        Act::Feedback(_) => (
            &cast.lead,
            RequirementStep::Answer {
                feasible: true,
                expected_finish: Some(need.due().to_string()),
                extra_cost_cents: 0,
                answer: "可以实现，列入下一版本".to_owned(),
                at: None,
            },
        ),
        Act::ProposeDate(_) => (
            &cast.lead,
            RequirementStep::ProposeDate {
                milestone: None,
                name: "上线".to_owned(),
                due: need.due().to_string(),
            },
        ),
        Act::AgreeDate(_) => (&cast.bureau, RequirementStep::AcceptDate { milestone: known()? }),
        Act::Reach(_) => (&cast.lead, RequirementStep::Reach { milestone: known()?, at: None }),
        Act::Flag(_) => {
            let milestone = known()?;
            if let Some(to) = need.complained {
                let evidence = "来信登记".to_owned();
                let step =
                    RequirementStep::Complain { milestone, due: None, to, evidence, attachment_id: None };
                desk.requirement_step(&cast.bureau, id, step).await?;
            }
            if !need.affected {
                return Ok(());
            }
            let evidence = "停诊半天".to_owned();
            let step =
                RequirementStep::AffectBusiness { milestone, due: None, evidence, attachment_id: None };
            (&cast.bureau, step)
        }
        Act::Deliver(_) => (&cast.lead, RequirementStep::Deliver { note: "已部署上线".to_owned(), at: None }),
        _ => (&cast.bureau, RequirementStep::Accept),
    };
    desk.requirement_step(who, id, step).await
}
