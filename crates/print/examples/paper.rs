//! Prints a paper with its sample, or with data from a file: `cargo run -p print --example paper -- ID OUT.pdf [DATA.json]`.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [id, out, rest @ ..] = arguments.as_slice() else {
        return Err("usage: paper ID OUT.pdf [DATA.json]".into());
    };
    let papers = print::PaperSet::embedded()?;
    let paper = papers.get(id).ok_or("there is no such paper")?.clone();
    let data = match rest.first() {
        Some(path) => serde_json::from_str(&std::fs::read_to_string(path)?)?,
        None => paper.sample().clone(),
    };
    let printer = print::Printer::new(papers, print::Fonts::embedded()?)?;
    let pdf = printer.pdf(id, &data, &paper.sample_images())?;
    std::fs::write(out, pdf.bytes)?;
    Ok(())
}
