//! The fonts that the program carries.

use std::sync::Arc;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use crate::PrintError;

/// Position of the simplified Chinese face in the Noto Sans CJK collections (JP, KR, SC, TC, HK, then Mono).
const SIMPLIFIED_CHINESE: u32 = 2;

static REGULAR: &[u8] = include_bytes!(env!("TIANMU_FONT_REGULAR"));
static BOLD: &[u8] = include_bytes!(env!("TIANMU_FONT_BOLD"));
/// Arabic, Hebrew, further Latin and symbols that the Chinese face lacks.
static FALLBACK: &[u8] = include_bytes!(env!("TIANMU_FONT_FALLBACK"));

/// A set of faces, cheap to clone and shared by all threads.
#[derive(Debug, Clone)]
pub struct Fonts(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    faces: Vec<Font>,
    book: LazyHash<FontBook>,
}

impl Fonts {
    /// Noto Sans CJK SC regular and bold, and DejaVu Sans where that has no glyph.
    pub fn embedded() -> Result<Self, PrintError> {
        Self::from_faces([
            (REGULAR, SIMPLIFIED_CHINESE, "Noto Sans CJK SC"),
            (BOLD, SIMPLIFIED_CHINESE, "Noto Sans CJK SC"),
            (FALLBACK, 0, "DejaVu Sans"),
        ])
    }

    /// Faces given as file content, index in the collection, and the family name that must be found there.
    pub fn from_faces(
        faces: impl IntoIterator<Item = (&'static [u8], u32, &'static str)>,
    ) -> Result<Self, PrintError> {
        let faces = faces
            .into_iter()
            .map(|(bytes, index, family)| {
                let face = Font::new(Bytes::new(bytes), index)
                    .ok_or_else(|| PrintError::Font(format!("{family}: face {index} cannot be read")))?;
                if face.info().family.as_str() == family {
                    Ok(face)
                } else {
                    Err(PrintError::Font(format!("{family}: face {index} is {}", face.info().family)))
                }
            })
            .collect::<Result<Vec<_>, _>>()?;
        let book = LazyHash::new(FontBook::from_fonts(&faces));
        Ok(Self(Arc::new(Inner { faces, book })))
    }

    /// Whether some face has a glyph for the character.
    pub fn covers(&self, character: char) -> bool {
        self.0.faces.iter().any(|face| face.info().coverage.contains(u32::from(character)))
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        &self.0.book
    }

    pub(crate) fn face(&self, index: usize) -> Option<Font> {
        self.0.faces.get(index).cloned()
    }
}
