//! Forms on paper: what is on them, block by block, for the paper `service-form` (its README says what each key means).

use crate::ServiceDesk;
use kernel::{Error, Result, Timestamp};
use serde_json::{Value, json};

/// A form that is being filled.
#[derive(Clone, Debug)]
pub struct Form {
    id: String,
    title: &'static str,
    number: String,
    made_at: Timestamp,
    organisation: Option<String>,
    subtitle: Option<String>,
    source: Option<String>,
    mark: Option<&'static str>,
    blocks: Vec<Value>,
    /// Names and bytes, fit for paper.
    images: Vec<(String, Vec<u8>)>,
}

/// A column of a table: its title, `auto`, `fill` or `wide`, and `left`, `right` or `center`.
pub type Column<'a> = (&'a str, &'static str, &'static str);

/// A side of the signatures: role, what it declares, and who signed when in the program.
pub type Party<'a> = (String, &'a str, Option<(String, Timestamp)>);

impl Form {
    pub fn new(title: &'static str, number: impl Into<String>, made_at: Timestamp) -> Self {
        let number = number.into();
        Self {
            id: format!("{title}/{number}"),
            title,
            number,
            made_at,
            organisation: None,
            subtitle: None,
            source: None,
            mark: None,
            blocks: Vec::new(),
            images: Vec::new(),
        }
    }

    /// Who issues it.
    #[must_use]
    pub fn organisation(mut self, name: impl Into<String>) -> Self {
        self.organisation = Some(name.into());
        self
    }

    #[must_use]
    pub fn subtitle(mut self, text: impl Into<String>) -> Self {
        self.subtitle = Some(text.into());
        self
    }

    /// What it was computed with, for the footer.
    #[must_use]
    pub fn source(mut self, text: impl Into<String>) -> Self {
        self.source = Some(text.into());
        self
    }

    /// `draft` or `void`.
    #[must_use]
    pub fn mark(mut self, mark: Option<&'static str>) -> Self {
        self.mark = mark;
        self
    }

    #[must_use]
    pub fn fields(mut self, heading: Option<&str>, rows: &[(&str, String)]) -> Self {
        let rows: Vec<Value> =
            rows.iter().map(|(label, value)| json!({"label": label, "value": value})).collect();
        self.blocks.push(json!({"kind": "fields", "heading": heading, "rows": rows}));
        self
    }

    #[must_use]
    pub fn table(self, heading: Option<&str>, columns: &[Column<'_>], rows: Vec<Vec<String>>) -> Self {
        let notes = vec![None; rows.len()];
        self.table_with_notes(heading, columns, rows, &notes)
    }

    /// A table with a small line below some rows.
    #[must_use]
    pub fn table_with_notes(
        mut self,
        heading: Option<&str>,
        columns: &[Column<'_>],
        rows: Vec<Vec<String>>,
        notes: &[Option<String>],
    ) -> Self {
        let columns: Vec<Value> = columns
            .iter()
            .map(|(title, size, align)| json!({"title": title, "size": size, "align": align}))
            .collect();
        self.blocks.push(
            json!({"kind": "table", "heading": heading, "columns": columns, "rows": rows, "notes": notes}),
        );
        self
    }

    #[must_use]
    pub fn text(mut self, heading: &str, body: Option<&str>) -> Self {
        self.blocks.push(json!({"kind": "text", "heading": heading, "body": body}));
        self
    }

    /// Lines with an amount; those of `strong` stand out.
    #[must_use]
    pub fn sums(mut self, heading: Option<&str>, rows: &[(&str, String, bool)]) -> Self {
        let rows: Vec<Value> = rows
            .iter()
            .map(|(label, value, strong)| json!({"label": label, "value": value, "strong": strong}))
            .collect();
        self.blocks.push(json!({"kind": "sums", "heading": heading, "rows": rows}));
        self
    }

    /// Photos with their captions, two abreast; nothing where there are none.
    #[must_use]
    pub fn photos(mut self, heading: &str, photos: Vec<(String, Vec<u8>)>) -> Self {
        if photos.is_empty() {
            return self;
        }
        let mut rows = Vec::with_capacity(photos.len());
        for (caption, bytes) in photos {
            let name = format!("photo-{}.jpg", self.images.len() + 1);
            rows.push(json!({"name": name, "caption": caption}));
            self.images.push((name, bytes));
        }
        self.blocks.push(json!({"kind": "photos", "heading": heading, "rows": rows}));
        self
    }

    /// Both sides: role, what they declare, and, where it was signed in the program, by whom and when.
    #[must_use]
    pub fn signatures(mut self, parties: &[Party<'_>]) -> Self {
        let parties: Vec<Value> = parties
            .iter()
            .map(|(role, statement, signed)| {
                json!({
                    "role": role, "statement": statement,
                    "name": signed.as_ref().map(|(name, _)| name),
                    "at": signed.as_ref().map(|(_, at)| at.local_text()),
                })
            })
            .collect();
        self.blocks.push(json!({"kind": "signatures", "parties": parties}));
        self
    }

    fn data(&self) -> Value {
        json!({
            "document": {
                "id": self.id, "title": self.title, "created_at": self.made_at.to_string(), "created_text": self.made_at.local_text(),
            },
            "head": {
                "organisation": self.organisation, "title": self.title, "number": self.number, "subtitle": self.subtitle,
                "source": self.source, "mark": self.mark,
            },
            "blocks": self.blocks,
        })
    }
}

impl ServiceDesk {
    /// A form as PDF. The same content made at the same moment gives the same bytes.
    pub(crate) async fn print(&self, form: Form) -> Result<Vec<u8>> {
        let printer = self.printer.clone();
        let work = move || {
            let images: Vec<(&str, &[u8])> =
                form.images.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
            Ok(printer.pdf("service-form", &form.data(), &images).map_err(Error::internal)?.bytes)
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    }
}

/// `8424.16` of 842416 cents.
pub fn yuan(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.unsigned_abs() / 100, cents.unsigned_abs() % 100)
}
