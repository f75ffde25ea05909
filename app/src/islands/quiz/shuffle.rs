//! The order in which a screen shows things: different at each try, the same when drawn again.

/// Returns the positions `0..len` in the order for this try.
pub(super) fn positions(len: usize, seed: usize) -> Vec<u8> {
    let mut order: Vec<u8> = (0u8..).take(len).collect();
    let mut state = (seed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
    for at in (1..len).rev() {
        // Splitmix64; good enough to mix five cards.
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let other = usize::try_from((mixed ^ (mixed >> 31)) % (at as u64 + 1)).unwrap_or(0);
        order.swap(at, other);
    }
    order
}

/// Returns an order for this try in which not everything stands at its right place already.
pub(super) fn disorder(len: usize, seed: usize) -> Vec<u8> {
    let order = positions(len, seed);
    let in_place = order.iter().enumerate().all(|(place, at)| usize::from(*at) == place);
    if in_place && len > 1 { order.into_iter().rev().collect() } else { order }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_try_shows_everything_once_and_never_the_solution() {
        for len in 2..6 {
            for seed in 0..50 {
                let mut order = disorder(len, seed);
                let solved: Vec<u8> = (0u8..).take(len).collect();
                assert_ne!(order, solved);
                order.sort_unstable();
                assert_eq!(order, solved);
            }
        }
        assert_eq!(positions(4, 3), positions(4, 3));
        let different: std::collections::BTreeSet<_> = (0..20).map(|seed| positions(4, seed)).collect();
        assert!(different.len() > 5);
    }
}
