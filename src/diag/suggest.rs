//! Did you mean: the known name that a mistyped one probably stands for.

/// The candidate closest to `given`, if it is close enough to be a typing mistake: at most a third of its length in
/// insertions, deletions, substitutions and swaps, letter case not counted. Ties go to the first candidate.
///
/// ```
/// use rutter::diag::closest;
/// assert_eq!(closest("Deploymnet", ["Pod", "Deployment"]), Some("Deployment"));
/// assert_eq!(closest("x", ["Pod", "Deployment"]), None);
/// ```
pub fn closest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Names of this field are short; what is longer is no mistyped name and would cost quadratic time.
    const LONGEST: usize = 128;
    let wanted: Vec<char> = given.chars().flat_map(char::to_lowercase).take(LONGEST + 1).collect();
    if wanted.is_empty() || wanted.len() > LONGEST {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let letters: Vec<char> = candidate.chars().flat_map(char::to_lowercase).take(LONGEST).collect();
        let allowed = (wanted.len().max(letters.len()) / 3).max(1);
        if letters.len().abs_diff(wanted.len()) > allowed || (wanted.len() < 3 && letters != wanted) {
            continue;
        }
        let distance = distance(&wanted, &letters);
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The sentence for a hint: ``did you mean `x`?``, or nothing.
pub fn did_you_mean<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    closest(given, candidates).map(|name| format!("did you mean `{name}`?"))
}

/// Edit distance with adjacent swaps (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (above[j] + 1).min(row[j - 1] + 1).min(above[j - 1] + cost);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn counts_a_swap_as_one_mistake() {
        assert_eq!(closest("lsit", ["get", "list", "find"]), Some("list"));
    }

    #[test]
    fn offers_nothing_for_a_different_word() {
        assert_eq!(closest("banana", ["get", "list", "find"]), None);
    }
}
