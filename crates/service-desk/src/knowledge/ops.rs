//! Use cases of the knowledge base.

use super::ranking::{self, Candidate};
use super::store::{self, ArticleRow, CountRow, Filter, VersionRow, VoteRow};
use super::wire::{
    ArticleInput, ArticleItem, ArticleQuery, ArticleVersion, ArticleView, ArticleVote, Audience, MissInput,
    MissView, SearchQuery, State, Step,
};
use crate::access::{self, KNOWLEDGE_EDIT, TICKET_READ, optional, required};
use crate::journal::{Subject, next_number};
use crate::{ServiceDesk, contracts, notices, tickets};
use kernel::{
    AccountId, Cursor, Error, ErrorKind, KnowledgeArticleId, Limit, Page, Result, ServiceTicketId, Timestamp,
};
use platform::{AuditEntry, Ctx, Exec, OrgPath, Scope, Tx};
use ports::service::ServiceRecordChanged;
use std::collections::HashMap;
use std::time::Duration;
use uuid::Uuid;

const ARTICLE: &str = "service_article";
/// A published article is to be read again after this long.
const FRESH: Duration = Duration::from_secs(365 * 24 * 3600);
/// Most articles that a search looks through.
const MOST_SEARCHED: u64 = 2_000;
const MOST_FOUND: u16 = 50;
const MOST_MISSES: u64 = 100;
const MOST_LABELS: usize = 10;
const LONGEST_TEXT: usize = 8_000;
const LONGEST_QUERY: usize = 200;
/// A longer search is a sentence about one case, not the name of a missing article.
const LONGEST_MISS: usize = 40;

/// States in which a step makes sense, and whether it is an editor's.
const STEPS: &[(&str, bool, &[State])] = {
    use State::{Draft, Published, Review, Withdrawn};
    &[
        ("save", true, &[Draft, Review, Published]),
        ("submit", true, &[Draft]),
        ("publish", true, &[Review]),
        ("return", true, &[Review]),
        ("withdraw", true, &[Draft, Review, Published]),
        ("restore", true, &[Withdrawn]),
        ("vote", false, &[Draft, Review, Published]),
    ]
};

fn step_name(step: &Step) -> &'static str {
    match step {
        Step::Save { .. } => "save",
        Step::Submit => "submit",
        Step::Publish => "publish",
        Step::Return { .. } => "return",
        Step::Withdraw { .. } => "withdraw",
        Step::Restore => "restore",
        Step::Vote { .. } => "vote",
    }
}

fn subject(id: Uuid) -> Subject {
    Subject { kind: "article", id }
}

/// What is wrong with one's own article being published by oneself.
fn own_article() -> Error {
    Error::conflict("own_article", "another person than the author publishes an article")
}

impl ServiceDesk {
    pub(crate) async fn articles(&self, ctx: &Ctx, query: &ArticleQuery) -> Result<Page<ArticleItem>> {
        let regions = contracts::serving(ctx, TICKET_READ).await?;
        let (edits, scope) = (edits(ctx, &regions)?, Scope::of(regions));
        let limit = Limit::new(query.limit)?;
        let filter = Filter {
            state: query.state.filter(|_| edits).map(State::as_str),
            item_code: query.item_code.as_deref(),
            tag: query.tag.as_deref(),
            author: if query.mine { access::by(ctx) } else { None },
            published_before: query.stale.then(|| ctx.now().minus(FRESH)),
            readers: !edits,
            after: match &query.cursor {
                Some(cursor) => {
                    let cursor = Cursor::decode(cursor, 1)?;
                    Some((cursor.keys.first().copied().unwrap_or_default(), cursor.id))
                }
                None => None,
            },
        };
        let exec = ctx.platform().db().read();
        let rows = store::list(&exec, &scope, &filter, limit.fetch()).await?;
        let page = Page::from_rows(rows, limit, |row| Cursor { keys: vec![row.updated_at], id: row.id });
        let ids: Vec<Uuid> = page.items.iter().map(|row| row.id).collect();
        let newest: HashMap<Uuid, VersionRow> =
            store::newest(&exec, &ids).await?.into_iter().map(|v| (v.article_id, v)).collect();
        let counts = counts(&exec, &ids).await?;
        let now = ctx.now();
        let line = |row: ArticleRow| {
            let count = counts.get(&row.id).copied().unwrap_or_default();
            let version = newest.get(&row.id);
            if edits { item(&row, version, count, now) } else { as_published(&row, version, count, now) }
        };
        let items = page.items.into_iter().map(line).collect::<Result<_>>()?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    pub(crate) async fn search_articles(&self, ctx: &Ctx, query: &SearchQuery) -> Result<Vec<ArticleItem>> {
        let regions = contracts::serving(ctx, TICKET_READ).await?;
        let text = required("q", &query.q, LONGEST_QUERY)?;
        let limit = query.limit.unwrap_or(20);
        if !(1..=MOST_FOUND).contains(&limit) {
            return Err(Error::field("limit", "out_of_range", format!("1 to {MOST_FOUND}")));
        }
        let exec = ctx.platform().db().read();
        let scope = Scope::of(regions.clone());
        let rows = store::readable(&exec, &scope, edits(ctx, &regions)?, MOST_SEARCHED).await?;
        let candidates: Vec<Candidate> = rows.iter().map(candidate).collect::<Result<_>>()?;
        let hits = ranking::search(&candidates, &text, query.item_code.as_deref(), usize::from(limit));
        if hits.is_empty() && !query.suggestion {
            note_miss(ctx, &regions, &text).await?;
        }
        let ids: Vec<Uuid> =
            hits.iter().filter_map(|hit| rows.get(hit.index)).map(|v| v.article_id).collect();
        let counts = counts(&exec, &ids).await?;
        let mut found = Vec::with_capacity(hits.len());
        for hit in hits {
            let Some(version) = rows.get(hit.index) else { continue };
            let Some(row) = store::find(&exec, version.article_id).await? else { continue };
            let count = counts.get(&row.id).copied().unwrap_or_default();
            let mut item = as_published(&row, Some(version), count, ctx.now())?;
            item.matched = hit.matched;
            found.push(item);
        }
        Ok(found)
    }

    pub(crate) async fn search_misses(&self, ctx: &Ctx) -> Result<Vec<MissView>> {
        let scope = ctx.scope(KNOWLEDGE_EDIT).await?;
        let rows = store::misses(&ctx.platform().db().read(), &scope, MOST_MISSES).await?;
        Ok(rows
            .into_iter()
            .map(|row| MissView {
                query: row.query,
                times: row.times,
                last_at: Timestamp::from_micros(row.last_at),
            })
            .collect())
    }

    pub(crate) async fn dismiss_miss(&self, ctx: &Ctx, input: &MissInput) -> Result<()> {
        let scope = ctx.scope(KNOWLEDGE_EDIT).await?;
        let mut tx = ctx.platform().begin().await?;
        if store::forget_miss(&tx.exec(), &scope, &input.query).await? == 0 {
            return Err(Error::not_found("search"));
        }
        tx.audit(ctx, AuditEntry::new("service_search_miss_dismissed"));
        tx.commit().await
    }

    /// Begins an article at the region of the caller's contract.
    pub async fn create_article(&self, ctx: &Ctx, input: &ArticleInput) -> Result<KnowledgeArticleId> {
        let path = contracts::own_region(ctx, KNOWLEDGE_EDIT).await?;
        ctx.authorize(KNOWLEDGE_EDIT, &access::resource(ARTICLE, None, &path)?).await?;
        if let Some(ticket) = input.source_ticket_id {
            tickets::visible(ctx, ticket).await?;
        }
        let now = ctx.now().micros();
        let mut tx = ctx.platform().begin().await?;
        let mut row = ArticleRow {
            id: ctx.platform().new_uuid(),
            number: next_number(&tx.exec(), "ZS", ctx.now()).await?,
            organisation_path: path,
            state: State::Draft.as_str().into(),
            title: String::new(),
            audience: String::new(),
            item_codes: String::new(),
            tags: String::new(),
            symptom: String::new(),
            cause: String::new(),
            solution: String::new(),
            source_ticket_id: input.source_ticket_id.map(ServiceTicketId::uuid),
            author_id: None,
            author_name: String::new(),
            remark: None,
            version: 0,
            created_at: now,
            updated_at: now,
            row_version: 1,
        };
        write(ctx, &tx.exec(), &mut row, input).await?;
        store::insert(&tx.exec(), &row).await?;
        note_change(&mut tx, ctx, &row, "create", None).await?;
        tx.commit().await?;
        Ok(KnowledgeArticleId(row.id))
    }

    pub async fn article(&self, ctx: &Ctx, id: KnowledgeArticleId) -> Result<ArticleView> {
        let (row, newest) = readable(ctx, id).await?;
        let exec = ctx.platform().db().read();
        let edits = access::may(ctx, KNOWLEDGE_EDIT, &row.organisation_path)?;
        let count = counts(&exec, &[row.id]).await?.get(&row.id).copied().unwrap_or_default();
        let votes = store::votes(&exec, row.id).await?;
        let own = access::by(ctx);
        let own_vote = votes.iter().find(|vote| Some(vote.account_id) == own).map(|vote| vote.helpful);
        let now = ctx.now();
        let item = if edits {
            item(&row, newest.as_ref(), count, now)?
        } else {
            as_published(&row, newest.as_ref(), count, now)?
        };
        let state = item.state;
        let is_author = own.is_some() && own == row.author_id;
        let allowed_actions = STEPS
            .iter()
            .filter(|(name, editors, states)| {
                states.contains(&state)
                    && (edits || !editors)
                    && !(*name == "publish" && is_author)
                    && (*name != "vote" || row.version > 0)
            })
            .map(|(name, _, _)| (*name).to_owned())
            .collect();
        let versions = if edits { store::versions(&exec, row.id).await? } else { Vec::new() };
        let (cause, solution) = match newest.as_ref().filter(|_| !edits) {
            Some(version) => (version.cause.clone(), version.solution.clone()),
            None => (row.cause.clone(), row.solution.clone()),
        };
        Ok(ArticleView {
            item,
            cause,
            solution,
            remark: row.remark.clone().filter(|_| edits),
            source_ticket_id: row.source_ticket_id.filter(|_| edits).map(ServiceTicketId),
            published_by_name: newest.map(|version| version.published_by_name),
            versions: versions
                .into_iter()
                .map(|v| ArticleVersion {
                    version: v.version,
                    title: v.title,
                    audience: Audience::of(&v.audience),
                    symptom: v.symptom,
                    cause: v.cause,
                    solution: v.solution,
                    author_name: v.author_name,
                    published_by_name: v.published_by_name,
                    published_at: Timestamp::from_micros(v.published_at),
                })
                .collect(),
            own_vote,
            votes: votes
                .into_iter()
                .filter(|_| edits)
                .map(|vote| ArticleVote {
                    by_name: vote.by_name,
                    helpful: vote.helpful,
                    comment: vote.comment,
                    at: Timestamp::from_micros(vote.at),
                })
                .collect(),
            allowed_actions,
            row_version: row.row_version,
        })
    }

    /// Takes a step of an article.
    pub async fn article_step(&self, ctx: &Ctx, id: KnowledgeArticleId, step: &Step) -> Result<()> {
        let (row, _) = readable(ctx, id).await?;
        let name = step_name(step);
        let rule = STEPS.iter().find(|(known, _, _)| *known == name);
        let (_, editors, states) = rule.ok_or_else(|| Error::internal("a step without a rule"))?;
        let action = if *editors { KNOWLEDGE_EDIT } else { TICKET_READ };
        // Whoever the article serves may say whether it helped, although it lies above their own place.
        if *editors {
            ctx.authorize(action, &access::resource(ARTICLE, Some(row.id), &row.organisation_path)?).await?;
        }
        let leads = match step {
            Step::Submit => self.leads(&row.organisation_path).await?,
            _ => Vec::new(),
        };
        let mut tx = ctx.platform().begin().await?;
        let mut row = store::lock(&tx.exec(), row.id).await?;
        let state = state(&row)?;
        if !states.contains(&state) {
            let detail = format!("{name} is not possible while the article is {}", state.as_str());
            return Err(Error::conflict("state_conflict", detail).with("state", state.as_str()));
        }
        let mut reason = None;
        let author: Vec<AccountId> = row.author_id.map(AccountId).into_iter().collect();
        let params = serde_json::json!({"number": row.number, "title": row.title});
        let mut tell: Option<(&str, Vec<AccountId>)> = None;
        match step {
            Step::Save { article, row_version } => {
                if *row_version != row.row_version {
                    return Err(access::stale());
                }
                write(ctx, &tx.exec(), &mut row, article).await?;
                row.state = State::Draft.as_str().into();
                row.remark = None;
            }
            Step::Submit => {
                row.state = State::Review.as_str().into();
                tell = Some(("article_review", leads));
            }
            Step::Publish => {
                let own = access::by(ctx);
                if own.is_some() && own == row.author_id {
                    return Err(own_article());
                }
                row.version += 1;
                row.state = State::Published.as_str().into();
                row.remark = None;
                store::insert_version(&tx.exec(), &version(ctx, &row)).await?;
                tell = Some(("article_published", author));
            }
            Step::Return { reason: why } => {
                let why = required("reason", why, 500)?;
                row.state = State::Draft.as_str().into();
                row.remark = Some(why.clone());
                reason = Some(why);
                tell = Some(("article_returned", author));
            }
            Step::Withdraw { reason: why } => {
                let why = required("reason", why, 500)?;
                row.state = State::Withdrawn.as_str().into();
                row.remark = Some(why.clone());
                reason = Some(why);
            }
            Step::Restore => row.state = State::Draft.as_str().into(),
            Step::Vote { helpful, comment } => {
                if row.version == 0 {
                    return Err(Error::conflict("state_conflict", "nothing is published yet")
                        .with("state", state.as_str()));
                }
                let vote = VoteRow {
                    account_id: ctx.account_id()?.uuid(),
                    by_name: ctx.principal().display_name.clone(),
                    helpful: *helpful,
                    comment: optional("comment", comment.as_deref(), 500)?,
                    at: ctx.now().micros(),
                };
                store::vote(&tx.exec(), row.id, &vote).await?;
                if !helpful {
                    tell = Some(("article_unhelpful", author));
                }
            }
        }
        if *editors {
            row.updated_at = ctx.now().micros();
            store::update(&tx.exec(), &mut row).await?;
        }
        if let Some((code, mut accounts)) = tell {
            accounts.retain(|account| Some(account.uuid()) != access::by(ctx));
            notices::tell(&mut tx, ctx, &accounts, code, &params, subject(row.id)).await?;
        }
        note_change(&mut tx, ctx, &row, name, reason.as_deref()).await?;
        tx.commit().await
    }
}

/// Notes what nobody has written about yet. What could be a number of a person or a telephone is not kept.
async fn note_miss(ctx: &Ctx, regions: &[OrgPath], text: &str) -> Result<()> {
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    let Some(region) = regions.first().filter(|_| digits < 7 && text.chars().count() <= LONGEST_MISS) else {
        return Ok(());
    };
    let tx = ctx.platform().begin().await?;
    store::miss(&tx.exec(), region.as_str(), &text.to_lowercase(), ctx.now().micros()).await?;
    tx.commit().await
}

/// Whether the caller edits articles of one of these places.
fn edits(ctx: &Ctx, regions: &[OrgPath]) -> Result<bool> {
    for path in regions {
        if access::may(ctx, KNOWLEDGE_EDIT, path.as_str())? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// An article that the caller may read, with its newest version: published for them, or theirs to edit.
pub(crate) async fn readable(ctx: &Ctx, id: KnowledgeArticleId) -> Result<(ArticleRow, Option<VersionRow>)> {
    let scope = Scope::of(contracts::serving(ctx, TICKET_READ).await?);
    let exec = ctx.platform().db().read();
    let found = store::find(&exec, id.uuid()).await?;
    let row = access::visible(found, &scope, |row| row.organisation_path.as_str(), "article")?;
    let newest = store::newest(&exec, &[row.id]).await?.into_iter().next();
    let open = row.state != State::Withdrawn.as_str()
        && newest.as_ref().is_some_and(|v| Audience::of(&v.audience) == Audience::Everybody);
    if open || access::may(ctx, KNOWLEDGE_EDIT, &row.organisation_path)? {
        Ok((row, newest))
    } else {
        Err(Error::not_found("article"))
    }
}

/// Counts an article as used for a ticket, in the transaction that solves it, and gives its number; it must be published and
/// readable for the caller.
pub(crate) async fn cite(
    tx: &Tx,
    ctx: &Ctx,
    id: KnowledgeArticleId,
    ticket: ServiceTicketId,
) -> Result<String> {
    let number = match readable(ctx, id).await {
        Ok((row, Some(_))) if row.state != State::Withdrawn.as_str() => row.number,
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {
            let detail = "no published article that you may read";
            return Err(Error::field("article_id", "article_unknown", detail));
        }
    };
    let by = &ctx.principal().display_name;
    store::mark_used(&tx.exec(), id.uuid(), ticket.uuid(), by, ctx.now().micros()).await?;
    Ok(number)
}

/// Takes what was written into the working copy; whoever wrote last is its author.
async fn write(ctx: &Ctx, exec: &Exec<'_>, row: &mut ArticleRow, input: &ArticleInput) -> Result<()> {
    let book = crate::book::Book::load(exec).await?;
    let mut codes: Vec<String> = Vec::new();
    for code in &input.item_codes {
        let edition = book.in_force(&row.organisation_path, ctx.now())?;
        let found = edition.contract.item(code);
        let found = found.map_err(|e| Error::field("item_codes", e.code(), e.to_string()))?;
        if !codes.contains(&found.code) {
            codes.push(found.code.clone());
        }
    }
    let mut tags: Vec<String> = Vec::new();
    for tag in &input.tags {
        if let Some(tag) = optional("tags", Some(tag), 20)?.filter(|tag| !tags.contains(tag)) {
            tags.push(tag);
        }
    }
    if codes.len() > MOST_LABELS || tags.len() > MOST_LABELS {
        return Err(Error::field("tags", "too_many", format!("at most {MOST_LABELS} of each")));
    }
    row.title = required("title", &input.title, 100)?;
    row.audience = input.audience.as_str().into();
    row.item_codes = serde_json::to_string(&codes).map_err(Error::internal)?;
    row.tags = serde_json::to_string(&tags).map_err(Error::internal)?;
    row.symptom = required("symptom", &input.symptom, LONGEST_TEXT)?;
    row.cause = optional("cause", Some(&input.cause), LONGEST_TEXT)?.unwrap_or_default();
    row.solution = required("solution", &input.solution, LONGEST_TEXT)?;
    row.author_id = access::by(ctx);
    row.author_name.clone_from(&ctx.principal().display_name);
    Ok(())
}

fn version(ctx: &Ctx, row: &ArticleRow) -> VersionRow {
    VersionRow {
        article_id: row.id,
        version: row.version,
        title: row.title.clone(),
        audience: row.audience.clone(),
        item_codes: row.item_codes.clone(),
        tags: row.tags.clone(),
        symptom: row.symptom.clone(),
        cause: row.cause.clone(),
        solution: row.solution.clone(),
        author_name: row.author_name.clone(),
        published_by_name: ctx.principal().display_name.clone(),
        published_at: ctx.now().micros(),
    }
}

fn state(row: &ArticleRow) -> Result<State> {
    State::parse(&row.state).ok_or_else(|| Error::internal("an article in an unknown state"))
}

fn labels(json: &str) -> Result<Vec<String>> {
    serde_json::from_str(json).map_err(Error::internal)
}

fn candidate(version: &VersionRow) -> Result<Candidate> {
    let tags = labels(&version.tags)?.join(" ");
    Ok(Candidate {
        title: version.title.clone(),
        body: [version.symptom.as_str(), &tags, &version.cause, &version.solution].join("\n"),
        item_codes: labels(&version.item_codes)?,
    })
}

async fn counts(exec: &Exec<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, CountRow>> {
    Ok(store::counts(exec, ids).await?.into_iter().map(|row| (row.article_id, row)).collect())
}

/// The working copy as a line.
fn item(
    row: &ArticleRow,
    newest: Option<&VersionRow>,
    count: CountRow,
    now: Timestamp,
) -> Result<ArticleItem> {
    let published_at = newest.map(|version| Timestamp::from_micros(version.published_at));
    Ok(ArticleItem {
        id: KnowledgeArticleId(row.id),
        number: row.number.clone(),
        title: row.title.clone(),
        symptom: row.symptom.clone(),
        item_codes: labels(&row.item_codes)?,
        tags: labels(&row.tags)?,
        audience: Audience::of(&row.audience),
        state: state(row)?,
        version: row.version,
        author_name: row.author_name.clone(),
        updated_at: Timestamp::from_micros(row.updated_at),
        published_at,
        stale: published_at.is_some_and(|at| at < now.minus(FRESH)),
        helpful: count.helpful,
        unhelpful: count.unhelpful,
        used: count.used,
        matched: Vec::new(),
    })
}

/// The newest published version as a line: what readers see, whatever is being written.
fn as_published(
    row: &ArticleRow,
    newest: Option<&VersionRow>,
    count: CountRow,
    now: Timestamp,
) -> Result<ArticleItem> {
    let version = newest.ok_or_else(|| Error::not_found("article"))?;
    let mut found = item(row, newest, count, now)?;
    found.title.clone_from(&version.title);
    found.symptom.clone_from(&version.symptom);
    found.item_codes = labels(&version.item_codes)?;
    found.tags = labels(&version.tags)?;
    found.audience = Audience::of(&version.audience);
    found.author_name.clone_from(&version.author_name);
    found.state = State::Published;
    Ok(found)
}

async fn note_change(
    tx: &mut Tx,
    ctx: &Ctx,
    row: &ArticleRow,
    step: &str,
    reason: Option<&str>,
) -> Result<()> {
    let mut entry = AuditEntry::new("service_article_changed")
        .on(ARTICLE, row.id)
        .organisation(&row.organisation_path)
        .detail(serde_json::json!({"step": step, "state": row.state, "version": row.version}));
    if let Some(reason) = reason {
        entry = entry.reason(reason.to_owned());
    }
    tx.audit(ctx, entry);
    tx.publish(&ServiceRecordChanged {
        kind: "article".into(),
        id: row.id,
        state: row.state.clone(),
        organisation_path: row.organisation_path.clone(),
    })
    .await
}
