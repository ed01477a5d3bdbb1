//! Moves the limits of waves by a trained ensemble of regression trees.
//!
//! Trained on the even records of LUDB alone by `training/waves.py`; the odd ones judge it (docs/accuracy.md). The weights are a
//! text of five ensembles, one for each limit: `limit NAME TREES`, then for each tree one line of nodes `feature threshold
//! left right` or `value`, separated by `;`, children by their position in the line.

use crate::waves::{Features, Limit};
use std::sync::OnceLock;

const WEIGHTS: &str = include_str!("waves.trees");
/// No limit moves further than this, ms.
const MOST_MS: f64 = 40.0;

#[derive(Debug)]
enum Node {
    Split { feature: usize, threshold: f64, left: usize, right: usize },
    Leaf(f64),
}

type Ensemble = Vec<Vec<Node>>;

fn ensembles() -> &'static [Ensemble] {
    static READ: OnceLock<Vec<Ensemble>> = OnceLock::new();
    READ.get_or_init(|| {
        let mut found: Vec<Ensemble> = Vec::new();
        for line in WEIGHTS.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
            if line.starts_with("limit ") {
                found.push(Vec::new());
            } else if let Some(ensemble) = found.last_mut() {
                ensemble.push(line.split(';').filter_map(node).collect());
            }
        }
        found
    })
}

fn node(text: &str) -> Option<Node> {
    let mut parts = text.split_whitespace();
    let first = parts.next()?;
    match (parts.next(), parts.next(), parts.next()) {
        (Some(threshold), Some(left), Some(right)) => Some(Node::Split {
            feature: first.parse().ok()?,
            threshold: threshold.parse().ok()?,
            left: left.parse().ok()?,
            right: right.parse().ok()?,
        }),
        _ => Some(Node::Leaf(first.parse().ok()?)),
    }
}

fn value(tree: &[Node], features: &Features) -> f64 {
    let mut at = 0;
    // A tree is never deeper than it has nodes.
    for _ in 0..tree.len() {
        match tree.get(at) {
            Some(Node::Leaf(value)) => return *value,
            Some(Node::Split { feature, threshold, left, right }) => {
                let value = features.get(*feature).copied().unwrap_or(0.0);
                at = if value <= *threshold { *left } else { *right };
            }
            None => return 0.0,
        }
    }
    0.0
}

/// By how much a limit moves, ms.
pub(crate) fn shift_ms(limit: Limit, features: &Features) -> f64 {
    let index = Limit::ALL.iter().position(|l| *l == limit).unwrap_or(0);
    let sum: f64 = ensembles().get(index).map_or(0.0, |trees| trees.iter().map(|t| value(t, features)).sum());
    sum.clamp(-MOST_MS, MOST_MS)
}
