//! All tables of a PostgreSQL database as text: a line `{"table": …}` before the rows of each table, one JSON row a line.
//!
//! Tables come in an order in which foreign keys hold while rows are inserted, rows in the order of their first column (ids
//! are UUIDv7, so a parent comes before its children). PostgreSQL writes and reads every column type that we use as JSON
//! without loss; floating point numbers are written with the digits that read back exactly.

use crate::backup::io_error;
use kernel::{Error, Result};
use platform::Exec;
use platform::db::{db_error, execute, query_all};
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

/// Rows of one fetch and of one insert.
const BATCH: usize = 1000;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Heading {
    table: String,
}

#[derive(FromQueryResult)]
struct Name {
    name: String,
}

#[derive(FromQueryResult)]
struct Reference {
    child: String,
    parent: String,
}

#[derive(FromQueryResult)]
struct Line {
    line: String,
}

/// Table names of the schema, parents before children.
async fn tables(exec: &Exec<'_>) -> Result<Vec<String>> {
    let sql = "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename";
    let names: Vec<Name> = query_all(exec, sql, vec![]).await?;
    let sql = "SELECT c.relname::text AS child, p.relname::text AS parent FROM pg_constraint k \
               JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid \
               WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace AND k.conrelid <> k.confrelid";
    let references: Vec<Reference> = query_all(exec, sql, vec![]).await?;
    in_order(names.into_iter().map(|n| n.name).collect(), &references)
}

fn in_order(mut waiting: Vec<String>, references: &[Reference]) -> Result<Vec<String>> {
    let mut done: BTreeSet<String> = BTreeSet::new();
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let ready = |table: &String| {
            references.iter().filter(|r| r.child == *table).all(|r| done.contains(&r.parent))
        };
        let (now, later): (Vec<String>, Vec<String>) = waiting.iter().cloned().partition(ready);
        if now.is_empty() {
            return Err(Error::internal(format!(
                "tables refer to one another in a circle: {}",
                later.join(", ")
            )));
        }
        done.extend(now.iter().cloned());
        ordered.extend(now);
        waiting = later;
    }
    Ok(ordered)
}

/// A name as an SQL identifier.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Writes every table. The transaction decides the moment that is written.
pub async fn write(txn: &DatabaseTransaction, path: &Path) -> Result<()> {
    let exec = Exec::Transaction(txn);
    let file = std::fs::File::create(path).map_err(|e| io_error(path, &e))?;
    let mut out = BufWriter::new(file);
    let mut put = |text: &str| writeln!(out, "{text}").map_err(|e| io_error(path, &e));
    for table in tables(&exec).await? {
        put(&serde_json::to_string(&Heading { table: table.clone() }).map_err(Error::internal)?)?;
        let order = first_column(&exec, &table).await?;
        let sql = format!(
            "DECLARE dump CURSOR FOR SELECT row_to_json(t)::text AS line FROM {} t ORDER BY t.{order}",
            quoted(&table)
        );
        txn.execute_unprepared(&sql).await.map_err(db_error)?;
        loop {
            let lines: Vec<Line> = query_all(&exec, &format!("FETCH {BATCH} FROM dump"), vec![]).await?;
            for row in &lines {
                put(&row.line)?;
            }
            if lines.len() < BATCH {
                break;
            }
        }
        txn.execute_unprepared("CLOSE dump").await.map_err(db_error)?;
    }
    let file = out.into_inner().map_err(|e| io_error(path, e.error()))?;
    file.sync_all().map_err(|e| io_error(path, &e))
}

async fn first_column(exec: &Exec<'_>, table: &str) -> Result<String> {
    let sql = "SELECT column_name::text AS name FROM information_schema.columns \
               WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position LIMIT 1";
    let columns: Vec<Name> = query_all(exec, sql, vec![table.into()]).await?;
    columns
        .first()
        .map(|c| quoted(&c.name))
        .ok_or_else(|| Error::internal(format!("table {table} has no column")))
}

/// Reads a dump into tables that exist, in place of what they hold. Returns how many rows.
pub async fn read(txn: &DatabaseTransaction, path: &Path) -> Result<u64> {
    let exec = Exec::Transaction(txn);
    let known = tables(&exec).await?;
    let all: Vec<String> = known.iter().map(|t| quoted(t)).collect();
    txn.execute_unprepared(&format!("TRUNCATE {}", all.join(", "))).await.map_err(db_error)?;
    let file = std::fs::File::open(path).map_err(|e| io_error(path, &e))?;
    let mut table: Option<String> = None;
    let mut batch: Vec<String> = Vec::new();
    let mut count = 0;
    for line in BufReader::new(file).lines() {
        let line = line.map_err(|e| io_error(path, &e))?;
        if let Ok(heading) = serde_json::from_str::<Heading>(&line) {
            count += insert(&exec, table.as_deref(), &mut batch).await?;
            if !known.contains(&heading.table) {
                return Err(Error::invalid(
                    "backup_damaged",
                    format!("the backup has a table {:?} that this program lacks", heading.table),
                ));
            }
            table = Some(heading.table);
            continue;
        }
        batch.push(line);
        if batch.len() == BATCH {
            count += insert(&exec, table.as_deref(), &mut batch).await?;
        }
    }
    Ok(count + insert(&exec, table.as_deref(), &mut batch).await?)
}

async fn insert(exec: &Exec<'_>, table: Option<&str>, batch: &mut Vec<String>) -> Result<u64> {
    if batch.is_empty() {
        return Ok(0);
    }
    let table =
        table.ok_or_else(|| Error::invalid("backup_damaged", "rows come before the name of their table"))?;
    let name = quoted(table);
    let sql =
        format!("INSERT INTO {name} SELECT * FROM json_populate_recordset(NULL::{name}, $1::text::json)");
    let rows = format!("[{}]", batch.join(","));
    batch.clear();
    execute(exec, &sql, vec![rows.into()]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_come_before_children_and_a_circle_is_told() {
        let names = || ["a", "b", "c"].map(str::to_owned).to_vec();
        let link = |child: &str, parent: &str| Reference { child: child.into(), parent: parent.into() };
        assert_eq!(in_order(names(), &[link("a", "b"), link("b", "c")]).unwrap(), ["c", "b", "a"]);
        assert!(in_order(names(), &[link("a", "b"), link("b", "a")]).is_err());
    }
}
