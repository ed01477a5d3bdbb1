//! Hand-over and destruction (移交与销毁, 9.3 and 附件3 二.13): a list at the end of the contract, or when a person leaves.
//!
//! The provider hands over or destroys, the bureau witnesses, item by item; both certificates are printed from the list.

mod api;
mod ops;
mod paper;
mod store;
pub mod wire;

pub use api::router;
