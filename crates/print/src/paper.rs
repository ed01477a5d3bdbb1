//! Definitions of papers: loading and refusing.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use typst::foundations::Bytes;
use typst::syntax::{DiagSpanKind, FileId, RootedPath, Source, VirtualPath, VirtualRoot};

use crate::PrintError;

/// Path below `definitions/print` and content of every definition file at build time.
static EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/papers.rs"));

/// `manifest.toml` of a paper.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Equal to the folder's name.
    pub id: String,
    /// Counts up whenever what is printed changes; a signed document keeps its PDF, so old ones need no template.
    pub version: u32,
    pub title: String,
    pub title_en: String,
    pub page: PageSize,
    /// Which standard, guideline or form the paper follows.
    pub source: String,
    /// YYYY-MM-DD from which this version is printed.
    pub in_force: String,
    /// Typst template in the same folder.
    pub template: String,
    /// JSON with sample data in the same folder.
    pub sample: String,
    #[serde(default)]
    pub images: Vec<ImageSlot>,
}

/// Size of every page, millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageSize {
    pub width_mm: f64,
    pub height_mm: f64,
}

/// An image that the caller hands over; the template knows it as a file of this name. One `*` in the name stands for any number of
/// images, `photo-*.jpg` for `photo-1.jpg` and so on: they are optional, and the sample is the first.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageSlot {
    pub name: String,
    #[serde(default)]
    pub optional: bool,
    /// File in the same folder with which the paper is checked.
    pub sample: String,
}

impl ImageSlot {
    /// Whether an image of this name belongs here.
    pub fn takes(&self, name: &str) -> bool {
        match self.name.split_once('*') {
            None => self.name == name,
            Some((before, after)) => name
                .strip_prefix(before)
                .and_then(|rest| rest.strip_suffix(after))
                .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())),
        }
    }

    /// What its sample is called.
    fn sample_name(&self) -> String {
        self.name.replacen('*', "1", 1)
    }
}

/// One loaded definition.
#[derive(Debug, Clone)]
pub struct Paper {
    pub manifest: Manifest,
    pub(crate) template: Source,
    pub(crate) sample: Value,
    pub(crate) sample_images: Vec<(String, Bytes)>,
}

impl Paper {
    /// The sample data with which the definition is checked; also what a preview shows.
    pub fn sample(&self) -> &Value {
        &self.sample
    }

    /// The sample images, in the order of the manifest.
    pub fn sample_images(&self) -> Vec<(&str, &[u8])> {
        self.sample_images.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
    }
}

/// All papers that a printer knows, by id.
#[derive(Debug, Clone, Default)]
pub struct PaperSet {
    papers: BTreeMap<String, Paper>,
}

impl PaperSet {
    /// The papers in `definitions/print` when the program was built.
    pub fn embedded() -> Result<Self, PrintError> {
        Self::from_files(EMBEDDED.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())))
    }

    /// The papers in a folder laid out like `definitions/print`: one folder for each paper.
    pub fn from_dir(root: &Path) -> Result<Self, PrintError> {
        let unreadable = |path: &Path, e: std::io::Error| PrintError::Definition {
            file: path.display().to_string(),
            line: None,
            reason: e.to_string(),
        };
        let mut files = Vec::new();
        for folder in std::fs::read_dir(root).map_err(|e| unreadable(root, e))? {
            let folder = folder.map_err(|e| unreadable(root, e))?;
            if !folder.path().is_dir() {
                continue;
            }
            for file in std::fs::read_dir(folder.path()).map_err(|e| unreadable(&folder.path(), e))? {
                let file = file.map_err(|e| unreadable(&folder.path(), e))?;
                if file.path().is_file() {
                    let bytes = std::fs::read(file.path()).map_err(|e| unreadable(&file.path(), e))?;
                    let path = format!(
                        "{}/{}",
                        folder.file_name().to_string_lossy(),
                        file.file_name().to_string_lossy()
                    );
                    files.push((path, bytes));
                }
            }
        }
        Self::from_files(files)
    }

    /// Papers from files named `<paper>/<file>`. A folder without `manifest.toml` is refused.
    pub fn from_files(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<Self, PrintError> {
        let mut folders: BTreeMap<String, BTreeMap<String, Vec<u8>>> = BTreeMap::new();
        for (path, bytes) in files {
            let path = path.replace('\\', "/");
            if let Some((folder, file)) = path.split_once('/') {
                folders.entry(folder.to_owned()).or_default().insert(file.to_owned(), bytes);
            }
        }
        let papers = folders.into_iter().map(|(folder, files)| {
            let paper = Folder { name: &folder, files: &files }.load()?;
            Ok((folder, paper))
        });
        Ok(Self { papers: papers.collect::<Result<_, PrintError>>()? })
    }

    pub fn get(&self, id: &str) -> Option<&Paper> {
        self.papers.get(id)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Paper> {
        self.papers.values()
    }
}

struct Folder<'a> {
    name: &'a str,
    files: &'a BTreeMap<String, Vec<u8>>,
}

impl Folder<'_> {
    fn load(&self) -> Result<Paper, PrintError> {
        let text = self.text("manifest.toml")?;
        let manifest: Manifest = toml::from_str(text).map_err(|e| {
            let line = e.span().and_then(|span| text.get(..span.start)).map(line_after);
            self.refuse("manifest.toml", line, e.message().to_owned())
        })?;
        if manifest.id != self.name {
            let reason = format!("id is \"{}\", but the folder is called \"{}\"", manifest.id, self.name);
            return Err(self.refuse("manifest.toml", line_of(text, "id"), reason));
        }
        let (width, height) = (manifest.page.width_mm, manifest.page.height_mm);
        if ![width, height].iter().all(|side| (50.0..=1200.0).contains(side)) {
            let reason = format!("a page of {width} mm x {height} mm cannot be printed");
            return Err(self.refuse("manifest.toml", line_of(text, "page"), reason));
        }
        if !is_date(&manifest.in_force) {
            let reason = "in_force must look like 2026-11-22".to_owned();
            return Err(self.refuse("manifest.toml", line_of(text, "in_force"), reason));
        }

        let template = self.text(&manifest.template)?;
        let id = file_id(self.name, &manifest.template).ok_or_else(|| {
            self.refuse("manifest.toml", line_of(text, "template"), "no file name".to_owned())
        })?;
        let template = Source::new(id, template.to_owned());
        if let (errors, _) = template.root().errors_and_warnings()
            && let Some(error) = errors.first()
        {
            let line = line_in(&template, error.span.get());
            return Err(self.refuse(&manifest.template, line, error.message.to_string()));
        }

        let sample = serde_json::from_str(self.text(&manifest.sample)?)
            .map_err(|e| self.refuse(&manifest.sample, Some(e.line()), e.to_string()))?;
        let sample_images = manifest
            .images
            .iter()
            .map(|slot| {
                if file_id(self.name, &slot.sample_name()).is_none() {
                    let reason = format!("\"{}\" cannot be the name of an image", slot.name);
                    return Err(self.refuse("manifest.toml", line_of(text, "name"), reason));
                }
                Ok((slot.sample_name(), Bytes::new(self.bytes(&slot.sample)?.to_vec())))
            })
            .collect::<Result<_, PrintError>>()?;
        Ok(Paper { manifest, template, sample, sample_images })
    }

    fn bytes(&self, file: &str) -> Result<&[u8], PrintError> {
        let bytes = self.files.get(file).map(Vec::as_slice);
        bytes.ok_or_else(|| self.refuse(file, None, "the file is missing".to_owned()))
    }

    fn text(&self, file: &str) -> Result<&str, PrintError> {
        let bytes = self.bytes(file)?;
        std::str::from_utf8(bytes).map_err(|e| {
            let line = bytes.get(..e.valid_up_to()).map(|b| b.split(|c| *c == b'\n').count());
            self.refuse(file, line, "not UTF-8".to_owned())
        })
    }

    fn refuse(&self, file: &str, line: Option<usize>, reason: String) -> PrintError {
        PrintError::Definition { file: format!("{}/{file}", self.name), line, reason }
    }
}

/// The compiler's name for a file of a paper; None for a name that is no plain file name.
pub(crate) fn file_id(paper: &str, file: &str) -> Option<FileId> {
    if file.is_empty() || file.contains(['/', '\\', ':']) || file.starts_with('.') {
        return None;
    }
    let path = VirtualPath::new(format!("/{paper}/{file}")).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// Line, counted from 1, that a position in a template points at.
pub(crate) fn line_in(source: &Source, span: DiagSpanKind) -> Option<usize> {
    let range = match span {
        DiagSpanKind::Number { id, num, sub_range } if id == source.id() => source.range(num, sub_range)?,
        DiagSpanKind::Range { id, range } if id == source.id() => range,
        _ => return None,
    };
    source.lines().byte_to_line(range.start).map(|line| line + 1)
}

fn line_after(before: &str) -> usize {
    before.matches('\n').count() + 1
}

/// First line of a manifest that speaks of the key.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let speaks = |line: &str| {
        let line = line.trim_start().trim_start_matches('[');
        line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', ']']))
    };
    text.lines().position(speaks).map(|line| line + 1)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, digits: usize| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
    matches!(parts.as_slice(), [y, m, d] if number(y, 4) && number(m, 2) && number(d, 2))
}
