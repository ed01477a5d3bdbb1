//! Boosted decision trees, read from the committed weights.
//!
//! Weights: `TMBC`, features u8, outputs u8, trees u16 LE (tree k adds to output k mod outputs), offsets of the
//! outputs f32 LE; each tree: nodes u8, then per node feature u8 (255 = leaf), left u8, right u8, threshold or
//! leaf value f32 LE. A feature not above the threshold goes left.
//!
//! A walk down a tree takes as many steps as the tree is deep, whatever the features: a leaf leads to itself. So the
//! processor has nothing to guess wrong, and several trees are walked at once. Walks that end at their leaf are
//! half as many steps but take several times as long.

use std::hint;

/// Trees that are walked at once.
const GROUP: usize = 8;

/// A leaf is a node that leads to itself.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// Threshold of a branch, value of a leaf.
    value: f32,
    feature: u8,
    /// Nodes from here to the next one when the feature is above the threshold, and when it is not.
    above: u8,
    not_above: u8,
}

/// Up to [`GROUP`] trees.
#[derive(Debug, Clone, Copy)]
struct Group {
    /// Steps to the deepest leaf.
    depth: u8,
    /// Trees, of which the roots beyond are the last again.
    count: u8,
    roots: [usize; GROUP],
}

/// Trees whose values add up.
#[derive(Debug, Clone)]
struct Output {
    offset: f32,
    groups: Vec<Group>,
}

/// A trained classifier.
#[derive(Debug, Clone)]
pub struct Trees {
    nodes: Vec<Node>,
    outputs: Vec<Output>,
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
        let mut out = Self { nodes: Vec::new(), outputs: Vec::new() };
        for _ in 0..classes {
            out.outputs.push(Output { offset: f32::from_le_bytes(b.take()?), groups: Vec::new() });
        }
        for k in 0..usize::from(count) {
            let (root, depth) = out.tree(&mut b, expected)?;
            out.outputs.get_mut(k % usize::from(classes))?.add(root, depth);
        }
        b.0.is_empty().then_some(out)
    }

    /// Reads a tree; its root and its depth.
    fn tree(&mut self, b: &mut Bytes, features: u8) -> Option<(usize, u8)> {
        let root = self.nodes.len();
        let [size] = b.take::<1>()?;
        let mut depths = vec![0_u8; usize::from(size)];
        for index in 0..size {
            let [feature, left, right] = b.take()?;
            let value = f32::from_le_bytes(b.take()?);
            if feature == u8::MAX {
                self.nodes.push(Node { value, feature: 0, above: 0, not_above: 0 });
                continue;
            }
            // Children come after their parent, so that every walk ends.
            let inside = |child: u8| child > index && child < size;
            if feature >= features || !inside(left) || !inside(right) {
                return None;
            }
            let below = depths.get(usize::from(index))? + 1;
            for child in [left, right] {
                let depth = depths.get_mut(usize::from(child))?;
                *depth = below.max(*depth);
            }
            self.nodes.push(Node { value, feature, above: right - index, not_above: left - index });
        }
        Some((root, depths.into_iter().max()?))
    }

    /// One of the outputs, log-odds; `None` when there are fewer.
    pub fn score(&self, output: usize, features: &[f32]) -> Option<f32> {
        let Output { offset, groups } = self.outputs.get(output)?;
        let mut sum = *offset;
        for group in groups {
            let mut at = group.roots;
            for _ in 0..group.depth {
                at = at.map(|at| self.step(at, features));
            }
            // In the order of the trees: the sum of floats depends on it.
            for at in at.into_iter().take(usize::from(group.count)) {
                sum += self.nodes.get(at).map_or(0.0, |leaf| leaf.value);
            }
        }
        Some(sum)
    }

    #[inline(always)]
    fn step(&self, at: usize, features: &[f32]) -> usize {
        let Some(node) = self.nodes.get(at) else { return at };
        let x = features.get(usize::from(node.feature)).copied().unwrap_or(0.0);
        // Told that it cannot be predicted, the compiler makes no jump of it.
        at + usize::from(hint::select_unpredictable(x <= node.value, node.not_above, node.above))
    }
}

impl Output {
    fn add(&mut self, root: usize, depth: u8) {
        match self.groups.last_mut().filter(|group| usize::from(group.count) < GROUP) {
            Some(group) => {
                group.depth = group.depth.max(depth);
                for slot in group.roots.iter_mut().skip(usize::from(group.count)) {
                    *slot = root;
                }
                group.count += 1;
            }
            None => self.groups.push(Group { depth, count: 1, roots: [root; GROUP] }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two features, two outputs, three trees: a branch over a branch, a leaf, a branch.
    fn weights() -> Vec<u8> {
        let mut b = b"TMBC".to_vec();
        b.extend([2, 2, 3, 0]);
        let node = |b: &mut Vec<u8>, head: [u8; 3], value: f32| {
            b.extend(head);
            b.extend(value.to_le_bytes());
        };
        b.extend(0.5_f32.to_le_bytes());
        b.extend((-0.25_f32).to_le_bytes());
        b.push(5);
        node(&mut b, [0, 1, 2], 1.0);
        node(&mut b, [255, 0, 0], 10.0);
        node(&mut b, [1, 3, 4], -1.0);
        node(&mut b, [255, 0, 0], 20.0);
        node(&mut b, [255, 0, 0], 30.0);
        b.push(1);
        node(&mut b, [255, 0, 0], 100.0);
        b.push(3);
        node(&mut b, [1, 1, 2], 0.0);
        node(&mut b, [255, 0, 0], 1.0);
        node(&mut b, [255, 0, 0], 2.0);
        b
    }

    #[test]
    fn each_feature_finds_its_leaf() {
        let trees = Trees::parse(&weights(), 2).expect("weights");
        let both = |features: [f32; 2]| [trees.score(0, &features), trees.score(1, &features)];
        // Equal to the threshold is not above it.
        assert_eq!(both([1.0, 0.0]), [Some(11.5), Some(99.75)]);
        assert_eq!(both([1.5, -1.0]), [Some(21.5), Some(99.75)]);
        assert_eq!(both([1.5, 0.5]), [Some(32.5), Some(99.75)]);
        // What is no number is above every threshold.
        assert_eq!(both([f32::NAN, f32::NAN]), [Some(32.5), Some(99.75)]);
        assert_eq!(trees.score(2, &[0.0, 0.0]), None);
    }

    #[test]
    fn broken_weights_are_none() {
        let good = weights();
        assert!(Trees::parse(&good, 3).is_none());
        for length in 0..good.len() {
            assert!(Trees::parse(&good[..length], 2).is_none(), "{length} bytes");
        }
        // A child before its parent, a feature that does not exist.
        for (at, value) in [(18, 0), (17, 2)] {
            let mut bad = good.clone();
            bad[at] = value;
            assert!(Trees::parse(&bad, 2).is_none(), "{at}");
        }
    }
}
