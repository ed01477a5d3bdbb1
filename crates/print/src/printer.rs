//! The printer: papers and fonts held ready, documents made on demand.

use std::fmt;

use serde_json::Value;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Bytes, Smart};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::data::{Envelope, printable};
use crate::paper::{Paper, PaperSet, file_id, line_in};
use crate::world::Desk;
use crate::{Fonts, PrintError};

/// The name under which a template reads its data.
const DATA_FILE: &str = "data.json";
/// All images of one document together, bytes.
const IMAGE_LIMIT: usize = 32 * 1024 * 1024;
const PAGE_LIMIT: usize = 500;
/// Compilations after which an unused intermediate result is forgotten. Small, because almost everything
/// that is remembered belongs to one patient; not zero, so that documents printed side by side do not
/// clear each other's work.
const MEMORY_AGE: usize = 8;

/// A printed document.
#[derive(Clone, PartialEq, Eq)]
pub struct Pdf {
    /// A PDF/A-2b file.
    pub bytes: Vec<u8>,
    pub pages: usize,
    /// Characters that were printed as their code point because no font has them or because they cannot be seen.
    pub replaced: Vec<char>,
}

impl fmt::Debug for Pdf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pdf({} bytes, {} pages, {} replaced)", self.bytes.len(), self.pages, self.replaced.len())
    }
}

/// Prints papers. Share one between all threads.
pub struct Printer {
    papers: PaperSet,
    fonts: Fonts,
    library: LazyHash<Library>,
    standards: PdfStandards,
}

impl fmt::Debug for Printer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.papers.iter().map(|paper| &paper.manifest.id)).finish()
    }
}

impl Printer {
    /// Milliseconds: the definitions are already loaded, nothing is compiled yet (see [`Printer::check`]).
    pub fn new(papers: PaperSet, fonts: Fonts) -> Result<Self, PrintError> {
        let standards = PdfStandards::new(&[PdfStandard::A_2b])
            .map_err(|e| PrintError::Export(e.message().to_string()))?;
        Ok(Self { papers, fonts, library: LazyHash::new(Library::default()), standards })
    }

    pub fn papers(&self) -> &PaperSet {
        &self.papers
    }

    /// Prints one document.
    ///
    /// `data`: what the paper's README describes, with the envelope `document {id, title, created_at}`; strings
    /// are printed literally. `images`: name and SVG (or PNG) bytes for the slots of the manifest.
    ///
    /// Tens of milliseconds of computation: call it on a blocking thread.
    pub fn pdf(&self, paper: &str, data: &Value, images: &[(&str, &[u8])]) -> Result<Pdf, PrintError> {
        let paper = self.papers.get(paper).ok_or_else(|| PrintError::UnknownPaper(paper.to_owned()))?;
        let images = check_images(paper, images)?;
        let (pdf, _, _) = self.print(paper, data, images)?;
        Ok(pdf)
    }

    /// Compiles every paper against its sample. An error, a warning of the compiler, or a page of another size
    /// than the manifest's is returned as [`PrintError::Definition`]. Seconds: for tests and `tianmu doctor`.
    pub fn check(&self) -> Result<(), PrintError> {
        for paper in self.papers.iter() {
            let refuse = |line, reason| PrintError::Definition {
                file: format!("{}/{}", paper.manifest.id, paper.manifest.template),
                line,
                reason,
            };
            let (_, document, warnings) = self
                .print(paper, &paper.sample, paper.sample_images.clone())
                .map_err(|e| refuse(e.line(), e.to_string()))?;
            if let Some(warning) = warnings.first() {
                return Err(refuse(
                    line_in(&paper.template, warning.span.get()),
                    warning.message.to_string(),
                ));
            }
            let wanted = paper.manifest.page;
            for page in document.pages() {
                let (width, height) = (page.frame.width().to_mm(), page.frame.height().to_mm());
                if (width - wanted.width_mm).abs() > 0.1 || (height - wanted.height_mm).abs() > 0.1 {
                    let reason = format!(
                        "a page is {width:.1} mm x {height:.1} mm, the manifest says {} mm x {} mm",
                        wanted.width_mm, wanted.height_mm
                    );
                    return Err(refuse(None, reason));
                }
            }
        }
        Ok(())
    }

    fn print(
        &self,
        paper: &Paper,
        data: &Value,
        images: Vec<(String, Bytes)>,
    ) -> Result<(Pdf, PagedDocument, Vec<SourceDiagnostic>), PrintError> {
        let id = &paper.manifest.id;
        let (data, replaced) = printable(data, &self.fonts)?;
        let envelope = Envelope::of(id, &data)?;
        let created_at = envelope.created_at(id)?;
        let json = serde_json::to_vec(&data).map_err(|e| PrintError::Data {
            paper: id.clone(),
            line: None,
            reason: e.to_string(),
        })?;
        let mut files = Vec::with_capacity(images.len() + 1);
        files.extend(file_id(id, DATA_FILE).map(|file| (file, Bytes::new(json))));
        files.extend(images.into_iter().filter_map(|(name, bytes)| Some((file_id(id, &name)?, bytes))));

        let desk = Desk { library: &self.library, fonts: &self.fonts, template: &paper.template, files };
        let compiled = typst::compile::<PagedDocument>(&desk);
        typst::comemo::evict(MEMORY_AGE);
        let mut document = compiled.output.map_err(|errors| template_error(paper, errors.first()))?;
        document.info_mut().title.get_or_insert_with(|| envelope.title.as_str().into());
        let pages = document.pages().len();
        if pages > PAGE_LIMIT {
            return Err(PrintError::TooLarge { what: "the number of pages", limit: PAGE_LIMIT });
        }
        let options = PdfOptions {
            ident: Smart::Custom(format!("{id}/{}", envelope.id)),
            creator: Smart::Custom(Some("Tianmu".to_owned())),
            timestamp: Some(Timestamp::new_utc(created_at)),
            standards: self.standards.clone(),
            ..PdfOptions::default()
        };
        let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| {
            PrintError::Export(errors.first().map(|e| e.message.to_string()).unwrap_or_default())
        })?;
        Ok((Pdf { bytes, pages, replaced }, document, compiled.warnings.into_iter().collect()))
    }
}

/// The images that the paper asks for and no others.
fn check_images(paper: &Paper, images: &[(&str, &[u8])]) -> Result<Vec<(String, Bytes)>, PrintError> {
    let refuse =
        |name: &str, reason: &str| PrintError::Image { name: name.to_owned(), reason: reason.to_owned() };
    let slots = &paper.manifest.images;
    for (name, _) in images {
        if !slots.iter().any(|slot| slot.takes(name)) {
            return Err(refuse(name, "the paper has no place for it"));
        }
    }
    for slot in slots {
        if !slot.optional && !slot.name.contains('*') && !images.iter().any(|(name, _)| slot.takes(name)) {
            return Err(refuse(&slot.name, "it is missing"));
        }
    }
    let total = images.iter().fold(0_usize, |sum, (_, bytes)| sum.saturating_add(bytes.len()));
    if total > IMAGE_LIMIT {
        return Err(PrintError::TooLarge { what: "the images together, in bytes,", limit: IMAGE_LIMIT });
    }
    Ok(images.iter().map(|(name, bytes)| ((*name).to_owned(), Bytes::new(bytes.to_vec()))).collect())
}

fn template_error(paper: &Paper, error: Option<&SourceDiagnostic>) -> PrintError {
    let manifest = &paper.manifest;
    let reason = error.map_or_else(|| "unknown".to_owned(), |e| e.message.to_string());
    let line = error.and_then(|e| line_in(&paper.template, e.span.get()));
    if reason.contains("does not contain key") {
        return PrintError::Data { paper: manifest.id.clone(), line, reason };
    }
    // The compiler points either into the broken image or at the place in the template that shows it.
    let file = error.and_then(|e| e.span.id());
    let shown = line.and_then(|l| paper.template.text().lines().nth(l.saturating_sub(1))).unwrap_or_default();
    let broken = manifest.images.iter().find(|slot| {
        let inside = file.is_some() && file == file_id(&manifest.id, &slot.name);
        inside || (reason.contains("image") && shown.contains(slot.name.as_str()))
    });
    if let Some(slot) = broken {
        return PrintError::Image { name: slot.name.clone(), reason };
    }
    PrintError::Template { file: format!("{}/{}", manifest.id, manifest.template), line, reason }
}
