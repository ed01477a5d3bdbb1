//! The ECG report as a reader of the printed page sees it.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)] // helpers of tests

mod support;

use std::sync::OnceLock;

use print::{Fonts, PaperSet, Pdf, Printer, qr_svg};
use serde_json::{Value, json};
use support::sheet::{SheetLayout, SheetSpec, ecg_sheet_svg};
use support::{Picture, squeeze, text_of};

fn printer() -> &'static Printer {
    static PRINTER: OnceLock<Printer> = OnceLock::new();
    PRINTER.get_or_init(|| Printer::new(PaperSet::embedded().unwrap(), Fonts::embedded().unwrap()).unwrap())
}

fn sample() -> Value {
    printer().papers().get("ecg-report").unwrap().sample().clone()
}

fn print(data: &Value) -> Pdf {
    let recording = support::synthetic();
    let spec = SheetSpec::new(SheetLayout::ThreeByFour);
    let chart = ecg_sheet_svg(&spec, &recording.leads(), recording.sample_rate_hz);
    let qr = qr_svg("https://ecg.example.org/v/7K3F92QMXD4T").unwrap();
    printer().pdf("ecg-report", data, &[("chart.svg", chart.as_bytes()), ("qr.svg", &qr)]).unwrap()
}

#[test]
fn definitions_compile_against_their_samples() {
    printer().check().unwrap();
}

#[test]
fn every_field_of_the_sample_is_on_the_paper() {
    let data = sample();
    let pdf = print(&data);
    assert_eq!((pdf.pages, pdf.replaced.len()), (1, 0));
    let Some(text) = text_of(&pdf.bytes) else { return };
    let mut wanted: Vec<String> = Vec::new();
    fn strings(value: &Value, into: &mut Vec<String>) {
        match value {
            Value::String(text) => into.extend(text.lines().map(str::to_owned)),
            Value::Array(items) => items.iter().for_each(|v| strings(v, into)),
            Value::Object(fields) => fields.values().for_each(|v| strings(v, into)),
            _ => {}
        }
    }
    strings(&data, &mut wanted);
    // Metadata, not text of the page.
    wanted.retain(|w| {
        *w != data["document"]["id"]
            && *w != data["document"]["title"]
            && *w != data["document"]["created_at"]
    });
    wanted.extend(
        [
            "心电图诊断报告",
            "第1页/共1页",
            "计算机分析结果仅供参考，须经医师确认",
            "修订报告",
            "172*",
            "机器值184",
            "aVR",
            "V6",
        ]
        .map(str::to_owned),
    );
    for field in wanted {
        let parts: Vec<String> = field.split_whitespace().map(squeeze).collect();
        for part in parts {
            // Side-by-side columns interleave lines: a long line is looked for in pieces of six characters.
            let characters: Vec<char> = part.chars().collect();
            for piece in characters.chunks(6) {
                let piece: String = piece.iter().collect();
                assert!(text.contains(&piece), "{piece:?} of {field:?} is not on the paper:\n{text}");
            }
        }
    }
}

#[test]
fn millimetres_are_millimetres() {
    let mut data = sample();
    data["mark"] = Value::Null;
    let Some(picture) = Picture::of(&print(&data).bytes, 1) else { return };
    // 297 mm are 841.8898 pt; the renderer rounds a begun pixel up.
    assert!(picture.width.abs_diff(2970) <= 1 && picture.height.abs_diff(2100) <= 1);

    // The chart is 265 mm x 100 mm. Its bold lines (#dc978a, 0.2 mm) stand 5 mm apart and are redder all along than the thin
    // ones between them (#f3c9c1, 0.1 mm). Summed over five pixels, so that it does not matter where between pixels a line
    // falls; a column separator hides up to half of one.
    let bold_lines = |count: usize, positions: usize, at: &dyn Fn(usize) -> i64| -> Vec<usize> {
        let single: Vec<i64> = (0..positions).map(at).collect();
        let sum = |i: usize| -> i64 { single[i.saturating_sub(2)..(i + 3).min(positions)].iter().sum() };
        let strongest = (0..positions).map(sum).max().unwrap();
        let first = (0..positions).find(|i| sum(*i) * 10 > strongest * 6).expect("a bold line");
        let lines: Vec<usize> = (0..count)
            .map(|n| (first + 50 * n - 2..=first + 50 * n + 2).max_by_key(|i| single[*i]).unwrap())
            .collect();
        for (n, line) in lines.iter().enumerate() {
            assert!(sum(*line) * 100 > strongest * 45, "no bold line at {} mm", 5 * n);
            for thin in (1..5).filter(|_| n + 1 < count) {
                assert!(sum(line + 10 * thin) < sum(*line), "line {} mm is not thin", 5 * n + thin);
            }
        }
        lines
    };
    let vertical = bold_lines(54, picture.width, &|x| {
        (0..picture.height).map(|y| i64::from(picture.redness(x, y).max(0))).sum()
    });
    let horizontal = bold_lines(21, picture.height, &|y| {
        (0..picture.width).map(|x| i64::from(picture.redness(x, y).max(0))).sum()
    });

    // Thin lines: every millimetre between two bold ones, where nothing black is drawn.
    let (left, top) = (vertical[0], horizontal[0]);
    let row = (top..top + 1000)
        .find(|y| {
            (left..left + 2650).all(|x| !picture.is_black(x, *y))
                && !horizontal.iter().any(|h| h.abs_diff(*y) < 4)
                && (y - top) % 10 == 5
        })
        .expect("a row without trace");
    for n in 0..265usize {
        let here = left + 10 * n;
        let found = (here.saturating_sub(2)..=here + 2).map(|x| picture.redness(x, row)).max().unwrap();
        let beside = picture.redness(here + 5, row);
        assert!(found > beside + 8, "no line at {n} mm: {found} against {beside}");
    }

    // The calibration pulse: 10 mm high, 5 mm wide, in each of the four rows.
    let black_rows =
        |x: usize| -> Vec<usize> { (top..top + 1000).filter(|y| picture.is_black(x, *y)).collect() };
    let middles = |rows: Vec<usize>| -> Vec<f64> {
        let mut groups: Vec<(usize, usize)> = Vec::new();
        for y in rows {
            match groups.last_mut() {
                Some(group) if y - group.1 <= 1 => group.1 = y,
                _ => groups.push((y, y)),
            }
        }
        groups.iter().map(|(a, b)| (*a + *b) as f64 / 2.0).collect()
    };
    let (feet, tops) = (middles(black_rows(left + 17)), middles(black_rows(left + 50)));
    assert_eq!((feet.len(), tops.len()), (4, 4));
    for (foot, top) in feet.iter().zip(&tops) {
        assert!((foot - top - 100.0).abs() <= 1.0, "the pulse is {} mm high", (foot - top) / 10.0);
    }
    let y = top + 100;
    let edges = (left..left + 95).filter(|x| picture.is_black(*x, y)).collect::<Vec<_>>();
    let (first, last) = (edges[0], edges[edges.len() - 1]);
    let width = last - first - edges.iter().take_while(|x| **x - first < 10).count() + 1;
    assert!(width.abs_diff(50) <= 1, "the pulse is {width} px wide");
}

#[test]
fn hostile_text_is_printed_literally() {
    let hostile =
        "#panic(\"x\") $a^2$ *b* _c_ @d <e> \\ `f` [g] // /* h */ = i - j ~ \u{27}k\u{27} \"l\" ...";
    let mut data = sample();
    data["patient"]["name"] = json!("欧阳".repeat(40));
    data["exam"]["clinical_note"] = json!("W".repeat(300));
    data["exam"]["requester"] = json!("محمد علي שלום");
    data["findings"] = json!(hostile);
    data["conclusion"] = json!(["😀 🧬 family", "a\u{202e}b\u{0}c", "= not a heading\n- not a list"]);
    let pdf = print(&data);
    assert_eq!(pdf.replaced, vec!['\0', '\u{202e}', '\u{1f9ec}']);
    let Some(text) = text_of(&pdf.bytes) else { return };
    for part in hostile.split_whitespace() {
        assert!(text.contains(part), "{part:?} is not on the paper:\n{text}");
    }
    for part in ["〔U+1F9EC〕", "a〔U+202E〕b〔U+0000〕c", "=notaheading", "-notalist", "😀"] {
        assert!(text.contains(part), "{part:?} is not on the paper:\n{text}");
    }
    assert_eq!(
        text.matches("欧阳").count(),
        40 * pdf.pages,
        "the whole name, again on each continuation page"
    );
    assert_eq!(text.matches('W').count(), 300, "the whole note");
    // Right-to-left text comes out of the extractor in visual or logical order; all letters must be there.
    for letter in "محمدعليשלום".chars() {
        assert!(text.contains(letter) || is_presentation_form(&text, letter), "{letter} is not on the paper");
    }
}

/// Extractors give joined Arabic letters either as letters or as their presentation forms.
fn is_presentation_form(text: &str, letter: char) -> bool {
    ('\u{600}'..='\u{6ff}').contains(&letter) && text.chars().any(|c| ('\u{fe70}'..='\u{feff}').contains(&c))
}

#[test]
fn long_conclusions_flow_to_a_continuation_page() {
    let mut data = sample();
    let lines: Vec<String> =
        (1..=40).map(|n| format!("第{n}条诊断意见，室性早搏，部分呈二联律，请结合临床")).collect();
    data["conclusion"] = json!(lines);
    let pdf = print(&data);
    assert!(pdf.pages >= 2, "{} pages", pdf.pages);
    let Some(text) = text_of(&pdf.bytes) else { return };
    for n in 1..=40 {
        assert!(text.contains(&format!("第{n}条")), "line {n}");
    }
    assert_eq!(text.matches("续下页，签名见末页").count(), pdf.pages - 1);
    assert!(text.contains("（续页）") && text.contains(&format!("第{0}页/共{0}页", pdf.pages)));
}

#[test]
fn drafts_and_withdrawn_reports_say_so_and_final_ones_do_not() {
    // The extractor gives slanted text letter by letter; these letters occur nowhere else on the page.
    let letters = ["稿", "未", "撤"];
    for (mark, wanted) in
        [(json!("draft"), 1), (json!("unreviewed"), 2), (json!("withdrawn"), 3), (Value::Null, 0)]
    {
        let mut data = sample();
        data["mark"] = mark;
        data["report"]["note"] = Value::Null;
        let Some(text) = text_of(&print(&data).bytes) else { return };
        for (n, letter) in letters.iter().enumerate() {
            assert_eq!(text.contains(letter), n + 1 == wanted, "{letter}, mark {}", data["mark"]);
        }
    }
}

#[test]
fn a_draft_without_signatures_prints() {
    let mut data = sample();
    for key in ["signer", "reviewer", "verify", "analysis"] {
        data[key] = Value::Null;
    }
    data["measurements"] = json!([]);
    data["conclusion"] = json!([]);
    data["findings"] = json!("");
    let chart = b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 265 100\"/>";
    let pdf = printer().pdf("ecg-report", &data, &[("chart.svg", chart)]).unwrap();
    let Some(text) = text_of(&pdf.bytes) else { return };
    assert!(text.contains("未签名") && text.contains("未审核"));
}

#[test]
fn real_recordings_print_on_one_page_with_every_lead() {
    let Some(folder) = support::shared_ecg() else { return };
    for record in
        ["cinc/JS20000.hea", "cinc/JS20003.hea", "cinc/Q0001.hea", "ludb/data/1.hea", "ludb/data/8.hea"]
    {
        let recording = support::read_wfdb16(&folder.join(record)).unwrap();
        for layout in [SheetLayout::ThreeByFour, SheetLayout::SixByTwo] {
            let spec = SheetSpec::new(layout);
            let chart = ecg_sheet_svg(&spec, &recording.leads(), recording.sample_rate_hz);
            assert!(!chart.contains("未记录") && !chart.contains("无信号"), "{record}");
            let qr = qr_svg("https://ecg.example.org/v/7K3F92QMXD4T").unwrap();
            let mut data = sample();
            let (width_mm, height_mm) = spec.size_mm();
            data["chart"]["width_mm"] = json!(width_mm);
            data["chart"]["height_mm"] = json!(height_mm);
            let images: [(&str, &[u8]); 2] = [("chart.svg", chart.as_bytes()), ("qr.svg", &qr)];
            let pdf = printer().pdf("ecg-report", &data, &images).unwrap();
            assert_eq!(pdf.pages, 1, "{record} {layout:?}");
            let Some(text) = text_of(&pdf.bytes) else { return };
            for lead in ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"] {
                assert!(text.contains(lead), "{lead} of {record}");
            }
        }
    }
}

#[test]
fn the_same_document_gives_the_same_bytes_on_every_thread() {
    let data = sample();
    let first = print(&data);
    std::thread::scope(|scope| {
        let others: Vec<_> = (0..4).map(|_| scope.spawn(|| print(&data).bytes)).collect();
        for other in others {
            assert!(other.join().unwrap() == first.bytes);
        }
    });
    let raw = String::from_utf8_lossy(&first.bytes);
    assert!(
        raw.contains("<pdfaid:part>2</pdfaid:part>")
            && raw.contains("<pdfaid:conformance>B</pdfaid:conformance>")
    );
    assert!(raw.contains("2026-11-22T02:31:00"), "the creation date is the data's");
    let Some(info) = support::pipe("pdfinfo", &["-"], &first.bytes) else { return };
    let info = String::from_utf8_lossy(&info).into_owned();
    assert!(info.contains("心电图诊断报告 XD20261122-0001"), "{info}");
}
