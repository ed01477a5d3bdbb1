//! The SQL of the knowledge base.

use kernel::{Error, Result, Timestamp};
use platform::Scope;
use platform::db::{Dialect, Exec, dialect, execute, query_all, query_one};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

/// The working copy.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ArticleRow {
    pub id: Uuid,
    pub number: String,
    pub organisation_path: String,
    pub state: String,
    pub title: String,
    pub audience: String,
    pub item_codes: String,
    pub tags: String,
    pub symptom: String,
    pub cause: String,
    pub solution: String,
    pub source_ticket_id: Option<Uuid>,
    pub author_id: Option<Uuid>,
    pub author_name: String,
    pub remark: Option<String>,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
    pub row_version: i64,
}

/// What readers see.
#[derive(Clone, Debug, FromQueryResult)]
pub struct VersionRow {
    pub article_id: Uuid,
    pub version: i32,
    pub title: String,
    pub audience: String,
    pub item_codes: String,
    pub tags: String,
    pub symptom: String,
    pub cause: String,
    pub solution: String,
    pub author_name: String,
    pub published_by_name: String,
    pub published_at: i64,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct VoteRow {
    pub account_id: Uuid,
    pub by_name: String,
    pub helpful: bool,
    pub comment: Option<String>,
    pub at: i64,
}

/// Votes and uses of an article.
#[derive(Clone, Copy, Debug, Default, FromQueryResult)]
pub struct CountRow {
    pub article_id: Uuid,
    pub helpful: i64,
    pub unhelpful: i64,
    pub used: i64,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct MissRow {
    pub query: String,
    pub times: i32,
    pub last_at: i64,
}

const ARTICLE: &str = "SELECT id, number, organisation_path, state, title, audience, item_codes, tags, symptom, cause, solution, \
    source_ticket_id, author_id, author_name, remark, version, created_at, updated_at, row_version FROM service_desk_article";
const VERSION: &str = "SELECT v.article_id, v.version, v.title, v.audience, v.item_codes, v.tags, v.symptom, v.cause, v.solution, \
    v.author_name, v.published_by_name, v.published_at FROM service_desk_article_version v";

pub async fn find(exec: &Exec<'_>, id: Uuid) -> Result<Option<ArticleRow>> {
    query_one(exec, &format!("{ARTICLE} WHERE id = $1"), vec![id.into()]).await
}

/// The article, locked until the transaction ends.
pub async fn lock(exec: &Exec<'_>, id: Uuid) -> Result<ArticleRow> {
    let lock = if dialect(exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    let found = query_one(exec, &format!("{ARTICLE} WHERE id = $1{lock}"), vec![id.into()]).await?;
    found.ok_or_else(|| Error::not_found("article"))
}

pub async fn insert(exec: &Exec<'_>, row: &ArticleRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_article (id, number, organisation_path, state, title, audience, item_codes, tags, symptom, cause, \
         solution, source_ticket_id, author_id, author_name, version, created_at, updated_at, row_version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $15, 1)",
        vec![
            row.id.into(),
            row.number.clone().into(),
            row.organisation_path.clone().into(),
            row.state.clone().into(),
            row.title.clone().into(),
            row.audience.clone().into(),
            row.item_codes.clone().into(),
            row.tags.clone().into(),
            row.symptom.clone().into(),
            row.cause.clone().into(),
            row.solution.clone().into(),
            row.source_ticket_id.into(),
            row.author_id.into(),
            row.author_name.clone().into(),
            row.created_at.into(),
        ],
    )
    .await
    .map(drop)
}

/// Writes the working copy back and counts its version up.
pub async fn update(exec: &Exec<'_>, row: &mut ArticleRow) -> Result<()> {
    row.row_version += 1;
    execute(
        exec,
        "UPDATE service_desk_article SET state = $2, title = $3, audience = $4, item_codes = $5, tags = $6, symptom = $7, cause = $8, \
         solution = $9, author_id = $10, author_name = $11, remark = $12, version = $13, updated_at = $14, row_version = $15 \
         WHERE id = $1",
        vec![
            row.id.into(),
            row.state.clone().into(),
            row.title.clone().into(),
            row.audience.clone().into(),
            row.item_codes.clone().into(),
            row.tags.clone().into(),
            row.symptom.clone().into(),
            row.cause.clone().into(),
            row.solution.clone().into(),
            row.author_id.into(),
            row.author_name.clone().into(),
            row.remark.clone().into(),
            row.version.into(),
            row.updated_at.into(),
            row.row_version.into(),
        ],
    )
    .await
    .map(drop)
}

pub async fn insert_version(exec: &Exec<'_>, row: &VersionRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_article_version (article_id, version, title, audience, item_codes, tags, symptom, cause, solution, \
         author_name, published_by_name, published_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        vec![
            row.article_id.into(),
            row.version.into(),
            row.title.clone().into(),
            row.audience.clone().into(),
            row.item_codes.clone().into(),
            row.tags.clone().into(),
            row.symptom.clone().into(),
            row.cause.clone().into(),
            row.solution.clone().into(),
            row.author_name.clone().into(),
            row.published_by_name.clone().into(),
            row.published_at.into(),
        ],
    )
    .await
    .map(drop)
}

/// All versions of an article, newest first.
pub async fn versions(exec: &Exec<'_>, article: Uuid) -> Result<Vec<VersionRow>> {
    let sql = format!("{VERSION} WHERE v.article_id = $1 ORDER BY v.version DESC");
    query_all(exec, &sql, vec![article.into()]).await
}

/// The newest version of each of these articles, where there is one.
pub async fn newest(exec: &Exec<'_>, articles: &[Uuid]) -> Result<Vec<VersionRow>> {
    if articles.is_empty() {
        return Ok(Vec::new());
    }
    let values: Vec<Value> = articles.iter().map(|id| (*id).into()).collect();
    let list: Vec<String> = (1..=articles.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "{VERSION} JOIN service_desk_article a ON a.id = v.article_id AND a.version = v.version WHERE a.id IN ({})",
        list.join(", ")
    );
    query_all(exec, &sql, values).await
}

/// The newest version of every article that is published and not withdrawn, newest first, at most `most`; `internal`: also those
/// for the provider alone.
pub async fn readable(exec: &Exec<'_>, scope: &Scope, internal: bool, most: u64) -> Result<Vec<VersionRow>> {
    let mut values: Vec<Value> = Vec::new();
    let condition = scope.sql("a.organisation_path", &mut values);
    let audience = if internal { "" } else { " AND v.audience = 'everybody'" };
    let sql = format!(
        "{VERSION} JOIN service_desk_article a ON a.id = v.article_id AND a.version = v.version \
         WHERE {condition} AND a.state <> 'withdrawn'{audience} ORDER BY v.published_at DESC, v.article_id LIMIT {most}"
    );
    query_all(exec, &sql, values).await
}

/// What a list wants.
#[derive(Debug, Default)]
pub struct Filter<'a> {
    pub state: Option<&'a str>,
    pub item_code: Option<&'a str>,
    pub tag: Option<&'a str>,
    pub author: Option<Uuid>,
    /// Published before this moment and not since.
    pub published_before: Option<Timestamp>,
    /// Readers see what is published for everybody; editors everything.
    pub readers: bool,
    pub after: Option<(i64, Uuid)>,
}

/// Articles, the last changed first.
pub async fn list(
    exec: &Exec<'_>,
    scope: &Scope,
    filter: &Filter<'_>,
    fetch: u64,
) -> Result<Vec<ArticleRow>> {
    let mut values: Vec<Value> = Vec::new();
    let mut conditions = vec![scope.sql("organisation_path", &mut values)];
    let mut push = |value: Value, sql: &str| {
        values.push(value);
        conditions.push(sql.replace('?', &format!("${}", values.len())));
    };
    if let Some(state) = filter.state {
        push(state.into(), "state = ?");
    }
    let quoted = |text: &str| serde_json::to_string(text).map_err(Error::internal);
    if let Some(item) = filter.item_code {
        push(platform::db::contains_pattern(&quoted(item)?).into(), "item_codes LIKE ? ESCAPE '!'");
    }
    if let Some(tag) = filter.tag {
        push(platform::db::contains_pattern(&quoted(tag)?).into(), "tags LIKE ? ESCAPE '!'");
    }
    if let Some(author) = filter.author {
        push(author.into(), "author_id = ?");
    }
    if let Some(before) = filter.published_before {
        push(
            before.micros().into(),
            "version > 0 AND state <> 'withdrawn' AND (SELECT v.published_at FROM service_desk_article_version v WHERE v.article_id = \
             service_desk_article.id AND v.version = service_desk_article.version) < ?",
        );
    }
    if let Some((at, id)) = filter.after {
        values.extend([at.into(), id.into()]);
        let n = values.len();
        conditions.push(format!("(updated_at < ${} OR (updated_at = ${0} AND id < ${n}))", n - 1));
    }
    if filter.readers {
        conditions.push(
            "version > 0 AND state <> 'withdrawn' AND EXISTS (SELECT 1 FROM service_desk_article_version v WHERE v.article_id = \
             service_desk_article.id AND v.version = service_desk_article.version AND v.audience = 'everybody')"
                .into(),
        );
    }
    let sql = format!(
        "{ARTICLE} WHERE {} ORDER BY updated_at DESC, id DESC LIMIT {fetch}",
        conditions.join(" AND ")
    );
    query_all(exec, &sql, values).await
}

/// Votes and uses of articles.
pub async fn counts(exec: &Exec<'_>, articles: &[Uuid]) -> Result<Vec<CountRow>> {
    if articles.is_empty() {
        return Ok(Vec::new());
    }
    let values: Vec<Value> = articles.iter().map(|id| (*id).into()).collect();
    let list: Vec<String> = (1..=articles.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT a.id AS article_id, \
         (SELECT COUNT(*) FROM service_desk_article_vote v WHERE v.article_id = a.id AND v.helpful) AS helpful, \
         (SELECT COUNT(*) FROM service_desk_article_vote v WHERE v.article_id = a.id AND NOT v.helpful) AS unhelpful, \
         (SELECT COUNT(*) FROM service_desk_article_use u WHERE u.article_id = a.id) AS used \
         FROM service_desk_article a WHERE a.id IN ({})",
        list.join(", ")
    );
    query_all(exec, &sql, values).await
}

pub async fn vote(exec: &Exec<'_>, article: Uuid, row: &VoteRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_article_vote (article_id, account_id, by_name, helpful, comment, at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (article_id, account_id) DO UPDATE SET by_name = excluded.by_name, helpful = excluded.helpful, \
         comment = excluded.comment, at = excluded.at",
        vec![
            article.into(),
            row.account_id.into(),
            row.by_name.clone().into(),
            row.helpful.into(),
            row.comment.clone().into(),
            row.at.into(),
        ],
    )
    .await
    .map(drop)
}

/// Opinions on an article, newest first.
pub async fn votes(exec: &Exec<'_>, article: Uuid) -> Result<Vec<VoteRow>> {
    let sql = "SELECT account_id, by_name, helpful, comment, at FROM service_desk_article_vote WHERE article_id = $1 \
               ORDER BY at DESC, account_id LIMIT 500";
    query_all(exec, sql, vec![article.into()]).await
}

/// A ticket was solved with it; once for each ticket.
pub async fn mark_used(exec: &Exec<'_>, article: Uuid, ticket: Uuid, by: &str, at: i64) -> Result<()> {
    let sql = "INSERT INTO service_desk_article_use (article_id, ticket_id, by_name, at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (article_id, ticket_id) DO NOTHING";
    execute(exec, sql, vec![article.into(), ticket.into(), by.into(), at.into()]).await.map(drop)
}

pub async fn miss(exec: &Exec<'_>, path: &str, query: &str, at: i64) -> Result<()> {
    let sql = "INSERT INTO service_desk_search_miss (organisation_path, query, times, last_at) VALUES ($1, $2, 1, $3) \
               ON CONFLICT (organisation_path, query) DO UPDATE SET times = service_desk_search_miss.times + 1, \
               last_at = excluded.last_at";
    execute(exec, sql, vec![path.into(), query.into(), at.into()]).await.map(drop)
}

/// What was looked for most often without being found.
pub async fn misses(exec: &Exec<'_>, scope: &Scope, most: u64) -> Result<Vec<MissRow>> {
    let mut values: Vec<Value> = Vec::new();
    let condition = scope.sql("organisation_path", &mut values);
    let sql = format!(
        "SELECT query, times, last_at FROM service_desk_search_miss WHERE {condition} \
         ORDER BY times DESC, last_at DESC, query LIMIT {most}"
    );
    query_all(exec, &sql, values).await
}

pub async fn forget_miss(exec: &Exec<'_>, scope: &Scope, query: &str) -> Result<u64> {
    let mut values: Vec<Value> = vec![query.into()];
    let condition = scope.sql("organisation_path", &mut values);
    let sql = format!("DELETE FROM service_desk_search_miss WHERE query = $1 AND {condition}");
    execute(exec, &sql, values).await
}
