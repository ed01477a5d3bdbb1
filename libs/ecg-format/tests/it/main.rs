//! Reads the shared sample recordings and compares with reference programs.

mod compact;
mod hostile;
mod resting;
mod samples;
mod wfdb;
