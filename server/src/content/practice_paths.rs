//! Ways through a practice: which screens can be reached, and from which the goal can.

use std::collections::BTreeSet;

/// Returns the screens that no way from `start` leads to. `ways[i]` are the screens that screen `i` leads to.
pub(super) fn unreachable(start: usize, ways: &[Vec<usize>]) -> Vec<usize> {
    let reached = closure(BTreeSet::from([start]), |at| ways.get(at).cloned().unwrap_or_default());
    (0..ways.len()).filter(|at| !reached.contains(at)).collect()
}

/// Returns the screens from which no way leads to one of `goals`.
pub(super) fn dead_ends(goals: &[usize], ways: &[Vec<usize>]) -> Vec<usize> {
    let before = |to: usize| (0..ways.len()).filter(|from| ways[*from].contains(&to)).collect();
    let saved = closure(goals.iter().copied().collect(), before);
    (0..ways.len()).filter(|at| !saved.contains(at)).collect()
}

fn closure(mut known: BTreeSet<usize>, next: impl Fn(usize) -> Vec<usize>) -> BTreeSet<usize> {
    let mut open: Vec<usize> = known.iter().copied().collect();
    while let Some(at) = open.pop() {
        open.extend(next(at).into_iter().filter(|to| known.insert(*to)));
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_lost_screens_and_dead_ends() {
        // 0 → 1 → 3 (goal); 2 → 3 is never reached; 4 ↔ 5 is a trap that 1 leads into.
        let ways = [vec![1], vec![3, 4], vec![3], vec![], vec![5], vec![4]];
        assert_eq!(unreachable(0, &ways), vec![2]);
        assert_eq!(dead_ends(&[3], &ways), vec![4, 5]);
        assert_eq!(dead_ends(&[], &ways), vec![0, 1, 2, 3, 4, 5]);
    }
}
