//! The ECG sheet: leads drawn as vectors on true-millimetre paper.
//!
//! Purpose: one pure function from samples to an SVG whose user unit is one millimetre on paper. Whoever
//! places the image at [`SheetSpec::size_mm`] gets a sheet that a doctor may measure with a ruler.
//!
//! Invariants:
//! - time runs at `speed_mm_per_s`, amplitude at `gain_mm_per_mv`, for every lead, always;
//! - what is drawn differs from the samples by at most 0.05 mm and every peak keeps its exact height;
//! - columns follow each other in time; for a recording too short for that, all begin together and the sheet
//!   says so;
//! - a missing sample (NaN) is a gap, a lead that was not recorded is named and left empty;
//! - traces may run into a neighbour's row, as on any paper recorder, but never leave the grid; where
//!   one is cut at the edge, a triangle marks the place.
//!
//! Each trace is moved vertically so that the median of what is printed lies on its baseline (a resting ECG
//! is AC coupled, its absolute zero carries no meaning), and the baselines share the height so that
//! tall leads overlap as little as possible.
//!
//! Absent: filtering, measuring, choosing the gain. The caller passes what it wants printed and names
//! the filters beside the sheet.

use std::fmt::Write as _;

/// Space left of the traces that holds the calibration pulse, mm.
const PULSE_AREA_MM: f64 = 10.0;
/// Paper right of the traces, mm.
const RIGHT_EDGE_MM: f64 = 5.0;
/// Length of all columns together, mm: 10 s at 25 mm/s, what an A4 sheet holds.
const TRACE_AREA_MM: f64 = 250.0;
/// Width of the calibration pulse, mm (200 ms at 25 mm/s), and where it rises.
const PULSE_WIDTH_MM: f64 = 5.0;
const PULSE_LEFT_MM: f64 = 2.5;
/// Largest vertical difference between samples and drawn line before coordinates are rounded to 0.01 mm.
const REDUCTION_TOLERANCE_MM: f64 = 0.04;
const TRACE_WIDTH_MM: f64 = 0.25;
/// Half the length of the line between two columns, thinner than the trace so that it is no deflection.
const SEPARATOR_MM: f64 = 5.0;
const LABEL_SIZE_MM: f64 = 3.3;
const THIN_COLOUR: &str = "#f3c9c1";
const BOLD_COLOUR: &str = "#dc978a";
/// The first family is the one that print carries; the others serve screens.
const FONT_FAMILY: &str = "'Noto Sans CJK SC','Noto Sans SC',sans-serif";

const STANDARD_ORDER: [&str; 12] =
    ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];
/// Cabrera: the limb leads in the order of their angle, -30 to 120 degrees, aVR upside down.
const CABRERA_ORDER: [&str; 12] =
    ["aVL", "I", "-aVR", "II", "aVF", "III", "V1", "V2", "V3", "V4", "V5", "V6"];

/// How the twelve leads share the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetLayout {
    /// Three rows, four columns of 62.5 mm, and the rhythm leads below over the whole length.
    ThreeByFour,
    /// Six rows, two columns of 125 mm, and the rhythm leads below.
    SixByTwo,
    /// Twelve rows over the whole length, and the rhythm leads below (usually none).
    TwelveByOne,
}

/// What to draw and at which scale. Lengths in millimetres on paper.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetSpec {
    pub layout: SheetLayout,
    /// Limb leads in Cabrera order with -aVR instead of aVR.
    pub cabrera: bool,
    /// Leads drawn over the whole length below the others.
    pub rhythm_leads: Vec<String>,
    /// 12.5, 25 or 50 in practice; any positive value is drawn truly.
    pub speed_mm_per_s: f64,
    /// 2.5, 5, 10 or 20 in practice; any positive value is drawn truly.
    pub gain_mm_per_mv: f64,
    /// Height of the sheet divided by its rows. Multiples of 5 keep baselines on bold lines.
    pub row_height_mm: f64,
    /// Where in the recording the sheet begins, seconds.
    pub start_s: f64,
}

impl SheetSpec {
    /// 25 mm/s, 10 mm/mV, standard lead order, from the beginning; lead II below 3x4.
    pub fn new(layout: SheetLayout) -> Self {
        let (row_height_mm, rhythm_leads) = match layout {
            SheetLayout::ThreeByFour => (25.0, vec!["II".to_owned()]),
            SheetLayout::SixByTwo => (17.5, Vec::new()),
            SheetLayout::TwelveByOne => (12.0, Vec::new()),
        };
        Self {
            layout,
            cabrera: false,
            rhythm_leads,
            speed_mm_per_s: 25.0,
            gain_mm_per_mv: 10.0,
            row_height_mm,
            start_s: 0.0,
        }
    }

    /// Width and height of the sheet on paper, mm. The SVG must be placed at exactly this size.
    pub fn size_mm(&self) -> (f64, f64) {
        let rows = count(self.grid().0 + self.rhythm_leads.len());
        (PULSE_AREA_MM + TRACE_AREA_MM + RIGHT_EDGE_MM, rows * self.row_height_mm)
    }

    /// Rows and columns of the twelve leads.
    fn grid(&self) -> (usize, usize) {
        match self.layout {
            SheetLayout::ThreeByFour => (3, 4),
            SheetLayout::SixByTwo => (6, 2),
            SheetLayout::TwelveByOne => (12, 1),
        }
    }
}

/// Draws the sheet.
///
/// `leads`: name (compared without case: I, II, III, aVR, aVL, aVF, V1 to V6, or any name that
/// `spec.rhythm_leads` asks for) and samples in microvolts, NaN for missing, all at `sample_rate_hz` (> 0) and
/// beginning together. Leads that the layout does not ask for are ignored. Where the recording ends
/// the paper stays empty. A scale or rate that is not a positive number draws the paper without traces.
///
/// Returns a complete SVG document, 1 user unit = 1 mm, at most about 200 kB for ten seconds.
pub fn ecg_sheet_svg(spec: &SheetSpec, leads: &[(&str, &[f32])], sample_rate_hz: f64) -> String {
    let (width, height) = spec.size_mm();
    let rows = rows_of(spec, leads, sample_rate_hz);
    let step = if (spec.row_height_mm % 5.0).abs() < 1e-9 { 5.0 } else { 1.0 };
    let baselines = place_baselines(&rows, spec.gain_mm_per_mv, height, step);

    let mut svg = String::with_capacity(160 * 1024);
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height}mm\" \
         viewBox=\"0 0 {width} {height}\"><defs><clipPath id=\"paper\"><rect width=\"{width}\" \
         height=\"{height}\"/></clipPath></defs><rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>"
    );
    draw_grid(&mut svg, width, height);
    let _ = write!(
        svg,
        "<g clip-path=\"url(#paper)\" fill=\"none\" stroke=\"#000000\" stroke-width=\"{TRACE_WIDTH_MM}\" \
         stroke-linejoin=\"round\" stroke-linecap=\"round\">"
    );
    for (row, &baseline) in rows.iter().zip(&baselines) {
        draw_pulse(&mut svg, baseline, spec.gain_mm_per_mv);
        for (column, cell) in row.iter().enumerate() {
            if column > 0 && cell.separator {
                let (top, bottom) = (baseline - SEPARATOR_MM, baseline + SEPARATOR_MM);
                let _ = write!(
                    svg,
                    "<path class=\"separator\" stroke=\"#404040\" stroke-width=\"0.12\" d=\"M{x:.2} {top:.2}V{bottom:.2}\"/>",
                    x = cell.left_mm
                );
            }
            for run in &cell.runs {
                draw_run(&mut svg, run, baseline);
            }
        }
    }
    svg.push_str("</g>");
    let _ = write!(svg, "<g font-family=\"{FONT_FAMILY}\" fill=\"#000000\">");
    for (row, &baseline) in rows.iter().zip(&baselines) {
        for cell in row {
            draw_label(&mut svg, cell, baseline, spec.row_height_mm);
            draw_cut_marks(&mut svg, cell, baseline, height);
        }
    }
    if columns_restart(spec, leads, sample_rate_hz) {
        let _ = write!(
            svg,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"2.4\" text-anchor=\"end\" fill=\"#404040\">记录较短，各列均从同一时刻开始</text>",
            x = width - 1.0,
            y = height - 1.2
        );
    }
    svg.push_str("</g></svg>");
    svg
}

/// One lead's part of one row; points are mm, x on the sheet, y upwards from the baseline.
struct Cell {
    label: Option<String>,
    recorded: bool,
    separator: bool,
    left_mm: f64,
    runs: Vec<Vec<(f64, f64)>>,
    up_mm: f64,
    down_mm: f64,
}

fn rows_of(spec: &SheetSpec, leads: &[(&str, &[f32])], sample_rate_hz: f64) -> Vec<Vec<Cell>> {
    let (row_count, column_count) = spec.grid();
    let order = if spec.cabrera { CABRERA_ORDER } else { STANDARD_ORDER };
    let column_mm = TRACE_AREA_MM / count(column_count);
    let mut rows: Vec<Vec<Cell>> = (0..row_count).map(|_| Vec::with_capacity(column_count)).collect();
    let restart = columns_restart(spec, leads, sample_rate_hz);
    for (column, names) in order.chunks(row_count).enumerate() {
        let offset_mm = count(column) * column_mm;
        let place = Place { offset_mm, width_mm: column_mm, from_mm: if restart { 0.0 } else { offset_mm } };
        for (row, name) in rows.iter_mut().zip(names) {
            let mut cell = cell_of(spec, leads, sample_rate_hz, name, place, None);
            cell.separator = true;
            row.push(cell);
        }
    }
    for name in &spec.rhythm_leads {
        // The rhythm row is cut at the same places so that overlaps are judged column by column; the
        // median of the whole length keeps the pieces at one level.
        let level = samples_of(leads, name)
            .and_then(|(samples, _)| display_level(samples, spec, sample_rate_hz, 0.0, TRACE_AREA_MM));
        let cells = (0..column_count).map(|column| {
            let offset_mm = count(column) * column_mm;
            let place = Place { offset_mm, width_mm: column_mm, from_mm: offset_mm };
            let mut cell = cell_of(spec, leads, sample_rate_hz, name, place, level);
            if column > 0 {
                cell.label = None;
            }
            cell
        });
        rows.push(cells.collect());
    }
    rows
}

/// Where a cell lies in the trace area, and which time it shows: `from_mm` is where that time would lie if the
/// trace ran through from the left.
#[derive(Clone, Copy)]
struct Place {
    offset_mm: f64,
    width_mm: f64,
    from_mm: f64,
}

/// Columns follow each other in time. A recording that ends before the last column is nearly full shows its
/// beginning in every column instead: better the same beats for all leads than leads without beats.
fn columns_restart(spec: &SheetSpec, leads: &[(&str, &[f32])], sample_rate_hz: f64) -> bool {
    let (_, columns) = spec.grid();
    let longest = leads.iter().map(|(_, samples)| samples.len()).max().unwrap_or(0);
    let left_s = count(longest) / sample_rate_hz - spec.start_s;
    columns > 1 && left_s * spec.speed_mm_per_s < TRACE_AREA_MM * (1.0 - 0.1 / count(columns))
}

/// The samples of a lead and their sign: "-aVR" is aVR negated. None for a lead that the file lacks.
fn samples_of<'a>(leads: &[(&str, &'a [f32])], name: &str) -> Option<(&'a [f32], f64)> {
    let (wanted, sign) = name.strip_prefix('-').map_or((name, 1.0), |rest| (rest, -1.0));
    let found = leads.iter().find(|(lead, _)| lead.trim().eq_ignore_ascii_case(wanted));
    found.map(|(_, samples)| (*samples, sign))
}

fn cell_of(
    spec: &SheetSpec,
    leads: &[(&str, &[f32])],
    sample_rate_hz: f64,
    name: &str,
    place: Place,
    level: Option<f64>,
) -> Cell {
    let found = samples_of(leads, name);
    let (samples, sign) = found.unwrap_or((&[], 1.0));
    let Place { offset_mm, width_mm, from_mm } = place;
    let left_mm = PULSE_AREA_MM + offset_mm;
    let level = level.or_else(|| display_level(samples, spec, sample_rate_hz, from_mm, width_mm));
    let mut runs: Vec<Vec<(f64, f64)>> = Vec::new();
    if let Some(level) = level {
        let (first, last) = window(spec, sample_rate_hz, from_mm, width_mm, samples.len());
        let mut run = Vec::new();
        for (index, value) in samples.iter().enumerate().take(last).skip(first) {
            if value.is_finite() {
                let along_mm = (count(index) / sample_rate_hz - spec.start_s) * spec.speed_mm_per_s;
                let x = left_mm + along_mm - from_mm;
                run.push((x, sign * (f64::from(*value) - level) / 1000.0 * spec.gain_mm_per_mv));
            } else if !run.is_empty() {
                runs.push(std::mem::take(&mut run));
            }
        }
        if !run.is_empty() {
            runs.push(run);
        }
    }
    let heights = || runs.iter().flatten().map(|p| p.1);
    Cell {
        up_mm: heights().fold(0.0, f64::max),
        down_mm: -heights().fold(0.0, f64::min),
        label: Some(name.replacen('-', "\u{2212}", 1)),
        recorded: found.is_some(),
        separator: false,
        left_mm,
        runs,
    }
}

/// Sample indices [first, last) that lie in the window; one sample beyond the end closes the line to the
/// next column.
fn window(
    spec: &SheetSpec,
    sample_rate_hz: f64,
    offset_mm: f64,
    width_mm: f64,
    sample_count: usize,
) -> (usize, usize) {
    let index_at = |mm: f64| {
        let position = ((spec.start_s + mm / spec.speed_mm_per_s) * sample_rate_hz - 1e-6).ceil();
        // Truncation is harmless: the value is a whole number between 0 and sample_count.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let index = position.clamp(0.0, count(sample_count)) as usize;
        index
    };
    let first = index_at(offset_mm);
    (first, index_at(offset_mm + width_mm).saturating_add(1).min(sample_count).max(first))
}

/// Median of what is printed, microvolts; None when nothing is, or the scale makes no sense.
fn display_level(
    samples: &[f32],
    spec: &SheetSpec,
    sample_rate_hz: f64,
    offset_mm: f64,
    width_mm: f64,
) -> Option<f64> {
    let scales = [sample_rate_hz, spec.speed_mm_per_s, spec.gain_mm_per_mv];
    if scales.iter().any(|v| !v.is_finite() || *v <= 0.0) || !spec.start_s.is_finite() {
        return None;
    }
    let (first, last) = window(spec, sample_rate_hz, offset_mm, width_mm, samples.len());
    let mut shown: Vec<f32> =
        samples.iter().copied().take(last).skip(first).filter(|v| v.is_finite()).collect();
    if shown.is_empty() {
        return None;
    }
    let middle = shown.len() / 2;
    let (_, median, _) = shown.select_nth_unstable_by(middle, f32::total_cmp);
    Some(f64::from(*median))
}

/// Baselines from the top, on multiples of `step`, by dynamic programming over all placements.
///
/// The cost of a placement is the square of every overlap between vertical neighbours (column by
/// column), four times the square of what would be cut at the edges, and a small price for uneven rows. Two
/// baselines keep at least 60 % of the ordinary distance, so that one wild lead cannot crush the others.
fn place_baselines(rows: &[Vec<Cell>], pulse_mm: f64, height: f64, step: f64) -> Vec<f64> {
    const CLEARANCE_MM: f64 = 1.0;
    // An artefact must not push all other leads aside.
    const TALLEST_MM: f64 = 40.0;
    const EVENNESS: f64 = 0.05;
    let row_mm = height / count(rows.len().max(1));
    let least_gap = (0.6 * row_mm / step).floor().max(1.0) * step;
    let slots: Vec<f64> =
        std::iter::successors(Some(step), |y| Some(y + step)).take_while(|y| *y < height - 1.0).collect();
    let up = |row: &[Cell]| row.iter().map(|c| c.up_mm.min(TALLEST_MM)).fold(pulse_mm, f64::max);
    let down = |row: &[Cell]| row.iter().map(|c| c.down_mm.min(TALLEST_MM)).fold(0.0, f64::max);
    let need = |above: &[Cell], below: &[Cell]| {
        above
            .iter()
            .zip(below)
            .map(|(a, b)| a.down_mm.min(TALLEST_MM) + b.up_mm.min(TALLEST_MM))
            .fold(pulse_mm, f64::max)
            + CLEARANCE_MM
    };
    let short = |wanted: f64, given: f64| (wanted - given).max(0.0).powi(2);

    // best[row][slot] = (cost so far, slot of the row above)
    let mut best: Vec<Vec<(f64, usize)>> = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let is_last = index + 1 == rows.len();
        let natural = row_mm * (count(index) + 0.6);
        let cost_here = |y: f64| {
            let bottom = if is_last { 4.0 * short(down(row) + CLEARANCE_MM, height - y) } else { 0.0 };
            bottom + EVENNESS * (y - natural).powi(2)
        };
        let above = index.checked_sub(1).and_then(|i| rows.get(i).zip(best.get(i)));
        let line: Vec<(f64, usize)> = match above {
            None => {
                slots.iter().map(|&y| (4.0 * short(up(row) + CLEARANCE_MM, y) + cost_here(y), 0)).collect()
            }
            Some((upper, costs)) => {
                let wanted = need(upper, row);
                slots
                    .iter()
                    .map(|&y| {
                        let candidates = slots
                            .iter()
                            .zip(costs)
                            .enumerate()
                            .take_while(|(_, (upper_y, _))| **upper_y <= y - least_gap + 1e-9);
                        let (from, cost) = candidates
                            .map(|(slot, (upper_y, (cost, _)))| (slot, cost + short(wanted, y - upper_y)))
                            .fold((0, f64::INFINITY), |a, b| if b.1 < a.1 { b } else { a });
                        (cost + cost_here(y), from)
                    })
                    .collect()
            }
        };
        best.push(line);
    }

    let mut slot = best.last().map_or(0, |line| {
        line.iter()
            .enumerate()
            .fold((0, f64::INFINITY), |a, (i, (c, _))| if *c < a.1 { (i, *c) } else { a })
            .0
    });
    let mut placed: Vec<f64> = Vec::with_capacity(rows.len());
    for line in best.iter().rev() {
        placed.push(slots.get(slot).copied().unwrap_or(height / 2.0));
        slot = line.get(slot).map_or(0, |(_, from)| *from);
    }
    placed.reverse();
    placed
}

fn draw_grid(svg: &mut String, width: f64, height: f64) {
    let lines = |svg: &mut String, step: u32, skip: u32, colour: &str, stroke_mm: f64| {
        let _ = write!(svg, "<path fill=\"none\" stroke=\"{colour}\" stroke-width=\"{stroke_mm}\" d=\"");
        let positions = |end: f64| (0u32..).step_by(step as usize).take_while(move |p| f64::from(*p) <= end);
        for x in positions(width).filter(|x| skip == 0 || x % skip != 0) {
            let _ = write!(svg, "M{x} 0V{height}");
        }
        for y in positions(height).filter(|y| skip == 0 || y % skip != 0) {
            let _ = write!(svg, "M0 {y}H{width}");
        }
        svg.push_str("\"/>");
    };
    lines(svg, 1, 5, THIN_COLOUR, 0.1);
    lines(svg, 5, 0, BOLD_COLOUR, 0.2);
    let _ = write!(
        svg,
        "<rect width=\"{width}\" height=\"{height}\" fill=\"none\" stroke=\"{BOLD_COLOUR}\" stroke-width=\"0.4\"/>"
    );
}

fn draw_pulse(svg: &mut String, baseline: f64, gain_mm_per_mv: f64) {
    let top = baseline - gain_mm_per_mv;
    let right = PULSE_LEFT_MM + PULSE_WIDTH_MM;
    let _ = write!(
        svg,
        "<path class=\"pulse\" d=\"M{left:.2} {baseline:.2}H{PULSE_LEFT_MM:.2}V{top:.2}H{right:.2}V{baseline:.2}H{end:.2}\"/>",
        left = PULSE_LEFT_MM - 1.5,
        end = right + 1.5
    );
}

fn draw_run(svg: &mut String, run: &[(f64, f64)], baseline: f64) {
    let mut points = reduce(run, REDUCTION_TOLERANCE_MM);
    if let [(x, y)] = points.as_slice() {
        // A lone sample between two gaps stays visible as a dot.
        let dot = (x + 0.02, *y);
        points.push(dot);
    }
    svg.push_str("<polyline points=\"");
    for (x, y) in points {
        let _ = write!(svg, "{x:.2},{y:.2} ", y = baseline - y);
    }
    svg.push_str("\"/>");
}

/// Drops points of a curve whose x rises, so that every dropped point lies within `tolerance` of the drawn
/// line (measured vertically) and every turning point between swings larger than `tolerance` is kept.
pub fn reduce(points: &[(f64, f64)], tolerance: f64) -> Vec<(f64, f64)> {
    let turning = turning_points(points, tolerance);
    let mut turning = turning.into_iter().peekable();
    let mut kept: Vec<(f64, f64)> = Vec::new();
    let Some(&first) = points.first() else { return kept };
    kept.push(first);
    let mut anchor = first;
    let mut previous = first;
    let (mut lowest, mut highest) = (f64::NEG_INFINITY, f64::INFINITY);
    for (index, &point) in points.iter().enumerate().skip(1) {
        let slope = |y: f64| (y - anchor.1) / (point.0 - anchor.0);
        let direct = slope(point.1);
        if direct >= lowest && direct <= highest {
            lowest = lowest.max(slope(point.1 - tolerance));
            highest = highest.min(slope(point.1 + tolerance));
        } else {
            kept.push(previous);
            anchor = previous;
            let slope = |y: f64| (y - anchor.1) / (point.0 - anchor.0);
            lowest = slope(point.1 - tolerance);
            highest = slope(point.1 + tolerance);
        }
        previous = point;
        if turning.next_if_eq(&index).is_some() {
            kept.push(point);
            anchor = point;
            (lowest, highest) = (f64::NEG_INFINITY, f64::INFINITY);
        }
    }
    if kept.last() != Some(&previous) {
        kept.push(previous);
    }
    kept
}

/// Indices of the highest and lowest points between swings larger than `tolerance`.
fn turning_points(points: &[(f64, f64)], tolerance: f64) -> Vec<usize> {
    let mut found = Vec::new();
    let Some(&(_, first)) = points.first() else { return found };
    let (mut high, mut low) = ((0, first), (0, first));
    let mut rising: Option<bool> = None;
    for (index, &(_, y)) in points.iter().enumerate().skip(1) {
        if rising != Some(false) && y > high.1 {
            high = (index, y);
        }
        if rising != Some(true) && y < low.1 {
            low = (index, y);
        }
        if rising != Some(false) && high.1 - y > tolerance {
            found.push(high.0);
            rising = Some(false);
            low = (index, y);
        } else if rising != Some(true) && y - low.1 > tolerance {
            found.push(low.0);
            rising = Some(true);
            high = (index, y);
        }
    }
    found.dedup();
    found
}

/// The lead's name near the start of its trace, at the first place where it does not cover the trace.
fn draw_label(svg: &mut String, cell: &Cell, baseline: f64, row_height_mm: f64) {
    const GAP_MM: f64 = 0.5;
    let Some(label) = &cell.label else { return };
    let width = 2.2 * count(label.chars().count()) + 0.3;
    let covers = |x: f64, bottom: f64| {
        cell.runs.iter().any(|run| {
            let steps = run.iter().zip(run.iter().skip(1));
            steps
                .skip_while(|(_, to)| to.0 < x - GAP_MM)
                .take_while(|(from, _)| from.0 <= x + width + GAP_MM)
                .any(|(from, to)| {
                    from.1.min(to.1) < bottom + 2.6 + GAP_MM && from.1.max(to.1) > bottom - GAP_MM
                })
        })
    };
    let heights = [5.0, 7.0, 9.0, 3.0, 11.0, -8.0, -10.0];
    // Farther away it would stand in the neighbour's row.
    let near = move |height: &f64| height.abs() <= 0.6 * row_height_mm;
    let places = [1.2, 4.0, 7.0]
        .into_iter()
        .flat_map(|dx| heights.into_iter().filter(near).map(move |bottom| (cell.left_mm + dx, bottom)));
    let free = |place: &(f64, f64)| !covers(place.0, place.1);
    let (x, bottom) = places.into_iter().find(free).unwrap_or((cell.left_mm + 1.2, 5.0));
    let y = baseline - bottom;
    let _ = write!(
        svg,
        "<text x=\"{x:.2}\" y=\"{y:.2}\" font-size=\"{LABEL_SIZE_MM}\" font-weight=\"700\">{}</text>",
        escape(label)
    );
    if !cell.recorded || cell.runs.is_empty() {
        let words = if cell.recorded { "无信号" } else { "未记录" };
        let _ = write!(
            svg,
            "<text x=\"{x:.2}\" y=\"{y:.2}\" font-size=\"2.8\" fill=\"#606060\">{words}</text>",
            y = baseline + 1.0
        );
    }
}

/// A small triangle at the edge of the paper for every run that would leave it.
fn draw_cut_marks(svg: &mut String, cell: &Cell, baseline: f64, height: f64) {
    for run in &cell.runs {
        let highest = run.iter().fold((0.0, f64::NEG_INFINITY), |a, b| if b.1 > a.1 { *b } else { a });
        let lowest = run.iter().fold((0.0, f64::INFINITY), |a, b| if b.1 < a.1 { *b } else { a });
        if highest.1 > baseline {
            let (l, r) = (highest.0 - 1.0, highest.0 + 1.0);
            let _ = write!(svg, "<path class=\"cut\" d=\"M{l:.2} 2H{r:.2}L{x:.2} 0.3Z\"/>", x = highest.0);
        }
        if lowest.1 < baseline - height {
            let (l, r) = (lowest.0 - 1.0, lowest.0 + 1.0);
            let (base, tip) = (height - 2.0, height - 0.3);
            let _ =
                write!(svg, "<path class=\"cut\" d=\"M{l:.2} {base}H{r:.2}L{x:.2} {tip}Z\"/>", x = lowest.0);
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Counts here are far below 2^53, so the conversion is exact.
fn count(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
#[path = "sheet_tests.rs"]
mod tests;
