//! Configuration: `tianmu.toml`, then environment variables `TIANMU__SECTION__KEY`. An unknown key is an error, because a
//! misspelt limit that is silently ignored is no limit. Every key is described in docs/operations.md.

use kernel::{Error, Result};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// All settings. Defaults serve one machine out of the box.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub server: ServerConfig,
    pub database: DatabaseConfig,
    pub blobs: Option<BlobConfig>,
    pub limits: LimitConfig,
    pub session: SessionConfig,
    pub log: LogConfig,
    pub notify: NotifyConfig,
    pub service: ServiceConfig,
}

/// `[server]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerConfig {
    /// Address to listen on.
    pub listen: String,
    /// Address by which people reach this server, for the QR codes on paper.
    pub public_url: String,
    /// Folder of the SQLite database and of blobs.
    pub data: PathBuf,
    /// True when a TLS proxy stands in front: cookies are then marked Secure and its X-Forwarded-For is believed.
    pub behind_tls_proxy: bool,
    /// Job workers in this process.
    pub workers: usize,
}

/// `[database]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseConfig {
    /// `sqlite:<path>` or `postgres://…`; empty means `tianmu.db` in the data folder.
    pub url: String,
    /// Connections; 0 chooses by the database.
    pub max_connections: u32,
}

/// `[blobs]`
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BlobConfig {
    Folder {
        path: PathBuf,
    },
    S3 {
        endpoint: Option<String>,
        region: String,
        bucket: String,
        access_key_id: String,
        secret_access_key: String,
    },
}

/// `[limits]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitConfig {
    /// Body of an ordinary request.
    pub body_bytes: usize,
    /// Body of an upload.
    pub upload_bytes: usize,
    /// Time for one request.
    pub request_timeout_s: u64,
    /// Requests a second of one account or address, and how many may come at once.
    pub requests_per_s: u32,
    pub requests_burst: u32,
    /// Sign-in attempts a minute of one address.
    pub sign_ins_per_minute: u32,
}

/// `[session]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SessionConfig {
    pub idle_timeout_s: u32,
    pub resident_idle_timeout_s: u32,
    pub longest_s: u32,
    /// Failed sign-ins before an account is locked, and for how long.
    pub lock_after_failures: i32,
    pub lock_s: u32,
    /// Days until a staff password must be changed; 0 never.
    pub password_days: u32,
    /// Whether the three administrator roles must use a second factor.
    pub administrators_need_totp: bool,
}

/// `[log]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// `json` or `text`.
    pub format: String,
    /// A tracing filter such as `info,platform=debug`.
    pub filter: String,
}

/// `[notify]`: ways to reach people outside the program. What is not configured is not offered.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NotifyConfig {
    pub smtp: Option<SmtpConfig>,
    pub sms: Option<SmsConfig>,
    /// Group chats and other systems, each by its name.
    pub webhooks: Vec<WebhookConfig>,
    pub mailbox: Option<MailboxConfig>,
}

/// `[notify.mailbox]`: letters that come in, by IMAP. The folder is only read: nothing in it is marked, moved or deleted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailboxConfig {
    pub host: String,
    /// 993 for `tls`, 143 for `none` unless told.
    pub port: Option<u16>,
    pub security: MailboxSecurity,
    pub username: String,
    pub password: String,
    #[serde(default = "inbox")]
    pub folder: String,
    /// Seconds between two looks, 10 to 3600.
    #[serde(default = "minute")]
    pub every_s: u64,
    /// PEM of the authority that signed the server's certificate, where it is one's own.
    pub ca_file: Option<PathBuf>,
}

/// How the connection to the mailbox is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailboxSecurity {
    Tls,
    /// For a server on this machine alone.
    None,
}

fn inbox() -> String {
    "INBOX".into()
}

fn minute() -> u64 {
    60
}

/// `[service]`: the desk of the service contract.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServiceConfig {
    /// Monitoring systems whose alerts open tickets, each by its name.
    pub alerts: Vec<AlertSourceConfig>,
}

/// `[[service.alerts]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertSourceConfig {
    /// Part of the address that it posts to: letters, digits and hyphens.
    pub name: String,
    /// It sends this as `Authorization: Bearer …`; at least 20 characters.
    pub secret: String,
    /// Code of the institution whose equipment it watches, unless an alert has the label `institution`.
    pub organisation: String,
    /// Code of the contract's item, unless an alert has the label `item`.
    pub item: Option<String>,
}

/// `[notify.smtp]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpConfig {
    pub host: String,
    /// 465 for `tls`, 587 for `starttls`, 25 for `none` unless told.
    pub port: Option<u16>,
    pub security: SmtpSecurity,
    pub username: Option<String>,
    pub password: Option<String>,
    /// Such as `天目 <tianmu@example.org>`.
    pub from: String,
    /// PEM of the authority that signed the server's certificate, where it is one's own.
    pub ca_file: Option<PathBuf>,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmtpSecurity {
    Tls,
    Starttls,
    /// For a relay on this machine alone: no password is sent.
    None,
}

/// `[notify.sms]`: a gateway that takes `{"phone", "text", "id"}` as a signed POST (docs/operations.md).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsConfig {
    pub url: String,
    pub secret: String,
}

/// `[[notify.webhooks]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookConfig {
    pub name: String,
    pub url: String,
    /// Signs what is sent (`json`), or is the robot's own secret (`dingtalk`).
    pub secret: Option<String>,
    pub style: WebhookStyle,
    /// Codes of notices; empty means all.
    #[serde(default)]
    pub codes: Vec<String>,
    #[serde(default)]
    pub urgent_only: bool,
}

/// What the receiver of a webhook reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookStyle {
    /// Our own: `{"id", "code", "text", "url", "urgent", "at"}`.
    Json,
    /// Robots of group chats: 企业微信 and 钉钉.
    Wecom,
    Dingtalk,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".into(),
            public_url: "http://127.0.0.1:8080".into(),
            data: "data".into(),
            behind_tls_proxy: false,
            workers: 2,
        }
    }
}

impl Default for LimitConfig {
    fn default() -> Self {
        Self {
            body_bytes: 1024 * 1024,
            upload_bytes: 64 * 1024 * 1024,
            request_timeout_s: 60,
            requests_per_s: 100,
            requests_burst: 300,
            sign_ins_per_minute: 20,
        }
    }
}

impl Default for SessionConfig {
    fn default() -> Self {
        Self {
            idle_timeout_s: 30 * 60,
            resident_idle_timeout_s: 7 * 24 * 3600,
            longest_s: 12 * 3600,
            lock_after_failures: 5,
            lock_s: 15 * 60,
            password_days: 90,
            administrators_need_totp: true,
        }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: "json".into(), filter: "info".into() }
    }
}

impl Config {
    /// Reads `file` when given (it must exist), else `tianmu.toml` in the working folder if it is there, then the
    /// environment.
    pub fn load(file: Option<&Path>) -> Result<Self> {
        Self::load_in(Path::new(""), file)
    }

    /// The same for another working folder.
    fn load_in(folder: &Path, file: Option<&Path>) -> Result<Self> {
        let mut builder = config::Config::builder();
        // The usual file by its whole name: without the ending, the executable beside it would be read as configuration.
        let usual = folder.join("tianmu.toml");
        let source = config::File::from(file.unwrap_or(&usual)).format(config::FileFormat::Toml);
        builder = builder.add_source(source.required(file.is_some()));
        let environment = config::Environment::with_prefix("TIANMU")
            .prefix_separator("__")
            .separator("__")
            .try_parsing(true);
        let settings = builder.add_source(environment).build().map_err(|e| bad(&e))?;
        settings.try_deserialize().map_err(|e| bad(&e))
    }

    /// The database URL, with the default filled in.
    pub fn database_url(&self) -> String {
        if self.database.url.is_empty() {
            format!("sqlite:{}", self.server.data.join("tianmu.db").display())
        } else {
            self.database.url.clone()
        }
    }

    /// Where blobs live, with the default filled in.
    pub fn blob_config(&self) -> BlobConfig {
        self.blobs.clone().unwrap_or_else(|| BlobConfig::Folder { path: self.server.data.join("blobs") })
    }
}

fn bad(error: &config::ConfigError) -> Error {
    Error::invalid("configuration_invalid", error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_executable_in_the_working_folder_is_no_configuration() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("tianmu"), b"\x7fELF\0 = [").unwrap();
        assert_eq!(Config::load_in(folder.path(), None).unwrap().server.workers, 2);
        std::fs::write(folder.path().join("tianmu.toml"), "[server]\nworkers = 3\n").unwrap();
        assert_eq!(Config::load_in(folder.path(), None).unwrap().server.workers, 3);
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tianmu.toml");
        std::fs::write(&file, "[limits]\nbody_byte = 5\n").unwrap();
        let error = Config::load(Some(&file)).unwrap_err();
        assert!(error.detail().contains("body_byte"), "{error}");
        std::fs::write(&file, "[limits]\nbody_bytes = 5\n[blobs]\nkind = \"folder\"\npath = \"/x\"\n")
            .unwrap();
        let config = Config::load(Some(&file)).unwrap();
        assert_eq!(config.limits.body_bytes, 5);
        assert!(matches!(config.blob_config(), BlobConfig::Folder { path } if path == Path::new("/x")));
    }
}
