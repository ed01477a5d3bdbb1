//! Truncation at every place and flipped bits: an answer or an error, never a panic, in bounded time.

use std::time::{Duration, Instant};

use ecg_format::{ReadError, SourceFile, compact};

use crate::samples::root;

/// Every kind of recording, each as the files that make it up.
const RECORDS: [&[&str]; 16] = [
    &["formats/scp/Example.scp"],
    &["formats/dicom/Example.dcm"],
    &["formats/dicom/anonymous_ecg.dcm"],
    &["formats/aecg/subject1_0.xml"],
    &["formats/aecg/minimum_aecg.xml"],
    &["formats/muse/example1.xml"],
    &["formats/edf/test_edfann.edf"],
    &["formats/mfer/test-file.MWF"],
    &["formats/contec/0000050.ECG"],
    &["formats/philips/129DYPRG.XML"],
    &["formats/philips/ad4d3d80-d165_1-04_orig.xml"],
    &["formats/wfdb/100_3chan.hea", "formats/wfdb/100_3chan.dat"],
    &[
        "formats/wfdb/flacformats.hea",
        "formats/wfdb/flacformats.d0",
        "formats/wfdb/flacformats.d1",
        "formats/wfdb/flacformats.d2",
    ],
    &["formats/wfdb/310derive.hea", "formats/wfdb/310derive.dat"],
    &["formats/wfdb/a103l.hea", "formats/wfdb/a103l.mat"],
    &["ludb/data/1.hea", "ludb/data/1.dat", "ludb/data/1.ii"],
];

fn attempt(names: &[&str], contents: &[Vec<u8>]) -> Result<(), ReadError> {
    let files: Vec<SourceFile<'_>> =
        names.iter().zip(contents).map(|(name, bytes)| SourceFile { name, bytes }).collect();
    let begun = Instant::now();
    let result = ecg_format::read(&files);
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(2), "{names:?} took {took:?}");
    let recording = result?;
    let count = recording.sample_count();
    assert!(recording.leads.iter().all(|lead| lead.samples_uv.len() == count && lead.resolution_uv > 0.0));
    assert!(!compact::encode(&recording).is_empty() || count == 0);
    Ok(())
}

fn each_record(mut body: impl FnMut(&[&str], &[Vec<u8>])) {
    let Some(root) = root() else { return };
    for names in RECORDS {
        let contents: Vec<Vec<u8>> = names.iter().map(|n| std::fs::read(root.join(n)).unwrap()).collect();
        body(names, &contents);
    }
}

#[test]
fn truncation_anywhere() {
    each_record(|names, contents| {
        for (index, content) in contents.iter().enumerate() {
            // Every length at both ends, where the structures are, and about 150 places between.
            let stride = (content.len() / 150).max(1);
            let lengths =
                (0..content.len()).filter(|n| *n < 120 || *n + 40 > content.len() || n % stride == 0);
            for length in lengths {
                let mut cut = contents.to_vec();
                cut[index].truncate(length);
                if let Err(error) = attempt(names, &cut) {
                    assert!(!error.detail.is_empty());
                }
            }
        }
    });
}

/// A small fixed-seed generator (xorshift64*), so that failures repeat.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }
}

#[test]
fn flipped_bits_and_absurd_numbers() {
    // ECG_FORMAT_ROUNDS makes the run as long as wanted, with other numbers each.
    let rounds: u64 = std::env::var("ECG_FORMAT_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(120);
    let mut random = Random(0x7469_616E_6D75 ^ rounds);
    each_record(|names, contents| {
        for round in 0..rounds {
            let mut changed = contents.to_vec();
            let file = random.below(changed.len());
            let length = changed[file].len();
            // Half of the rounds aim at the first kilobyte, where headers are.
            let reach = if round % 2 == 0 { length.min(1_024) } else { length };
            for _ in 0..1 + random.below(6) {
                let at = random.below(reach);
                match random.below(4) {
                    0 => changed[file][at] ^= 1 << random.below(8),
                    1 => changed[file][at] = 0xFF,
                    2 => changed[file][at] = 0,
                    _ => changed[file][at] = b'0' + u8::try_from(random.below(10)).unwrap(),
                }
            }
            let _any_outcome = attempt(names, &changed);
        }
    });
}

#[test]
fn hostile_documents_are_refused_quickly() {
    let deep = format!("<RestingECG>{}", "<a>".repeat(200_000));
    let wide = format!("<AnnotatedECG>{}</AnnotatedECG>", "<a/>".repeat(300_000));
    let entity = "<!DOCTYPE RestingECG [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]><RestingECG>&b;</RestingECG>";
    let huge_header = b"r 512 500 99999999999\n".repeat(3);
    for (name, bytes, code) in [
        ("deep.xml", deep.as_bytes(), "limit_exceeded"),
        ("wide.xml", wide.as_bytes(), "no_ecg_leads"),
        ("entity.xml", entity.as_bytes(), "unsupported_feature"),
        ("empty.dat", b"".as_slice(), "unknown_format"),
        ("text.txt", b"hello".as_slice(), "unknown_format"),
        ("photo.jpg", b"\xFF\xD8\xFF\xE0".as_slice(), "unknown_format"),
    ] {
        let error = ecg_format::read(&[SourceFile { name, bytes }]).unwrap_err();
        assert_eq!(error.code, code, "{name}: {error}");
    }
    assert!(ecg_format::read(&[SourceFile { name: "r.hea", bytes: &huge_header }]).is_err());
    let gaps = b"r/3 1 500 9\nlayout 0\n~ 4000000000\nseg 5\n";
    let layout = b"layout 1 500 0\n~ 0 200/mV 16 0 0 0 0 II\n";
    let segment = b"seg 1 500 5\nseg.dat 16 200/mV 16 0 0 0 0 II\n";
    let files = [
        SourceFile { name: "r.hea", bytes: gaps },
        SourceFile { name: "layout.hea", bytes: layout },
        SourceFile { name: "seg.hea", bytes: segment },
        SourceFile { name: "seg.dat", bytes: &[0; 10] },
    ];
    assert_eq!(ecg_format::read(&files).unwrap_err().code, "limit_exceeded");
}
