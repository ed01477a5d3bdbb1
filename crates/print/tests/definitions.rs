//! Bad definitions and bad data are refused with file, line and a stable code.

#![allow(clippy::unwrap_used)] // helpers of tests

use std::sync::OnceLock;

use print::{Fonts, PaperSet, PrintError, Printer};
use serde_json::{Value, json};

const MANIFEST: &str = r#"id = "slip"
version = 1
title = "便条"
title_en = "Slip"
source = "test"
in_force = "2026-01-01"
template = "t.typ"
sample = "s.json"
page = { width_mm = 210, height_mm = 297 }
images = [{ name = "a.svg", optional = true, sample = "a.svg" }]
"#;
const TEMPLATE: &str = "#let d = json(\"data.json\")\n#set page(paper: \"a4\")\n#set text(font: \"Noto Sans CJK SC\")\n#d.text\n";
const SAMPLE: &str =
    r#"{"document": {"id": "1", "title": "t", "created_at": "2026-01-01T00:00:00Z"}, "text": "你好"}"#;
const IMAGE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>"#;

fn fonts() -> Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(|| Fonts::embedded().unwrap()).clone()
}

fn set(manifest: &str, template: &str, sample: &str) -> Result<PaperSet, PrintError> {
    let files = [
        ("slip/manifest.toml", manifest),
        ("slip/t.typ", template),
        ("slip/s.json", sample),
        ("slip/a.svg", IMAGE),
    ];
    PaperSet::from_files(files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())))
}

fn printer(template: &str) -> Printer {
    Printer::new(set(MANIFEST, template, SAMPLE).unwrap(), fonts()).unwrap()
}

fn sample() -> Value {
    serde_json::from_str(SAMPLE).unwrap()
}

#[test]
fn a_good_definition_prints() {
    let printer = printer(TEMPLATE);
    printer.check().unwrap();
    let pdf = printer.pdf("slip", &sample(), &[]).unwrap();
    assert!(pdf.bytes.starts_with(b"%PDF-1.7") && pdf.pages == 1);
}

#[test]
fn bad_definitions_are_refused_with_file_and_line() {
    let refused = |result: Result<PaperSet, PrintError>| match result {
        Err(PrintError::Definition { file, line, reason }) => (file, line, reason),
        other => panic!("{other:?}"),
    };
    let (file, line, reason) = refused(set(&MANIFEST.replace("title_en", "titel_en"), TEMPLATE, SAMPLE));
    assert_eq!((file.as_str(), line), ("slip/manifest.toml", Some(4)), "{reason}");
    assert!(reason.contains("titel_en"));
    let (file, line, _) = refused(set(&MANIFEST.replace("\"slip\"", "\"slap\""), TEMPLATE, SAMPLE));
    assert_eq!((file.as_str(), line), ("slip/manifest.toml", Some(1)));
    let (_, line, _) = refused(set(&MANIFEST.replace("2026-01-01", "soon"), TEMPLATE, SAMPLE));
    assert_eq!(line, Some(6));
    let (_, line, _) = refused(set(&MANIFEST.replace("width_mm = 210", "width_mm = 0"), TEMPLATE, SAMPLE));
    assert_eq!(line, Some(9));
    let (file, line, reason) = refused(set(MANIFEST, "#let x = 1\n\n#let y = (1,\n", SAMPLE));
    assert_eq!((file.as_str(), line), ("slip/t.typ", Some(3)), "{reason}");
    let (file, line, _) = refused(set(MANIFEST, TEMPLATE, "{\n\"document\": 1,\n}"));
    assert_eq!((file.as_str(), line), ("slip/s.json", Some(3)));
    let (file, _, reason) = refused(set(&MANIFEST.replace("t.typ", "u.typ"), TEMPLATE, SAMPLE));
    assert_eq!((file.as_str(), reason.as_str()), ("slip/u.typ", "the file is missing"));
}

#[test]
fn check_finds_what_only_compiling_shows() {
    let refused = |template: &str| match printer(template).check() {
        Err(PrintError::Definition { line, reason, .. }) => (line, reason),
        other => panic!("{other:?}"),
    };
    let (line, reason) = refused(&TEMPLATE.replace("d.text", "d.texts"));
    assert_eq!(line, Some(4), "{reason}");
    let (_, reason) = refused(&TEMPLATE.replace("\"a4\"", "\"a5\""));
    assert!(reason.contains("148.0 mm x 210.0 mm"), "{reason}");
    let (line, reason) = refused(&TEMPLATE.replace("Noto Sans CJK SC", "Comic Sans"));
    assert_eq!(line, Some(3), "{reason}");
    // Dates come with the data; disk and network are out of reach.
    let (line, _) = refused("#datetime.today().display()\n");
    assert_eq!(line, Some(1));
    for reach in [
        "#read(\"/etc/passwd\")",
        "#read(\"../../Cargo.toml\")",
        "#import \"@preview/cetz:0.3.0\": *",
        "#image(\"b.png\")",
    ] {
        refused(reach);
    }
}

#[test]
fn bad_input_has_stable_codes() {
    let printer = printer(&TEMPLATE.replace("#d.text", "#d.text\n#if \"show\" in d { image(\"a.svg\") }\n#if \"loop\" in d { for i in range(600) { pagebreak() } }\n#if \"fail\" in d { panic() }"));
    let code = |paper: &str, data: &Value, images: &[(&str, &[u8])]| {
        let error = printer.pdf(paper, data, images).unwrap_err();
        (error.code(), error.line())
    };
    let with = |key: &str, value: Value| {
        let mut data = sample();
        data[key] = value;
        data
    };
    assert_eq!(code("slap", &sample(), &[]).0, "print_paper_unknown");
    assert_eq!(code("slip", &json!({}), &[]).0, "print_data_invalid");
    let mut no_text = sample();
    no_text.as_object_mut().unwrap().remove("text");
    assert_eq!(code("slip", &no_text, &[]), ("print_data_invalid", Some(4)));
    let local = json!({"id": "1", "title": "t", "created_at": "2026-01-01T08:00:00+08:00"});
    assert_eq!(code("slip", &with("document", local), &[]).0, "print_data_invalid");
    assert_eq!(code("slip", &with("fail", json!(true)), &[]), ("print_template_failed", Some(7)));
    assert_eq!(code("slip", &with("text", json!("长".repeat(800_000))), &[]).0, "print_too_large");
    assert_eq!(code("slip", &with("loop", json!(true)), &[]).0, "print_too_large");
    assert_eq!(code("slip", &sample(), &[("b.svg", b"<svg/>")]).0, "print_image_invalid");
    let broken: [&[u8]; 3] = [b"not an image", b"<svg><g></svg>", b""];
    for image in broken {
        let error = printer.pdf("slip", &with("show", json!(true)), &[("a.svg", image)]).unwrap_err();
        assert_eq!(error.code(), "print_image_invalid", "{error:?}");
    }
}
