//! Engine 4: paper as data.
//!
//! A *paper* is a folder in `definitions/print/`: a Typst template, a manifest (id, version, title, page size,
//! source) and sample data with which the definition proves itself. [`Printer`] holds the papers and the fonts and
//! turns JSON data and images into a PDF/A-2b file.
//!
//! Invariants:
//! - the same paper, data and images give the same bytes: no clock, no network, no file system is read;
//! - data is printed literally, never interpreted as markup;
//! - what cannot be printed (a character without a glyph, a control character) appears as its code point,
//!   〔U+1F9EC〕, and is reported in [`Pdf::replaced`]: nothing vanishes from a clinical document unseen;
//! - a definition that is wrong is refused with file, line and reason when it is loaded ([`PaperSet`]) or
//!   compiled against its sample ([`Printer::check`]).
//!
//! Absent: database, HTTP, async, knowledge of any clinical context. Callers run [`Printer::pdf`] on a blocking
//! thread. Where to start reading: [`Printer`], then `definitions/print/ecg-report/README.md`.

mod data;
mod error;
mod fonts;
mod paper;
mod photo;
mod printer;
mod qr;
mod world;

pub use error::PrintError;
pub use fonts::Fonts;
pub use paper::{ImageSlot, Manifest, PageSize, Paper, PaperSet};
pub use photo::photo_for_paper;
pub use printer::{Pdf, Printer};
pub use qr::qr_svg;
