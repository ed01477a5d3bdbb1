//! What identity deals in, and the rules that need no database.

use kernel::{DepartmentId, Error, FieldError, OrganisationId, Result, Timestamp};
use ports::identity::OrganisationKind;
use ports::patients::Sex;

/// An organisation to add to the tree.
#[derive(Clone, Debug)]
pub struct NewOrganisation {
    pub parent_id: Option<OrganisationId>,
    pub kind: OrganisationKind,
    /// Unique in the region: institution code, or 12-digit division code for a village clinic.
    pub code: String,
    pub name: String,
    pub short_name: Option<String>,
    pub address: Option<String>,
    pub phone: Option<String>,
    /// WGS 84, degrees.
    pub longitude: Option<f64>,
    pub latitude: Option<f64>,
}

/// A member of staff to add.
#[derive(Clone, Debug)]
pub struct NewStaff {
    pub name: String,
    pub sex: Sex,
    pub title: Option<String>,
    pub licence_number: Option<String>,
    pub phone: Option<String>,
    pub organisation_id: OrganisationId,
    pub department_id: Option<DepartmentId>,
}

/// A role to hold over the subtree of an organisation, perhaps until a day.
#[derive(Clone, Debug)]
pub struct RoleRequest {
    pub role: String,
    pub scope_organisation_id: OrganisationId,
    pub expires_at: Option<Timestamp>,
}

/// The stored form of an organisation kind.
pub fn kind_text(kind: OrganisationKind) -> &'static str {
    match kind {
        OrganisationKind::Region => "region",
        OrganisationKind::Bureau => "bureau",
        OrganisationKind::CountyHospital => "county_hospital",
        OrganisationKind::DiagnosisCentre => "diagnosis_centre",
        OrganisationKind::TownHealthCentre => "town_health_centre",
        OrganisationKind::VillageClinic => "village_clinic",
        OrganisationKind::ServiceProvider => "service_provider",
    }
}

/// Reads the stored form of an organisation kind.
pub fn kind_from_text(text: &str) -> Result<OrganisationKind> {
    let all = [
        OrganisationKind::Region,
        OrganisationKind::Bureau,
        OrganisationKind::CountyHospital,
        OrganisationKind::DiagnosisCentre,
        OrganisationKind::TownHealthCentre,
        OrganisationKind::VillageClinic,
        OrganisationKind::ServiceProvider,
    ];
    all.into_iter()
        .find(|k| kind_text(*k) == text)
        .ok_or_else(|| Error::internal(format!("organisation kind {text:?}")))
}

/// Trims a required text and checks its length in characters.
pub fn required(field: &str, text: &str, longest: usize, errors: &mut Vec<FieldError>) -> String {
    let text = text.trim();
    if text.is_empty() {
        errors.push(field_error(field, "required", "must not be empty"));
    } else if text.chars().count() > longest {
        errors.push(field_error(field, "too_long", &format!("at most {longest} characters")));
    } else if text.chars().any(char::is_control) {
        errors.push(field_error(field, "control_characters", "must be one line of plain text"));
    }
    text.to_owned()
}

/// The same for an optional text; blank becomes absent.
pub fn optional(
    field: &str,
    text: Option<&str>,
    longest: usize,
    errors: &mut Vec<FieldError>,
) -> Option<String> {
    let text = text.map(str::trim).filter(|t| !t.is_empty())?;
    Some(required(field, text, longest, errors))
}

pub fn field_error(field: &str, code: &str, detail: &str) -> FieldError {
    FieldError { field: field.into(), code: code.into(), detail: detail.into() }
}

/// Ends a validation: all errors at once, or none.
pub fn finish(errors: Vec<FieldError>) -> Result<()> {
    if errors.is_empty() { Ok(()) } else { Err(Error::fields(errors)) }
}

/// Degrees as integer microdegrees (0.1 m), within `limit`.
pub fn microdegrees(
    field: &str,
    degrees: Option<f64>,
    limit: f64,
    errors: &mut Vec<FieldError>,
) -> Option<i64> {
    let degrees = degrees?;
    if !degrees.is_finite() || degrees.abs() > limit {
        errors.push(field_error(field, "out_of_range", &format!("must be within ±{limit}")));
        return None;
    }
    format!("{:.0}", degrees * 1e6).parse().ok()
}
