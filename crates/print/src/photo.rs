//! Photos made fit for paper.

use crate::PrintError;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};
use std::io::Cursor;

/// Of JPEG: what still looks like the photo at a hand's breadth.
const QUALITY: u8 = 82;
/// A photo of 12,000 by 12,000 points takes this much while it is read.
const MOST_BYTES: u64 = 600 * 1024 * 1024;
const LONGEST_READ: u32 = 16_000;

/// A JPEG or PNG as a JPEG whose longer side has at most `longest` points, turned as the camera was held.
///
/// A photo of a telephone takes some tenths of a second: call it on a blocking thread.
///
/// # Errors
/// [`PrintError::Image`] with `name` where the bytes are no such picture or too large to be read.
pub fn photo_for_paper(name: &str, bytes: &[u8], longest: u32) -> Result<Vec<u8>, PrintError> {
    let refuse = |e: image::ImageError| PrintError::Image { name: name.to_owned(), reason: e.to_string() };
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|e| refuse(e.into()))?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES);
    limits.max_image_width = Some(LONGEST_READ);
    limits.max_image_height = Some(LONGEST_READ);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refuse)?;
    let orientation = decoder.orientation().map_err(refuse)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refuse)?;
    if picture.width().max(picture.height()) > longest {
        picture = picture.resize(longest, longest, FilterType::Triangle);
    }
    picture.apply_orientation(orientation);
    let mut out = Vec::new();
    // JPEG knows no transparency.
    picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY)).map_err(refuse)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use image::{ImageFormat, Rgb, RgbImage};

    #[test]
    fn a_photo_becomes_small_and_stands_upright() {
        // Red above, blue below, 400 by 200.
        let picture =
            RgbImage::from_fn(400, 200, |_, y| if y < 100 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) });
        let mut jpeg = Vec::new();
        picture.write_to(&mut Cursor::new(&mut jpeg), ImageFormat::Jpeg).unwrap();
        let small = image::load_from_memory(&photo_for_paper("x", &jpeg, 100).unwrap()).unwrap().to_rgb8();
        assert_eq!(small.dimensions(), (100, 50));
        // The same with an Exif segment that says that the camera was turned (orientation 6: turn right by 90 degrees).
        let exif: &[u8] =
            b"\xff\xe1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let turned = [jpeg.get(..2).unwrap(), exif, jpeg.get(2..).unwrap()].concat();
        let upright =
            image::load_from_memory(&photo_for_paper("x", &turned, 100).unwrap()).unwrap().to_rgb8();
        assert_eq!(upright.dimensions(), (50, 100));
        // What was above is right now.
        let right = upright.get_pixel(45, 50);
        assert!(right.0[0] > 200 && right.0[2] < 60, "{right:?}");
        assert_eq!(photo_for_paper("x", b"no picture", 100).unwrap_err().code(), "print_image_invalid");
    }
}
