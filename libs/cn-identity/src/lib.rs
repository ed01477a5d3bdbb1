//! Identity rules of the Chinese health system: numbers of persons and organisations, names, masks, pinyin.
//!
//! Purpose: one place that says whether a number is well formed, what it carries (birth date, sex, region)
//! and how it may be shown. Everything is a pure function of its arguments.
//!
//! Invariants:
//! - a parsed value is valid: its constructor is the only way to make it, and `as_str` is its one normal form
//!   (upper case, no separators, legacy ID cards lengthened to 18 digits), so equal strings mean equal numbers;
//! - bad input gives a typed [`IdError`] with a stable code, never a guess and never a panic;
//! - nothing here knows today's date: where it matters it is an argument.
//!
//! Deliberately absent: whether a number was really issued (only the issuing office knows), bank cards, and
//! face or chip verification.
//!
//! Start reading at [`IdCard`]; [`classify`] and [`cli`] put the kinds together.

mod birth_certificate;
mod classify;
pub mod cli;
mod error;
mod id_card;
mod mask;
mod name;
mod newborn;
mod organization;
mod passport;
mod permit;
mod phone;
mod pinyin_text;
mod record_number;
mod region;
mod text;

pub use birth_certificate::BirthCertificate;
pub use classify::{Finding, IdKind, classify};
pub use error::IdError;
pub use id_card::{IdCard, IdCardKind, Sex};
pub use mask::{
    mask, mask_address, mask_id_number, mask_name, mask_organization, mask_phone, mask_record_number,
};
pub use name::{COMPOUND_SURNAMES, PersonName};
pub use newborn::NewbornIdentifier;
pub use organization::{
    CreditCode, HealthInstitutionCode, InsuredInstitutionCode, InsuredInstitutionKind, OrganizationCode,
};
pub use passport::{Passport, PassportKind};
pub use permit::{ForeignPermanentResident, TravelPermit, TravelPermitKind};
pub use phone::{Phone, PhoneKind};
pub use pinyin_text::{
    pinyin_full, pinyin_initials, pinyin_initials_variants, pinyin_syllables, text_initials,
};
pub use record_number::{HealthRecordNumber, VillageCode, health_record_number};
pub use region::{Region, region, region_history};

/// The calendar date type of this crate's interface.
pub use jiff::civil::Date;
