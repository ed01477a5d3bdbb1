//! Plays the script: every act through the use case that a person at the screen would reach, by that person's account.

use crate::cases::findings;
use crate::organisations::County;
use crate::plan::{Act, Plan, Script};
use crate::residents::Resident;
use crate::staff::Team;
use crate::wfdb;
use crate::{DemoParts, internal};
use ecg::wire;
use ecg::{RecordingUpload, Upload};
use ecg_signal::synth::SynthSpec;
use ecg_signal::{Sex as SignalSex, Subject};
use kernel::{EcgExamId, PatientId, Result, Timestamp};
use patients::PatientInput;
use platform::Ctx;
use ports::patients::{IdentifierKind, Sex};
use std::collections::HashMap;

/// Who plays where.
pub struct Stage<'a> {
    pub parts: &'a DemoParts,
    pub county: &'a County,
    pub team: &'a Team,
    pub script: &'a Script,
    /// Ids of residents by index and by the technician who registered them.
    patients: HashMap<(usize, String), PatientId>,
    exams: HashMap<usize, EcgExamId>,
}

impl<'a> Stage<'a> {
    pub fn new(parts: &'a DemoParts, county: &'a County, team: &'a Team, script: &'a Script) -> Self {
        Self { parts, county, team, script, patients: HashMap::new(), exams: HashMap::new() }
    }

    /// Plays everything in order of time. Jobs run as they come due, as they would have.
    pub async fn play(&mut self) -> Result<usize> {
        let mut acts: Vec<(Timestamp, usize, Act, &str)> = Vec::new();
        for (index, plan) in self.script.plans.iter().enumerate() {
            acts.extend(plan.acts.iter().map(|(at, act, by)| (*at, index, *act, by.as_str())));
        }
        acts.sort_by_key(|(at, index, _, _)| (*at, *index));
        for (at, index, act, by) in acts {
            if at > self.parts.platform.now() {
                self.parts.platform.clock().set(at);
            }
            let ctx = self.team.ctx(&self.parts.platform, by)?;
            if let Some(plan) = self.script.plans.get(index) {
                self.act(&ctx, index, plan, act).await?;
            }
            platform::jobs::run_due(&self.parts.platform).await?;
        }
        Ok(self.exams.len())
    }

    /// The record of a resident at the place of a technician, registered there when it is not known yet.
    pub async fn patient(&mut self, technician: &str, resident: usize) -> Result<PatientId> {
        let key = (resident, technician.to_owned());
        if let Some(id) = self.patients.get(&key) {
            return Ok(*id);
        }
        let ctx = self.team.ctx(&self.parts.platform, technician)?;
        let person = self.script.residents.get(resident).map(|(person, _)| person);
        let person = person.ok_or_else(|| internal("the script names a resident that it does not have"))?;
        let input = PatientInput { address: self.address(&ctx), ..as_input(person) };
        let id = patients::register(&ctx, &*self.parts.directory, &input).await?.id();
        self.patients.insert(key, id);
        Ok(id)
    }

    /// Somewhere in the town of the registering centre; people of the hospitals come from all over.
    fn address(&self, ctx: &Ctx) -> Option<String> {
        let path = ctx.principal().organisation_path.as_ref()?;
        let town = self.county.towns.iter().find(|town| town.centre.path.contains(path))?;
        let count = town.clinics.len();
        let village = town.clinics.get(self.patients.len() * 7 % count.max(1))?;
        let village =
            village.name.trim_end_matches("卫生服务站").trim_end_matches("卫生室").trim_end_matches("医务室");
        Some(format!("江苏省溧阳市{}{village}{}号", town.short_name, self.patients.len() % 90 + 1))
    }

    fn exam_id(&self, index: usize) -> Result<EcgExamId> {
        self.exams.get(&index).copied().ok_or_else(|| internal("an act comes before its registration"))
    }

    async fn act(&mut self, ctx: &Ctx, index: usize, plan: &Plan, act: Act) -> Result<()> {
        if matches!(act, Act::Register) {
            return self.register(ctx, index, plan).await;
        }
        let ecg = &self.parts.ecg;
        let id = self.exam_id(index)?;
        match act {
            Act::Register => Ok(()),
            Act::Upload => ecg.upload(ctx, id, self.recording(ctx, index, plan)).await,
            Act::Submit => ecg.submit(ctx, id).await,
            Act::Claim => ecg.claim(ctx, id).await,
            Act::Save => self.save(ctx, id, plan).await,
            Act::Sign => {
                let row_version = ecg.exam(ctx, id).await?.row_version;
                ecg.sign(ctx, id, wire::SignBody { row_version, password: None }).await
            }
            Act::ClaimReview => ecg.claim_review(ctx, id).await,
            Act::Approve => ecg.approve(ctx, id).await,
            Act::Return(reason) => ecg.return_report(ctx, id, reason).await,
            Act::Retake(code, reason) => ecg.request_retake(ctx, id, code, reason).await,
            Act::Withdraw(reason) => ecg.withdraw(ctx, id, reason).await,
            Act::Void(reason) => ecg.void(ctx, id, reason).await,
        }
    }

    async fn register(&mut self, ctx: &Ctx, index: usize, plan: &Plan) -> Result<()> {
        let patient_id = self.patient(&plan.technician, plan.resident).await?;
        let at_hospital = plan.technician == "tech.hospital" || plan.technician == "tech.tcm";
        let input = wire::ExamInput {
            patient_id,
            urgency: plan.urgency,
            clinical_note: Some(plan.case.note.to_owned()),
            symptoms: plan.case.symptoms.iter().map(|s| (*s).to_owned()).collect(),
            device_name: Some("十二导联静态心电图机".into()),
            requesting_department: at_hospital.then(|| "心血管内科".to_owned()),
            bed: (at_hospital && index.is_multiple_of(3)).then(|| format!("{:02}", index % 40 + 1)),
            requester_name: None,
        };
        let id = self.parts.ecg.create_exam(ctx, input).await?;
        self.exams.insert(index, id);
        Ok(())
    }

    /// The files that the device leaves: a synthetic ECG of this person, recorded a minute ago.
    fn recording(&self, ctx: &Ctx, index: usize, plan: &Plan) -> RecordingUpload {
        let mut spec = SynthSpec::new(plan.case.rhythm, plan.seed);
        if let Some((person, _)) = self.script.residents.get(plan.resident) {
            let sex = if person.sex == Sex::Female { SignalSex::Female } else { SignalSex::Male };
            let age = f64::from(person.age_years(ctx.now().local_date()));
            spec.subject = Subject { age_years: Some(age), sex: Some(sex) };
        }
        let recorded = ctx.now().minus(std::time::Duration::from_secs(60)).local();
        let started = recorded.strftime("%H:%M:%S %d/%m/%Y").to_string();
        let name = format!("D{index:04}_{}", recorded.strftime("%Y%m%d%H%M%S"));
        let files = wfdb::record(&spec, &name, &started);
        let files = files.into_iter().map(|file| Upload { name: file.name, bytes: file.bytes }).collect();
        RecordingUpload { files, key: None, mismatch_confirmed: false, reason: None }
    }

    async fn save(&self, ctx: &Ctx, id: EcgExamId, plan: &Plan) -> Result<()> {
        let exam = self.parts.ecg.exam(ctx, id).await?;
        let last = exam
            .recordings
            .last()
            .ok_or_else(|| internal("an examination without a recording is being read"))?;
        let measured = last.analysis.as_ref().map(|analysis| analysis.global.clone()).unwrap_or_default();
        let mut conclusion: Vec<String> =
            plan.case.conclusion.iter().map(|line| (*line).to_owned()).collect();
        if plan.case.conclusion == ["心房颤动"] && measured.heart_rate_bpm.is_some_and(|rate| rate > 100.0)
        {
            conclusion = vec!["心房颤动伴快速心室率".into()];
        }
        let input = wire::ReportInput {
            recording_id: last.id,
            measurements: Vec::new(),
            findings: findings(&measured),
            conclusion,
            abnormal: plan.case.abnormal,
            row_version: exam.row_version,
        };
        self.parts.ecg.save_report(ctx, id, input).await
    }
}

/// A resident as the registration desk enters them.
pub fn as_input(person: &Resident) -> PatientInput {
    PatientInput {
        name: person.name.clone(),
        sex: person.sex,
        birth_date: Some(person.birth_date.to_string()),
        identifier_kind: if person.id_card.is_some() {
            IdentifierKind::ResidentIdCard
        } else {
            IdentifierKind::None
        },
        identifier_number: person.id_card.clone(),
        phone: person.phone.clone(),
        address: None,
        ethnicity: Some("汉族".into()),
        note: None,
        newborn_of_patient_id: None,
        birth_order: None,
        unidentified: false,
        duplicate_acknowledged: true,
    }
}
