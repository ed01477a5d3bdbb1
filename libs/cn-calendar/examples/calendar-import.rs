//! Writes a year of `definitions/calendar/` from a `holiday-cn` file:
//! `cargo run -p cn-calendar --example calendar-import -- holiday-cn-2026.json > definitions/calendar/2026.toml`

use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: calendar-import FILE.json")?;
    let year = cn_calendar::import_holiday_cn(&std::fs::read_to_string(path)?)?;
    std::io::stdout().write_all(year.to_toml().as_bytes())?;
    Ok(())
}
