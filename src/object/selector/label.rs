//! [`LabelSelector`]: requirements on labels, from text, from a map of labels, or from the API's `LabelSelector` object.

use super::parse;
use crate::diag::did_you_mean;
use crate::object::{LabelKey, LabelValue, ObjectError};
use crate::value::{Map, Node};
use std::fmt;
use std::str::FromStr;

/// What a requirement asks of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// The label has that value: `app=web`.
    Equals,
    /// The label has another value or is absent: `app!=web`.
    NotEquals,
    /// The label has one of the values: `app in (a,b)`.
    In,
    /// The label has none of the values or is absent: `app notin (a,b)`.
    NotIn,
    /// The label is there: `app`.
    Exists,
    /// The label is absent: `!app`.
    DoesNotExist,
    /// The label is an integer above the value: `shard>5`.
    GreaterThan,
    /// The label is an integer below the value: `shard<5`.
    LessThan,
}

/// One requirement of a [`LabelSelector`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Requirement {
    key: LabelKey,
    operator: Operator,
    values: Vec<LabelValue>,
}

impl Requirement {
    /// A requirement; the values are sorted and each kept once. `Err` says in words what does not fit together.
    pub(super) fn new(key: LabelKey, operator: Operator, mut values: Vec<LabelValue>) -> Result<Self, String> {
        values.sort();
        values.dedup();
        let problem = match operator {
            Operator::In | Operator::NotIn if values.is_empty() => Some("`in` and `notin` need a value"),
            Operator::Exists | Operator::DoesNotExist if !values.is_empty() => {
                Some("a test for existence takes no value")
            }
            Operator::Equals | Operator::NotEquals if values.len() != 1 => Some("exactly one value is needed"),
            Operator::GreaterThan | Operator::LessThan if values.len() != 1 => Some("exactly one value is needed"),
            Operator::GreaterThan | Operator::LessThan if integer(values[0].as_str()).is_none() => {
                Some("`>` and `<` compare with an integer")
            }
            _ => None,
        };
        problem.map_or(Ok(Self { key, operator, values }), |problem| Err(problem.to_owned()))
    }

    /// The label's key.
    #[must_use]
    pub fn key(&self) -> &LabelKey {
        &self.key
    }

    /// What is asked.
    #[must_use]
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// The values it is compared with, sorted.
    #[must_use]
    pub fn values(&self) -> &[LabelValue] {
        &self.values
    }

    /// Whether the labels meet it.
    #[must_use]
    pub fn matches(&self, labels: &Map) -> bool {
        let label = labels.get(self.key.as_str()).and_then(Node::as_str);
        let listed = || label.is_some_and(|label| self.values.iter().any(|value| value == label));
        let beyond = |order: std::cmp::Ordering| {
            let (label, value) =
                (label.and_then(integer), self.values.first().and_then(|value| integer(value.as_str())));
            label.zip(value).is_some_and(|(label, value)| label.cmp(&value) == order)
        };
        match self.operator {
            Operator::Equals | Operator::In => listed(),
            Operator::NotEquals | Operator::NotIn => !listed(),
            Operator::Exists => label.is_some(),
            Operator::DoesNotExist => label.is_none(),
            Operator::GreaterThan => beyond(std::cmp::Ordering::Greater),
            Operator::LessThan => beyond(std::cmp::Ordering::Less),
        }
    }
}

/// As Go's `strconv.ParseInt(text, 10, 64)`, which also takes a leading `+`.
fn integer(text: &str) -> Option<i64> {
    text.parse().ok()
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = &self.key;
        let values = || self.values.iter().map(LabelValue::as_str).collect::<Vec<_>>().join(",");
        match self.operator {
            Operator::Equals => write!(f, "{key}={}", values()),
            Operator::NotEquals => write!(f, "{key}!={}", values()),
            Operator::In => write!(f, "{key} in ({})", values()),
            Operator::NotIn => write!(f, "{key} notin ({})", values()),
            Operator::Exists => write!(f, "{key}"),
            Operator::DoesNotExist => write!(f, "!{key}"),
            Operator::GreaterThan => write!(f, "{key}>{}", values()),
            Operator::LessThan => write!(f, "{key}<{}", values()),
        }
    }
}

/// Requirements on labels that all have to be met. Without any it selects everything, as in the API.
///
/// Requirements are kept sorted by key, and `==` is kept as `=`: selectors that ask for the same in the same way are equal and
/// print the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct LabelSelector {
    requirements: Vec<Requirement>,
}

impl LabelSelector {
    /// The selector that selects everything.
    #[must_use]
    pub fn everything() -> Self {
        Self::default()
    }

    /// Reads kubectl's form: `app=web,tier!=cache,env in (prod,test),!legacy`. An empty text selects everything.
    ///
    /// # Errors
    /// [`ObjectError::Selector`] with the column.
    pub fn parse(text: &str) -> Result<Self, ObjectError> {
        parse::label_selector(text).map(Self::from_iter)
    }

    /// Reads what a script or an object has: a text, a map of labels (`{app: web}`), or the API's `LabelSelector` with
    /// `matchLabels` and `matchExpressions`. An empty map selects everything. What `null` means differs from API to API
    /// (no pods for a disruption budget): it is an error here, and the caller's to decide.
    ///
    /// # Errors
    /// [`ObjectError::Selector`] for a text that does not parse, [`ObjectError::SelectorValue`] for all else.
    pub fn from_node(node: &Node) -> Result<Self, ObjectError> {
        match node {
            Node::Str(text) => Self::parse(text),
            Node::Map(map) if map.contains("matchLabels") || map.contains("matchExpressions") => from_object(map),
            Node::Map(map) => map_labels(map),
            other => Err(refused(format!("it is {}", other.description()))
                .hinted("write it as text (`app=web,!legacy`) or as a map of labels")),
        }
    }

    /// The selector of objects that have exactly this label.
    #[must_use]
    pub fn label(key: LabelKey, value: LabelValue) -> Self {
        Self { requirements: vec![Requirement { key, operator: Operator::Equals, values: vec![value] }] }
    }

    /// What both ask for.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        self.requirements.iter().chain(&other.requirements).cloned().collect()
    }

    /// The requirements, sorted by key.
    #[must_use]
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }

    /// Whether nothing is required.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Whether the labels meet every requirement.
    #[must_use]
    pub fn matches(&self, labels: &Map) -> bool {
        self.requirements.iter().all(|requirement| requirement.matches(labels))
    }

    /// Whether an object's labels meet every requirement.
    #[must_use]
    pub fn selects(&self, object: &Node) -> bool {
        let empty = Map::new();
        self.matches(object.at(&["metadata", "labels"]).and_then(Node::as_map).unwrap_or(&empty))
    }
}

impl FromIterator<Requirement> for LabelSelector {
    fn from_iter<I: IntoIterator<Item = Requirement>>(requirements: I) -> Self {
        let mut requirements: Vec<Requirement> = requirements.into_iter().collect();
        requirements.sort_by(|a, b| a.key.cmp(&b.key));
        Self { requirements }
    }
}

impl FromStr for LabelSelector {
    type Err = ObjectError;

    fn from_str(text: &str) -> Result<Self, ObjectError> {
        Self::parse(text)
    }
}

impl fmt::Display for LabelSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, requirement) in self.requirements.iter().enumerate() {
            write!(f, "{}{requirement}", if at == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

fn map_labels(map: &Map) -> Result<LabelSelector, ObjectError> {
    map.iter().map(|(key, value)| equality(key, value)).collect()
}

fn equality(key: &str, value: &Node) -> Result<Requirement, ObjectError> {
    let Some(text) = value.as_str() else {
        return Err(refused(format!("the value of label `{key}` is {}", value.description()))
            .hinted("a label's value is a text: put it in quotes"));
    };
    requirement(key, Operator::Equals, vec![text])
}

fn requirement(key: &str, operator: Operator, values: Vec<&str>) -> Result<Requirement, ObjectError> {
    let key = LabelKey::parse(key).map_err(|error| refused(error.to_string()))?;
    let values = values.into_iter().map(LabelValue::parse).collect::<Result<_, _>>();
    let values = values.map_err(|error| refused(error.to_string()))?;
    Requirement::new(key.clone(), operator, values).map_err(|problem| refused(format!("label `{key}`: {problem}")))
}

fn from_object(map: &Map) -> Result<LabelSelector, ObjectError> {
    const FIELDS: [&str; 2] = ["matchLabels", "matchExpressions"];
    if let Some(key) = map.keys().find(|key| !FIELDS.contains(&&***key)) {
        let error = refused(format!("`{key}` stands beside matchLabels or matchExpressions"));
        return Err(match did_you_mean(key, FIELDS) {
            Some(hint) => error.hinted(&hint),
            None => error,
        });
    }
    let mut requirements = match map.get("matchLabels") {
        None | Some(Node::Null) => Vec::new(),
        Some(Node::Map(labels)) => map_labels(labels)?.requirements,
        Some(other) => return Err(refused(format!("`matchLabels` is {}", other.description()))),
    };
    match map.get("matchExpressions") {
        None | Some(Node::Null) => {}
        Some(Node::List(expressions)) => {
            for one in expressions.iter() {
                requirements.push(expression(one)?);
            }
        }
        Some(other) => return Err(refused(format!("`matchExpressions` is {}", other.description()))),
    }
    Ok(requirements.into_iter().collect())
}

fn expression(node: &Node) -> Result<Requirement, ObjectError> {
    const OPERATORS: [(&str, Operator); 4] = [
        ("In", Operator::In),
        ("NotIn", Operator::NotIn),
        ("Exists", Operator::Exists),
        ("DoesNotExist", Operator::DoesNotExist),
    ];
    let text = |field: &str| {
        node.text_at(&[field])
            .ok_or_else(|| refused(format!("an expression of `matchExpressions` has no text `{field}`")))
    };
    let word = text("operator")?;
    let Some((_, operator)) = OPERATORS.into_iter().find(|(name, _)| *name == word) else {
        let names = OPERATORS.map(|(name, _)| name);
        let hint = did_you_mean(word, names).unwrap_or_else(|| format!("the operators are {}", names.join(", ")));
        return Err(refused(format!("no operator `{word}`")).hinted(&hint));
    };
    let values = node.items_at(&["values"]).iter().map(Node::as_str).collect::<Option<Vec<_>>>();
    requirement(
        text("key")?,
        operator,
        values.ok_or_else(|| refused("a value of an expression is no text".to_owned()))?,
    )
}

fn refused(problem: String) -> ObjectError {
    ObjectError::SelectorValue { problem, hint: None }
}

impl ObjectError {
    fn hinted(self, advice: &str) -> Self {
        match self {
            Self::SelectorValue { problem, .. } => Self::SelectorValue { problem, hint: Some(advice.to_owned()) },
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> Map {
        pairs.iter().map(|(key, value)| (*key, *value)).collect()
    }

    #[test]
    fn matches_as_the_api_server_does() {
        let web = labels(&[("app", "web"), ("shard", "7"), ("empty", "")]);
        for (text, expected) in [
            ("", true),
            ("app=web", true),
            ("app=api", false),
            ("app==web", true),
            ("app!=web", false),
            ("absent!=web", true),
            ("app in (api,web)", true),
            ("absent in (api)", false),
            ("app notin (api)", true),
            ("absent notin (api)", true),
            ("app notin (api,web)", false),
            ("app", true),
            ("!app", false),
            ("!absent", true),
            ("absent", false),
            ("empty", true),
            ("empty=", true),
            ("empty in ()", true),
            ("absent=", false),
            ("shard>6", true),
            ("shard>7", false),
            ("shard<8,app=web", true),
            ("app>1", false),
            ("absent<8", false),
        ] {
            assert_eq!(LabelSelector::parse(text).unwrap().matches(&web), expected, "{text}");
        }
    }

    #[test]
    fn reads_maps_and_selector_objects() {
        let map = Node::from([("tier", "front".into()), ("app", "web".into())]);
        assert_eq!(LabelSelector::from_node(&map).unwrap().to_string(), "app=web,tier=front");
        let expression = |key: &str, operator: &str, values: Vec<Node>| {
            Node::from([("key", key.into()), ("operator", operator.into()), ("values", values.into())])
        };
        let object = Node::from([
            ("matchLabels", map.clone()),
            (
                "matchExpressions",
                vec![
                    expression("env", "In", vec!["test".into(), "prod".into()]),
                    expression("env", "NotIn", vec!["dev".into()]),
                    expression("a", "Exists", vec![]),
                    expression("z", "DoesNotExist", vec![]),
                ]
                .into(),
            ),
        ]);
        let selector = LabelSelector::from_node(&object).unwrap();
        assert_eq!(selector.to_string(), "a,app=web,env in (prod,test),env notin (dev),tier=front,!z");
        assert_eq!(LabelSelector::parse(&selector.to_string()).unwrap(), selector);
        assert!(LabelSelector::from_node(&Map::new().into()).unwrap().is_everything());
        assert_eq!(LabelSelector::from_node(&"app=web".into()).unwrap().to_string(), "app=web");
    }

    #[test]
    fn refuses_values_that_are_no_selector() {
        let expressions = |fields: Node| Node::from([("matchExpressions", Node::list(vec![fields]))]);
        for (node, part) in [
            (Node::Null, "it is null"),
            (Node::Int(1), "it is an integer"),
            (Node::from([("app", Node::Bool(true))]), "label `app` is a boolean"),
            (Node::from([("a b", "x".into())]), "`a b` is not a valid label key"),
            (Node::from([("matchLabels", Node::Int(1))]), "`matchLabels` is an integer"),
            (Node::from([("matchLabels", Map::new().into()), ("matchExpresions", Node::Null)]), "`matchExpresions`"),
            (expressions(Node::from([("key", "a".into()), ("operator", "in".into())])), "no operator `in`"),
            (expressions(Node::from([("key", "a".into()), ("operator", "In".into())])), "need a value"),
            (expressions(Node::from([("operator", "Exists".into())])), "no text `key`"),
        ] {
            let message = LabelSelector::from_node(&node).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn joins_selectors() {
        let both = LabelSelector::parse("b=2").unwrap().and(&LabelSelector::parse("a").unwrap());
        assert_eq!(both.to_string(), "a,b=2");
    }
}
