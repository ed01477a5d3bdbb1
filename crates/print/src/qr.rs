//! QR codes as vector images.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use crate::PrintError;

/// A QR code (error correction M, quiet zone of four modules) as SVG for an image slot of a paper.
///
/// Text longer than about 2,300 bytes does not fit a QR code and is refused as too large.
pub fn qr_svg(text: &str) -> Result<Vec<u8>, PrintError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|_| PrintError::TooLarge { what: "the text of the QR code", limit: 2331 })?;
    Ok(code.render::<svg::Color<'_>>().module_dimensions(1, 1).quiet_zone(true).build().into_bytes())
}
