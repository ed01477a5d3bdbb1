//! The service regime: what the rest of the region may know of the desk.

use crate::Event;
use async_trait::async_trait;
use kernel::{Result, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A record of the service regime changed: a ticket, an incident, a requirement, an inspection and the like.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServiceRecordChanged {
    /// `ticket`, `data_correction`, `requirement`, `incident`, `roster`, `inspection`, `penalty`, `contract`, `article`,
    /// `intake` or `duty`.
    pub kind: String,
    pub id: Uuid,
    pub state: String,
    pub organisation_path: String,
}

impl Event for ServiceRecordChanged {
    const TOPIC: &'static str = "service_record_changed";
    fn resource_id(&self) -> Uuid {
        self.id
    }
    fn organisation_path(&self) -> Option<&str> {
        Some(&self.organisation_path)
    }
}

/// What an inspection asks a monitoring system about one piece of equipment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingQuery {
    /// What monitoring calls the equipment.
    pub equipment: String,
    /// Codes of the checklist, such as `pool_usage`.
    pub items: Vec<String>,
}

/// A measured or judged state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadingValue {
    /// In order or not, and what it is where it is not.
    Check {
        normal: bool,
        note: Option<String>,
    },
    /// A decimal number in the unit of the item.
    Number(String),
    Text(String),
}

/// One reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub equipment: String,
    pub item: String,
    pub value: ReadingValue,
    pub measured_at: Timestamp,
    /// Which system or probe says so.
    pub source: String,
}

/// Reads of a monitoring system for inspections. Whatever it says is confirmed by a person.
#[async_trait]
pub trait InspectionReadings: Send + Sync {
    /// The newest reading not older than `since` of each item asked for; what is not known is left out.
    async fn readings(&self, wanted: &[ReadingQuery], since: Timestamp) -> Result<Vec<Reading>>;
}
