//! The service regime: what the rest of the region may know of the desk.

use crate::Event;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A record of the service regime changed: a ticket, an incident, a requirement, an inspection and the like.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServiceRecordChanged {
    /// `ticket`, `data_correction`, `requirement`, `incident`, `roster`, `inspection`, `penalty`, `contract` or `duty`.
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
