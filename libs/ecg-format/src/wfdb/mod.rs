//! WFDB records (PhysioNet): single and multi-segment, every signal format, and annotation files.
//!
//! Source: the WFDB specification (`wfdb/wfdb-spec`) and the WFDB Applications Guide, header(5), signal(5),
//! annot(5).
//!
//! Signals whose unit is no voltage, or whose name says that they are no ECG, are left out with a warning.
//! Signals of different rates are brought to the highest ECG rate by holding each sample, as the WFDB
//! library does in its high-resolution mode. Skewed signals are shifted; the end is then missing.

mod annotation;
mod comments;
mod header;
mod parts;
mod segment;
mod signal;

use std::collections::{HashMap, HashSet};

use crate::error::ReadError;
use crate::labels::{canonical_label, is_other_signal};
use crate::limits;
use crate::model::{Annotation, Format, Lead, Recording, SourceFile};
use crate::num::{self, from_usize};

pub use annotation::{AnnotationFile, RawAnnotation, code, read_annotations, symbol, write_annotations};
pub(crate) use header::looks_like_header;
pub use header::{Header, SegmentSpec, SignalSpec, parse as read_header};
pub use parts::Parts;

pub(crate) fn read(files: &[SourceFile<'_>]) -> Result<Recording, ReadError> {
    let (headers, root) = parse_headers(files)?;
    let main = headers.get(&root).ok_or_else(|| ReadError::damaged("no main header"))?;
    let mut recording = signals(main, &headers, files)?;
    read_annotation_files(files, &headers, &root, main, &mut recording);
    Ok(recording)
}

/// The signals of a record of one header, and what its comments say.
fn decode(header: &Header, files: &[SourceFile<'_>]) -> Result<Recording, ReadError> {
    signals(header, &HashMap::new(), files)
}

fn signals(
    main: &Header,
    headers: &HashMap<String, Header>,
    files: &[SourceFile<'_>],
) -> Result<Recording, ReadError> {
    let mut recording = Recording::new(Format::Wfdb, main.frame_rate_hz);
    recording.start = main.start;
    if let Some(text) = &main.time_unreadable {
        recording.warn("time_unreadable", format!("start {text:?}"));
    }
    let plan = plan(main, headers, &mut recording)?;
    let selected = select_signals(plan.layout, &mut recording)?;
    let per_frame = selected.iter().map(|s| s.samples_per_frame).max().unwrap_or(1);
    recording.sample_rate_hz = main.frame_rate_hz * from_usize(per_frame);
    let input_bytes = files.iter().map(|f| f.bytes.len()).sum();
    fill(&plan, &selected, per_frame, files, limits::max_samples(input_bytes), &mut recording)?;
    for lines in plan.comments(main) {
        comments::read(lines, &mut recording);
    }
    Ok(recording)
}

/// Parses every header and finds the one that no other refers to.
fn parse_headers(files: &[SourceFile<'_>]) -> Result<(HashMap<String, Header>, String), ReadError> {
    let mut headers = HashMap::new();
    let mut order = Vec::new();
    for file in files.iter().filter(|f| looks_like_header(f.bytes)) {
        let header = header::parse(file.bytes).map_err(|e| e.in_file(file.base_name()))?;
        let stem = file.base_name().trim_end_matches(".hea").to_owned();
        if headers.insert(stem.clone(), header).is_none() {
            order.push(stem);
        }
    }
    let referenced: HashSet<&str> =
        headers.values().flat_map(|h| h.segments.iter().flatten().map(|s| s.name.as_str())).collect();
    let mut roots = order.iter().filter(|stem| !referenced.contains(stem.as_str()));
    let root =
        roots.next().ok_or_else(|| ReadError::damaged("the segments of the record refer to one another"))?;
    if let Some(second) = roots.next() {
        return Err(ReadError::unsupported(format!(
            "{root} and {second} are two records; give one at a time"
        )));
    }
    let root = root.clone();
    Ok((headers, root))
}

/// What the record is made of, in order of time.
struct Plan<'a> {
    /// The header that names the signals.
    layout: &'a Header,
    /// Whether segments may hold any subset of the signals.
    variable: bool,
    parts: Vec<Part<'a>>,
}

enum Part<'a> {
    /// A header with signals and the length in frames that the master header gives it.
    Signals(&'a Header, Option<usize>),
    Gap(usize),
}

impl Plan<'_> {
    fn comments<'b>(&'b self, main: &'b Header) -> Vec<&'b [String]> {
        let mut all = vec![main.comments.as_slice()];
        for part in &self.parts {
            if let Part::Signals(header, _) = part
                && !all.contains(&header.comments.as_slice())
            {
                all.push(&header.comments);
            }
        }
        all
    }
}

fn plan<'a>(
    main: &'a Header,
    headers: &'a HashMap<String, Header>,
    recording: &mut Recording,
) -> Result<Plan<'a>, ReadError> {
    let Some(segments) = &main.segments else {
        return Ok(Plan { layout: main, variable: false, parts: vec![Part::Signals(main, None)] });
    };
    let mut parts = Vec::new();
    let mut layout = None;
    let mut variable = false;
    for (index, segment) in segments.iter().enumerate() {
        let header = headers.get(&segment.name).filter(|h| h.segments.is_none());
        match header {
            _ if segment.name == "~" => parts.push(Part::Gap(segment.frames)),
            Some(header) if index == 0 && segment.frames == 0 => {
                layout = Some(header);
                variable = true;
            }
            Some(header) => parts.push(Part::Signals(header, Some(segment.frames))),
            None if index == 0 && segment.frames == 0 => {
                return Err(ReadError::new(
                    "missing_file",
                    format!("the layout header {}.hea", segment.name),
                ));
            }
            None => {
                recording.warn("segment_missing", format!("{} ({} frames)", segment.name, segment.frames));
                parts.push(Part::Gap(segment.frames));
            }
        }
    }
    let first = parts.iter().find_map(|part| match part {
        Part::Signals(header, _) => Some(*header),
        Part::Gap(_) => None,
    });
    let Some(first) = first else {
        let name = segments.iter().find(|s| s.name != "~" && s.frames > 0).map_or("", |s| s.name.as_str());
        return Err(ReadError::new(
            "missing_file",
            format!("no segment of the record was given, such as {name}.hea"),
        ));
    };
    Ok(Plan { layout: layout.unwrap_or(first), variable, parts })
}

/// One ECG lead to produce.
struct Selected {
    index: usize,
    description: Option<String>,
    samples_per_frame: usize,
}

/// Microvolts of one physical unit; `None` when the unit is no voltage.
pub(crate) fn unit_uv(unit: Option<&str>) -> Option<f64> {
    match unit.map(str::trim) {
        None | Some("mV" | "mv" | "MV" | "millivolt") => Some(1_000.0),
        Some("uV" | "uv" | "µV" | "μV" | "microvolt") => Some(1.0),
        Some("V" | "v") => Some(1_000_000.0),
        Some("nV" | "nv") => Some(0.001),
        Some(_) => None,
    }
}

fn select_signals(layout: &Header, recording: &mut Recording) -> Result<Vec<Selected>, ReadError> {
    let mut selected = Vec::new();
    for (index, signal) in layout.signals.iter().enumerate() {
        let name = signal.description.clone().unwrap_or_else(|| format!("signal {}", index + 1));
        if unit_uv(signal.unit.as_deref()).is_none() || is_other_signal(&name) {
            let unit = signal.unit.as_deref().unwrap_or("mV");
            recording.warn("signal_not_ecg", format!("{name} ({unit}) was left out"));
            continue;
        }
        if signal.gain_assumed {
            recording.warn("unit_assumed", format!("{name} states no gain; 200 units per mV was assumed"));
        }
        let label = canonical_label(&name);
        recording.leads.push(Lead { label, samples_uv: Vec::new(), resolution_uv: f64::INFINITY });
        selected.push(Selected {
            index,
            description: signal.description.clone(),
            samples_per_frame: signal.samples_per_frame,
        });
    }
    if selected.is_empty() {
        return Err(ReadError::new(
            "no_ecg_leads",
            format!("none of the {} signals is an ECG", layout.signals.len()),
        ));
    }
    let rates: HashSet<usize> = selected.iter().map(|s| s.samples_per_frame).collect();
    if rates.len() > 1 {
        recording
            .warn("lead_rate_differs", "leads of lower rate were brought to the highest by holding samples");
    }
    Ok(selected)
}

fn fill(
    plan: &Plan<'_>,
    selected: &[Selected],
    per_frame: usize,
    files: &[SourceFile<'_>],
    limit: usize,
    recording: &mut Recording,
) -> Result<(), ReadError> {
    let mut budget = limit;
    let files = segment::Files::new(files);
    for part in &plan.parts {
        match part {
            Part::Gap(frames) => {
                let samples = frames.saturating_mul(per_frame);
                spend(&mut budget, samples.saturating_mul(selected.len()))?;
                for lead in &mut recording.leads {
                    lead.samples_uv.resize(lead.samples_uv.len() + samples, f32::NAN);
                }
            }
            Part::Signals(header, declared) => {
                let mut by_name: HashMap<Option<&str>, usize> = HashMap::new();
                if plan.variable {
                    for (index, signal) in header.signals.iter().enumerate() {
                        by_name.entry(signal.description.as_deref()).or_insert(index);
                    }
                }
                let wanted: Vec<Option<usize>> = selected
                    .iter()
                    .map(|lead| {
                        if plan.variable {
                            by_name.get(&lead.description.as_deref()).copied()
                        } else {
                            (lead.index < header.signals.len()).then_some(lead.index)
                        }
                    })
                    .collect();
                let decoded = segment::decode(header, &wanted, *declared, &files, budget, recording)?;
                let frames = declared.unwrap_or(decoded.frames);
                let samples = frames.saturating_mul(per_frame);
                spend(&mut budget, samples.saturating_mul(selected.len()))?;
                for (lead, signal) in recording.leads.iter_mut().zip(decoded.signals) {
                    append(lead, signal, samples, per_frame);
                }
            }
        }
    }
    let count = recording.sample_count();
    if recording.leads.iter().any(|lead| lead.samples_uv.len() != count) {
        return Err(ReadError::damaged("leads of unequal length"));
    }
    for lead in &mut recording.leads {
        if !lead.resolution_uv.is_finite() {
            // A lead of the layout that occurs in no segment: any resolution describes it.
            lead.resolution_uv = 1.0;
        }
    }
    let missing: usize =
        recording.leads.iter().map(|l| l.samples_uv.iter().filter(|v| v.is_nan()).count()).sum();
    if missing > 0 {
        recording.warn("samples_missing", format!("{missing} samples are marked as missing or lie in gaps"));
    }
    Ok(())
}

fn spend(budget: &mut usize, samples: usize) -> Result<(), ReadError> {
    match budget.checked_sub(samples) {
        Some(rest) => {
            *budget = rest;
            Ok(())
        }
        None => Err(ReadError::limit("the record declares more samples than its files can hold")),
    }
}

/// Appends one segment's signal to a lead, holding samples where the signal has fewer for each frame.
fn append(lead: &mut Lead, signal: Option<segment::Decoded>, samples: usize, per_frame: usize) {
    let end = lead.samples_uv.len() + samples;
    if let Some(signal) = signal {
        lead.resolution_uv = lead.resolution_uv.min(signal.resolution_uv);
        if signal.samples_per_frame == per_frame && lead.samples_uv.is_empty() {
            lead.samples_uv = signal.samples_uv;
        } else {
            let held =
                (0..samples).map_while(|i| signal.samples_uv.get(i * signal.samples_per_frame / per_frame));
            lead.samples_uv.extend(held.copied());
        }
    }
    lead.samples_uv.resize(end, f32::NAN);
}

/// Reads every file that belongs to the record and is neither header nor signal file as annotations.
fn read_annotation_files(
    files: &[SourceFile<'_>],
    headers: &HashMap<String, Header>,
    root: &str,
    main: &Header,
    recording: &mut Recording,
) {
    let signal_files: HashSet<&str> =
        headers.values().flat_map(|h| h.signals.iter().map(|s| s.file.as_str())).collect();
    for file in files {
        let name = file.base_name();
        if signal_files.contains(name) || looks_like_header(file.bytes) {
            continue;
        }
        let annotator = match name.rsplit_once('.') {
            Some((stem, extension)) if stem == root || stem == main.name => extension,
            _ => {
                recording.warn("file_unused", format!("{name} is no part of record {root}"));
                continue;
            }
        };
        match read_annotations(file.bytes) {
            Ok(parsed) => {
                let ticks = parsed.ticks_per_second.unwrap_or(main.frame_rate_hz);
                let samples_per_tick = recording.sample_rate_hz / ticks;
                for raw in parsed.annotations {
                    push_annotation(raw, samples_per_tick, annotator, recording);
                }
            }
            Err(error) => recording.warn("annotation_damaged", format!("{name}: {error}")),
        }
    }
}

fn push_annotation(raw: RawAnnotation, samples_per_tick: f64, annotator: &str, recording: &mut Recording) {
    if recording.annotations.len() >= limits::MAX_ANNOTATIONS {
        return;
    }
    // Times are below 2^50 (checked when read), so the float is exact.
    let position = num::from_usize(usize::try_from(raw.time).unwrap_or(0)) * samples_per_tick;
    let Some(sample) = num::round_usize(position).and_then(|s| u64::try_from(s).ok()) else { return };
    let mut annotation = Annotation::point(sample, raw.symbol(), annotator);
    annotation.text = raw.aux;
    annotation.subtype = raw.subtype;
    annotation.channel = raw.channel;
    annotation.number = raw.number;
    recording.annotations.push(annotation);
}
