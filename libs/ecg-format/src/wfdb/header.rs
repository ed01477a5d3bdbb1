//! WFDB header files (`.hea`): the record line, signal or segment lines, and comments.
//!
//! Lenient where PhysioNet challenge files are: dates such as `15-May-2020`, record names that end in
//! `.mat`, a count of samples written `5000.0`, blank lines, byte order marks, text in any encoding.

use crate::error::ReadError;
use crate::num::parse_f64;
use crate::text;
use crate::time::{Date, LocalDateTime};

const MAX_SIGNALS: usize = 512;

/// Default gain in adu per physical unit where the header has none (WFDB library constant).
const DEFAULT_GAIN: f64 = 200.0;
/// Default frame rate in hertz where the header has none (WFDB library constant).
const DEFAULT_RATE_HZ: f64 = 250.0;

/// What a header file says.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Header {
    /// Record name.
    pub name: String,
    /// Declared number of signals.
    pub signal_count: usize,
    /// Frames per second, in hertz; annotation times count frames unless the annotation file says otherwise.
    pub frame_rate_hz: f64,
    /// Frames; `None` when not stated.
    pub frames: Option<usize>,
    /// Time of the first frame, when both date and time are stated.
    pub start: Option<LocalDateTime>,
    /// Date and time as written, when they could not be read.
    pub time_unreadable: Option<String>,
    /// The signals in file order; empty in the master header of a multi-segment record.
    pub signals: Vec<SignalSpec>,
    /// `Some` in the master header of a multi-segment record.
    pub segments: Option<Vec<SegmentSpec>>,
    /// Comment lines without their `#`.
    pub comments: Vec<String>,
}

/// One signal line of a header.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SignalSpec {
    /// Name of the signal file; `~` when the signal has no samples.
    pub file: String,
    /// Storage format: 8, 16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516, 524, or 0 for none.
    pub format: u32,
    /// Samples in each frame.
    pub samples_per_frame: usize,
    /// Frames by which the signal was recorded late.
    pub skew_frames: usize,
    /// Where the samples begin in the file, in bytes.
    pub byte_offset: usize,
    /// Stored units for one physical unit.
    pub gain: f64,
    /// Whether the header states no gain, so that 200 was assumed.
    pub gain_assumed: bool,
    /// Stored value of physical zero.
    pub baseline: i64,
    /// Physical unit as written; absent means mV.
    pub unit: Option<String>,
    /// Stored value of the first sample.
    pub initial_value: Option<i64>,
    /// Sum of the stored values modulo 65,536.
    pub checksum: Option<i64>,
    /// Name of the signal.
    pub description: Option<String>,
}

/// One segment line of a master header.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SegmentSpec {
    /// Record name of the segment; `~` for a gap.
    pub name: String,
    /// Length in frames; 0 for the layout header of a variable layout.
    pub frames: usize,
}

/// Whether the first lines read like a header; content is all that counts.
pub(crate) fn looks_like_header(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    if head.contains(&0) {
        return false;
    }
    let content = text::guess(head);
    let content = content.trim_start_matches('\u{feff}');
    let mut lines = content.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
    let Some(record) = lines.next() else { return false };
    let mut tokens = record.split_whitespace();
    let Some(name) = tokens.next() else { return false };
    let Some(count) = tokens.next().and_then(|t| t.parse::<usize>().ok()) else { return false };
    let rate_reads = tokens.next().is_none_or(|t| t.starts_with(|c: char| c.is_ascii_digit() || c == '.'));
    let name_reads = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | '.'));
    if !(rate_reads && name_reads && count <= MAX_SIGNALS) {
        return false;
    }
    let Some(next) = lines.next() else { return count == 0 };
    let mut fields = next.split_whitespace();
    let _file = fields.next();
    let second = fields.next().unwrap_or("");
    second.starts_with(|c: char| c.is_ascii_digit())
}

/// Reads a header file (`.hea`).
///
/// # Errors
/// `truncated` when lines are missing, `damaged` when a line does not follow the specification,
/// `limit_exceeded` above 512 signals or the number of segments in [`crate::limits`].
pub fn parse(bytes: &[u8]) -> Result<Header, ReadError> {
    let content = text::guess(bytes);
    let content = content.trim_start_matches('\u{feff}');
    let mut comments = Vec::new();
    let mut lines = Vec::new();
    for line in content.lines().map(str::trim) {
        if let Some(comment) = line.strip_prefix('#') {
            comments.push(text::clean(comment));
        } else if !line.is_empty() {
            lines.push(line);
        }
    }
    comments.truncate(crate::limits::MAX_STATEMENTS);
    let mut lines = lines.into_iter();
    let record = lines.next().ok_or_else(|| ReadError::truncated(0, "the header has no record line"))?;
    let mut header = record_line(record)?;
    header.comments = comments;
    if header.segments.is_some() {
        let mut segments = Vec::new();
        for line in lines {
            segments.push(segment_line(line)?);
            if segments.len() > crate::limits::MAX_FILES {
                return Err(ReadError::limit("too many segments"));
            }
        }
        header.segments = Some(segments);
        return Ok(header);
    }
    let count = header.signal_count;
    for line in lines.by_ref().take(count) {
        header.signals.push(signal_line(line)?);
    }
    if header.signals.len() < count {
        return Err(ReadError::truncated(
            bytes.len(),
            format!("{count} signals are declared, {} are described", header.signals.len()),
        ));
    }
    Ok(header)
}

fn record_line(line: &str) -> Result<Header, ReadError> {
    let bad = |what: &str| ReadError::damaged(format!("record line: {what} in {line:?}")).at(0);
    let mut tokens = line.split_whitespace();
    let full_name = tokens.next().ok_or_else(|| bad("no name"))?;
    let (name, segment_count) = match full_name.split_once('/') {
        Some((name, count)) => (name, Some(count.parse::<usize>().map_err(|_| bad("segment count"))?)),
        None => (full_name, None),
    };
    let signal_count: usize =
        tokens.next().and_then(|t| t.parse().ok()).ok_or_else(|| bad("signal count"))?;
    if signal_count > MAX_SIGNALS {
        return Err(ReadError::limit(format!("{signal_count} signals")));
    }
    let frame_rate_hz = match tokens.next() {
        None => DEFAULT_RATE_HZ,
        Some(token) => {
            let rate = token.split(['/', '(']).next().unwrap_or("");
            parse_f64(rate).filter(|r| *r > 0.0).ok_or_else(|| bad("sampling frequency"))?
        }
    };
    let frames = match tokens.next() {
        None => None,
        // Some programs write the count as a float.
        Some(token) => {
            let count = token.parse::<usize>().ok().or_else(|| token.strip_suffix(".0")?.parse().ok());
            Some(count.ok_or_else(|| bad("number of samples"))?).filter(|n| *n > 0)
        }
    };
    let rest: Vec<&str> = tokens.collect();
    let start = start_time(&rest);
    let time_unreadable = (start.is_none() && rest.len() > 1).then(|| rest.join(" "));
    Ok(Header {
        name: name.trim_end_matches(".mat").to_owned(),
        signal_count,
        frame_rate_hz,
        frames,
        start,
        time_unreadable,
        signals: Vec::new(),
        segments: segment_count.map(|_| Vec::new()),
        comments: Vec::new(),
    })
}

/// Time and date in either order; the date as `DD/MM/YYYY` or `DD-Mon-YYYY`. A time alone is no start.
fn start_time(tokens: &[&str]) -> Option<LocalDateTime> {
    let time = tokens.iter().find(|t| t.contains(':'))?;
    let date = tokens.iter().find(|t| !t.contains(':') && (t.contains('/') || t.contains('-')))?;
    let date = Date::parse_dmy(date).or_else(|| named_month(date))?;
    // A time may omit leading fields: "8:26:04" and "46:25.757" are both allowed; two fields are minutes.
    let fields = time.split(':').count();
    let full = if fields == 2 { format!("00:{time}") } else { (*time).to_owned() };
    LocalDateTime::from_date_and_time(date, &full)
}

fn named_month(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let mut parts = text.split('-');
    let day = parts.next()?.parse().ok()?;
    let name = parts.next()?.to_ascii_lowercase();
    let month = MONTHS.iter().position(|m| *m == name)?;
    Date::from_parts(parts.next()?.parse().ok()?, i64::try_from(month).ok()? + 1, day)
}

fn segment_line(line: &str) -> Result<SegmentSpec, ReadError> {
    let mut tokens = line.split_whitespace();
    let name = tokens.next().unwrap_or("").to_owned();
    let frames = tokens
        .next()
        .and_then(|t| t.parse().ok())
        .ok_or_else(|| ReadError::damaged(format!("segment line {line:?} has no length")))?;
    Ok(SegmentSpec { name, frames })
}

fn signal_line(line: &str) -> Result<SignalSpec, ReadError> {
    let bad = |what: &str| ReadError::damaged(format!("signal line: {what} in {line:?}"));
    let mut rest = line;
    let mut next = || -> Option<&str> {
        rest = rest.trim_start();
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (token, tail) = rest.split_at(end);
        rest = tail;
        Some(token)
    };
    let file = next().ok_or_else(|| bad("no file name"))?.to_owned();
    let layout = next().ok_or_else(|| bad("no format"))?;
    let (format, samples_per_frame, skew_frames, byte_offset) =
        format_field(layout).ok_or_else(|| bad("format"))?;
    let mut spec = SignalSpec {
        file,
        format,
        samples_per_frame,
        skew_frames,
        byte_offset,
        gain: DEFAULT_GAIN,
        gain_assumed: true,
        baseline: 0,
        unit: None,
        initial_value: None,
        checksum: None,
        description: None,
    };
    let Some(gain_token) = next() else { return Ok(spec) };
    let (gain, baseline, unit) = gain_field(gain_token).ok_or_else(|| bad("gain"))?;
    if gain != 0.0 {
        spec.gain = gain;
        spec.gain_assumed = false;
    }
    spec.unit = unit;
    let _resolution_bits = next();
    let zero: i64 = next().and_then(|t| t.parse().ok()).unwrap_or(0);
    spec.baseline = baseline.unwrap_or(zero);
    spec.initial_value = next().and_then(|t| t.parse().ok());
    spec.checksum = next().and_then(|t| t.parse().ok());
    let _block_size = next();
    spec.description = text::non_empty(rest);
    Ok(spec)
}

/// `format[xS][:skew][+offset]`
fn format_field(field: &str) -> Option<(u32, usize, usize, usize)> {
    let number_end = field.find(|c: char| !c.is_ascii_digit()).unwrap_or(field.len());
    let (number, mut rest) = field.split_at(number_end);
    let format = number.parse().ok()?;
    let (mut per_frame, mut skew, mut offset) = (1usize, 0usize, 0usize);
    while let Some(marker) = rest.chars().next() {
        let tail = rest.get(marker.len_utf8()..)?;
        let end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        let (digits, after) = tail.split_at(end);
        let value: usize = digits.parse().ok()?;
        match marker {
            'x' => per_frame = value,
            ':' => skew = value,
            '+' => offset = value,
            _ => return None,
        }
        rest = after;
    }
    (1..=10_000).contains(&per_frame).then_some((format, per_frame, skew, offset))
}

/// `gain[(baseline)][/unit]`
fn gain_field(field: &str) -> Option<(f64, Option<i64>, Option<String>)> {
    let (head, unit) = match field.split_once('/') {
        Some((head, unit)) => (head, text::non_empty(unit)),
        None => (field, None),
    };
    let (gain, baseline) = match head.split_once('(') {
        Some((gain, rest)) => (gain, Some(rest.trim_end_matches(')').parse::<i64>().ok()?)),
        None => (head, None),
    };
    Some((parse_f64(gain)?, baseline, unit))
}

#[cfg(test)]
mod tests {
    use super::{format_field, gain_field, looks_like_header, parse};

    #[test]
    fn fields_of_the_specification() {
        assert_eq!(format_field("212x4:3+24"), Some((212, 4, 3, 24)));
        assert_eq!(format_field("16+24"), Some((16, 1, 0, 24)));
        assert_eq!(format_field("212y"), None);
        assert_eq!(gain_field("12.84(-1605)/mmHg"), Some((12.84, Some(-1605), Some("mmHg".into()))));
        assert_eq!(gain_field("1.052e+04/mV"), Some((10_520.0, None, Some("mV".into()))));
    }

    #[test]
    fn challenge_headers_are_accepted() {
        let text = b"E0001.mat 2 500 5000 15-May-2020 15:35:30\nE0001.mat 16+24 1000/mV 16 0 28 -1716 0 I\n\
            E0001.mat 16+24 1000/mV 16 0 7 2029 0 II lead two\n#Age: 53\n";
        assert!(looks_like_header(text));
        let header = parse(text).unwrap();
        assert_eq!(header.name, "E0001");
        assert_eq!(header.start.unwrap().to_string(), "2020-05-15T15:35:30");
        assert_eq!(header.signals[1].description.as_deref(), Some("II lead two"));
        assert!(!looks_like_header(b"hello world this is text"));
    }
}
