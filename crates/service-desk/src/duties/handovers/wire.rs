//! Requests and responses about hand-over and destruction.

use crate::clock::DerivationView;
use kernel::{ServiceContractId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

macro_rules! names {
    ($kind:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        impl $kind {
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            pub fn parse(text: &str) -> Option<Self> {
                [$(Self::$variant),+].into_iter().find(|value| value.as_str() == text)
            }
        }
    };
}

/// Why there is a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HandoverOccasion)]
pub enum Occasion {
    ContractEnd,
    PersonLeft,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HandoverItemKind)]
pub enum ItemKind {
    Documents,
    Accounts,
    Equipment,
    /// Source code and configuration.
    SourceConfig,
    DataCopies,
}

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HandoverOutcome)]
pub enum Outcome {
    HandedOver,
    Destroyed,
}

/// How something was destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DestructionMethod)]
pub enum Method {
    /// 数据覆写
    Overwrite,
    /// 消磁
    Degauss,
    /// 物理销毁
    Physical,
}

/// Where a list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HandoverState)]
pub enum State {
    Open,
    Completed,
}

names!(Occasion { ContractEnd = "contract_end", PersonLeft = "person_left" });
names!(ItemKind {
    Documents = "documents",
    Accounts = "accounts",
    Equipment = "equipment",
    SourceConfig = "source_config",
    DataCopies = "data_copies",
});
names!(Outcome { HandedOver = "handed_over", Destroyed = "destroyed" });
names!(Method { Overwrite = "overwrite", Degauss = "degauss", Physical = "physical" });
names!(State { Open = "open", Completed = "completed" });

/// A line of a list.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HandoverItemInput)]
pub struct ItemInput {
    pub kind: ItemKind,
    pub description: String,
    /// Such as `2 台`.
    pub quantity: String,
}

#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HandoverInput)]
pub struct HandoverInput {
    pub occasion: Occasion,
    /// Whoever leaves; of the provider's people.
    pub person_id: Option<Uuid>,
    #[serde(default)]
    pub items: Vec<ItemInput>,
}

/// A step of a list.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = HandoverStep)]
pub enum Step {
    AddItems {
        items: Vec<ItemInput>,
    },
    HandOver {
        item_id: Uuid,
        recipient: String,
        at: Option<Timestamp>,
    },
    Destroy {
        item_id: Uuid,
        method: Method,
        /// Where, and with what.
        particulars: String,
        at: Option<Timestamp>,
    },
    /// The bureau was there. Not by whoever did it.
    Witness {
        item_id: Uuid,
    },
    /// The bureau was not there, or saw something else: the item is open again.
    Reject {
        item_id: Uuid,
        reason: String,
    },
    /// Every item is witnessed: the certificates are final.
    Complete,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HandoverEntry)]
pub struct ItemView {
    pub id: Uuid,
    pub position: i32,
    pub kind: ItemKind,
    pub description: String,
    pub quantity: String,
    pub outcome: Option<Outcome>,
    pub method: Option<Method>,
    pub particulars: Option<String>,
    pub done_by_name: Option<String>,
    pub done_at: Option<Timestamp>,
    pub witnessed_by_name: Option<String>,
    pub witnessed_at: Option<Timestamp>,
    /// `hand_over`, `destroy`, `witness`, `reject`.
    pub allowed_actions: Vec<String>,
}

/// A list of items in a list of lists.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HandoverItem)]
pub struct HandoverItem {
    pub id: Uuid,
    pub number: String,
    pub contract_id: ServiceContractId,
    pub contract_code: String,
    pub occasion: Occasion,
    pub person_id: Option<Uuid>,
    pub person_name: Option<String>,
    /// Last day, to its 24:00.
    pub due: String,
    /// Completed after its day, or open and past it.
    pub late: bool,
    pub state: State,
    pub items: i64,
    pub done: i64,
    pub witnessed: i64,
    pub opened_by_name: String,
    pub opened_at: Timestamp,
    pub completed_by_name: Option<String>,
    pub completed_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Handover)]
pub struct HandoverView {
    #[serde(flatten)]
    pub item: HandoverItem,
    pub derivation: DerivationView,
    pub entries: Vec<ItemView>,
    /// `add_items`, `complete`.
    pub allowed_actions: Vec<String>,
    pub row_version: i64,
}

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HandoverQuery {
    pub state: Option<State>,
    pub cursor: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u16>,
}

/// Which certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HandoverPaper)]
pub enum Paper {
    /// 移交清单
    #[default]
    List,
    /// 数据销毁证明
    Destruction,
}

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PaperQuery {
    #[serde(default)]
    #[param(inline)]
    pub paper: Paper,
}
