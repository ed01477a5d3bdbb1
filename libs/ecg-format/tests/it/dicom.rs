//! DICOM objects built by hand after PS3.5 7.1, for what no sample recording has: hemodynamic objects, GB18030
//! names, annotations of every range, items of undefined length, and both encodings of one data set.

use ecg_format::SourceFile;

#[derive(Clone, Copy)]
struct Encoding {
    explicit: bool,
    undefined_lengths: bool,
}

impl Encoding {
    fn element(self, tag: u32, vr: &str, value: &[u8]) -> Vec<u8> {
        let padded = value.len() + value.len() % 2;
        let mut out = self.head(tag, vr, u32::try_from(padded).unwrap());
        out.extend(value);
        out.resize(out.len() + padded - value.len(), if vr == "UI" || vr == "OW" { 0 } else { b' ' });
        out
    }

    fn head(self, tag: u32, vr: &str, length: u32) -> Vec<u8> {
        let mut out = u16::try_from(tag >> 16).unwrap().to_le_bytes().to_vec();
        out.extend(u16::try_from(tag & 0xFFFF).unwrap().to_le_bytes());
        if self.explicit {
            out.extend(vr.as_bytes());
            if matches!(vr, "SQ" | "OW") {
                out.extend([0, 0]);
                out.extend(length.to_le_bytes());
            } else {
                out.extend(u16::try_from(length).unwrap().to_le_bytes());
            }
        } else {
            out.extend(length.to_le_bytes());
        }
        out
    }

    fn sequence(self, tag: u32, items: &[Vec<u8>]) -> Vec<u8> {
        let mark = |element: u16, length: u32| {
            let mut out = vec![0xFE, 0xFF];
            out.extend(element.to_le_bytes());
            out.extend(length.to_le_bytes());
            out
        };
        let mut body = Vec::new();
        for item in items {
            if self.undefined_lengths {
                body.extend([mark(0xE000, u32::MAX), item.clone(), mark(0xE00D, 0)].concat());
            } else {
                body.extend([mark(0xE000, u32::try_from(item.len()).unwrap()), item.clone()].concat());
            }
        }
        if self.undefined_lengths {
            [self.head(tag, "SQ", u32::MAX), body, mark(0xE0DD, 0)].concat()
        } else {
            [self.head(tag, "SQ", u32::try_from(body.len()).unwrap()), body].concat()
        }
    }

    fn code(self, value: &str, meaning: &[u8]) -> Vec<u8> {
        [self.element(0x0008_0100, "SH", value.as_bytes()), self.element(0x0008_0104, "LO", meaning)].concat()
    }

    fn channel(self, code: &str, meaning: &str, unit: &str) -> Vec<u8> {
        [
            self.sequence(0x003A_0208, &[self.code(code, meaning.as_bytes())]),
            self.element(0x003A_0210, "DS", b"2.5"),
            self.sequence(0x003A_0211, &[self.code(unit, unit.as_bytes())]),
            self.element(0x003A_0212, "DS", b"2"),
            self.element(0x003A_0213, "DS", b"-5"),
        ]
        .concat()
    }

    fn annotation(self, range: &str, places: &[Vec<u8>], text: &[u8]) -> Vec<u8> {
        let group: Vec<u8> = [1u16, 0].iter().flat_map(|v| v.to_le_bytes()).collect();
        let mut out = self.element(0x0040_A0B0, "US", &group);
        out.extend(self.element(0x0040_A130, "CS", range.as_bytes()));
        out.extend(places.concat());
        out.extend(self.element(0x0070_0006, "ST", text));
        out
    }

    fn positions(self, at: &[u32]) -> Vec<Vec<u8>> {
        let bytes: Vec<u8> = at.iter().flat_map(|v| v.to_le_bytes()).collect();
        vec![self.element(0x0040_A132, "UL", &bytes)]
    }

    /// A hemodynamic object: lead II and an arterial pressure at 250 Hz.
    fn file(self) -> Vec<u8> {
        // 张 is D5 C5 and 三 is C8 FD in GB18030.
        let name = [b"Zhang^San=".as_slice(), &[0xD5, 0xC5], b"^", &[0xC8, 0xFD]].concat();
        let samples: Vec<u8> =
            [1i16, 900, -2, 901, 3, 902, i16::MIN, 903].iter().flat_map(|v| v.to_le_bytes()).collect();
        let group = [
            self.element(0x003A_0005, "US", &2u16.to_le_bytes()),
            self.element(0x003A_0010, "UL", &4u32.to_le_bytes()),
            self.element(0x003A_001A, "DS", b"250"),
            self.sequence(
                0x003A_0200,
                &[
                    self.channel("2:2", "Lead II", "uV"),
                    self.channel("2:18432", "Arterial pressure", "mm[Hg]"),
                ],
            ),
            self.element(0x5400_1004, "US", &16u16.to_le_bytes()),
            self.element(0x5400_1006, "CS", b"SS"),
            self.element(0x5400_100A, "OW", &i16::MIN.to_le_bytes()),
            self.element(0x5400_1010, "OW", &samples),
        ]
        .concat();
        let offsets = vec![self.element(0x0040_A138, "DS", b"0.004\\0.008")];
        let annotations = [
            self.annotation("MULTIPOINT", &self.positions(&[1, 2, 4]), &[0xD5, 0xC5]),
            self.annotation("SEGMENT", &self.positions(&[2, 3]), b"run"),
            self.annotation("MULTIPOINT", &offsets, b"timed"),
        ];
        let syntax = if self.explicit { "1.2.840.10008.1.2.1" } else { "1.2.840.10008.1.2" };
        // The group of meta information is always explicit.
        let meta = Encoding { explicit: true, ..self };
        let head = meta.element(0x0002_0010, "UI", syntax.as_bytes());
        [
            vec![0; 128],
            b"DICM".to_vec(),
            meta.element(0x0002_0000, "UL", &u32::try_from(head.len()).unwrap().to_le_bytes()),
            head,
            self.element(0x0008_0005, "CS", b"GB18030"),
            self.element(0x0008_0016, "UI", b"1.2.840.10008.5.1.4.1.1.9.2.1"),
            self.element(0x0008_002A, "DT", b"20240229081500.5+0800"),
            self.element(0x0008_0060, "CS", b"HD"),
            self.element(0x0010_0010, "PN", &name),
            self.sequence(0x0040_B020, &annotations),
            self.sequence(0x5400_0100, &[group]),
        ]
        .concat()
    }
}

#[test]
fn one_data_set_in_every_encoding() {
    let encodings = [(true, true), (true, false), (false, true), (false, false)];
    for (explicit, undefined_lengths) in encodings {
        let bytes = Encoding { explicit, undefined_lengths }.file();
        let ecg = ecg_format::read(&[SourceFile { name: "h.dcm", bytes: &bytes }]).unwrap();
        assert_eq!((ecg.sample_rate_hz, ecg.leads.len()), (250.0, 1), "{explicit} {undefined_lengths}");
        assert_eq!(ecg.patient.name.as_deref(), Some("张三"));
        assert_eq!(ecg.start.unwrap().to_string(), "2024-02-29T08:15:00.500000");
        // raw × 2.5 × 2 − 5
        let lead = ecg.lead("II").unwrap();
        assert_eq!((&lead.samples_uv[..3], lead.samples_uv[3].is_nan()), (&[0.0, -15.0, 10.0][..], true));
        assert_eq!(lead.resolution_uv, 5.0);
        assert!(ecg.warnings.iter().any(|w| w.code == "signal_not_ecg" && w.detail.contains("pressure")));
        let marks: Vec<(u64, Option<u64>, &str)> =
            ecg.annotations.iter().map(|a| (a.sample, a.end_sample, a.text.as_deref().unwrap())).collect();
        let expected = [
            (0, None, "张"),
            (1, None, "张"),
            (1, Some(2), "run"),
            (1, None, "timed"),
            (2, None, "timed"),
            (3, None, "张"),
        ];
        assert_eq!(marks, expected);
        // Cut anywhere: an error with a place, or what was already complete.
        for length in 0..bytes.len() {
            if let Err(error) = ecg_format::read(&[SourceFile { name: "h.dcm", bytes: &bytes[..length] }]) {
                assert!(error.code == "unknown_format" || error.offset.is_some() || !error.detail.is_empty());
            }
        }
    }
}
