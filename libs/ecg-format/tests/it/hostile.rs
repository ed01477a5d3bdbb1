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
    let result = bounded(&files);
    let recording = result?;
    let count = recording.sample_count();
    assert!(recording.leads.iter().all(|lead| lead.samples_uv.len() == count && lead.resolution_uv > 0.0));
    assert!(!compact::encode(&recording).is_empty() || count == 0);
    Ok(())
}

/// Reads and holds the promise of the library's first page: time in proportion to the input, and memory of at most
/// 256 MiB and 512 times the input.
fn bounded(files: &[SourceFile<'_>]) -> Result<ecg_format::Recording, ReadError> {
    let input: usize = files.iter().map(|f| f.bytes.len()).sum();
    let before = crate::MEMORY.current_usage();
    crate::MEMORY.reset_peak_usage();
    let begun = Instant::now();
    let result = ecg_format::read(files);
    let took = begun.elapsed();
    let used = crate::MEMORY.peak_usage().saturating_sub(before);
    let names: Vec<&str> = files.iter().take(3).map(|f| f.name).collect();
    assert!(took < Duration::from_secs(2), "{names:?}, {input} bytes, took {took:?}");
    assert!(used <= (256 << 20) + 512 * input, "{names:?}, {input} bytes, took {used} bytes of memory");
    result
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

/// The seeds of the fuzz targets: cut at every byte, and 600 changed copies each. Needs no shared recordings.
#[test]
fn every_seed_cut_and_changed() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/read");
    let mut random = Random(0x7365_6564);
    let mut seeds: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    seeds.sort();
    assert_eq!(
        seeds.len(),
        ecg_format::Format::ALL.len() - 1,
        "all formats but WFDB, which is several files"
    );
    for path in seeds {
        let seed = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(bounded(&[SourceFile { name, bytes: &seed }]).is_ok(), "{name}");
        for length in 0..seed.len() {
            if let Err(error) = bounded(&[SourceFile { name, bytes: &seed[..length] }]) {
                assert!(
                    !error.detail.is_empty() && error.file.as_deref() == Some(name),
                    "{name} {length}: {error}"
                );
            }
        }
        for _ in 0..600 {
            let mut changed = seed.clone();
            for _ in 0..1 + random.below(4) {
                let (at, from) = (random.below(changed.len()), random.below(changed.len()));
                match random.below(6) {
                    0 => changed[at] ^= 1 << random.below(8),
                    1 => changed[at] = [0, 0xFF, 0x7F, 0x80][random.below(4)],
                    2 => changed[at] = changed[from],
                    3 => drop(changed.remove(at)),
                    4 => changed.insert(at, b"0189"[random.below(4)]),
                    // A stretch moved, for offsets and tags that point elsewhere.
                    _ => {
                        let length = random.below(16).min(changed.len() - at.max(from));
                        changed.copy_within(from..from + length, at);
                    }
                }
            }
            if let Ok(recording) = bounded(&[SourceFile { name, bytes: &changed }]) {
                let _any = ecg_format::write::scp(&recording);
                let _any = ecg_format::write::edf(&recording);
                let _any = compact::encode(&recording);
            }
        }
    }
}

/// Found by the fuzz target `annotations`: a text behind control characters began with a blank, which the next
/// reading took away.
#[test]
fn fuzzed_text_of_an_annotation_is_written_as_it_was_read() {
    use ecg_format::wfdb::{read_annotations, write_annotations};
    let bytes = [
        0x01, 0x10, 0x05, 0xFC, 0x01, 0x08, 0x0C, 0xA0, 0x99, 0x99, 0x99, 0x29, 0xFF, 0x00, 0x00, 0x00, 0xDE,
        0x00,
    ];
    let file = read_annotations(&bytes).unwrap();
    assert_eq!(file.annotations[0].aux.as_deref(), Some("\u{2122}"));
    assert_eq!(read_annotations(&write_annotations(&file.annotations, None)).unwrap(), file);
}

/// Files whose decoding would take time or memory out of proportion to their size.
#[test]
fn work_stays_in_proportion_to_the_input() {
    let one = |name: &str, bytes: &[u8]| bounded(&[SourceFile { name, bytes }]).map(drop);

    // WFDB: 4,000 segments of one frame, all in one file of half a million frames.
    let master = format!("m/4000 1 500 4000\n{}", "s 1\n".repeat(4_000));
    let segment = b"s 1 500 500000\ns.dat 16 200/mV 16 0 0 0 0 II\n";
    let files = [
        SourceFile { name: "m.hea", bytes: master.as_bytes() },
        SourceFile { name: "s.hea", bytes: segment },
        SourceFile { name: "s.dat", bytes: &vec![0; 1_000_000] },
    ];
    assert_eq!(bounded(&files).map(|r| r.sample_count()), Ok(4_000));

    // WFDB: annotations, the densest content there is.
    let files = [
        SourceFile { name: "a.hea", bytes: b"a 1 500 4\na.dat 16 200/mV 16 0 0 0 0 II\n" },
        SourceFile { name: "a.dat", bytes: &[0; 8] },
        SourceFile { name: "a.atr", bytes: &[[0, 4].repeat(500_000), vec![0, 0]].concat() },
    ];
    assert_eq!(bounded(&files).map(|r| r.annotations.len()), Ok(500_000));

    // XML: attributes are compared with each other, namespaces in scope are copied by each declaration.
    let attributes: String = (0..100_000).map(|i| format!(" a{i}=\"\"")).collect();
    let error = one("a.xml", format!("<RestingECG{attributes}/>").as_bytes()).unwrap_err();
    assert_eq!(error.code, "limit_exceeded");
    let prefixes: String = (0..200).map(|i| format!(" xmlns:n{i}=\"u{i}\"")).collect();
    let children = "<a xmlns:x=\"y\"/>".repeat(50_000);
    let error =
        one("n.xml", format!("<RestingECG{prefixes}>{children}</RestingECG>").as_bytes()).unwrap_err();
    assert_eq!(error.code, "limit_exceeded");

    // aECG: as many leads as fit, each of one sample.
    let lead = |i: usize| {
        format!(
            "<component><sequence><code code=\"L{i}\"/><value><scale value=\"1\" unit=\"uV\"/><digits>1</digits>\
             </value></sequence></component>"
        )
    };
    let leads: String = (0..20_000).map(lead).collect();
    let document = format!(
        "<AnnotatedECG><component><series><component><sequenceSet>{leads}</sequenceSet></component></series>\
         </component></AnnotatedECG>"
    );
    assert_eq!(one("l.xml", document.as_bytes()).unwrap_err().code, "limit_exceeded");

    // MFER: 63 channels of one sample, then blocks without data, two bytes each.
    let preamble = [b"@\x20".to_vec(), format!("{:<32}", "MFR").into_bytes(), vec![1, 1, 1]].concat();
    let rate = |exponent: u8| vec![0x0B, 3, 0, exponent, 1];
    let microvolt = [0x0C, 3, 0, 0xFA, 1];
    let mut mfer = [preamble.clone(), rate(3), microvolt.to_vec(), vec![4, 1, 1, 5, 1, 63]].concat();
    mfer.extend([0x1E, 0].repeat(400_000));
    mfer.extend([0x80, 0]);
    assert_eq!(one("e.mwf", &mfer).unwrap_err().code, "no_ecg_leads");
    // One channel of 600,000 samples at 1 MHz and 59 of one at one hertz, which are held to the highest rate: within
    // the bound.
    let mut mfer = [preamble, rate(0), microvolt.to_vec(), vec![4, 1, 1, 5, 1, 60]].concat();
    mfer.extend([vec![0x3F, 0, 11], rate(6), vec![4, 4], 600_000u32.to_le_bytes().to_vec()].concat());
    let data = vec![0; 2 * (600_000 + 59)];
    mfer.extend([vec![0x1E, 0x84], u32::try_from(data.len()).unwrap().to_be_bytes().to_vec(), data].concat());
    mfer.extend([0x80, 0]);
    assert!(one("r.mwf", &mfer).is_ok());
}

#[test]
fn zones_of_subtraction_that_overlap_are_refused() {
    // 60,000 beats that each span the whole of eight leads.
    let count = 20_000u32;
    let mut leads = vec![8, 0x05 | (8 << 3)];
    for id in 1..=8u8 {
        leads.extend(1u32.to_le_bytes());
        leads.extend(count.to_le_bytes());
        leads.push(id);
    }
    let zones: Vec<(u16, [u32; 3])> = (0..60_000).map(|_| (0, [1, 5_000, count])).collect();
    let data: Vec<i16> = vec![0; 10_000];
    let mut rhythm = 1_000u16.to_le_bytes().to_vec();
    rhythm.extend(2_000u16.to_le_bytes());
    rhythm.extend([0, 0]);
    rhythm.extend(40_000u16.to_le_bytes().repeat(8));
    rhythm.extend(vec![0; 8 * 40_000]);
    let mut beat = 1_000u16.to_le_bytes().to_vec();
    beat.extend(2_000u16.to_le_bytes());
    beat.extend([0, 0]);
    beat.extend(20_000u16.to_le_bytes().repeat(8));
    beat.extend(data.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>().repeat(8));
    let file = crate::scp::record(&[
        (3, leads),
        (4, crate::scp::beats(20_000, 5_000, &zones, &[])),
        (5, beat),
        (6, rhythm),
    ]);
    let error = bounded(&[SourceFile { name: "z.scp", bytes: &file }]).map(drop).unwrap_err();
    assert_eq!((error.code, error.offset.is_some()), ("damaged", true), "{error}");
}

#[test]
fn broken_xml_is_told_by_its_byte() {
    let text = "<RestingECG>\n<a>\u{e9}\u{e9}</b></RestingECG>";
    let error = ecg_format::read(&[SourceFile { name: "x.xml", bytes: text.as_bytes() }]).unwrap_err();
    // Thirteen bytes of the first line, "<a>", and two letters of two bytes before the wrong end tag.
    assert_eq!((error.code, error.offset), ("damaged", Some(13 + 3 + 4)), "{error}");
}
