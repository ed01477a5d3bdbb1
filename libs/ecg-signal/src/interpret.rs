//! From findings to statements about rhythm; conduction and shape are in `interpret_shape`.

use crate::{
    criteria::{Criteria, Key},
    interpret_shape,
    lead::{Lead, Sex, Subject},
    model::{Beat, BeatKind, GlobalMeasurements, LeadMeasurements, LeadQuality, MedianBeats, QualityStatus},
    noise::LeadNoise,
    phrases::{self as p, Phrase},
    rhythm::{Rhythm, RhythmKind},
    statement::{Certainty, Ground, Severity, Statement},
};

/// Everything the statements are judged from.
pub struct Findings<'a> {
    pub rhythm: &'a Rhythm,
    pub global: &'a GlobalMeasurements,
    pub per_lead: &'a [LeadMeasurements],
    /// The same with the QRS at ordinary height: for what is judged by shape, whatever the gain.
    pub proportions: &'a [LeadMeasurements],
    pub quality: &'a [LeadQuality],
    pub beats: &'a [Beat],
    pub duration_s: f64,
    pub subject: &'a Subject,
    pub criteria: &'a Criteria,
    /// On the scale of an ordinary QRS, of which one µV is `gain` µV of the recording.
    pub median: &'a MedianBeats,
    pub gain: f64,
    pub noise: &'a [LeadNoise],
    /// I + III = II holds, so the limb leads share one gain.
    pub einthoven: bool,
}

impl Findings<'_> {
    pub fn limit(&self, key: Key) -> f64 {
        self.criteria.value(key)
    }

    pub fn lead(&self, lead: Lead) -> Option<&LeadMeasurements> {
        self.per_lead.iter().find(|m| m.lead == lead)
    }

    /// A lead's measurements on the scale of an ordinary QRS.
    pub fn shape(&self, lead: Lead) -> Option<&LeadMeasurements> {
        self.proportions.iter().find(|m| m.lead == lead)
    }

    /// A lead as it was recorded, or on the scale of an ordinary QRS where its heights cannot be believed.
    pub fn believed(&self, lead: Lead) -> Option<&LeadMeasurements> {
        if self.amplitudes_hold() { self.lead(lead) } else { self.shape(lead) }
    }

    /// Whether heights in µV mean what they say; else nothing is said that rests on them alone.
    pub fn amplitudes_hold(&self) -> bool {
        self.einthoven && self.implausible_height().is_none()
    }

    /// The height that no heart has: the tallest QRS above the limit, or the tallest below the lower one.
    pub fn implausible_height(&self) -> Option<(Lead, f64, Key)> {
        let (lead, tallest) = self
            .per_lead
            .iter()
            .filter_map(|m| m.qrs_peak_to_peak_uv.map(|v| (m.lead, v)))
            .max_by(|a, b| a.1.total_cmp(&b.1))?;
        [
            (Key::AmplitudeHighUv, tallest > self.limit(Key::AmplitudeHighUv)),
            (Key::AmplitudeLowUv, tallest < self.limit(Key::AmplitudeLowUv)),
        ]
        .into_iter()
        .find(|(_, out)| *out)
        .map(|(key, _)| (lead, tallest, key))
    }

    pub fn is_adult(&self) -> bool {
        self.subject.age_years.is_none_or(|age| age >= self.limit(Key::VoltageMinAgeYears))
    }

    /// The limit for this sex; unknown sex takes the male one, which the voltage tables set higher.
    pub fn by_sex(&self, male: Key, female: Key) -> Key {
        if self.subject.sex == Some(Sex::Female) { female } else { male }
    }

    pub fn ground(
        &self,
        measurement: &'static str,
        lead: Option<Lead>,
        value: f64,
        key: Key,
        relation: &str,
    ) -> Ground {
        Ground {
            measurement,
            lead,
            value,
            unit: key.unit(),
            criterion: format!("{relation} {} {}", self.limit(key), key.unit()),
            source: self.criteria.source(key),
        }
    }

    /// A finding of the signal analysis itself rather than of a published threshold.
    pub fn observed(
        &self,
        measurement: &'static str,
        value: f64,
        unit: &'static str,
        criterion: &str,
    ) -> Ground {
        Ground {
            measurement,
            lead: None,
            value,
            unit,
            criterion: criterion.to_owned(),
            source: crate::resting::ALGORITHM.to_owned(),
        }
    }
}

/// A statement from the catalogue.
pub fn say(phrase: Phrase, certainty: Certainty, leads: Vec<Lead>, grounds: Vec<Ground>) -> Statement {
    Statement {
        code: phrase.code,
        snomed: phrase.snomed,
        text_zh: phrase.zh.to_owned(),
        text_en: phrase.en.to_owned(),
        certainty,
        severity: phrase.severity,
        leads,
        grounds,
    }
}

/// All statements: rhythm, ectopic beats, conduction, shape, quality; "normal ECG" only if nothing else is.
pub fn statements(f: &Findings<'_>) -> Vec<Statement> {
    let mut out = Vec::new();
    let quality: Vec<Statement> = quality_statement(f).into_iter().chain(amplitudes(f)).collect();
    if f.beats.is_empty() {
        out.push(say(
            p::NO_BEATS,
            Certainty::Definite,
            Vec::new(),
            vec![f.observed("beats", 0.0, "1", "no QRS complex found")],
        ));
        out.extend(quality);
        return out;
    }
    out.extend(basic_rhythm(f));
    out.extend(ectopy(f));
    let conduction = interpret_shape::conduction(f);
    // Where depolarization takes another way, repolarization is changed by that alone.
    let secondary =
        conduction.iter().any(|s| [p::LBBB.code, p::ILBBB.code, p::RBBB.code, p::WPW.code].contains(&s.code));
    out.extend(conduction);
    out.extend(interpret_shape::shape(f, secondary));
    let plain = out.iter().all(|s| s.code == p::SINUS_RHYTHM.code);
    let sinus = f.rhythm.kind == RhythmKind::Sinus;
    let complete = Lead::ALL.into_iter().all(|lead| f.lead(lead).is_some());
    if plain && sinus && complete && quality.is_empty() {
        out.push(say(
            p::NORMAL_ECG,
            Certainty::Probable,
            Vec::new(),
            vec![f.observed("statements", 0.0, "1", "no criterion of this table is met")],
        ));
    }
    out.extend(quality);
    out
}

fn rate_ground(f: &Findings<'_>, key: Key, relation: &str) -> Vec<Ground> {
    f.global.heart_rate_bpm.map(|v| f.ground("heart_rate", None, v, key, relation)).into_iter().collect()
}

fn basic_rhythm(f: &Findings<'_>) -> Vec<Statement> {
    let rate = f.global.heart_rate_bpm.unwrap_or(f64::NAN);
    let r = f.rhythm;
    let likeness = f.observed("p_likeness", r.p_likeness, "1", "> 0.5 where a P wave precedes each QRS");
    let mut out = Vec::new();
    match r.kind {
        RhythmKind::Sinus => sinus(f, r.sinus_rate_bpm.unwrap_or(rate), &likeness, &mut out),
        RhythmKind::AtrialFibrillation => {
            let (phrase, mut grounds) = if rate > f.limit(Key::VentricularRateFastBpm) {
                (p::ATRIAL_FIBRILLATION_FAST, rate_ground(f, Key::VentricularRateFastBpm, ">"))
            } else if rate < f.limit(Key::VentricularRateSlowBpm) {
                (p::ATRIAL_FIBRILLATION_SLOW, rate_ground(f, Key::VentricularRateSlowBpm, "<"))
            } else {
                (p::ATRIAL_FIBRILLATION, Vec::new())
            };
            grounds.push(f.observed("rr_irregularity", r.irregularity, "1", "> 0.13"));
            grounds.push(f.observed("p_likeness", r.p_likeness, "1", "<= 0.5: no P wave"));
            let certainty = if r.irregularity > 0.16 && r.p_likeness < 0.3 {
                Certainty::Definite
            } else {
                Certainty::Probable
            };
            out.push(say(phrase, certainty, Vec::new(), grounds));
        }
        RhythmKind::AtrialFlutter => {
            let atrial = r.atrial_rate_bpm.unwrap_or(f64::NAN);
            let mut s = say(
                p::ATRIAL_FLUTTER,
                Certainty::Probable,
                vec![Lead::II, Lead::III, Lead::AVF, Lead::V1],
                vec![f.observed("atrial_rate", atrial, "bpm", "regular waves, 210 to 350 bpm")],
            );
            let ratio = atrial / rate;
            if (ratio - ratio.round()).abs() < 0.15 && r.irregularity < 0.06 && (1.5..6.5).contains(&ratio) {
                s.text_zh = format!("{}（{:.0}:1传导）", s.text_zh, ratio);
                s.text_en = format!("{}, {:.0}:1 conduction", s.text_en, ratio);
            } else {
                s.text_zh.push_str("（不等比传导）");
                s.text_en.push_str(", variable conduction");
            }
            out.push(s);
        }
        RhythmKind::Paced => {
            let phrase = match (r.paced_atrium, r.paced_ventricle) {
                (true, true) => p::PACED_DUAL,
                (true, false) => p::PACED_ATRIUM,
                _ => p::PACED_VENTRICLE,
            };
            let (ground, certainty) = if r.paced_by_pattern {
                let qrs = f.global.qrs_ms.unwrap_or(f64::NAN);
                let told = ">= 140 ms, no P wave, RR within 1.5 %; no spike is left in the recording";
                (f.observed("qrs", qrs, "ms", told), Certainty::Possible)
            } else {
                (
                    f.observed("pacing_spikes", 1.0, "1", "a spike precedes most QRS complexes"),
                    Certainty::Probable,
                )
            };
            out.push(say(phrase, certainty, Vec::new(), vec![ground]));
            if r.atria_dissociated {
                let seen =
                    f.observed("p_waves", 1.0, "1", "P waves keep their own time under the paced ventricle");
                out.push(say(p::AVB_THIRD, Certainty::Possible, Vec::new(), vec![seen]));
            }
        }
        RhythmKind::MobitzOne | RhythmKind::SecondDegreeBlock | RhythmKind::ThirdDegreeBlock => {
            let phrase = match r.kind {
                RhythmKind::MobitzOne => p::AVB_MOBITZ_ONE,
                RhythmKind::SecondDegreeBlock => p::AVB_SECOND,
                _ => p::AVB_THIRD,
            };
            let atrial = r.atrial_rate_bpm.unwrap_or(f64::NAN);
            let grounds = vec![f.observed("atrial_rate", atrial, "bpm", "P waves not each followed by QRS")];
            out.push(say(phrase, Certainty::Probable, Vec::new(), grounds));
        }
        RhythmKind::SupraventricularTachycardia => {
            out.push(say(p::SVT, Certainty::Possible, Vec::new(), rate_ground(f, Key::TachyBpm, ">")));
        }
        RhythmKind::WideComplexTachycardia => {
            let mut grounds = rate_ground(f, Key::TachyBpm, ">");
            grounds.extend(f.global.qrs_ms.map(|v| f.ground("qrs", None, v, Key::QrsWideMs, ">=")));
            out.push(say(p::WIDE_TACHYCARDIA, Certainty::Possible, Vec::new(), grounds));
        }
        RhythmKind::NoPWave => {
            out.push(say(p::NO_P_RHYTHM, Certainty::Possible, Vec::new(), vec![likeness]));
        }
        RhythmKind::Undetermined => {
            out.push(say(p::UNDETERMINED_RHYTHM, Certainty::Possible, Vec::new(), vec![likeness]));
        }
    }
    raise_critical_rate(f, rate, &mut out);
    out
}

fn sinus(f: &Findings<'_>, rate: f64, likeness: &Ground, out: &mut Vec<Statement>) {
    let certainty = if f.rhythm.p_likeness > 0.6 { Certainty::Definite } else { Certainty::Probable };
    let rate_ground =
        |f: &Findings<'_>, key: Key, relation: &str| vec![f.ground("sinus_rate", None, rate, key, relation)];
    let (phrase, mut grounds) = if rate < f.limit(Key::BradyBpm) {
        (p::SINUS_BRADYCARDIA, rate_ground(f, Key::BradyBpm, "<"))
    } else if rate > f.limit(Key::TachyBpm) {
        (p::SINUS_TACHYCARDIA, rate_ground(f, Key::TachyBpm, ">"))
    } else {
        (p::SINUS_RHYTHM, rate_ground(f, Key::BradyBpm, ">="))
    };
    grounds.push(likeness.clone());
    out.push(say(phrase, certainty, Vec::new(), grounds));
    if let Some(spread) = f.rhythm.rr_spread_ms.filter(|s| *s >= f.limit(Key::SinusArrhythmiaPpDiffMs)) {
        let ground = f.ground("rr_spread", None, spread, Key::SinusArrhythmiaPpDiffMs, ">=");
        out.push(say(p::SINUS_ARRHYTHMIA, Certainty::Probable, Vec::new(), vec![ground]));
    }
}

/// Very slow or very fast hearts are critical whatever their rhythm.
fn raise_critical_rate(f: &Findings<'_>, rate: f64, out: &mut [Statement]) {
    let Some(first) = out.first_mut() else { return };
    if f.rhythm.kind == RhythmKind::Paced {
        return;
    }
    let low = Key::VentricularRateCriticalLowBpm;
    let high = Key::VentricularRateCriticalHighBpm;
    if rate <= f.limit(low) {
        first.severity = Severity::Critical;
        first.grounds.push(f.ground("heart_rate", None, rate, low, "<="));
    } else if rate >= f.limit(high) {
        first.severity = Severity::Critical;
        first.grounds.push(f.ground("heart_rate", None, rate, high, ">="));
    }
}

fn ectopy(f: &Findings<'_>) -> Vec<Statement> {
    let mut out = Vec::new();
    if f.rhythm.kind == RhythmKind::Paced {
        return out;
    }
    let per_minute = 60.0 / f.duration_s.max(1.0);
    let frequent = f.limit(Key::PrematureFrequentPerMin);
    let ground = |name: &'static str, n: usize, relation: &str| {
        f.ground(name, None, n as f64 * per_minute, Key::PrematureFrequentPerMin, relation)
    };
    let kinds: Vec<BeatKind> = f.beats.iter().map(|b| b.kind).collect();
    let v = count(&kinds, BeatKind::Ventricular);
    if v > 0 {
        let often = v >= 3 && v as f64 * per_minute >= frequent;
        let phrase = if alternates(&kinds, BeatKind::Ventricular, 2) {
            p::PVC_BIGEMINY
        } else if alternates(&kinds, BeatKind::Ventricular, 3) {
            p::PVC_TRIGEMINY
        } else if often {
            p::PVC_FREQUENT
        } else {
            p::PVC_OCCASIONAL
        };
        let relation = if often { ">=" } else { "fewer than three, or <" };
        let grounds = vec![ground("ventricular_premature_per_min", v, relation)];
        out.push(say(phrase, Certainty::Probable, Vec::new(), grounds));
        let run = longest_run(&kinds, BeatKind::Ventricular);
        if run >= 2 {
            let phrase = if run == 2 { p::PVC_COUPLET } else { p::PVC_RUN };
            let seen = f.observed("ventricular_run", run as f64, "beats", "consecutive ventricular beats");
            out.push(say(phrase, Certainty::Probable, Vec::new(), vec![seen]));
        }
    }
    let s = count(&kinds, BeatKind::Supraventricular);
    let blocked = matches!(
        f.rhythm.kind,
        RhythmKind::AtrialFlutter
            | RhythmKind::MobitzOne
            | RhythmKind::SecondDegreeBlock
            | RhythmKind::ThirdDegreeBlock
    );
    if s > 0 && !blocked {
        let often = s >= 3 && s as f64 * per_minute >= frequent;
        let phrase = if alternates(&kinds, BeatKind::Supraventricular, 2) {
            p::PAC_BIGEMINY
        } else if often {
            p::PAC_FREQUENT
        } else {
            p::PAC_OCCASIONAL
        };
        let relation = if often { ">=" } else { "fewer than three, or <" };
        let grounds = vec![ground("supraventricular_premature_per_min", s, relation)];
        out.push(say(phrase, Certainty::Probable, Vec::new(), grounds));
        let run = f.rhythm.atrial_run;
        if run >= 2 {
            let phrase = if run == 2 { p::PAC_COUPLET } else { p::ATRIAL_RUN };
            let seen = f.observed("supraventricular_run", run as f64, "beats", "consecutive early beats");
            out.push(say(phrase, Certainty::Possible, Vec::new(), vec![seen]));
        }
        if f.rhythm.aberrant > 0 {
            let told = "early, enters the ventricles as the others do, leaves to the right and front";
            let seen = f.observed("aberrant_beats", f.rhythm.aberrant as f64, "beats", told);
            out.push(say(p::PAC_ABERRANT, Certainty::Probable, vec![Lead::V1], vec![seen]));
        }
    }
    out
}

fn count(kinds: &[BeatKind], kind: BeatKind) -> usize {
    kinds.iter().filter(|k| **k == kind).count()
}

/// At least three times in a row: one beat of `kind`, then `period - 1` others.
fn alternates(kinds: &[BeatKind], kind: BeatKind, period: usize) -> bool {
    let at: Vec<usize> = kinds.iter().enumerate().filter(|(_, k)| **k == kind).map(|(i, _)| i).collect();
    at.windows(3).any(|w| matches!(w, [a, b, c] if b - a == period && c - b == period))
}

pub fn longest_run(kinds: &[BeatKind], kind: BeatKind) -> usize {
    kinds.split(|k| *k != kind).map(<[BeatKind]>::len).max().unwrap_or(0)
}

/// Whether heights can be believed.
fn amplitudes(f: &Findings<'_>) -> Vec<Statement> {
    let mut out = Vec::new();
    if !f.einthoven {
        let seen =
            f.observed("einthoven", 0.0, "1", "I + III differs from II by more than a tenth of the power");
        out.push(say(
            p::LIMB_INCONSISTENT,
            Certainty::Definite,
            vec![Lead::I, Lead::II, Lead::III],
            vec![seen],
        ));
    }
    if let Some((lead, value, key)) = f.implausible_height() {
        let relation = if key == Key::AmplitudeHighUv { ">" } else { "every lead <" };
        let ground = f.ground("qrs_peak_to_peak", Some(lead), value, key, relation);
        out.push(say(p::AMPLITUDE_IMPLAUSIBLE, Certainty::Definite, vec![lead], vec![ground]));
    }
    out
}

fn quality_statement(f: &Findings<'_>) -> Option<Statement> {
    let bad: Vec<&LeadQuality> =
        f.quality.iter().filter(|q| matches!(q.status, QualityStatus::Noisy | QualityStatus::Flat)).collect();
    if bad.is_empty() {
        return None;
    }
    let grounds = bad
        .iter()
        .map(|q| match q.status {
            QualityStatus::Flat => {
                Ground { lead: Some(q.lead), ..f.ground("peak_to_peak", None, 0.0, Key::FlatUv, "<") }
            }
            _ => match q.noise_uv {
                Some(v) if v > f.limit(Key::NoiseUv) => f.ground("noise", Some(q.lead), v, Key::NoiseUv, ">"),
                _ => f.ground(
                    "baseline_wander",
                    Some(q.lead),
                    q.baseline_wander_uv.unwrap_or(0.0),
                    Key::BaselineWanderUv,
                    ">",
                ),
            },
        })
        .collect();
    Some(say(p::POOR_QUALITY, Certainty::Definite, bad.iter().map(|q| q.lead).collect(), grounds))
}
