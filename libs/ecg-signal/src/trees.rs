//! Boosted decision trees, read from the committed weights.
//!
//! Weights: `TMBC`, features u8, outputs u8, trees u16 LE (tree k adds to output k mod outputs), offsets of the
//! outputs f32 LE; each tree: nodes u8, then per node feature u8 (255 = leaf), left u8, right u8, threshold or
//! leaf value f32 LE. A feature not above the threshold goes left.

#[derive(Debug, Clone, Copy)]
struct Node {
    feature: u8,
    left: u8,
    right: u8,
    value: f32,
}

/// A trained classifier.
#[derive(Debug, Clone)]
pub struct Trees {
    offsets: Vec<f32>,
    nodes: Vec<Node>,
    /// First node of each tree.
    roots: Vec<usize>,
}

struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }
}

impl Trees {
    /// `None` when the bytes are no weights for `features` features.
    pub fn parse(bytes: &[u8], features: usize) -> Option<Self> {
        let mut b = Bytes(bytes);
        if b.take::<4>()? != *b"TMBC" {
            return None;
        }
        let [expected, classes] = b.take::<2>()?;
        if usize::from(expected) != features || classes == 0 {
            return None;
        }
        let count = u16::from_le_bytes(b.take()?);
        let mut out = Self { offsets: Vec::new(), nodes: Vec::new(), roots: Vec::new() };
        for _ in 0..classes {
            out.offsets.push(f32::from_le_bytes(b.take()?));
        }
        for _ in 0..count {
            out.roots.push(out.nodes.len());
            let [size] = b.take::<1>()?;
            for index in 0..size {
                let [feature, left, right] = b.take()?;
                let value = f32::from_le_bytes(b.take()?);
                // Children come after their parent, so that every walk ends.
                let leaf = feature == u8::MAX;
                if !leaf
                    && (feature >= expected
                        || left <= index
                        || right <= index
                        || left >= size
                        || right >= size)
                {
                    return None;
                }
                out.nodes.push(Node { feature, left, right, value });
            }
        }
        b.0.is_empty().then_some(out)
    }

    /// The outputs: log-odds.
    pub fn scores(&self, features: &[f32]) -> Vec<f32> {
        let mut scores = self.offsets.clone();
        let outputs = scores.len();
        for (k, root) in self.roots.iter().enumerate() {
            let mut at = *root;
            while let Some(node) = self.nodes.get(at) {
                if node.feature == u8::MAX {
                    if let Some(score) = scores.get_mut(k % outputs) {
                        *score += node.value;
                    }
                    break;
                }
                let x = features.get(usize::from(node.feature)).copied().unwrap_or(0.0);
                at = root + usize::from(if x <= node.value { node.left } else { node.right });
            }
        }
        scores
    }
}
