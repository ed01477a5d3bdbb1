//! Letters that come in, by IMAP.
//!
//! The folder is opened for reading only, and where the last look ended is kept in the database: people may read, mark and move
//! letters as they like. A letter is handed over before its place is written down, so that a crash between the two hands it over
//! again, and whoever takes it recognizes it.

use crate::channels::wrong;
use crate::store::{self, MailboxRow};
use async_imap::{Client, Session};
use futures::TryStreamExt;
use kernel::{AccountId, Result, Timestamp};
use mail_parser::{Address, HeaderValue, MessageParser, MimeHeaders};
use platform::config::{MailboxConfig, MailboxSecurity};
use platform::{Platform, hash, jobs};
use ports::notify::{Letter, LetterFile, Letters};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls_platform_verifier::ConfigVerifierExt;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// A letter that is larger is told of, not fetched.
const MOST_BYTES: u32 = 30 * 1024 * 1024;
const MOST_TEXT: usize = 20_000;
/// Stands among the names of what was left out for the letter itself.
const WHOLE_LETTER: &str = "*";
/// Letters of one look, and their bytes together, all held in memory; the rest waits for the next.
const MOST_AT_ONCE: usize = 50;
const MOST_TOGETHER: usize = 64 * 1024 * 1024;
/// Longest look. The lease is longer, so that two processes never read at once.
const PATIENCE: Duration = Duration::from_secs(240);
const LEASE: Duration = Duration::from_secs(300);
/// How far back is read again when the server has renumbered the folder; what was taken before is recognized.
const OVERLAP: Duration = Duration::from_secs(2 * 24 * 3600);

/// A mailbox that is watched.
pub struct Mailbox {
    config: MailboxConfig,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

/// A letter as it lies in the folder.
struct Raw {
    uid: u32,
    /// None where the server does not say.
    received_at: Option<Timestamp>,
    bytes: Vec<u8>,
    /// False where it is too large and only its head was fetched.
    whole: bool,
}

/// What a look finds.
struct Found {
    validity: u32,
    next_uid: u32,
    letters: Vec<Raw>,
}

/// Why nothing could be read, as a code that may be shown.
type Looked<T> = std::result::Result<T, &'static str>;

impl Mailbox {
    /// Reads the configuration; nothing is connected before the first look.
    pub fn open(config: &MailboxConfig) -> Result<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        if !(10..=3600).contains(&config.every_s) {
            return Err(wrong("mailbox.every_s", "10 to 3600 seconds"));
        }
        let tls = match config.security {
            MailboxSecurity::None => None,
            MailboxSecurity::Tls => {
                let name = ServerName::try_from(config.host.clone()).map_err(|e| wrong("mailbox.host", e))?;
                let settings = match &config.ca_file {
                    None => rustls::ClientConfig::with_platform_verifier()
                        .map_err(|e| wrong("mailbox.security", e))?,
                    Some(file) => {
                        let mut roots = rustls::RootCertStore::empty();
                        let found = CertificateDer::pem_file_iter(file)
                            .and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>);
                        for authority in found.map_err(|e| wrong("mailbox.ca_file", e))? {
                            roots.add(authority).map_err(|e| wrong("mailbox.ca_file", e))?;
                        }
                        rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
                    }
                };
                Some((TlsConnector::from(Arc::new(settings)), name))
            }
        };
        Ok(Self { config: config.clone(), tls })
    }

    /// What it is called in the database.
    pub fn name(&self) -> String {
        format!("{}@{}/{}", self.config.username, self.config.host, self.config.folder)
    }

    /// One look: what has come since, oldest first.
    async fn look(&self, known: &MailboxRow) -> Looked<Found> {
        let usual = if self.tls.is_some() { 993 } else { 143 };
        let address = (self.config.host.as_str(), self.config.port.unwrap_or(usual));
        let stream = TcpStream::connect(address).await.map_err(|_| "mailbox_unreachable")?;
        match &self.tls {
            None => self.read(stream, known).await,
            Some((tls, name)) => {
                let stream = tls.connect(name.clone(), stream).await.map_err(|_| "mailbox_tls_failed")?;
                self.read(stream, known).await
            }
        }
    }

    async fn read<S>(&self, stream: S, known: &MailboxRow) -> Looked<Found>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + Debug,
    {
        const BROKEN: &str = "mailbox_failed";
        let mut client = Client::new(stream);
        client.read_response().await.ok().flatten().ok_or("mailbox_unreachable")?;
        let login = client.login(&self.config.username, &self.config.password).await;
        let mut session = login.map_err(|(error, _)| match error {
            async_imap::error::Error::No(_) => "mailbox_login_refused",
            _ => BROKEN,
        })?;
        // Some providers refuse to open a folder to a program that has not said its name (RFC 2971).
        let abilities = session.capabilities().await.map_err(|_| BROKEN)?;
        if abilities.has_str("ID") {
            session.id([("name", Some("tianmu"))]).await.map_err(|_| BROKEN)?;
        }
        let folder = session.examine(&self.config.folder).await.map_err(|_| "mailbox_folder_missing")?;
        let validity = folder.uid_validity.unwrap_or(1);
        let next = match folder.uid_next {
            Some(next) => next,
            // A server that does not say: one after the last.
            None => {
                let all = session.uid_search("ALL").await.map_err(|_| BROKEN)?;
                all.into_iter().max().map_or(1, |last| last.saturating_add(1))
            }
        };
        let known_validity = u32::try_from(known.uid_validity).unwrap_or(0);
        let mut found = Found { validity, next_uid: next, letters: Vec::new() };
        let mut wanted: Vec<u32> = if known_validity == validity {
            let from = u32::try_from(known.next_uid).unwrap_or(1);
            if from >= next {
                Vec::new()
            } else {
                // `n:*` names the last letter even where it lies before n.
                let all = session.uid_search(format!("UID {from}:*")).await.map_err(|_| BROKEN)?;
                all.into_iter().filter(|uid| *uid >= from).collect()
            }
        } else if let Some(since) = since(known) {
            let since = since.local_date().strftime("%-d-%b-%Y");
            session.uid_search(format!("SINCE {since}")).await.map_err(|_| BROKEN)?.into_iter().collect()
        } else {
            // The first look of all: what lies there already was seen by people.
            Vec::new()
        };
        wanted.sort_unstable();
        if let Some(left) = wanted.get(MOST_AT_ONCE) {
            found.next_uid = *left;
            wanted.truncate(MOST_AT_ONCE);
        }
        let mut together = 0;
        for uid in wanted {
            if together >= MOST_TOGETHER {
                found.next_uid = uid;
                break;
            }
            if let Some(letter) = fetch(&mut session, uid).await.map_err(|_| BROKEN)? {
                together += letter.bytes.len();
                found.letters.push(letter);
            }
        }
        // Some servers close the line first; everything has been read by now.
        let _ = session.logout().await;
        Ok(found)
    }
}

/// From when letters are looked for in a folder whose numbers are not known: since the last good look, or since the first of all
/// failed. None at the first look.
fn since(known: &MailboxRow) -> Option<Timestamp> {
    let read = known.read_at.map(|at| Timestamp::from_micros(at).minus(OVERLAP));
    read.or(known.failing_since.map(Timestamp::from_micros))
}

async fn fetch<S>(session: &mut Session<S>, uid: u32) -> async_imap::error::Result<Option<Raw>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + Debug,
{
    let head: Vec<_> =
        session.uid_fetch(uid.to_string(), "(UID RFC822.SIZE INTERNALDATE)").await?.try_collect().await?;
    // Deleted by somebody meanwhile.
    let Some(head) = head.into_iter().find(|head| head.uid == Some(uid)) else { return Ok(None) };
    let received_at = head.internal_date().map(|at| Timestamp::from_micros(at.timestamp_micros()));
    let whole = head.size.is_none_or(|size| size <= MOST_BYTES);
    let part = if whole { "BODY.PEEK[]" } else { "BODY.PEEK[HEADER]" };
    let body: Vec<_> =
        session.uid_fetch(uid.to_string(), format!("(UID {part})")).await?.try_collect().await?;
    let Some(body) = body.into_iter().find(|body| body.uid == Some(uid)) else { return Ok(None) };
    let bytes = if whole { body.body() } else { body.header() };
    Ok(Some(Raw { uid, received_at, bytes: bytes.unwrap_or_default().to_vec(), whole }))
}

fn first_address(address: Option<&Address<'_>>) -> (String, Option<String>) {
    let Some(first) = address.and_then(Address::first) else { return (String::new(), None) };
    let (mut name, mut address) =
        (first.name.as_deref().unwrap_or_default(), first.address.as_deref().unwrap_or_default());
    // Some programs encode name and address as one word (RFC 2047 forbids it).
    if address.is_empty()
        && let Some((before, inside)) = name.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<'))
    {
        (name, address) = (before, inside);
    }
    let name: String = name.trim().chars().take(100).collect();
    (address.trim().to_lowercase(), Some(name).filter(|name| !name.is_empty()))
}

fn text_of(value: Option<&HeaderValue<'_>>) -> String {
    value.and_then(HeaderValue::as_text).unwrap_or_default().trim().to_lowercase()
}

/// Reads a letter. What cannot be read as one is still a letter, with its bytes as its text: nothing that came in is lost.
fn read_letter(bytes: &[u8], received_at: Timestamp, whole: bool) -> Letter {
    let mut letter = Letter {
        id: hash::sm3_hex(bytes),
        received_at,
        from: String::new(),
        from_name: None,
        account: None,
        subject: String::new(),
        text: String::new(),
        files: Vec::new(),
        left_out: if whole { Vec::new() } else { vec![WHOLE_LETTER.to_owned()] },
        automatic: false,
    };
    let Some(message) = MessageParser::default().parse(bytes) else {
        letter.text = String::from_utf8_lossy(bytes).chars().take(MOST_TEXT).collect();
        return letter;
    };
    (letter.from, letter.from_name) = first_address(message.from());
    letter.subject = message.subject().unwrap_or_default().trim().chars().take(500).collect();
    let text = message.body_text(0).unwrap_or_default();
    letter.text = text.trim().chars().filter(|c| *c != '\r' && *c != '\0').take(MOST_TEXT).collect();
    // The same letter may come by two ways, with other heads; two letters with one Message-ID are two.
    if let Some(id) = message.message_id().filter(|id| (1..=500).contains(&id.len())) {
        let content = format!("{}\n{}\n{}", letter.from, letter.subject, letter.text);
        letter.id = format!("{id} {}", hash::sm3_hex(content.as_bytes()));
    }
    for (n, part) in message.attachments().enumerate() {
        let name = part.attachment_name().map_or_else(|| format!("附件{}", n + 1), str::to_owned);
        // Letters in a letter, signatures and the like have no bytes of their own that anybody could open.
        if part.is_message() {
            letter.left_out.push(name);
        } else {
            letter.files.push(LetterFile { name, bytes: part.contents().to_vec() });
        }
    }
    // RFC 3834 and what is usual beside it.
    let submitted = text_of(message.header("Auto-Submitted"));
    let precedence = text_of(message.header("Precedence"));
    letter.automatic = (!submitted.is_empty() && submitted != "no")
        || matches!(precedence.as_str(), "bulk" | "junk" | "list" | "auto_reply")
        || message.header("List-Id").is_some()
        || message.header("X-Autoreply").is_some()
        || letter.from.starts_with("mailer-daemon@");
    letter
}

/// Looks once, if it is this process's turn, and hands over what it finds.
pub async fn look(platform: &Platform, mailbox: &Mailbox, letters: &dyn Letters) -> Result<()> {
    let name = mailbox.name();
    let now = platform.now();
    let tx = platform.begin().await?;
    let turn = store::lease_mailbox(&tx.exec(), &name, now.micros(), now.plus(LEASE).micros()).await?;
    tx.commit().await?;
    let Some(mut row) = turn else { return Ok(()) };
    let found = tokio::time::timeout(PATIENCE, mailbox.look(&row)).await.unwrap_or(Err("mailbox_slow"));
    let outcome = match found {
        Err(reason) => Err(reason),
        Ok(found) => hand_over(platform, &mut row, found, letters).await,
    };
    let at = platform.now().micros();
    match outcome {
        Ok(()) => {
            row.read_at = Some(at);
            row.reason = None;
            row.failing_since = None;
        }
        Err(reason) => {
            tracing::warn!(reason, "the mailbox could not be read");
            row.reason = Some(reason.to_owned());
            row.failing_since = row.failing_since.or(Some(at));
        }
    }
    row.lease_until = 0;
    let tx = platform.begin().await?;
    store::save_mailbox(&tx.exec(), &row).await?;
    tx.commit().await
}

/// Gives every letter to whoever takes it, and writes down how far it came.
async fn hand_over(
    platform: &Platform,
    row: &mut MailboxRow,
    found: Found,
    letters: &dyn Letters,
) -> Looked<()> {
    let renumbered = row.uid_validity != i64::from(found.validity);
    for raw in found.letters {
        let received_at = raw.received_at.unwrap_or(platform.now());
        let mut letter = read_letter(&raw.bytes, received_at, raw.whole);
        let exec = platform.db().read();
        let owner = store::owner_of_address(&exec, &letter.from).await.map_err(|_| "letters_not_taken")?;
        letter.account = owner.map(AccountId);
        if let Err(error) = letters.take(letter).await {
            tracing::error!(%error, "a letter could not be taken; it stays in the mailbox and comes again");
            return Err("letters_not_taken");
        }
        row.letter_at = row.letter_at.max(Some(received_at.micros()));
        // New numbers count once all of their letters are taken: until then these are looked for by their day.
        if !renumbered {
            row.next_uid = i64::from(raw.uid) + 1;
        }
    }
    row.uid_validity = found.validity.into();
    row.next_uid = if renumbered { found.next_uid.into() } else { row.next_uid.max(found.next_uid.into()) };
    Ok(())
}

/// Looks again and again until the platform shuts down.
pub async fn follow(platform: Platform, mailbox: Arc<Mailbox>, letters: Arc<dyn Letters>) {
    loop {
        if let Err(error) = look(&platform, &mailbox, letters.as_ref()).await {
            tracing::error!(%error, "looking into the mailbox failed");
        }
        if jobs::sleep_or_shutdown(&platform, Duration::from_secs(mailbox.config.every_s)).await {
            return;
        }
    }
}
