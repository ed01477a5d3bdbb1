//! SCP-ECG sections 3 to 6: leads, beat positions, reference beat and rhythm data.
//!
//! Order of decoding: Huffman codes (or plain 16-bit words without section 2), first or second differences,
//! expansion of bimodal compression, addition of the reference beat. Positions in sections 3 and 4 are
//! 1-based sample numbers at the uncompressed rate.
//!
//! Bimodal compression keeps every sample in the protected zones around the beats and one value for each
//! block of 2 or 4 samples elsewhere; those are put back by straight lines between block centres, which is
//! the one lossy step of the format. The standard leaves the interpolation to the reader.

use super::Section;
use super::huffman::Tables;
use crate::bytes::{Cursor, i16s};
use crate::error::ReadError;
use crate::labels::scp_lead;
use crate::model::Recording;
use crate::num;

/// A decoded rhythm in units of the file's own resolution.
pub(super) struct Rhythm {
    pub(super) sample_rate_hz: f64,
    pub(super) resolution_uv: f64,
    pub(super) leads: Vec<(String, Vec<i32>)>,
    pub(super) reference: Option<Beats>,
}

/// Reference beats in units of their own resolution.
pub(super) struct Beats {
    pub(super) sample_rate_hz: f64,
    pub(super) resolution_uv: f64,
    pub(super) leads: Vec<(String, Vec<i32>)>,
    /// 1-based sample of the fiducial point.
    fiducial: i64,
}

struct LeadSpec {
    label: String,
    start: i64,
    count: usize,
}

/// Section 4.
#[derive(Default)]
struct Positions {
    reference_ms: usize,
    fiducial: i64,
    /// Beats of type 0: subtraction begin, fiducial, subtraction end.
    subtracted: Vec<(i64, i64, i64)>,
    /// Protected zones, first and last sample.
    protected: Vec<(i64, i64)>,
}

/// The head of sections 5 and 6 and the coded bytes of each lead.
struct Coded<'a> {
    resolution_uv: f64,
    interval_us: u32,
    differences: u8,
    bimodal: bool,
    leads: Vec<&'a [u8]>,
}

pub(super) fn read<'a>(
    find: impl Fn(u16) -> Option<Section<'a>>,
    max_samples: usize,
    recording: &mut Recording,
) -> Result<Rhythm, ReadError> {
    let section = find(3).ok_or_else(|| ReadError::damaged("section 3 (leads) is absent"))?;
    let (specs, subtracted) = leads(section, recording)?;
    let rhythm_section =
        find(6).ok_or_else(|| ReadError::new("no_ecg_leads", "section 6 (rhythm data) is absent"))?;
    let rhythm = coded(rhythm_section, specs.len())?;
    let tables = match find(2) {
        Some(section) => Tables::parse(&mut section.cursor(), recording)?,
        None => None,
    };
    let positions = find(4).map(|s| positions(s, recording)).transpose()?;
    let total = specs.iter().try_fold(0usize, |sum, s| sum.checked_add(s.count));
    if total.is_none_or(|n| n > max_samples) {
        return Err(
            ReadError::limit("section 3 declares more samples than the file can hold").at(section.offset)
        );
    }

    if subtracted && let Some(positions) = &positions {
        check_subtraction(positions, &specs).map_err(|e| e.at(section.offset))?;
    }
    let reference = match (find(5), &positions) {
        (Some(section), Some(positions)) if !section.data.is_empty() => {
            let needed = subtracted && !positions.subtracted.is_empty();
            match beats(section, &specs, tables.as_ref(), positions) {
                Ok(beats) => Some(beats),
                Err(error) if needed => return Err(error),
                Err(error) => {
                    recording.warn("section_damaged", format!("section 5: {error}"));
                    None
                }
            }
        }
        _ => None,
    };
    let rate = match &reference {
        Some(beats) if rhythm.bimodal || subtracted => expansion(&rhythm, beats)?,
        _ => 1,
    };
    let no_positions = Positions::default();
    let positions = positions.as_ref().unwrap_or(&no_positions);
    if rhythm.bimodal && positions.protected.is_empty() && rate > 1 {
        return Err(ReadError::damaged("bimodal compression without protected zones in section 4"));
    }
    let mut out = Vec::with_capacity(specs.len());
    for (index, (spec, data)) in specs.iter().zip(&rhythm.leads).enumerate() {
        let runs = if rate == 1 { Vec::new() } else { runs(spec, rhythm.bimodal, &positions.protected) };
        let stored = if rate == 1 {
            spec.count
        } else {
            runs.iter().map(|r| if r.kept { r.length } else { r.length.div_ceil(rate) }).sum()
        };
        let mut samples = decode(data, tables.as_ref(), stored, rhythm.differences)
            .map_err(|e| e.at(rhythm_section.offset))?;
        if samples.len() < stored {
            let detail = format!("lead {} has {} of {stored} stored samples", spec.label, samples.len());
            return Err(ReadError::damaged(detail).at(rhythm_section.offset));
        }
        if rate > 1 {
            samples = expand(&samples, &runs, rate);
        }
        if subtracted && let Some(beats) = &reference {
            add_reference(&mut samples, spec, index, beats, positions, rhythm.resolution_uv);
        }
        out.push((spec.label.clone(), samples));
    }
    if subtracted && reference.is_none() {
        return Err(ReadError::damaged(
            "a reference beat was subtracted, but sections 4 and 5 do not give it",
        ));
    }
    let interval_us = match &reference {
        Some(_) if rate > 1 => f64::from(rhythm.interval_us) / num::from_usize(rate),
        _ => f64::from(rhythm.interval_us),
    };
    Ok(Rhythm {
        sample_rate_hz: 1_000_000.0 / interval_us,
        resolution_uv: rhythm.resolution_uv,
        leads: out,
        reference,
    })
}

fn leads(section: Section<'_>, recording: &mut Recording) -> Result<(Vec<LeadSpec>, bool), ReadError> {
    let mut cursor = section.cursor();
    let count = cursor.u8()?;
    let flags = cursor.u8()?;
    let mut specs = Vec::new();
    for number in 1..=count {
        let at = cursor.offset();
        let start = cursor.u32()?;
        let end = cursor.u32()?;
        let id = u32::from(cursor.u8()?);
        // Some writers count from 0 with an exclusive end.
        let first = start.max(1);
        let Some(samples) = end.checked_sub(first) else {
            return Err(ReadError::damaged(format!(
                "lead {number} ends at {end} before it starts at {start}"
            ))
            .at(at));
        };
        let label = scp_lead(id).map_or_else(|| format!("SCP lead {id}"), str::to_owned);
        let count = usize::try_from(samples).unwrap_or(usize::MAX).saturating_add(1);
        specs.push(LeadSpec { label, start: i64::from(first), count });
    }
    if specs.is_empty() {
        return Err(ReadError::new("no_ecg_leads", "section 3 names no leads").at(section.offset));
    }
    if specs.iter().any(|s| s.start != specs.first().map_or(1, |f| f.start)) {
        recording
            .warn("vendor_deviation", "leads begin at different samples; each is shown from its own start");
    }
    Ok((specs, flags & 1 != 0))
}

fn positions(section: Section<'_>, recording: &mut Recording) -> Result<Positions, ReadError> {
    let mut cursor = section.cursor();
    let reference_ms = usize::from(cursor.u16()?);
    let fiducial = i64::from(cursor.u16()?);
    let count = usize::from(cursor.u16()?);
    let mut out = Positions { reference_ms, fiducial, ..Positions::default() };
    for _ in 0..count {
        let kind = cursor.u16()?;
        let (begin, point, end) = (cursor.u32()?, cursor.u32()?, cursor.u32()?);
        if kind == 0 {
            out.subtracted.push((i64::from(begin), i64::from(point), i64::from(end)));
        }
    }
    for _ in 0..count {
        // Zones are left out by writers that do not use bimodal compression.
        if cursor.remaining() < 8 {
            break;
        }
        let (begin, end) = (cursor.u32()?, cursor.u32()?);
        if begin > 0 && end >= begin {
            out.protected.push((i64::from(begin), i64::from(end)));
        }
    }
    let ordered = out.protected.is_sorted_by(|a, b| a.1 < b.0);
    if !ordered {
        recording.warn("vendor_deviation", "protected zones are out of order or overlap");
        out.protected.sort_unstable();
    }
    Ok(out)
}

/// Zones of subtraction follow one another; a file whose zones cover the leads many times over is no recording,
/// and adding its reference beats would take time out of proportion to its size.
fn check_subtraction(positions: &Positions, specs: &[LeadSpec]) -> Result<(), ReadError> {
    let first = specs.iter().map(|s| s.start).min().unwrap_or(1);
    let last = specs.iter().map(|s| s.start.saturating_add_unsigned(num::to_u64(s.count))).max().unwrap_or(1);
    let length = |begin: i64, end: i64| (end.min(last) - begin.max(first) + 1).max(0);
    let covered = positions.subtracted.iter().fold(0i64, |sum, (b, _, e)| sum.saturating_add(length(*b, *e)));
    if covered > length(first, last).saturating_mul(4) {
        return Err(ReadError::damaged("the zones of subtraction in section 4 overlap many times"));
    }
    Ok(())
}

fn coded(section: Section<'_>, leads: usize) -> Result<Coded<'_>, ReadError> {
    let mut cursor: Cursor<'_> = section.cursor();
    let nanovolts = cursor.u16()?;
    let interval_us = u32::from(cursor.u16()?);
    let differences = cursor.u8()?;
    let bimodal = cursor.u8()? == 1;
    if nanovolts == 0 || interval_us == 0 || differences > 2 {
        let detail = format!("{nanovolts} nV, {interval_us} us, difference coding {differences}");
        return Err(ReadError::damaged(detail).at(section.offset));
    }
    let lengths = (0..leads).map(|_| cursor.u16()).collect::<Result<Vec<_>, _>>()?;
    let data = lengths.iter().map(|n| cursor.take(usize::from(*n))).collect::<Result<Vec<_>, _>>()?;
    Ok(Coded {
        resolution_uv: f64::from(nanovolts) / 1_000.0,
        interval_us,
        differences,
        bimodal,
        leads: data,
    })
}

fn beats(
    section: Section<'_>,
    specs: &[LeadSpec],
    tables: Option<&Tables>,
    positions: &Positions,
) -> Result<Beats, ReadError> {
    let coded = coded(section, specs.len())?;
    let interval_us = usize::try_from(coded.interval_us).unwrap_or(1).max(1);
    let count = positions.reference_ms.saturating_mul(1_000) / interval_us;
    let mut leads = Vec::new();
    for (spec, data) in specs.iter().zip(&coded.leads) {
        let samples = decode(data, tables, count, coded.differences).map_err(|e| e.at(section.offset))?;
        if samples.len() < count {
            let detail = format!("reference beat of {} has {} of {count} samples", spec.label, samples.len());
            return Err(ReadError::damaged(detail).at(section.offset));
        }
        leads.push((spec.label.clone(), samples));
    }
    Ok(Beats {
        sample_rate_hz: 1_000_000.0 / f64::from(coded.interval_us),
        resolution_uv: coded.resolution_uv,
        leads,
        fiducial: positions.fiducial,
    })
}

/// By how much the rhythm data were thinned out: the ratio of the two sections' sample intervals.
fn expansion(rhythm: &Coded<'_>, beats: &Beats) -> Result<usize, ReadError> {
    let ratio = f64::from(rhythm.interval_us) * beats.sample_rate_hz / 1_000_000.0;
    match num::round_usize(ratio) {
        Some(rate @ 1..=4) if (ratio - num::from_usize(rate)).abs() < 0.01 => Ok(rate),
        _ if !rhythm.bimodal => Ok(1),
        _ => Err(ReadError::unsupported(format!("bimodal compression by {ratio:.3}"))),
    }
}

fn decode(
    data: &[u8],
    tables: Option<&Tables>,
    count: usize,
    differences: u8,
) -> Result<Vec<i32>, ReadError> {
    let mut samples = match tables {
        Some(tables) => tables.decode(data, count)?,
        None => i16s(data).take(count).map(i32::from).collect(),
    };
    match differences {
        1 => {
            let mut last = 0i32;
            for sample in &mut samples {
                last = last.wrapping_add(*sample);
                *sample = last;
            }
        }
        2 => {
            let (mut before, mut last) = (0i32, 0i32);
            for (index, sample) in samples.iter_mut().enumerate() {
                // The first two samples are stored as they are.
                if index >= 2 {
                    *sample = sample.wrapping_add(last.wrapping_mul(2)).wrapping_sub(before);
                }
                before = last;
                last = *sample;
            }
        }
        _ => {}
    }
    Ok(samples)
}

/// A stretch of a lead that is stored whole, or thinned out.
struct Run {
    kept: bool,
    length: usize,
}

fn runs(spec: &LeadSpec, bimodal: bool, protected: &[(i64, i64)]) -> Vec<Run> {
    let length = i64::try_from(spec.count).unwrap_or(i64::MAX);
    let end = spec.start + length - 1;
    let mut runs = Vec::new();
    let mut push = |kept: bool, length: i64| {
        if let Ok(length) = usize::try_from(length)
            && length > 0
        {
            runs.push(Run { kept, length });
        }
    };
    let mut next = spec.start;
    for (zone_begin, zone_end) in protected.iter().filter(|_| bimodal) {
        let (begin, stop) = ((*zone_begin).max(next), (*zone_end).min(end));
        if stop < begin {
            continue;
        }
        push(false, begin - next);
        push(true, stop - begin + 1);
        next = stop + 1;
    }
    push(false, end + 1 - next);
    runs
}

fn expand(stored: &[i32], runs: &[Run], rate: usize) -> Vec<i32> {
    let mut out = Vec::with_capacity(runs.iter().map(|r| r.length).sum());
    let mut rest = stored;
    for run in runs {
        let taken = if run.kept { run.length } else { run.length.div_ceil(rate) };
        let (values, tail) = rest.split_at(taken.min(rest.len()));
        rest = tail;
        if run.kept {
            out.extend_from_slice(values);
            continue;
        }
        let half = num::from_usize(rate - 1) / 2.0;
        let at = |index: usize| f64::from(values.get(index).copied().unwrap_or(0));
        for i in 0..run.length {
            let block = (num::from_usize(i) - half) / num::from_usize(rate);
            let last = values.len().saturating_sub(1);
            let left = num::round_usize(block.floor().max(0.0)).unwrap_or(0).min(last);
            let right = (left + 1).min(last);
            let share = (block - num::from_usize(left)).clamp(0.0, 1.0);
            let value = at(left) + (at(right) - at(left)) * share;
            out.push(num::round_i32(value).unwrap_or(0));
        }
    }
    out
}

fn add_reference(
    samples: &mut [i32],
    spec: &LeadSpec,
    lead: usize,
    beats: &Beats,
    positions: &Positions,
    resolution_uv: f64,
) {
    let Some((_, beat)) = beats.leads.get(lead) else { return };
    let scale = beats.resolution_uv / resolution_uv;
    for (begin, point, end) in &positions.subtracted {
        // Clipped to the lead first, so that absurd zones cost nothing.
        let last = spec.start + i64::try_from(samples.len()).unwrap_or(i64::MAX) - 1;
        for position in (*begin).max(spec.start)..=(*end).min(last) {
            let index = usize::try_from(position - spec.start).ok();
            let in_beat = usize::try_from(position - point + beats.fiducial - 1).ok();
            if let (Some(sample), Some(value)) =
                (index.and_then(|i| samples.get_mut(i)), in_beat.and_then(|i| beat.get(i)))
            {
                let added = if (scale - 1.0).abs() < 1e-9 {
                    *value
                } else {
                    num::round_i32(f64::from(*value) * scale).unwrap_or(0)
                };
                *sample = sample.wrapping_add(added);
            }
        }
    }
}
