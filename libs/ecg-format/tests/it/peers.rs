//! Second programs read what this library reads and what it writes: wfdb-python, pydicom, and the readers of
//! `tests/peers.py` for formats that have no maintained library. Passes when Python, its packages or the shared
//! recordings are absent.
//!
//! `TIANMU_PYTHON` names the interpreter. Few records are taken unless `ECG_FORMAT_ALL` is set.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use ecg_format::write::{self, DicomIds, SignalFormat};
use ecg_format::{Recording, SourceFile, read_named};

use crate::samples::root;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers.py");
const IDS: DicomIds<'_> = DicomIds { study_uid: "2.25.11", series_uid: "2.25.12", instance_uid: "2.25.13" };

fn python() -> Option<String> {
    let name = std::env::var("TIANMU_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let probe = Command::new(&name).args([SCRIPT, "probe"]).output();
    if probe.is_ok_and(|p| p.status.success()) {
        return Some(name);
    }
    println!("skipped: {name} has no wfdb, pydicom and numpy");
    None
}

/// Every `step`-th file of a folder with this extension, without the extension.
fn stems(root: &Path, folder: &str, extension: &str, step: usize) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(root.join(folder)) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .filter_map(|e| e.unwrap().file_name().into_string().ok())
        .filter_map(|n| n.strip_suffix(extension).map(|stem| format!("{folder}/{stem}")))
        .collect();
    names.sort();
    names.into_iter().step_by(step).collect()
}

struct Bench {
    out: PathBuf,
    manifest: String,
    count: usize,
}

impl Bench {
    /// Writes the recording as plain floats and a line of the manifest that says who else reads it.
    fn expect(&mut self, kind: &str, source: &Path, recording: &Recording) {
        self.count += 1;
        let dump = self.out.join(format!("{}.f32", self.count));
        let data: Vec<u8> =
            recording.leads.iter().flat_map(|l| l.samples_uv.iter().flat_map(|v| v.to_le_bytes())).collect();
        std::fs::write(&dump, data).unwrap();
        let labels: Vec<&str> = recording.leads.iter().map(|l| l.label.as_str()).collect();
        let marks = dump.with_extension("ann");
        let mut text = String::new();
        for a in recording.annotations.iter() {
            let aux = a.text.as_deref().unwrap_or("").replace('\n', " ");
            writeln!(
                text,
                "{}\t{}\t{}\t{}\t{}\t{}\t{aux}",
                a.annotator, a.sample, a.symbol, a.subtype, a.channel, a.number
            )
            .unwrap();
        }
        std::fs::write(marks, text).unwrap();
        writeln!(
            self.manifest,
            "{kind}\t{}\t{}\t{}\t{}\t{}",
            source.display(),
            dump.display(),
            recording.sample_rate_hz,
            recording.sample_count(),
            labels.join("|")
        )
        .unwrap();
    }

    /// Writes the recording in every format and expects the second programs to find the same samples.
    fn write_all(&mut self, recording: &Recording) {
        self.count += 1;
        let folder = self.out.join(format!("w{}", self.count));
        std::fs::create_dir_all(&folder).unwrap();
        for (name, format) in [
            ("f16", SignalFormat::Format16),
            ("f212", SignalFormat::Format212),
            ("f516", SignalFormat::Format516),
            ("f524", SignalFormat::Format524),
        ] {
            match write::wfdb(recording, name, format) {
                Ok(files) => {
                    for file in files {
                        std::fs::write(folder.join(file.name), file.bytes).unwrap();
                    }
                    self.expect("wfdb", &folder.join(name), recording);
                }
                Err(error) => assert_eq!(error.code, "value_out_of_range"),
            }
        }
        for (name, kind, bytes) in [
            ("a.dcm", "dicom", write::dicom(recording, IDS)),
            ("a.xml", "aecg", write::aecg(recording, "61d1a24f-b47e-41aa-ae95-f8ac302f4eeb")),
            ("a.edf", "edf", write::edf(recording)),
            ("a.scp", "scp", write::scp(recording)),
        ] {
            match bytes {
                Ok(bytes) => {
                    std::fs::write(folder.join(name), bytes).unwrap();
                    self.expect(kind, &folder.join(name), recording);
                }
                Err(error) => println!("{name} {}: {error}", recording.format.label()),
            }
        }
        std::fs::write(folder.join("a.csv"), write::csv(recording)).unwrap();
        self.expect("csv", &folder.join("a.csv"), recording);
    }
}

#[test]
fn second_programs_agree() {
    let (Some(root), Some(python)) = (root(), python()) else { return };
    let out = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("ecg-format-peers");
    let _absent_at_first = std::fs::remove_dir_all(&out);
    std::fs::create_dir_all(&out).unwrap();
    let mut bench = Bench { out: out.clone(), manifest: String::new(), count: 0 };
    let every = |some: usize| if std::env::var_os("ECG_FORMAT_ALL").is_some() { 1 } else { some };
    let load = |name: &str| std::fs::read(root.join(name));
    let mut names = stems(&root, "formats/wfdb", ".hea", 1);
    names.extend(stems(&root, "mitdb", ".hea", every(12)));
    names.extend(stems(&root, "ludb/data", ".hea", every(20)));
    names.extend(stems(&root, "cinc", ".hea", every(9)));
    names.extend(stems(&root, "cpsc2021", ".hea", every(4)));
    for record in ["041s/041s", "fixed1/v102s", "s25047/s25047-2704-05-04-10-44", "p000878/3269321_0002"] {
        names.push(format!("formats/wfdb/multi-segment/{record}"));
    }
    let annotators =
        ["atr", "qrs", "i", "ii", "iii", "avr", "avl", "avf", "v1", "v2", "v3", "v4", "v5", "v6"];
    for (index, name) in names.iter().enumerate() {
        match read_named(name, &annotators, load) {
            Ok(recording) => {
                bench.expect("wfdb", &root.join(name), &recording);
                let rare = recording.sample_count() < 20_000 || index % 7 == 0;
                if rare && recording.sample_count() < 1_000_000 {
                    bench.write_all(&recording);
                }
            }
            // Records of the sample folder whose signal files were not given, and one that is a derived EDF.
            Err(error) => println!("not compared: {name}: {error}"),
        }
    }
    for (kind, name) in [
        ("dicom", "formats/dicom/Example.dcm"),
        ("dicom", "formats/dicom/anonymous_ecg.dcm"),
        ("scp", "formats/scp/Example.scp"),
        ("aecg", "formats/aecg/subject1_0.xml"),
        ("aecg", "formats/aecg/subject1_1.xml"),
        ("aecg", "formats/aecg/subject1_2.xml"),
        ("edf", "formats/edf/test_generator_2.edf"),
        ("muse", "formats/muse/example1.xml"),
        ("muse", "formats/muse/example2.xml"),
        ("contec", "formats/contec/0000050.ECG"),
    ] {
        let recording = read_named(name, &[], load).unwrap_or_else(|e| panic!("{name}: {e}"));
        bench.expect(kind, &root.join(name), &recording);
        bench.write_all(&recording);
        // The same data set with implicit VR, as pydicom writes it.
        if kind == "dicom" {
            let implicit = out.join(format!("implicit{}.dcm", bench.count));
            let made = Command::new(&python)
                .args([SCRIPT, "implicit"])
                .arg(root.join(name))
                .arg(&implicit)
                .status()
                .unwrap();
            assert!(made.success());
            let bytes = std::fs::read(&implicit).unwrap();
            let mut again = ecg_format::read(&[SourceFile { name: "i.dcm", bytes: &bytes }]).unwrap();
            again.warnings.clone_from(&recording.warnings);
            // As text, since a missing sample equals nothing.
            assert!(format!("{again:?}") == format!("{recording:?}"), "{name}");
        }
    }
    let list = out.join("manifest");
    std::fs::write(&list, &bench.manifest).unwrap();
    let result = Command::new(&python).args([SCRIPT, "compare"]).arg(&list).output().unwrap();
    println!("{}", String::from_utf8_lossy(&result.stdout));
    assert!(result.status.success(), "{}", String::from_utf8_lossy(&result.stderr));
    std::fs::remove_dir_all(&out).unwrap();
}
