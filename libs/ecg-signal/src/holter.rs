//! The summary of a long recording: beats, ectopy, pauses, rates, fibrillation, variability and ST, whole and by hour.
//!
//! [`analyze_holter`] works from the signal, [`HolterStream`] from a signal that is read part by part; [`summarize`] from beats that were classified before, edited or read
//! from an annotation file. Both are aids: a physician confirms the report.

use serde::Serialize;

use crate::{
    beats::{BeatClass, ClassifiedBeat, StTrend},
    episodes::{Episode, EpisodeRhythm, rhythm_episodes, runs},
    hrv::{Variability, normal_intervals, variability},
    stream::{LiveBeats, append},
    turbulence::{Turbulence, turbulence},
};

/// Length of the parts that a long recording is worked through in, s.
const PART_S: f64 = 600.0;
/// An interval without a beat is a pause from here on, ms.
pub const PAUSE_MS: f64 = 2000.0;
/// Consecutive intervals that a lowest or highest heart rate is the mean of.
const RATE_INTERVALS: usize = 8;

/// Ectopic beats of one class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Ectopy {
    pub beats: usize,
    /// Beats that stand alone.
    pub single: usize,
    /// Two in a row.
    pub couplets: usize,
    /// Three or more in a row.
    pub runs: usize,
    pub longest_run_beats: usize,
    pub fastest_run_bpm: Option<f64>,
}

/// An interval without a beat.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Pause {
    /// Beat before it.
    pub from: usize,
    pub ms: f64,
}

/// Rates over eight consecutive intervals, but the mean over all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct HeartRate {
    pub min_bpm: Option<f64>,
    pub mean_bpm: Option<f64>,
    pub max_bpm: Option<f64>,
}

/// One hour of the recording, counted from its start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Hour {
    pub hour: usize,
    pub beats: usize,
    pub supraventricular: usize,
    pub ventricular: usize,
    pub pauses: usize,
    pub fibrillation_s: f64,
    pub heart_rate: HeartRate,
}

/// See the module.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HolterSummary {
    pub duration_s: f64,
    pub beats: usize,
    pub normal: usize,
    pub supraventricular: Ectopy,
    pub ventricular: Ectopy,
    pub bigeminy_episodes: usize,
    pub trigeminy_episodes: usize,
    pub heart_rate: HeartRate,
    /// Of [`PAUSE_MS`] and more, in order.
    pub pauses: Vec<Pause>,
    pub longest_rr_ms: Option<f64>,
    pub fibrillation_episodes: usize,
    /// Share of the recording in atrial fibrillation.
    pub fibrillation_percent: f64,
    pub variability: Variability,
    pub turbulence: Turbulence,
    pub hours: Vec<Hour>,
    /// ST level at J+60 by minute, one list for each lead, in µV; empty when summarized from beats alone.
    pub st_j60_uv: Vec<Vec<Option<f32>>>,
    pub episodes: Vec<Episode>,
}

/// Detects, classifies and summarizes. `leads`: equally long, in µV, NaN for missing samples.
#[must_use]
pub fn analyze_holter(leads: &[&[f32]], sample_rate_hz: f64) -> HolterSummary {
    let length = leads.iter().map(|x| x.len()).min().unwrap_or(0);
    let mut stream = HolterStream::new(leads.len(), sample_rate_hz);
    let mut from = 0;
    while from < length {
        let to = length.min(from + stream.part_samples());
        let part: Vec<&[f32]> = leads.iter().map(|x| x.get(from..to).unwrap_or_default()).collect();
        stream.push(&part);
        from = to;
    }
    stream.finish()
}

/// [`analyze_holter`] of a recording that is read part by part: memory holds some minutes of signal, not the day.
#[derive(Debug, Clone)]
pub struct HolterStream {
    fs: f64,
    live: LiveBeats,
    /// Signal kept for the beats whose class is not known yet, and the index of its first sample.
    kept: Vec<Vec<f32>>,
    first: usize,
    beats: Vec<ClassifiedBeat>,
    st: StTrend,
}

impl HolterStream {
    /// For `lead_count` leads in µV, sampled at `sample_rate_hz`.
    #[must_use]
    pub fn new(lead_count: usize, sample_rate_hz: f64) -> Self {
        Self {
            fs: sample_rate_hz,
            live: LiveBeats::new(lead_count, sample_rate_hz),
            kept: vec![Vec::new(); lead_count],
            first: 0,
            beats: Vec::new(),
            st: StTrend::new(lead_count, sample_rate_hz),
        }
    }

    /// Samples that are best given at a time. The less are given, the longer it takes.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive number")]
    pub fn part_samples(&self) -> usize {
        ((PART_S * self.fs) as usize).max(1)
    }

    /// Takes the next part: one slice for each lead, equally long.
    pub fn push(&mut self, leads: &[&[f32]]) {
        append(&mut self.kept, leads);
        let beats = self.live.push(leads);
        self.take(beats);
        // A beat is classified long before its signal is that old, but for a recording almost without beats.
        let length = self.kept.first().map_or(0, Vec::len);
        let drop = length.saturating_sub(self.part_samples());
        for kept in &mut self.kept {
            kept.drain(..drop);
        }
        self.first += drop;
    }

    /// Ends the recording.
    #[must_use]
    pub fn finish(mut self) -> HolterSummary {
        let live = std::mem::replace(&mut self.live, LiveBeats::new(0, self.fs));
        let rest = live.finish();
        self.take(rest);
        let length = self.first + self.kept.first().map_or(0, Vec::len);
        let mut out = summarize(&self.beats, self.fs, length);
        out.st_j60_uv = self.st.finish(length);
        out
    }

    fn take(&mut self, beats: Vec<ClassifiedBeat>) {
        let views: Vec<&[f32]> = self.kept.iter().map(Vec::as_slice).collect();
        for beat in &beats {
            if beat.class == BeatClass::Normal && beat.sample >= self.first {
                self.st.push(&views, self.first, beat.sample);
            }
        }
        self.beats.extend(beats);
    }
}

/// Summarizes classified beats, in order of time, of a recording of `length` samples.
#[must_use]
pub fn summarize(beats: &[ClassifiedBeat], sample_rate_hz: f64, length: usize) -> HolterSummary {
    summarize_rhythms(beats, rhythm_episodes(beats, sample_rate_hz, length), sample_rate_hz, length)
}

/// [`summarize`] where the rhythms are known: `episodes` in order of time.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "numbers of hours, not negative")]
pub fn summarize_rhythms(
    beats: &[ClassifiedBeat],
    episodes: Vec<Episode>,
    sample_rate_hz: f64,
    length: usize,
) -> HolterSummary {
    let fs = sample_rate_hz;
    let duration_s = length as f64 / fs;
    let of = |rhythm: EpisodeRhythm| episodes.iter().filter(move |e| e.rhythm == rhythm);
    // From zero up: the sum of nothing is minus zero.
    let fibrillation_s = of(EpisodeRhythm::AtrialFibrillation)
        .fold(0.0, |sum, e| sum + e.to.saturating_sub(e.from) as f64 / fs);
    let pauses = pauses(beats, fs);
    let hour_of = |sample: usize| (sample as f64 / fs / 3600.0) as usize;
    let count = if length == 0 { 0 } else { hour_of(length - 1) + 1 };
    let hours = (0..count)
        .map(|hour| {
            let from = beats.partition_point(|b| hour_of(b.sample) < hour);
            let to = beats.partition_point(|b| hour_of(b.sample) <= hour);
            let mine = beats.get(from..to).unwrap_or_default();
            let class = |c: BeatClass| mine.iter().filter(|b| b.class == c).count();
            let (start, end) = (hour as f64 * 3600.0, (hour as f64 + 1.0) * 3600.0);
            Hour {
                hour,
                beats: mine.len(),
                supraventricular: class(BeatClass::Supraventricular),
                ventricular: class(BeatClass::Ventricular),
                pauses: pauses.iter().filter(|p| hour_of(p.from) == hour).count(),
                fibrillation_s: of(EpisodeRhythm::AtrialFibrillation)
                    .map(|e| ((e.to as f64 / fs).min(end) - (e.from as f64 / fs).max(start)).max(0.0))
                    .fold(0.0, |sum, s| sum + s),
                heart_rate: heart_rate(mine, fs),
            }
        })
        .collect();
    HolterSummary {
        duration_s,
        beats: beats.len(),
        normal: beats.iter().filter(|b| b.class == BeatClass::Normal).count(),
        supraventricular: ectopy(beats, BeatClass::Supraventricular, fs),
        ventricular: ectopy(beats, BeatClass::Ventricular, fs),
        bigeminy_episodes: of(EpisodeRhythm::VentricularBigeminy).count(),
        trigeminy_episodes: of(EpisodeRhythm::VentricularTrigeminy).count(),
        heart_rate: heart_rate(beats, fs),
        longest_rr_ms: intervals_ms(beats, fs).max_by(f64::total_cmp),
        pauses,
        fibrillation_episodes: of(EpisodeRhythm::AtrialFibrillation).count(),
        fibrillation_percent: if duration_s > 0.0 { 100.0 * fibrillation_s / duration_s } else { 0.0 },
        variability: variability(&normal_intervals(beats, fs)),
        turbulence: turbulence(beats, fs),
        hours,
        st_j60_uv: Vec::new(),
        episodes,
    }
}

fn intervals_ms(beats: &[ClassifiedBeat], fs: f64) -> impl Iterator<Item = f64> {
    beats
        .iter()
        .zip(beats.iter().skip(1))
        .map(move |(a, b)| b.sample.saturating_sub(a.sample) as f64 * 1000.0 / fs)
}

fn pauses(beats: &[ClassifiedBeat], fs: f64) -> Vec<Pause> {
    beats
        .iter()
        .zip(intervals_ms(beats, fs))
        .filter(|(_, ms)| *ms >= PAUSE_MS)
        .map(|(beat, ms)| Pause { from: beat.sample, ms })
        .collect()
}

fn heart_rate(beats: &[ClassifiedBeat], fs: f64) -> HeartRate {
    let rate = |part: &[ClassifiedBeat]| -> Option<f64> {
        let span = part.last()?.sample.checked_sub(part.first()?.sample).filter(|s| *s > 0)?;
        Some(60.0 * (part.len() - 1) as f64 * fs / span as f64)
    };
    let rates = || beats.windows(RATE_INTERVALS + 1).filter_map(rate);
    HeartRate {
        min_bpm: rates().min_by(f64::total_cmp),
        mean_bpm: rate(beats),
        max_bpm: rates().max_by(f64::total_cmp),
    }
}

fn ectopy(beats: &[ClassifiedBeat], class: BeatClass, fs: f64) -> Ectopy {
    let mut out = Ectopy::default();
    for (from, to) in runs(beats, class, 1) {
        let length = to - from;
        out.beats += length;
        match length {
            1 => out.single += 1,
            2 => out.couplets += 1,
            _ => {
                out.runs += 1;
                out.longest_run_beats = out.longest_run_beats.max(length);
                if let (Some(first), Some(last)) = (beats.get(from), beats.get(to - 1)) {
                    let span = last.sample.saturating_sub(first.sample).max(1) as f64;
                    let bpm = 60.0 * (length - 1) as f64 * fs / span;
                    out.fastest_run_bpm = Some(out.fastest_run_bpm.map_or(bpm, |b| b.max(bpm)));
                }
            }
        }
    }
    out
}
