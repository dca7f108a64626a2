//! What a host function is, as data: registration, book pages, editor files, completion, argument checks and the tests of
//! the examples all come from its [`Spec`]. Nothing here is optional to fill in.

use super::{Call, Thrown};
use crate::diag::Code;

/// The description and the binding of one host function.
#[derive(Debug)]
pub struct Spec {
    /// The page it stands on: `cluster`, `list`, `yaml`, `control` …
    pub group: &'static str,
    /// The name in scripts.
    pub name: &'static str,
    /// How it is called.
    pub form: Form,
    /// One sentence for the script author, full stop included.
    pub summary: &'static str,
    /// More, as Markdown; may be empty.
    pub details: &'static str,
    /// Positional parameters, without the receiver.
    pub params: &'static [Param],
    /// Keys that the last argument, a map, may have. Empty: there is no such argument.
    pub options: &'static [Opt],
    /// What it gives back.
    pub returns: Returns,
    /// Codes it can throw, beside those of wrong arguments.
    pub errors: &'static [Code],
    /// What it does to the world.
    pub effect: Effect,
    /// First version that has it.
    pub since: &'static str,
    /// Examples; run as tests where they need no cluster.
    pub examples: &'static [Example],
    /// The binding.
    pub run: fn(&mut Call<'_, '_>) -> Result<rhai::Dynamic, Thrown>,
}

/// How a function is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `name(…)`.
    Function,
    /// `group::name(…)`.
    Namespaced,
    /// `receiver.name(…)`, for a receiver of one of these types.
    Method(&'static [Type]),
    /// `receiver.name(…)` that changes the receiver: a variable, or a part of one.
    Change(&'static [Type]),
    /// `receiver + argument`, where `+` is the name and the receiver is of one of these types.
    Operator(&'static [Type]),
    /// `receiver.name`, without parentheses.
    Property(&'static [Type]),
}

/// A positional parameter.
#[derive(Debug)]
pub struct Param {
    /// Its name in documentation and messages.
    pub name: &'static str,
    /// What it takes.
    pub kind: Type,
    /// What it is for.
    pub text: &'static str,
    /// What stands for it when it is left out; `None`: it must be given.
    pub default: Option<&'static str>,
}

/// A key of the options map.
#[derive(Debug)]
pub struct Opt {
    /// The key.
    pub name: &'static str,
    /// What it takes.
    pub kind: Type,
    /// What it is for.
    pub text: &'static str,
    /// What holds when it is left out.
    pub default: &'static str,
}

/// What a function gives back.
#[derive(Debug)]
pub struct Returns {
    /// Its type.
    pub kind: Type,
    /// What it is.
    pub text: &'static str,
}

/// What a call does outside the script. Later, grants and plan mode decide by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: same arguments, same result.
    Pure,
    /// Reads from a cluster.
    Read,
    /// Changes a cluster.
    Write,
    /// Goes through a door of the world: files, network, programs, environment, clock, random numbers.
    World,
    /// Steers the run: fails, waits, repeats, reports.
    Control,
}

impl Effect {
    /// The word for documentation.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pure => "pure",
            Self::Read => "reads a cluster",
            Self::Write => "writes to a cluster",
            Self::World => "touches the world",
            Self::Control => "steers the run",
        }
    }
}

/// An example: shown in the book, and a test.
#[derive(Debug)]
pub struct Example {
    /// What it shows.
    pub title: &'static str,
    /// The script.
    pub source: &'static str,
    /// What it gives.
    pub result: Expect,
}

/// What running an example gives.
#[derive(Debug)]
pub enum Expect {
    /// This value, as JSON.
    Json(&'static str),
    /// An error of this code.
    Error(Code),
    /// It needs a cluster: it is compiled and checked, and run by the cluster tests where they cover it.
    Cluster,
}

/// What an argument or a result is, in the words of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Anything.
    Any,
    /// `()`.
    Nothing,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A whole number or one with a fraction.
    Number,
    /// A text.
    Text,
    /// A text like `90s` or `1h30m`, or a whole number of seconds.
    Duration,
    /// A field path: `spec.containers[0].image`.
    Path,
    /// A kind: `Pod`, `deploy`, `apps/v1/Deployment`.
    Kind,
    /// A selector: a text in kubectl's form, or a map of equalities.
    Selector,
    /// An object, its `.ref`, or a text `Kind/name` or `Kind/namespace/name`.
    Reference,
    /// A kind where further arguments follow, a reference where it stands alone.
    KindOrReference,
    /// A map: an object from a cluster or a literal `#{…}`.
    Object,
    /// A list: of objects from a cluster, or an array literal.
    List,
    /// Bytes (a blob).
    Bytes,
    /// A cluster.
    Cluster,
    /// Objects of a cluster in one pass.
    Stream,
    /// A closure with that many parameters.
    Closure(u8),
    /// Either a text or a list of texts.
    Texts,
    /// A condition to wait for: a text or a closure.
    Condition,
    /// A caught error.
    Failure,
}

impl Type {
    /// The word for documentation and messages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Nothing => "()",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Text => "text",
            Self::Duration => "duration",
            Self::Path => "path",
            Self::Kind => "kind",
            Self::Selector => "selector",
            Self::Reference => "reference",
            Self::KindOrReference => "kind or reference",
            Self::Object => "object",
            Self::List => "list",
            Self::Bytes => "bytes",
            Self::Cluster => "cluster",
            Self::Stream => "stream",
            Self::Closure(_) => "closure",
            Self::Texts => "text or list",
            Self::Condition => "condition",
            Self::Failure => "error",
        }
    }
}

impl Type {
    /// What is meant in a call with so many arguments, receiver and options not counted.
    #[must_use]
    pub fn among(self, arguments: usize) -> Self {
        match self {
            Self::KindOrReference if arguments == 1 => Self::Reference,
            Self::KindOrReference => Self::Kind,
            other => other,
        }
    }
}

impl Spec {
    /// The name as it is written in a call: `cluster.get`, `yaml::decode`, `fail`, `list + other`.
    #[must_use]
    pub fn full_name(&self) -> String {
        match self.form {
            Form::Function => self.name.to_owned(),
            Form::Namespaced => format!("{}::{}", self.group, self.name),
            Form::Method(_) | Form::Change(_) | Form::Property(_) => format!("{}.{}", self.group, self.name),
            Form::Operator(_) => {
                let right = self.params.first().map_or("", |param| param.name);
                format!("{} {} {right}", self.group, self.name)
            }
        }
    }

    /// The call with its parameters: `cluster.get(kind, name, #{namespace})`.
    #[must_use]
    pub fn signature(&self) -> String {
        if matches!(self.form, Form::Property(_) | Form::Operator(_)) {
            return self.full_name();
        }
        let mut parts: Vec<String> = self
            .params
            .iter()
            .map(|param| if param.default.is_some() { format!("[{}]", param.name) } else { param.name.to_owned() })
            .collect();
        if !self.options.is_empty() {
            let names: Vec<&str> = self.options.iter().map(|option| option.name).collect();
            let place = if self.options_first() { parts.len() - 1 } else { parts.len() };
            parts.insert(place, format!("#{{{}}}", names.join(", ")));
        }
        format!("{}({})", self.full_name(), parts.join(", "))
    }

    /// Whether the options are written before the closure that ends the call.
    fn options_first(&self) -> bool {
        matches!(self.params.last(), Some(Param { kind: Type::Closure(_), default: None, .. }))
            && matches!(self.name, "retry" | "watch")
    }

    /// How many arguments a call may have, without the receiver.
    #[must_use]
    pub fn arity(&self) -> std::ops::RangeInclusive<usize> {
        let required = self.params.iter().filter(|param| param.default.is_none()).count();
        required..=self.params.len() + usize::from(!self.options.is_empty())
    }
}
