//! From a letter in an IMAP folder to whoever takes letters, each once.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use async_trait::async_trait;
use kernel::{Error, Result};
use notify::Notify;
use platform::config::{MailboxConfig, MailboxSecurity, NotifyConfig};
use platform::{Ctx, Principal};
use ports::notify::{Letter, Letters};
use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use testkit::{FixedDirectory, TestApp, staff};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// A letter as Chinese mail programs write it: GB18030, base64, with a picture.
const LETTER: &str = "Message-ID: <letter-1@hospital.example>\r\n\
From: =?GB18030?B?zfW7pMq/?= <Wang@Hospital.example>\r\n\
To: desk@example.org\r\n\
Date: Mon, 1 Jan 2001 00:00:00 +0800\r\n\
Subject: =?GB18030?B?yP26xdXvytLQxLXntPLTobv6sruz9ta9?=\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=b\r\n\r\n\
--b\r\n\
Content-Type: text/plain; charset=GB18030\r\n\
Content-Transfer-Encoding: base64\r\n\r\n\
xPq6w6OsCr3xzOzJz87nsMu148bwtPLTobv6sruz9ta9o6y7vNXf1Nq1yKGjCs31u6TKvw==\r\n\
--b\r\n\
Content-Type: image/png; name=\"=?UTF-8?B?546w5Zy654Wn54mHLnBuZw==?=\"\r\n\
Content-Disposition: attachment\r\n\
Content-Transfer-Encoding: base64\r\n\r\n\
iVBORw0KGgo=\r\n\
--b--\r\n";

const ABSENCE: &str = "Message-ID: <absent@x>\r\nFrom: =?utf-8?B?546L5oqk5aOrIDx3YW5nQGhvc3BpdGFsLmV4YW1wbGU+?=\r\nSubject: out of office\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n";

#[derive(Default)]
struct Folder {
    validity: u32,
    /// UID, and the letter.
    letters: Vec<(u32, String)>,
    password: String,
    /// Every command that the client gave.
    commands: Vec<String>,
}

/// An IMAP server for one folder, by RFC 3501 as far as reading needs it. It refuses to change anything.
async fn imap_server(folder: Arc<Mutex<Folder>>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let folder = Arc::clone(&folder);
            tokio::spawn(async move {
                let (read, mut write) = stream.into_split();
                let mut lines = BufReader::new(read).lines();
                write.write_all(b"* OK ready\r\n").await.unwrap();
                while let Ok(Some(line)) = lines.next_line().await {
                    let (tag, command) = line.split_once(' ').unwrap();
                    let answer = answer(&mut folder.lock().unwrap(), command);
                    let text = match answer {
                        Ok(lines) => format!("{lines}{tag} OK done\r\n"),
                        Err(why) => format!("{tag} NO {why}\r\n"),
                    };
                    write.write_all(text.as_bytes()).await.unwrap();
                }
            });
        }
    });
    port
}

fn answer(folder: &mut Folder, command: &str) -> std::result::Result<String, &'static str> {
    folder.commands.push(command.to_owned());
    let words: Vec<&str> = command.split(' ').collect();
    match words.as_slice() {
        ["LOGIN", _, password] if password.trim_matches('"') == folder.password => Ok(String::new()),
        ["LOGIN", ..] => Err("wrong password"),
        ["CAPABILITY"] => Ok("* CAPABILITY IMAP4rev1 ID\r\n".into()),
        ["ID", ..] => Ok("* ID NIL\r\n".into()),
        ["EXAMINE", "\"INBOX\""] => {
            let next = folder.letters.last().map_or(1, |(uid, _)| uid + 1);
            let (exists, validity) = (folder.letters.len(), folder.validity);
            Ok(format!("* {exists} EXISTS\r\n* OK [UIDVALIDITY {validity}] x\r\n* OK [UIDNEXT {next}] x\r\n"))
        }
        ["UID", "SEARCH", "UID", range] => {
            let from: u32 = range.split(':').next().unwrap().parse().unwrap();
            // As servers do: `n:*` names the last letter even where it lies before n.
            let last = folder.letters.last().map(|(uid, _)| *uid);
            let hits =
                folder.letters.iter().map(|(uid, _)| *uid).filter(|uid| *uid >= from || Some(*uid) == last);
            Ok(format!("* SEARCH {}\r\n", hits.map(|uid| uid.to_string()).collect::<Vec<_>>().join(" ")))
        }
        ["UID", "SEARCH", "SINCE", _] => {
            let all: Vec<String> = folder.letters.iter().map(|(uid, _)| uid.to_string()).collect();
            Ok(format!("* SEARCH {}\r\n", all.join(" ")))
        }
        ["UID", "FETCH", uid, rest @ ..] => {
            let found = folder.letters.iter().position(|(known, _)| known.to_string() == *uid);
            let Some(n) = found else { return Ok(String::new()) };
            let letter = &folder.letters[n].1;
            let (seq, size) = (n + 1, letter.len());
            if rest.join(" ").contains("BODY.PEEK[]") {
                return Ok(format!("* {seq} FETCH (UID {uid} BODY[] {{{size}}}\r\n{letter})\r\n"));
            }
            Ok(format!(
                "* {seq} FETCH (UID {uid} RFC822.SIZE {size} INTERNALDATE \"27-Nov-2026 09:58:00 +0800\")\r\n"
            ))
        }
        ["LOGOUT"] => Ok("* BYE\r\n".into()),
        _ => Err("this folder is for reading only"),
    }
}

/// Keeps what it is given, or refuses it.
#[derive(Default)]
struct Desk {
    taken: Mutex<Vec<Letter>>,
    closed: AtomicBool,
}

#[async_trait]
impl Letters for Desk {
    async fn take(&self, letter: Letter) -> Result<()> {
        if self.closed.load(Ordering::Relaxed) {
            return Err(Error::internal("the desk is closed"));
        }
        self.taken.lock().unwrap().push(letter);
        Ok(())
    }
}

async fn app(port: u16) -> (TestApp, Arc<Notify>) {
    let (platform, folder) = testkit::platform(&[notify::MIGRATIONS]).await;
    let mailbox = MailboxConfig {
        host: "127.0.0.1".into(),
        port: Some(port),
        security: MailboxSecurity::None,
        username: "desk".into(),
        password: "geheim".into(),
        folder: "INBOX".into(),
        every_s: 60,
        ca_file: None,
    };
    let config = NotifyConfig { mailbox: Some(mailbox), ..NotifyConfig::default() };
    let notify = Notify::new(Arc::new(FixedDirectory::new(&[])), &config, "https://tianmu.example/").unwrap();
    (TestApp::new(platform, folder, vec![notify::module(&notify)]), notify)
}

async fn state(app: &TestApp, who: &Principal) -> Value {
    app.get(who, "/notify/mailbox").await.ok(200)
}

/// An address that its owner has confirmed, as `tests/channels.rs` tells the story of.
async fn confirmed(app: &TestApp, who: &Principal, address: &str) {
    let sql = "INSERT INTO notify_contact (account_id, channel, address, confirmed_at, code_sent_at, code_attempts) VALUES ($1, 'email', $2, 1, 1, 0)";
    let values = vec![who.account_id.unwrap().uuid().into(), address.into()];
    let tx = Ctx::system(&app.platform, "test").platform().begin().await.unwrap();
    platform::db::execute(&tx.exec(), sql, values).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_letter_is_handed_over_once_with_its_text_its_picture_and_the_moment_at_which_it_came() {
    let folder = Arc::new(Mutex::new(Folder { validity: 7, password: "geheim".into(), ..Folder::default() }));
    folder.lock().unwrap().letters.push((4, "Subject: old\r\n\r\nread long ago\r\n".into()));
    let port = imap_server(Arc::clone(&folder)).await;
    let (app, notify) = app(port).await;
    let nurse = staff("王护士", "0001", &[("institution_contact", "0001")]);
    confirmed(&app, &nurse, "wang@hospital.example").await;
    let desk = Desk::default();

    // What lies there already before the first look is not new.
    notify.look_into_mailbox(&app.platform, &desk).await.unwrap();
    assert!(desk.taken.lock().unwrap().is_empty());
    folder.lock().unwrap().letters.extend([(5, LETTER.to_owned()), (6, ABSENCE.to_owned())]);
    notify.look_into_mailbox(&app.platform, &desk).await.unwrap();
    notify.look_into_mailbox(&app.platform, &desk).await.unwrap();
    let taken = desk.taken.lock().unwrap().clone();
    assert_eq!(taken.len(), 2);
    let letter = &taken[0];
    assert!(letter.id.starts_with("letter-1@hospital.example "), "{}", letter.id);
    assert_eq!(
        (letter.from.as_str(), letter.from_name.as_deref()),
        ("wang@hospital.example", Some("王护士"))
    );
    assert_eq!(letter.account, nurse.account_id);
    assert_eq!(letter.subject, "三号诊室心电打印机不出纸");
    assert_eq!(letter.text, "您好，\n今天上午八点起打印机不出纸，患者在等。\n王护士");
    // The server's own time, not the date that the letter claims.
    assert_eq!(letter.received_at.to_string(), "2026-11-27T01:58:00Z");
    assert_eq!((letter.files.len(), letter.files[0].name.as_str()), (1, "现场照片.png"));
    assert_eq!(letter.files[0].bytes, b"\x89PNG\r\n\x1a\n");
    assert!(!letter.automatic);
    // A program's own letters are marked, so that two programs never write to each other for ever.
    assert!(taken[1].automatic);
    // Name and address encoded as one word, as some programs do.
    assert_eq!(
        (taken[1].from.as_str(), taken[1].from_name.as_deref()),
        ("wang@hospital.example", Some("王护士"))
    );
    let state = state(&app, &nurse).await;
    assert_eq!((&state["configured"], &state["letter_at"]), (&true.into(), &"2026-11-27T01:58:00Z".into()));
    // Nothing in the folder was touched; and the program said its name before it opened it.
    let commands = folder.lock().unwrap().commands.clone();
    assert!(commands.iter().all(|c| !c.starts_with("SELECT") && !c.contains("STORE")), "{commands:?}");
    assert!(commands.iter().any(|c| c.starts_with("ID (\"name\" \"tianmu\")")), "{commands:?}");
}

#[tokio::test]
async fn what_could_not_be_taken_comes_again_and_a_server_that_renumbers_loses_nothing() {
    let folder = Arc::new(Mutex::new(Folder { validity: 7, password: "geheim".into(), ..Folder::default() }));
    let port = imap_server(Arc::clone(&folder)).await;
    let (app, notify) = app(port).await;
    let someone = staff("值班", "0001", &[("duty_engineer", "0001")]);
    let desk = Desk::default();
    notify.look_into_mailbox(&app.platform, &desk).await.unwrap();

    folder.lock().unwrap().letters.push((9, LETTER.to_owned()));
    desk.closed.store(true, Ordering::Relaxed);
    notify.look_into_mailbox(&app.platform, &desk).await.unwrap();
    assert_eq!(state(&app, &someone).await["reason"], "letters_not_taken");
    desk.closed.store(false, Ordering::Relaxed);
    notify.look_into_mailbox(&app.platform, &desk).await.unwrap();
    assert_eq!(desk.taken.lock().unwrap().len(), 1);
    assert!(state(&app, &someone).await["reason"].is_null());

    // The server restores a backup: other numbers. Letters of the last two days are handed over again under their own names.
    {
        let mut folder = folder.lock().unwrap();
        folder.validity = 8;
        folder.letters = vec![(1, LETTER.to_owned()), (2, ABSENCE.to_owned())];
    }
    notify.look_into_mailbox(&app.platform, &desk).await.unwrap();
    let ids: Vec<String> = desk.taken.lock().unwrap().iter().map(|letter| letter.id.clone()).collect();
    assert_eq!((ids.len(), &ids[0]), (3, &ids[1]), "the same letter keeps its name");
    assert!(ids[2].starts_with("absent@x "), "{ids:?}");
    // Two letters to which a program gave one Message-ID are two.
    folder.lock().unwrap().letters.push((3, ABSENCE.replace("I am away.", "I am back.")));
    notify.look_into_mailbox(&app.platform, &desk).await.unwrap();
    let back = desk.taken.lock().unwrap().last().unwrap().clone();
    assert!(back.text == "I am back." && back.id != ids[2], "{}", back.id);

    // Other numbers again while nobody takes letters: they are still there when somebody does.
    {
        let mut folder = folder.lock().unwrap();
        folder.validity = 9;
        folder.letters = vec![(1, LETTER.replace("letter-1", "letter-2"))];
    }
    desk.closed.store(true, Ordering::Relaxed);
    notify.look_into_mailbox(&app.platform, &desk).await.unwrap();
    desk.closed.store(false, Ordering::Relaxed);
    notify.look_into_mailbox(&app.platform, &desk).await.unwrap();
    assert!(desk.taken.lock().unwrap().last().unwrap().id.starts_with("letter-2@"));
    assert!(state(&app, &someone).await["reason"].is_null());

    // A changed password is seen, with since when nothing comes in.
    folder.lock().unwrap().password = "new".into();
    notify.look_into_mailbox(&app.platform, &desk).await.unwrap();
    let first = state(&app, &someone).await;
    app.advance_s(60);
    notify.look_into_mailbox(&app.platform, &desk).await.unwrap();
    let second = state(&app, &someone).await;
    assert_eq!(second["reason"], "mailbox_login_refused");
    assert_eq!(first["failing_since"], second["failing_since"]);
}

#[tokio::test]
async fn letters_that_come_while_the_first_look_still_fails_are_not_lost() {
    let folder = Arc::new(Mutex::new(Folder { validity: 7, password: "geheim".into(), ..Folder::default() }));
    let port = imap_server(Arc::clone(&folder)).await;
    let (app, notify) = app(port).await;
    let desk = Desk::default();
    folder.lock().unwrap().password = "other".into();
    notify.look_into_mailbox(&app.platform, &desk).await.unwrap();
    folder.lock().unwrap().letters.push((1, LETTER.to_owned()));
    folder.lock().unwrap().password = "geheim".into();
    notify.look_into_mailbox(&app.platform, &desk).await.unwrap();
    assert_eq!(desk.taken.lock().unwrap().len(), 1);
}
