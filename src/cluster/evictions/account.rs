//! What became of each pod: exact, ordered, and the same for people, scripts and machines.

use crate::object::ObjectRef;
use crate::value::{Map, Node};
use std::time::Duration;

/// What became of a pod.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fate {
    /// It was evicted and is gone.
    Evicted,
    /// It went, and not by an eviction of ours: before it was asked to go, or after that was refused.
    Gone,
    /// Another pod has taken its name, and it did not go by an eviction of ours.
    Replaced,
    /// It was left alone on purpose.
    Skipped(String),
    /// It may not go.
    Blocked(String),
    /// It is unknown whether its eviction was done: the answer was lost, and the pod is still there.
    InDoubt(String),
    /// It was not gone in time.
    TimedOut(String),
    /// It was on its way when the run ended.
    Going(String),
    /// It was never asked to go.
    NotTried(String),
}

impl Fate {
    /// The word for scripts and reports.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Evicted => "evicted",
            Self::Gone => "gone",
            Self::Replaced => "replaced",
            Self::Skipped(_) => "skipped",
            Self::Blocked(_) => "blocked",
            Self::InDoubt(_) => "in_doubt",
            Self::TimedOut(_) => "timed_out",
            Self::Going(_) => "going",
            Self::NotTried(_) => "not_tried",
        }
    }

    /// Why, where there is something to say.
    #[must_use]
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Evicted | Self::Gone | Self::Replaced => None,
            Self::Skipped(why)
            | Self::Blocked(why)
            | Self::InDoubt(why)
            | Self::TimedOut(why)
            | Self::Going(why)
            | Self::NotTried(why) => Some(why),
        }
    }

    /// Whether the pod should have gone and, as far as is known, did not.
    #[must_use]
    pub fn is_leftover(&self) -> bool {
        !matches!(self, Self::Evicted | Self::Gone | Self::Replaced | Self::Skipped(_))
    }
}

/// One pod of an [`Account`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Which it was, with its uid.
    pub pod: ObjectRef,
    /// The node it ran on.
    pub node: Option<String>,
    /// What became of it.
    pub fate: Fate,
}

/// What became of all pods, in the order in which they were given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Account {
    /// One entry per pod.
    pub entries: Vec<Entry>,
    /// How many requests for an eviction were made.
    pub requests: u64,
    /// How long it took.
    pub took: Duration,
}

const WORDS: [&str; 9] =
    ["evicted", "gone", "replaced", "skipped", "going", "blocked", "in_doubt", "timed_out", "not_tried"];

impl Account {
    /// How many pods met that fate, by its word.
    #[must_use]
    pub fn count(&self, word: &str) -> usize {
        self.entries.iter().filter(|entry| entry.fate.word() == word).count()
    }

    /// The pods that should have gone and did not.
    pub fn leftovers(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.fate.is_leftover())
    }

    /// A line for each fate and reason that pods were left with, with the first of them; at most that many lines.
    pub(super) fn left_by_reason(&self, most: usize) -> Vec<String> {
        let mut reasons: Vec<(&Fate, Vec<&Entry>)> = Vec::new();
        for entry in self.leftovers() {
            match reasons.iter_mut().find(|(fate, _)| **fate == entry.fate) {
                Some((_, entries)) => entries.push(entry),
                None => reasons.push((&entry.fate, vec![entry])),
            }
        }
        let mut lines: Vec<String> = reasons.iter().take(most).map(|(fate, entries)| line_of(fate, entries)).collect();
        if reasons.len() > most {
            let more: usize = reasons[most..].iter().map(|(_, entries)| entries.len()).sum();
            lines.push(format!("and {more} more pods, for {} more reasons", reasons.len() - most));
        }
        lines
    }

    /// `12 evicted, 1 gone, 3 skipped`
    #[must_use]
    pub fn summary(&self) -> String {
        let counts = WORDS.iter().map(|word| (self.count(word), word.replace('_', " ")));
        let parts: Vec<String> =
            counts.filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        if parts.is_empty() { "no pods".to_owned() } else { parts.join(", ") }
    }

    /// As scripts see it: a count per fate, `pods` with `namespace`, `name`, `uid`, `node`, `fate` and `why`, `requests` and
    /// `seconds`.
    #[must_use]
    pub fn to_node(&self) -> Node {
        let mut map = Map::new();
        map.insert("total", self.entries.len() as u64);
        for word in WORDS {
            map.insert(word, self.count(word) as u64);
        }
        map.insert("requests", self.requests);
        map.insert("seconds", Node::Float((self.took.as_secs_f64() * 1_000.0).round() / 1_000.0));
        map.insert("pods", Node::list(self.entries.iter().map(Entry::to_node).collect()));
        map.into()
    }
}

/// `Pod/shop/a: going: it was evicted…`, or `12 pods not tried: …: Pod/shop/b, Pod/shop/c and 10 more`.
fn line_of(fate: &Fate, entries: &[&Entry]) -> String {
    /// Pods named in one line.
    const NAMED: usize = 4;
    let (word, why) = (fate.word().replace('_', " "), fate.why().unwrap_or_default());
    if let [entry] = entries {
        return format!("{}: {word}: {why}", entry.pod);
    }
    let names: Vec<String> = entries.iter().take(NAMED).map(|entry| entry.pod.to_string()).collect();
    let more = if entries.len() > NAMED { format!(" and {} more", entries.len() - NAMED) } else { String::new() };
    format!("{} pods {word}: {why}: {}{more}", entries.len(), names.join(", "))
}

impl Entry {
    fn to_node(&self) -> Node {
        Node::from([
            ("namespace", self.pod.namespace.as_ref().map(|namespace| namespace.as_str().to_owned()).into()),
            ("name", self.pod.name.as_str().into()),
            ("uid", self.pod.uid.as_deref().into()),
            ("node", self.node.clone().into()),
            ("fate", self.fate.word().into()),
            ("why", self.fate.why().into()),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::{Account, Entry, Fate};
    use crate::object::ObjectRef;
    use crate::value::Node;

    fn entry(number: usize, fate: Fate) -> Entry {
        let pod = format!(r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"namespace":"shop","name":"p{number}"}}}}"#);
        let pod: Node = serde_json::from_str(&pod).unwrap();
        Entry { pod: ObjectRef::of(&pod).unwrap(), node: None, fate }
    }

    #[test]
    fn pods_that_were_left_for_one_reason_share_a_line() {
        let fates = [
            Fate::Evicted,
            Fate::Going("soon".to_owned()),
            Fate::NotTried("later".to_owned()),
            Fate::Skipped("daemon_set".to_owned()),
            Fate::NotTried("later".to_owned()),
            Fate::NotTried("later".to_owned()),
            Fate::NotTried("later".to_owned()),
            Fate::NotTried("later".to_owned()),
            Fate::Blocked("one".to_owned()),
            Fate::Blocked("two".to_owned()),
        ];
        let entries = fates.into_iter().enumerate().map(|(number, fate)| entry(number, fate)).collect();
        let account = Account { entries, ..Account::default() };
        let lines = [
            "Pod/shop/p1: going: soon",
            "5 pods not tried: later: Pod/shop/p2, Pod/shop/p4, Pod/shop/p5, Pod/shop/p6 and 1 more",
            "and 2 more pods, for 2 more reasons",
        ];
        assert_eq!(account.left_by_reason(2), lines);
        assert_eq!(account.left_by_reason(4).len(), 4);
        assert_eq!(account.leftovers().count(), 8);
    }
}
