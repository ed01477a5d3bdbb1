//! Puts the fonts and the paper definitions inside the library.
//!
//! Fonts are looked for in `TIANMU_FONT_DIR`, then in the folders where distributions install them. A
//! missing font stops the build with the name of the package that brings it: a program that prints
//! boxes instead of a patient's name must not exist.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Variable that the library reads, file, Debian package.
const FONTS: [(&str, &str, &str); 3] = [
    ("TIANMU_FONT_REGULAR", "NotoSansCJK-Regular.ttc", "fonts-noto-cjk"),
    ("TIANMU_FONT_BOLD", "NotoSansCJK-Bold.ttc", "fonts-noto-cjk"),
    ("TIANMU_FONT_FALLBACK", "DejaVuSans.ttf", "fonts-dejavu-core"),
];

const STANDARD_FOLDERS: [&str; 9] = [
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/truetype/noto",
    "/usr/share/fonts/noto-cjk",
    "/usr/share/fonts/google-noto-cjk",
    "/usr/share/fonts/dejavu-sans-fonts",
    "/usr/share/fonts/dejavu",
    "/usr/share/fonts/TTF",
    "/usr/local/share/fonts",
];

fn main() {
    if let Err(reason) = embed_fonts().and_then(|()| embed_papers()) {
        eprintln!("error: {reason}");
        std::process::exit(1);
    }
}

fn embed_fonts() -> Result<(), String> {
    println!("cargo:rerun-if-env-changed=TIANMU_FONT_DIR");
    let chosen = std::env::var_os("TIANMU_FONT_DIR").map(PathBuf::from);
    let folders: Vec<PathBuf> =
        chosen.into_iter().chain(STANDARD_FOLDERS.iter().map(PathBuf::from)).collect();
    for (variable, file, package) in FONTS {
        let found = folders.iter().map(|folder| folder.join(file)).find(|path| path.is_file());
        let Some(path) = found else {
            return Err(format!(
                "the font {file} was not found. Install it with `apt-get install {package}` (Debian, Ubuntu), \
                 or set TIANMU_FONT_DIR to the folder that holds it."
            ));
        };
        println!("cargo:rerun-if-changed={}", path.display());
        println!("cargo:rustc-env={variable}={}", path.display());
    }
    Ok(())
}

fn embed_papers() -> Result<(), String> {
    let manifest_dir = std::env::var("CARGO_MANIFEST_DIR").map_err(|e| e.to_string())?;
    let out_dir = std::env::var("OUT_DIR").map_err(|e| e.to_string())?;
    let root = Path::new(&manifest_dir).join("../../definitions/print");
    println!("cargo:rerun-if-changed={}", root.display());
    let mut table = String::from("&[\n");
    for folder in entries(&root)?.into_iter().filter(|path| path.is_dir()) {
        println!("cargo:rerun-if-changed={}", folder.display());
        for file in entries(&folder)?.into_iter().filter(|path| path.is_file()) {
            // Documentation travels with the sources, not with the program.
            if file.extension().is_some_and(|e| e == "md") {
                continue;
            }
            println!("cargo:rerun-if-changed={}", file.display());
            let relative = file.strip_prefix(&root).map_err(|e| e.to_string())?;
            let _ = writeln!(table, "({:?}, include_bytes!({:?})),", relative.display().to_string(), file);
        }
    }
    table.push(']');
    std::fs::write(Path::new(&out_dir).join("papers.rs"), table).map_err(|e| e.to_string())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let listing = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut paths = listing
        .map(|entry| entry.map(|e| e.path()).map_err(|e| e.to_string()))
        .collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    Ok(paths)
}
