//! Identity: the organisation tree of the region, the people who work in it, and who may sign in as what.
//!
//! Start reading at [`model`] (what there is), then `sign_in.rs` (how a session comes to be) and [`authenticate`] (how a
//! request becomes somebody's).
//!
//! Invariants: a password exists only as an Argon2id hash, a session token only as its SM3. An organisation's path is
//! its parent's path plus four digits and never changes. Roles that exclude each other are never held together. Nobody
//! changes their own roles. Nothing is deleted: accounts are disabled, staff and organisations made inactive.
//!
//! Deliberately absent: what a role may do (`definitions/policies/`), people as patients (crate `patients`).

mod api;
mod directory;
mod model;
mod ops;
mod password;
mod queries;
mod rows;
mod session;
mod sign_in;
mod store;
mod wire;

pub use directory::directory;
pub use model::{NewOrganisation, NewStaff, RoleRequest};
pub use ops::{
    create_account, create_department, create_organisation, create_resident_account, create_staff,
    end_sessions, find_organisation_by_code, set_roles,
};
pub use session::authenticate;
pub use wire::DepartmentInput;

use platform::{Migration, Module, Platform};

/// The migrations of this crate.
pub const MIGRATIONS: &[Migration] = &[Migration {
    owner: "identity",
    version: 1,
    name: "identity",
    sql: include_str!("../../../migrations/identity/0001_identity.sql"),
}];

/// Routes of this crate. Sessions need [`authenticate`] around all routes of the server.
pub fn module(_platform: &Platform) -> Module {
    Module { router: api::router(), ..Module::default() }
}
