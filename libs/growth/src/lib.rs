//! Growth of children and of pregnancies against published references.
//!
//! Purpose: z-scores and centiles of WHO 2006 (0–60 months), WHO 2007 (5–19 years) and WS/T 423-2022 (under
//! 7 years), the classes drawn from them, curves as points for any chart; and for pregnancy the due date with
//! its re-dating rules, fundal height, crown-rump length, fetal weight and weight gain.
//!
//! Invariants:
//! - every index has a score or a typed [`Reason`] why it has none; nothing is guessed, nothing panics;
//! - z-scores are rounded to two decimals as the WHO programs round them; flags look at the rounded score;
//! - tables live under `definitions/growth/`, made by `importer/tables.py` from the official layouts; each
//!   names its source, edition and date in force, and every [`Assessment`] names the edition it used.
//!
//! Deliberately absent: diagnosis and advice (a score is not a diagnosis), surveys' prevalence estimates, WS/T
//! 612 / 586 / 456 for schoolchildren, whose tables are not at hand, and newborn size at birth.
//!
//! Start reading at [`assess`]; pregnancy begins at [`pregnancy`] and [`dating`].

mod child;
mod classes;
pub mod cli;
mod curve;
pub mod dating;
mod math;
pub mod pregnancy;
mod table;
mod wst423;

pub use child::{
    Age, Assessment, Flag, Indicator, Measurement, Position, Reason, Reference, Score, assess, corrected_age,
    reference_for_age,
};
pub use classes::{
    LengthClass, Level, MAIN_CENTILES, NutritionClass, WeightClass, centile_channels_crossed,
    level_by_percentile, level_by_sd, nutrition,
};
pub use curve::{CurvePoint, curve, percentile_curve};
pub use math::{percentile_of_z, z_of_percentile};
pub use table::Sex;

/// The calendar date type of this crate's interface.
pub use jiff::civil::Date;
