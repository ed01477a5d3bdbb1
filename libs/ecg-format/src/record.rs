//! Reads a recording by its name, asking the caller for the files that belong to it.
//!
//! The library opens no file itself. A caller gives a function from a file name to its content, so that a
//! folder, an archive or a test's map all serve.

use std::collections::HashSet;
use std::io;

use crate::error::ReadError;
use crate::model::{Recording, SourceFile};
use crate::{limits, wfdb};

/// One file of a recording with its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedFile {
    /// The name by which it was asked for, folder included.
    pub name: String,
    /// The whole content.
    pub bytes: Vec<u8>,
}

/// Reads one recording by its name.
///
/// `name` is a file (`ecg/Example.dcm`, `mitdb/100.hea`) or, as WFDB programs have it, a record without
/// extension (`mitdb/100`). A WFDB record brings its segments and signal files, and of each of its
/// `annotators` (`atr`, `qrs`) the annotation file if there is one; an ISHNE recording brings the file of the
/// same stem with the extension `.ann`. The companions are sought in the folder of `name`; a header that
/// names a file elsewhere is refused.
///
/// `load` gives the content of a file and is asked with the folder that `name` has; for a file that does not
/// exist it returns [`io::ErrorKind::NotFound`].
///
/// ```
/// use std::io;
/// let load = |name: &str| match name {
///     "night/a.hea" => Ok(b"a 1 250 3\na.dat 16 200/mV 16 0 0 0 0 MLII\n".to_vec()),
///     "night/a.dat" => Ok(vec![0, 0, 200, 0, 100, 0]),
///     _ => Err(io::Error::from(io::ErrorKind::NotFound)),
/// };
/// let recording = ecg_format::read_named("night/a", &["atr"], load)?;
/// assert_eq!(recording.leads[0].samples_uv, [0.0, 1000.0, 500.0]);
/// # Ok::<(), ecg_format::ReadError>(())
/// ```
///
/// # Errors
/// As [`crate::read`], and `missing_file` or `unreadable_file` for what `load` could not give.
pub fn read_named(
    name: &str,
    annotators: &[&str],
    load: impl FnMut(&str) -> io::Result<Vec<u8>>,
) -> Result<Recording, ReadError> {
    let files = collect(name, annotators, load)?;
    let sources: Vec<SourceFile<'_>> =
        files.iter().map(|f| SourceFile { name: &f.name, bytes: &f.bytes }).collect();
    crate::read(&sources)
}

/// Collects the files of one recording, as [`read_named`] does, without decoding them.
///
/// # Errors
/// `missing_file` or `unreadable_file` for what `load` could not give, and what a WFDB header is refused for.
pub fn collect(
    name: &str,
    annotators: &[&str],
    mut load: impl FnMut(&str) -> io::Result<Vec<u8>>,
) -> Result<Vec<OwnedFile>, ReadError> {
    let header_name = format!("{name}.hea");
    let (main_name, bytes) = match load(name) {
        Ok(bytes) => (name.to_owned(), bytes),
        // Some systems answer for a folder of the record's name with another kind of error.
        Err(first) => match load(&header_name) {
            Ok(bytes) => (header_name, bytes),
            Err(second) if first.kind() == io::ErrorKind::NotFound => {
                return Err(failed(&header_name, &second));
            }
            Err(_) => return Err(failed(name, &first)),
        },
    };
    let (folder, base) = split_folder(&main_name);
    let mut collected = Collected { folder: folder.to_owned(), files: Vec::new(), seen: HashSet::new() };
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem).to_owned();
    let is_ishne = bytes.starts_with(b"ISHNE1.0");
    let is_wfdb = wfdb::looks_like_header(&bytes);
    collected.seen.insert(base.to_owned());
    collected.files.push(OwnedFile { name: main_name.clone(), bytes });
    if is_ishne {
        collected.optional(&format!("{stem}.ann"), &mut load)?;
    }
    if is_wfdb {
        collected.wfdb(&mut load)?;
        for annotator in annotators {
            collected.optional(&format!("{stem}.{annotator}"), &mut load)?;
        }
    }
    Ok(collected.files)
}

struct Collected {
    folder: String,
    files: Vec<OwnedFile>,
    seen: HashSet<String>,
}

impl Collected {
    /// Loads what the headers name, header by header; the list grows by the segments found.
    fn wfdb(&mut self, load: &mut impl FnMut(&str) -> io::Result<Vec<u8>>) -> Result<(), ReadError> {
        let mut next = 0;
        while let Some(file) = self.files.get(next) {
            next += 1;
            if !wfdb::looks_like_header(&file.bytes) {
                continue;
            }
            let header = wfdb::read_header(&file.bytes).map_err(|e| e.in_file(&file.name))?;
            for segment in header.segments.iter().flatten().filter(|s| s.name != "~") {
                // A missing segment is a gap of the recording, which the decoder reports.
                self.optional(&format!("{}.hea", segment.name), load)?;
            }
            for signal in header.signals.iter().filter(|s| s.file != "~" && s.format != 0) {
                self.optional(&signal.file, load)?;
            }
        }
        Ok(())
    }

    /// Loads a companion once; one that does not exist is left to the decoder.
    fn optional(
        &mut self,
        base: &str,
        load: &mut impl FnMut(&str) -> io::Result<Vec<u8>>,
    ) -> Result<(), ReadError> {
        if base.contains(['/', '\\', '\0']) || base.starts_with("..") {
            let detail = format!("the header names {base:?}, which is not in the folder of the record");
            return Err(ReadError::unsupported(detail));
        }
        if !self.seen.insert(base.to_owned()) {
            return Ok(());
        }
        if self.files.len() >= limits::MAX_FILES {
            return Err(ReadError::limit(format!("more than {} files", limits::MAX_FILES)));
        }
        let name = format!("{}{base}", self.folder);
        match load(&name) {
            Ok(bytes) => self.files.push(OwnedFile { name, bytes }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(&name, &error)),
        }
        Ok(())
    }
}

fn failed(name: &str, error: &io::Error) -> ReadError {
    let code = if error.kind() == io::ErrorKind::NotFound { "missing_file" } else { "unreadable_file" };
    ReadError::new(code, error.to_string()).in_file(name)
}

/// The folder with its separator, and the last part.
fn split_folder(name: &str) -> (&str, &str) {
    let start = name.rfind(['/', '\\']).map_or(0, |at| at + 1);
    name.split_at(start)
}
