//! States of an examination and what leads from one to the next.
//!
//! ```text
//! registered --upload--> acquired --submit--> submitted --claim--> reading --sign--> awaiting_review
//!   awaiting_review --claim_review--> reviewing --approve--> published --withdraw--> withdrawn --claim--> reading
//!   reading --release--> submitted        reviewing --release--> awaiting_review    reviewing --return--> submitted
//!   reading --request_retake--> retake_requested --upload--> acquired
//!   registered | acquired | submitted | retake_requested --void--> voided
//! ```

use kernel::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where an examination stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExamState {
    /// 已登记
    Registered,
    /// 已采集
    Acquired,
    /// 待判读
    Submitted,
    /// 判读中
    Reading,
    /// 待审核
    AwaitingReview,
    /// 审核中
    Reviewing,
    /// 已发布
    Published,
    /// 退回重采
    RetakeRequested,
    /// 已撤回
    Withdrawn,
    /// 已作废
    Voided,
}

impl ExamState {
    pub const ALL: [Self; 10] = [
        Self::Registered,
        Self::Acquired,
        Self::Submitted,
        Self::Reading,
        Self::AwaitingReview,
        Self::Reviewing,
        Self::Published,
        Self::RetakeRequested,
        Self::Withdrawn,
        Self::Voided,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Acquired => "acquired",
            Self::Submitted => "submitted",
            Self::Reading => "reading",
            Self::AwaitingReview => "awaiting_review",
            Self::Reviewing => "reviewing",
            Self::Published => "published",
            Self::RetakeRequested => "retake_requested",
            Self::Withdrawn => "withdrawn",
            Self::Voided => "voided",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Which worklist shows it.
    pub fn queue(self) -> Option<&'static str> {
        match self {
            Self::Submitted | Self::Reading => Some("read"),
            Self::AwaitingReview | Self::Reviewing => Some("review"),
            _ => None,
        }
    }
}

/// What a person does to an examination.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EcgAction {
    Upload,
    Submit,
    Claim,
    Release,
    SaveReport,
    Sign,
    ClaimReview,
    Approve,
    Return,
    RequestRetake,
    Withdraw,
    Void,
    EditRegistration,
}

impl EcgAction {
    pub const ALL: [Self; 13] = [
        Self::Upload,
        Self::Submit,
        Self::Claim,
        Self::Release,
        Self::SaveReport,
        Self::Sign,
        Self::ClaimReview,
        Self::Approve,
        Self::Return,
        Self::RequestRetake,
        Self::Withdraw,
        Self::Void,
        Self::EditRegistration,
    ];

    /// The state that this action leads to, or `None` where it makes no sense.
    pub fn next(self, state: ExamState) -> Option<ExamState> {
        use ExamState as S;
        match (self, state) {
            (Self::Upload, S::Registered | S::Acquired | S::RetakeRequested) => Some(S::Acquired),
            (Self::Submit, S::Acquired) => Some(S::Submitted),
            (Self::Claim, S::Submitted | S::Withdrawn) => Some(S::Reading),
            (Self::Release, S::Reading) => Some(S::Submitted),
            (Self::Release, S::Reviewing) => Some(S::AwaitingReview),
            (Self::SaveReport, S::Reading) => Some(S::Reading),
            (Self::Sign, S::Reading) => Some(S::AwaitingReview),
            (Self::ClaimReview, S::AwaitingReview) => Some(S::Reviewing),
            (Self::Approve, S::Reviewing) => Some(S::Published),
            (Self::Return, S::Reviewing) => Some(S::Submitted),
            (Self::RequestRetake, S::Reading) => Some(S::RetakeRequested),
            (Self::Withdraw, S::Published) => Some(S::Withdrawn),
            (Self::Void, S::Registered | S::Acquired | S::Submitted | S::RetakeRequested) => Some(S::Voided),
            (Self::EditRegistration, S::Registered | S::Acquired | S::Submitted | S::RetakeRequested) => {
                Some(state)
            }
            _ => None,
        }
    }

    /// The next state, or the error that says what stands in the way.
    pub fn apply(self, state: ExamState) -> Result<ExamState> {
        self.next(state).ok_or_else(|| {
            Error::conflict(
                "state_conflict",
                format!("not possible while the examination is {}", state.as_str()),
            )
            .with("state", state.as_str())
        })
    }
}

/// How soon a report is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// 危急
    Stat,
    /// 加急
    Urgent,
    /// 普通
    Routine,
}

impl Urgency {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stat => "stat",
            Self::Urgent => "urgent",
            Self::Routine => "routine",
        }
    }

    /// Order in worklists: smaller first.
    pub fn rank(self) -> i32 {
        match self {
            Self::Stat => 0,
            Self::Urgent => 1,
            Self::Routine => 2,
        }
    }

    pub fn from_stored(text: &str) -> Self {
        match text {
            "stat" => Self::Stat,
            "urgent" => Self::Urgent,
            _ => Self::Routine,
        }
    }
}

/// Why a recording must be taken again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RetakeReason {
    LeadReversal,
    Interference,
    LeadOff,
    WrongPatient,
    Other,
}

impl RetakeReason {
    pub fn text_zh(self) -> &'static str {
        match self {
            Self::LeadReversal => "导联反接",
            Self::Interference => "干扰",
            Self::LeadOff => "导联脱落",
            Self::WrongPatient => "患者不符",
            Self::Other => "其他",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_but_the_last_leads_somewhere_and_nothing_leads_out_of_voided() {
        for state in ExamState::ALL {
            let exits =
                EcgAction::ALL.iter().filter(|a| a.next(state).is_some_and(|next| next != state)).count();
            assert_eq!(exits == 0, state == ExamState::Voided, "{state:?} has {exits} exits");
            assert_eq!(ExamState::parse(state.as_str()), Some(state));
        }
    }

    #[test]
    fn a_published_report_can_only_be_withdrawn() {
        let possible: Vec<_> =
            EcgAction::ALL.into_iter().filter(|a| a.next(ExamState::Published).is_some()).collect();
        assert_eq!(possible, [EcgAction::Withdraw]);
    }
}
