//! Typed identifiers. All are UUIDv7: sortable by creation, made by the request context and never by the database.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Declares an identifier newtype.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String, format = Uuid)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The raw UUID, for storage.
            pub fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(value: Uuid) -> Self {
                Self(value)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

id!(
    /// A node of the organisation tree (机构).
    OrganisationId
);
id!(
    /// A department of an organisation (科室).
    DepartmentId
);
id!(
    /// A member of staff (医务人员), whether or not they may sign in.
    StaffId
);
id!(
    /// Something that signs in: a member of staff or a resident.
    AccountId
);
id!(
    /// A person of the master index (居民主索引).
    PatientId
);
id!(
    /// One ECG examination (心电检查).
    EcgExamId
);
id!(
    /// One decoded ECG recording (心电记录).
    EcgRecordingId
);
id!(
    /// A service contract (服务合同).
    ServiceContractId
);
id!(
    /// A ticket of the service desk (服务工单).
    ServiceTicketId
);
id!(
    /// An article of the knowledge base (知识条目).
    KnowledgeArticleId
);
id!(
    /// A request to change data (数据修改申请).
    DataCorrectionId
);
id!(
    /// A new requirement (需求).
    RequirementId
);
id!(
    /// A security or system incident (信息安全事件).
    IncidentId
);
id!(
    /// One inspection, planned or done (巡检).
    InspectionId
);
id!(
    /// A line of the penalty ledger (违约金).
    PenaltyId
);
