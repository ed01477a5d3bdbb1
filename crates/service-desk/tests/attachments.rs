//! Files of records: who may add, read and void them, and what is taken for a file.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod support;

use axum::http::header;
use serde_json::{Value, json};
use support::{County, county, open, step};
use testkit::{Answer, multipart};

/// The first bytes of the formats, from their standards: JFIF, PNG (signature and IHDR), PDF header, ZIP local header.
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9";
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

fn zip(names: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for name in names {
        bytes.extend(b"PK\x03\x04\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00");
        bytes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        bytes.extend([0, 0]);
        bytes.extend(name.bytes());
    }
    bytes
}

fn address(ticket: &Value) -> String {
    format!("/service/attachments?subject_kind=ticket&subject_id={}", ticket["id"].as_str().unwrap())
}

async fn upload(
    county: &County,
    who: &platform::Principal,
    to: &str,
    files: &[(&str, &[u8])],
    key: &str,
) -> Answer {
    let request = multipart(to, &[("note", "现场照片")], files, &[("idempotency-key", key)]);
    county.app.send(Some(who), request).await
}

#[tokio::test]
async fn a_photo_is_added_once_read_by_who_may_and_voided_with_a_reason() {
    let county = county("2025-03-03T10:20:00").await;
    let ticket = open(&county, "fault", "2025-03-03T10:00:00").await;
    let to = format!("{}&part=cabinet", address(&ticket));
    let files: &[(&str, &[u8])] = &[("C:\\phone\\机柜.jpg", JPEG), ("报告.pdf", PDF)];
    let made = upload(&county, &county.hospital, &to, files, "k1").await.ok(201);
    assert_eq!((&made[0]["name"], &made[0]["content_type"]), (&json!("机柜.jpg"), &json!("image/jpeg")));
    assert_eq!((&made[1]["content_type"], &made[1]["note"]), (&json!("application/pdf"), &json!("现场照片")));
    assert_eq!((&made[0]["part"], &made[0]["size_bytes"]), (&json!("cabinet"), &json!(JPEG.len())));
    // The answer was lost and the telephone sends it again: the same files, and no second ones.
    let again = upload(&county, &county.hospital, &to, files, "k1").await.ok(201);
    assert_eq!(again, made);
    upload(&county, &county.hospital, &to, &[("x.pdf", PDF)], "k1")
        .await
        .problem(409, "idempotency_key_reused");
    let listed = county.app.get(&county.engineer, &address(&ticket)).await.ok(200);
    assert_eq!(listed.as_array().unwrap().len(), 2);

    let file = format!("/service/attachments/{}/file", made[0]["id"].as_str().unwrap());
    let answer = county.app.get(&county.engineer, &file).await;
    assert_eq!((answer.status.as_u16(), answer.bytes.as_slice()), (200, JPEG));
    assert_eq!(answer.headers[header::CONTENT_TYPE], "image/jpeg");
    // Another institution learns nothing; who only reads the contract reads the file and adds none.
    county.app.get(&county.town, &file).await.problem(404, "not_found");
    county.app.get(&county.town, &address(&ticket)).await.problem(404, "not_found");
    upload(&county, &county.town, &to, files, "k2").await.problem(404, "not_found");
    county.app.get(&county.auditor, &address(&ticket)).await.ok(200);
    upload(&county, &county.auditor, &to, files, "k3").await.problem(403, "forbidden");

    let void = format!("/service/attachments/{}/void", made[0]["id"].as_str().unwrap());
    county.app.post(&county.engineer, &void, json!({"reason": " "})).await.problem(422, "validation_failed");
    let gone = county.app.post(&county.engineer, &void, json!({"reason": "拍错机柜"})).await.ok(200);
    assert_eq!((&gone["void_reason"], &gone["voided_by_name"]), (&json!("拍错机柜"), &json!("工程师")));
    county
        .app
        .post(&county.engineer, &void, json!({"reason": "又一次"}))
        .await
        .problem(409, "attachment_voided");
    county.app.get(&county.engineer, &file).await.problem(409, "attachment_voided");
    let actions: Vec<String> =
        county.app.audit_actions().await.into_iter().map(|(action, _)| action).collect();
    for action in ["service_attachment_added", "service_attachment_downloaded", "service_attachment_voided"] {
        assert!(actions.iter().any(|a| a == action), "{action} in {actions:?}");
    }
    assert_eq!(actions.iter().filter(|a| *a == "service_attachment_added").count(), 2);

    // A closed record keeps its files as they are.
    let path = format!("/service/tickets/{}", ticket["id"].as_str().unwrap());
    step(&county, &county.hospital, &path, json!({"step": "cancel", "reason": "自己好了"})).await.ok(200);
    upload(&county, &county.hospital, &to, files, "k4").await.problem(409, "state_conflict");
}

#[tokio::test]
async fn what_a_file_is_its_first_bytes_say() {
    let county = county("2025-03-03T10:20:00").await;
    let ticket = open(&county, "fault", "2025-03-03T10:00:00").await;
    let to = address(&ticket);
    let (app, who) = (&county.app, &county.engineer);
    let word = zip(&["docProps/app.xml", "[Content_Types].xml", "word/document.xml"]);
    let sheet = zip(&["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"]);
    let files: &[(&str, &[u8])] = &[("a.jpg", &word), ("b", &sheet)];
    let made = upload(&county, who, &to, files, "office").await.ok(201);
    assert!(made[0]["content_type"].as_str().unwrap().ends_with("wordprocessingml.document"));
    assert!(made[1]["content_type"].as_str().unwrap().ends_with("spreadsheetml.sheet"));
    let answer =
        app.get(who, &format!("/service/attachments/{}/file", made[0]["id"].as_str().unwrap())).await;
    assert!(answer.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
    // A page, a script, a program, an archive and a document with a macro: whatever their names say.
    let macros = zip(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]);
    let archive = zip(&["evil.exe"]);
    for (n, bytes) in [
        b"<html><script>alert(1)</script></html>".as_slice(),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ\x90\x00\x03",
        b"",
        b"just text",
        &archive,
        &macros,
    ]
    .into_iter()
    .enumerate()
    {
        let answer = upload(&county, who, &to, &[("foto.jpg", bytes)], &format!("bad{n}")).await;
        let problem = answer.problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["code"], "attachment_type_refused", "{problem}");
    }
    upload(&county, who, &to, &[], "none").await.problem(422, "validation_failed");
    let mut large = JPEG.to_vec();
    large.resize(20 * 1024 * 1024 + 1, 0);
    upload(&county, who, &to, &[("large.jpg", &large)], "large").await.problem(413, "attachment_too_large");
    let many: Vec<(&str, &[u8])> = vec![("a.jpg", JPEG); 11];
    upload(&county, who, &to, &many, "many").await.problem(413, "attachments_too_many");
    app.send(Some(who), multipart(&to, &[("x", "y")], &[], &[])).await.problem(400, "upload_field_unknown");
    let elsewhere =
        "/service/attachments?subject_kind=patient&subject_id=00000000-0000-7000-8000-000000000000";
    app.get(who, elsewhere).await.problem(422, "validation_failed");
    let nothing = elsewhere.replace("patient", "ticket");
    app.get(who, &nothing).await.problem(404, "not_found");
    let too_long = format!("{to}&part={}", "p".repeat(101));
    upload(&county, who, &too_long, &[("a.jpg", JPEG)], "part").await.problem(422, "validation_failed");
}
