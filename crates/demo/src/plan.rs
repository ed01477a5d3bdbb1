//! The month before now as a list of acts: who does what to which examination, and when. Pure and repeatable.

use crate::cases::Case;
use crate::dice::Dice;
use crate::residents::{Resident, typical_age};
use crate::staff::TOWN_LOGINS;
use ecg::model::{RetakeReason, Urgency};
use ecg_signal::synth::SynthRhythm;
use kernel::{CivilDate, Timestamp};
use ports::patients::Sex;
use std::time::Duration;

/// One act on an examination.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    Register,
    Upload,
    Submit,
    Claim,
    /// Saves the report.
    Save,
    Sign,
    ClaimReview,
    Approve,
    Return(&'static str),
    Retake(RetakeReason, &'static str),
    Withdraw(&'static str),
    Void(&'static str),
}

/// An examination of the demo month.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Index into the residents.
    pub resident: usize,
    pub technician: String,
    pub case: Case,
    pub urgency: Urgency,
    pub seed: u64,
    /// Acts with their time and who acts, in order.
    pub acts: Vec<(Timestamp, Act, String)>,
}

/// What the county holds.
#[derive(Clone, Debug)]
pub struct Script {
    pub residents: Vec<(Resident, String)>,
    pub plans: Vec<Plan>,
}

/// How far an examination of today has come.
#[derive(Clone, Copy)]
enum Stage {
    Registered,
    Acquired,
    Submitted,
    Reading,
    AwaitingReview,
    Reviewing,
    Retake,
}

const READERS: [&str; 4] = ["reader1", "reader2", "reader3", "reviewer2"];

/// The two residents who have an account of the app: (index, login name).
pub const APP_USERS: [(usize, &str); 2] = [(0, "resident1"), (1, "resident2")];

/// Days of the past that hold examinations.
pub const DAYS: u32 = 30;

/// Writes the script for `residents` people and about `exams` examinations before `now`.
pub fn script(dice: &mut Dice, now: Timestamp, residents: u32, exams: u32) -> Script {
    let people = people(dice, now.local_date(), residents);
    let mut writer = Writer { dice, now, people, plans: Vec::new() };
    writer.regular_patient();
    let today = 26.min(exams / 3);
    writer.past(exams.saturating_sub(today));
    writer.today(today);
    Script { residents: writer.people, plans: writer.plans }
}

/// People and the technician who registers each. The first is the regular patient with an account of the app.
fn people(dice: &mut Dice, today: CivilDate, count: u32) -> Vec<(Resident, String)> {
    let mut people = Vec::new();
    for index in 0..count {
        let age = match index {
            0 => 67,
            1 => 45,
            _ => typical_age(dice),
        };
        let mut resident = Resident::draw(dice, age, today);
        if index == 0 {
            resident.name = "史秀英".into();
            resident.sex = Sex::Female;
            resident.id_card = Some(crate::residents::id_card(dice, resident.birth_date, Sex::Female));
        }
        let at_hospital = dice.chance(25);
        let town = dice.pick(&TOWN_LOGINS).1;
        let technician = match index {
            0 | 1 => "tech.tianmuhu".to_owned(),
            _ if at_hospital => if dice.chance(65) { "tech.hospital" } else { "tech.tcm" }.to_owned(),
            _ => format!("tech.{town}"),
        };
        // Some come without their card.
        if index > 1 && dice.chance(7) {
            resident.id_card = None;
        }
        people.push((resident, technician));
    }
    people
}

struct Writer<'a> {
    dice: &'a mut Dice,
    now: Timestamp,
    people: Vec<(Resident, String)>,
    plans: Vec<Plan>,
}

fn minutes(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 60)
}

impl Writer<'_> {
    fn age(&self, resident: usize) -> i16 {
        self.people.get(resident).map_or(50, |(r, _)| r.age_years(self.now.local_date()))
    }

    fn new_plan(&mut self, resident: usize, case: Case) -> Plan {
        let technician = self.people.get(resident).map(|(_, t)| t.clone()).unwrap_or_default();
        let hurried = case.urgency == Urgency::Routine && self.dice.chance(12);
        let urgency = if hurried { Urgency::Urgent } else { case.urgency };
        Plan { resident, technician, case, urgency, seed: self.dice.next() >> 16, acts: Vec::new() }
    }

    /// Somebody whose age suits the case.
    fn somebody(&mut self, from_age: i16) -> usize {
        let count = u32::try_from(self.people.len()).unwrap_or(u32::MAX);
        for _ in 0..50 {
            let index = usize::try_from(self.dice.between(2, count)).unwrap_or(0);
            if self.age(index) >= from_age {
                return index;
            }
        }
        0
    }

    /// A morning or afternoon minute of `days` days ago.
    fn opening_hour(&mut self, days: u32) -> Timestamp {
        let date = self.now.local_date().saturating_sub(jiff::Span::new().days(i64::from(days)));
        let minute =
            if self.dice.chance(65) { self.dice.between(480, 690) } else { self.dice.between(810, 1010) };
        Timestamp::start_of_local_date(date)
            .plus(minutes(minute))
            .plus(Duration::from_secs(u64::from(self.dice.between(0, 60))))
    }

    /// The whole way to a published report, beginning at `start`.
    fn publish(&mut self, plan: &mut Plan, start: Timestamp) -> Timestamp {
        let wait = match plan.urgency {
            Urgency::Stat => 2,
            Urgency::Urgent => 6,
            Urgency::Routine => 14,
        };
        let at = self.acquire(plan, start);
        let reader = self.dice.pick(&READERS).to_owned();
        let at = at.plus(minutes(self.dice.between(1, wait)));
        plan.acts.push((at, Act::Claim, reader.clone()));
        let at = at.plus(minutes(self.dice.between(2, 5)));
        plan.acts.push((at, Act::Save, reader.clone()));
        plan.acts.push((at, Act::Sign, reader));
        let at = at.plus(minutes(self.dice.between(1, wait)));
        self.review(plan, at)
    }

    fn acquire(&mut self, plan: &mut Plan, start: Timestamp) -> Timestamp {
        let by = plan.technician.clone();
        let uploaded = start.plus(minutes(self.dice.between(2, 5)));
        let submitted = uploaded.plus(Duration::from_secs(u64::from(self.dice.between(20, 90))));
        plan.acts.extend([
            (start, Act::Register, by.clone()),
            (uploaded, Act::Upload, by.clone()),
            (submitted, Act::Submit, by),
        ]);
        submitted
    }

    fn review(&mut self, plan: &mut Plan, at: Timestamp) -> Timestamp {
        let done = at.plus(minutes(self.dice.between(1, 3)));
        plan.acts.push((at, Act::ClaimReview, "reviewer1".into()));
        plan.acts.push((done, Act::Approve, "reviewer1".into()));
        done
    }

    /// A patient with hypertension whose atrial fibrillation appears in the course of the month.
    fn regular_patient(&mut self) {
        for (resident, days, rhythm) in [
            (0, 29, SynthRhythm::Sinus),
            (0, 16, SynthRhythm::AtrialPrematureBeats),
            (0, 4, SynthRhythm::AtrialFibrillation),
            (1, 9, SynthRhythm::SinusBradycardia),
        ] {
            let mut plan = self.new_plan(resident, Case::of(rhythm));
            let start = self.opening_hour(days);
            self.publish(&mut plan, start);
            self.plans.push(plan);
        }
    }

    fn past(&mut self, count: u32) {
        for index in 0..count {
            let nth = usize::try_from(index).ok().and_then(Case::nth);
            let (resident, case) = match nth {
                Some(case) => (self.somebody(case.from_age), case),
                None => {
                    let resident = self.somebody(0);
                    (resident, Case::draw(self.dice, self.age(resident)))
                }
            };
            let days = 1 + self.dice.between(0, DAYS - 2);
            let start = self.opening_hour(days);
            let mut plan = self.new_plan(resident, case);
            match index % 31 {
                7 => self.returned_once(&mut plan, start),
                13 => {
                    let published = self.publish(&mut plan, start);
                    self.amended(&mut plan, published.plus(minutes(95)));
                }
                19 => self.retaken(&mut plan, start),
                24 => {
                    let by = plan.technician.clone();
                    plan.acts.push((start, Act::Register, by.clone()));
                    plan.acts.push((start.plus(minutes(6)), Act::Void("患者临时离开，未做检查"), by));
                }
                29 => {
                    let published = self.publish(&mut plan, start);
                    let reason = "患者提供新病史，报告需重新评估";
                    plan.acts.push((published.plus(minutes(40)), Act::Withdraw(reason), "reviewer1".into()));
                }
                _ => {
                    self.publish(&mut plan, start);
                }
            }
            self.plans.push(plan);
        }
    }

    fn returned_once(&mut self, plan: &mut Plan, start: Timestamp) {
        let at = self.acquire(plan, start);
        let mut at = at.plus(minutes(4));
        for round in 0..2 {
            plan.acts.push((at, Act::Claim, "reader2".into()));
            plan.acts.push((at.plus(minutes(3)), Act::Save, "reader2".into()));
            plan.acts.push((at.plus(minutes(3)), Act::Sign, "reader2".into()));
            at = at.plus(minutes(8));
            if round == 0 {
                plan.acts.push((at, Act::ClaimReview, "reviewer1".into()));
                plan.acts.push((
                    at.plus(minutes(2)),
                    Act::Return("请补充ST段描述并核对电轴"),
                    "reviewer1".into(),
                ));
                at = at.plus(minutes(7));
            }
        }
        self.review(plan, at);
    }

    fn amended(&mut self, plan: &mut Plan, at: Timestamp) {
        plan.acts.push((at, Act::Withdraw("结论措辞需更正"), "reviewer1".into()));
        plan.acts.push((at.plus(minutes(3)), Act::Claim, "reader1".into()));
        plan.acts.push((at.plus(minutes(6)), Act::Save, "reader1".into()));
        plan.acts.push((at.plus(minutes(6)), Act::Sign, "reader1".into()));
        self.review(plan, at.plus(minutes(11)));
    }

    fn retaken(&mut self, plan: &mut Plan, start: Timestamp) {
        let by = plan.technician.clone();
        let at = self.acquire(plan, start).plus(minutes(5));
        plan.acts.push((at, Act::Claim, "reader1".into()));
        plan.acts.push((
            at.plus(minutes(2)),
            Act::Retake(RetakeReason::Interference, "肌电干扰明显，请保暖后重做"),
            "reader1".into(),
        ));
        plan.acts.push((at.plus(minutes(12)), Act::Upload, by.clone()));
        plan.acts.push((at.plus(minutes(13)), Act::Submit, by));
        let at = at.plus(minutes(18));
        plan.acts.push((at, Act::Claim, "reader1".into()));
        plan.acts.push((at.plus(minutes(3)), Act::Save, "reader1".into()));
        plan.acts.push((at.plus(minutes(3)), Act::Sign, "reader1".into()));
        self.review(plan, at.plus(minutes(9)));
    }

    /// What lies on the worklists when the newcomer signs in: every state, the longest wait about an hour.
    fn today(&mut self, count: u32) {
        use Stage as S;
        let stages = [
            (S::Submitted, SynthRhythm::AnteriorStemi, 4),
            (S::AwaitingReview, SynthRhythm::AtrialFibrillation, 31),
            (S::Reading, SynthRhythm::RightBundleBranchBlock, 12),
            (S::Acquired, SynthRhythm::Sinus, 6),
            (S::Registered, SynthRhythm::Sinus, 3),
            (S::Submitted, SynthRhythm::MobitzOne, 11),
            (S::Submitted, SynthRhythm::Sinus, 22),
            (S::Retake, SynthRhythm::NoisyLeadOff, 43),
            (S::Submitted, SynthRhythm::LeftVentricularHypertrophy, 35),
            (S::Reviewing, SynthRhythm::VentricularPrematureBeats, 38),
            (S::Submitted, SynthRhythm::AtrialFlutter, 17),
            (S::AwaitingReview, SynthRhythm::Sinus, 47),
            (S::Submitted, SynthRhythm::SinusBradycardia, 28),
            (S::Reading, SynthRhythm::InferiorStemi, 9),
            (S::Submitted, SynthRhythm::PacedDdd, 44),
            (S::Acquired, SynthRhythm::SinusArrhythmia, 8),
            (S::AwaitingReview, SynthRhythm::LeftBundleBranchBlock, 52),
            (S::Submitted, SynthRhythm::Sinus, 58),
            (S::Registered, SynthRhythm::SinusTachycardia, 5),
            (S::Submitted, SynthRhythm::VentricularBigeminy, 15),
            (S::AwaitingReview, SynthRhythm::FirstDegreeBlock, 26),
            (S::Submitted, SynthRhythm::PreExcitation, 19),
            (S::Submitted, SynthRhythm::LowVoltage, 40),
            (S::Reading, SynthRhythm::SinusTachycardia, 14),
            (S::Acquired, SynthRhythm::LongQt, 10),
            (S::Submitted, SynthRhythm::AtrialPrematureBeats, 49),
        ];
        for (stage, rhythm, minutes_ago) in stages.into_iter().take(usize::try_from(count).unwrap_or(0)) {
            let case = Case::of(rhythm);
            let resident = self.somebody(case.from_age);
            let mut plan = self.new_plan(resident, case);
            let start = self.now.minus(minutes(minutes_ago + 3));
            self.up_to(&mut plan, stage, start);
            self.plans.push(plan);
        }
    }

    fn up_to(&mut self, plan: &mut Plan, stage: Stage, start: Timestamp) {
        let by = plan.technician.clone();
        let after = |seconds: u64| start.plus(Duration::from_secs(seconds));
        let submitted = [(start, Act::Register), (after(60), Act::Upload), (after(100), Act::Submit)];
        let how_many = match stage {
            Stage::Registered => 1,
            Stage::Acquired => 2,
            _ => 3,
        };
        plan.acts.extend(submitted.into_iter().take(how_many).map(|(at, act)| (at, act, by.clone())));
        let reader = "reader2".to_owned();
        if matches!(stage, Stage::Reading | Stage::AwaitingReview | Stage::Reviewing | Stage::Retake) {
            plan.acts.push((after(160), Act::Claim, reader.clone()));
        }
        match stage {
            Stage::Retake => {
                plan.acts.push((
                    after(240),
                    Act::Retake(RetakeReason::LeadOff, "胸导联脱落，请重新连接后采集"),
                    reader,
                ));
            }
            Stage::AwaitingReview | Stage::Reviewing => {
                plan.acts.push((after(400), Act::Save, reader.clone()));
                plan.acts.push((after(420), Act::Sign, reader));
            }
            _ => {}
        }
        if matches!(stage, Stage::Reviewing) {
            // A claim that still holds when the newcomer looks.
            plan.acts.push((self.now.minus(minutes(1)), Act::ClaimReview, "reviewer2".into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_repeats_and_lies_before_now_in_order() {
        let now: Timestamp = "2026-11-22T06:00:00Z".parse().unwrap();
        let one = script(&mut Dice::new(5), now, 120, 150);
        let two = script(&mut Dice::new(5), now, 120, 150);
        assert_eq!(format!("{one:?}"), format!("{two:?}"));
        assert_eq!(one.residents.len(), 120);
        assert!((150..160).contains(&one.plans.len()), "{}", one.plans.len());
        for plan in &one.plans {
            assert!(plan.acts.is_sorted_by_key(|(at, _, _)| *at), "{plan:?}");
            assert!(plan.acts.iter().all(|(at, _, _)| *at <= now), "{plan:?}");
        }
    }
}
