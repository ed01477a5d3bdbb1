//! How many records a second one core groups: reads a file of cases, repeats it in memory, groups it end to end
//! (CSV in, CSV out) and record by record. `cargo run --release -p drg --example drg-timing -- FILE.csv PLAN`

use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (file, name) = (args.next().ok_or("FILE.csv")?, args.next().unwrap_or_else(|| "chs_drg_11".into()));
    let text = std::fs::read_to_string(file)?;
    let (head, body) = text.split_once('\n').ok_or("no rows")?;
    let times = 400_000 / body.lines().count().max(1) + 1;
    let batch = format!("{head}\n{}", body.repeat(times));
    let records = body.lines().count() * times;
    let start = Instant::now();
    let plan = drg::shipped::plan(&name)?.ok_or("no such plan")?;
    let loaded = start.elapsed();
    for explain in [false, true] {
        let start = Instant::now();
        drg::cli::group_csv_by(
            batch.as_bytes(),
            std::io::sink(),
            &plan,
            drg::cli::Options { explain, ..Default::default() },
        )?;
        let seconds = start.elapsed().as_secs_f64();
        let rate = f64::from(u32::try_from(records)?) / seconds;
        let what = if explain { "with evidence" } else { "groups only" };
        writeln(&format!(
            "{name} {what}: {records} records in {seconds:.2} s = {rate:.0}/s (plan read in {loaded:?})"
        ))?;
    }
    Ok(())
}

fn writeln(line: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    std::io::stdout().write_all(format!("{line}\n").as_bytes())
}
