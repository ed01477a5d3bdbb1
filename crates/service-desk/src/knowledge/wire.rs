//! Requests and responses of the knowledge base.

use kernel::{KnowledgeArticleId, ServiceTicketId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Who may read an article once it is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ArticleAudience)]
pub enum Audience {
    /// The provider's people alone.
    Provider,
    /// Whoever may open a ticket.
    Everybody,
}

impl Audience {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Everybody => "everybody",
        }
    }

    /// What is not known is for the provider alone.
    pub fn of(text: &str) -> Self {
        if text == "everybody" { Self::Everybody } else { Self::Provider }
    }
}

/// Where the working copy of an article stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ArticleState)]
pub enum State {
    /// Being written.
    Draft,
    /// Waits for a second person.
    Review,
    /// As published.
    Published,
    /// Nobody but editors reads it any more.
    Withdrawn,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Draft, Self::Review, Self::Published, Self::Withdrawn];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Review => "review",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What an article says.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ArticleInput)]
pub struct ArticleInput {
    pub title: String,
    pub audience: Audience,
    /// Codes of the contract's items, such as `ecg`; empty: of no single one.
    #[serde(default)]
    pub item_codes: Vec<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    /// What people see and say.
    pub symptom: String,
    #[serde(default)]
    pub cause: String,
    /// What to do, a step a line.
    pub solution: String,
    /// The ticket that it was learned from; given once, when the article is begun.
    pub source_ticket_id: Option<ServiceTicketId>,
}

/// A step of an article.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = ArticleStep)]
pub enum Step {
    /// Rewrites the working copy; what is published stays readable.
    Save {
        article: ArticleInput,
        /// The version that was read.
        row_version: i64,
    },
    /// Hands it to a second person.
    Submit,
    /// Makes the working copy what everybody reads; not by who wrote it.
    Publish,
    /// Gives it back to its author.
    Return { reason: String },
    /// Takes it away from readers.
    Withdraw { reason: String },
    /// Takes a withdrawn article up again, as a draft.
    Restore,
    /// Says whether it helped; a later word replaces an earlier one.
    Vote {
        helpful: bool,
        /// What was missing or wrong.
        comment: Option<String>,
    },
}

/// A line of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ArticleItem)]
pub struct ArticleItem {
    pub id: KnowledgeArticleId,
    pub number: String,
    pub title: String,
    pub symptom: String,
    pub item_codes: Vec<String>,
    pub tags: Vec<String>,
    pub audience: Audience,
    pub state: State,
    /// Number of the newest published version, 0 while there is none.
    pub version: i32,
    pub author_name: String,
    pub updated_at: Timestamp,
    pub published_at: Option<Timestamp>,
    /// Published more than a year ago: somebody should read it again.
    pub stale: bool,
    pub helpful: i64,
    pub unhelpful: i64,
    /// Tickets that were solved with it.
    pub used: i64,
    /// Of a search: what of the query it holds, to be marked.
    pub matched: Vec<String>,
}

/// An article as the caller may read it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Article)]
pub struct ArticleView {
    #[serde(flatten)]
    pub item: ArticleItem,
    pub cause: String,
    pub solution: String,
    pub remark: Option<String>,
    pub source_ticket_id: Option<ServiceTicketId>,
    pub published_by_name: Option<String>,
    /// Earlier and present published versions, newest first; of editors alone.
    pub versions: Vec<ArticleVersion>,
    /// The caller's own word, where there is one.
    pub own_vote: Option<bool>,
    /// Words of readers; of editors alone.
    pub votes: Vec<ArticleVote>,
    pub allowed_actions: Vec<String>,
    pub row_version: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleVersion {
    pub version: i32,
    pub title: String,
    pub audience: Audience,
    pub symptom: String,
    pub cause: String,
    pub solution: String,
    pub author_name: String,
    pub published_by_name: String,
    pub published_at: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleVote {
    pub by_name: String,
    pub helpful: bool,
    pub comment: Option<String>,
    pub at: Timestamp,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ArticleQuery {
    #[param(inline)]
    pub state: Option<State>,
    pub item_code: Option<String>,
    pub tag: Option<String>,
    /// Only those that the caller wrote last.
    #[serde(default)]
    pub mine: bool,
    /// Only those published more than a year ago.
    #[serde(default)]
    pub stale: bool,
    pub cursor: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u16>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// What is looked for: a word, or the whole title of a ticket.
    pub q: String,
    /// The item of the contract that it is likely about.
    pub item_code: Option<String>,
    /// A suggestion made by the program, which nobody typed: what it does not find is not noted.
    #[serde(default)]
    pub suggestion: bool,
    /// 1 to 50, 20 unless told.
    pub limit: Option<u16>,
}

/// What was looked for and not found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SearchMiss)]
pub struct MissView {
    pub query: String,
    pub times: i32,
    pub last_at: Timestamp,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SearchMissInput)]
pub struct MissInput {
    pub query: String,
}
