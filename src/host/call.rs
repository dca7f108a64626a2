//! One call of a host function: its arguments, checked against the spec before the function sees them.

use super::handle::{List, Object};
use super::spec::{Form, Opt, Param, Spec, Type};
use super::{Failure, Host, Thrown, to_node};
use crate::diag::{codes, did_you_mean};
use crate::value::{FieldPath, Node};
use rhai::{Array, Dynamic, FnPtr, FuncArgs, NativeCallContext};
use std::sync::Arc;
use std::time::Duration;

/// A call in progress. Indices count the spec's params from 0; the receiver is not counted.
pub struct Call<'a, 'c> {
    spec: &'static Spec,
    context: &'a NativeCallContext<'c>,
    receiver: Option<&'a mut Dynamic>,
    args: Vec<Dynamic>,
    options: Option<Object>,
    host: Host,
}

impl std::fmt::Debug for Call<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call").field("function", &self.spec.full_name()).finish_non_exhaustive()
    }
}

impl<'a, 'c> Call<'a, 'c> {
    /// Takes the raw arguments apart and checks them.
    pub(super) fn new(
        spec: &'static Spec,
        context: &'a NativeCallContext<'c>,
        args: &'a mut [&mut Dynamic],
    ) -> Result<Self, Failure> {
        let is_method = !matches!(spec.form, Form::Function | Form::Namespaced);
        let (first, rest) = args.split_at_mut(usize::from(is_method).min(args.len()));
        let receiver = first.first_mut().map(|first| &mut **first);
        let mut args: Vec<Dynamic> = rest.iter_mut().map(|arg| std::mem::take::<Dynamic>(arg).flatten()).collect();
        let options = match options_place(spec, &args) {
            Some(place) => Some(checked_options(spec, &args.remove(place))?),
            None => None,
        };
        for (param, arg) in spec.params.iter().zip(&args) {
            check_type(&what(spec, param), param.kind.among(args.len()), arg)?;
        }
        Ok(Self { spec, context, receiver, args, options, host: Host::of(context.engine())? })
    }

    /// The run this call belongs to.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The receiver as a value of that type.
    ///
    /// # Errors
    /// `E0001` where the spec and the function disagree about the receiver.
    pub fn receiver<T: Clone + Send + Sync + 'static>(&self) -> Result<T, Failure> {
        self.receiver
            .as_deref()
            .and_then(Dynamic::read_lock::<T>)
            .map(|value| value.clone())
            .ok_or_else(|| self.defect(0))
    }

    /// The receiver as it came.
    pub fn receiver_value(&self) -> Dynamic {
        self.receiver.as_deref().cloned().unwrap_or_default()
    }

    /// The receiver without copying it.
    #[must_use]
    pub fn receiver_ref(&self) -> Option<&Dynamic> {
        self.receiver.as_deref()
    }

    /// The receiver for changing it; only where the spec's form says that it changes.
    ///
    /// # Errors
    /// `E0001` where the spec and the function disagree about the receiver.
    pub fn receiver_mut(&mut self) -> Result<&mut Dynamic, Failure> {
        debug_assert!(matches!(self.spec.form, Form::Change(_)), "{} changes nothing", self.spec.full_name());
        if self.receiver.is_none() {
            return Err(self.defect(0));
        }
        self.receiver
            .as_deref_mut()
            .ok_or_else(|| Failure::new(codes::INTERNAL, "a method was called without a receiver"))
    }

    /// How many bytes a text of this run may have.
    #[must_use]
    pub fn text_limit(&self) -> usize {
        self.context.engine().max_string_size()
    }

    /// How many items a list of this run may have.
    #[must_use]
    pub fn item_limit(&self) -> usize {
        self.context.engine().max_array_size()
    }

    /// Ends the function if the run is to end: for loops that do much without calling the script.
    ///
    /// # Errors
    /// The end of the run.
    pub fn keep_going(&self) -> Result<(), Thrown> {
        self.wait(async { Ok::<(), Failure>(()) })
    }

    /// The receiver as a sequence: a list or an array.
    ///
    /// # Errors
    /// `E0001` where the spec and the function disagree about the receiver.
    pub fn sequence(&self) -> Result<Sequence, Failure> {
        self.receiver.as_deref().and_then(Sequence::of).ok_or_else(|| self.defect(0))
    }

    /// Whether that argument was given.
    #[must_use]
    pub fn is_given(&self, index: usize) -> bool {
        index < self.args.len()
    }

    /// That argument as it came; `()` where it was left out.
    pub fn value(&self, index: usize) -> Dynamic {
        self.args.get(index).cloned().unwrap_or_default()
    }

    /// That argument as text.
    ///
    /// # Errors
    /// `E0104` if it is none.
    pub fn text(&self, index: usize) -> Result<String, Failure> {
        self.args.get(index).and_then(text_of).ok_or_else(|| self.defect(index))
    }

    /// That argument as a whole number.
    ///
    /// # Errors
    /// `E0104` if it is none.
    pub fn integer(&self, index: usize) -> Result<i64, Failure> {
        self.args.get(index).and_then(|arg| arg.as_int().ok()).ok_or_else(|| self.defect(index))
    }

    /// That argument as any number.
    ///
    /// # Errors
    /// `E0104` if it is none.
    pub fn number(&self, index: usize) -> Result<f64, Failure> {
        self.node(index)?.as_f64().ok_or_else(|| self.defect(index))
    }

    /// That argument as a tree.
    ///
    /// # Errors
    /// As for [`to_node`].
    pub fn node(&self, index: usize) -> Result<Node, Failure> {
        to_node(&self.value(index))
    }

    /// That argument as a field path.
    ///
    /// # Errors
    /// `E0413` if it does not parse.
    pub fn path(&self, index: usize) -> Result<FieldPath, Failure> {
        Ok(FieldPath::parse(&self.text(index)?)?)
    }

    /// The receiver as a tree: an object or a map.
    ///
    /// # Errors
    /// As for [`to_node`].
    pub fn object(&self) -> Result<Node, Failure> {
        self.receiver.as_deref().map_or_else(|| Err(self.defect(0)), to_node)
    }

    /// That argument as bytes; a text counts as its UTF-8.
    ///
    /// # Errors
    /// `E0104` if it is neither.
    pub fn bytes(&self, index: usize) -> Result<Vec<u8>, Failure> {
        let arg = self.value(index);
        if let Some(text) = text_of(&arg) {
            return Ok(text.into_bytes());
        }
        arg.into_blob().map_err(|_| self.defect(index))
    }

    /// That argument as a closure.
    ///
    /// # Errors
    /// `E0104` if it is none.
    pub fn closure(&self, index: usize) -> Result<Closure<'a, 'c>, Failure> {
        let pointer = self.args.get(index).and_then(|arg| arg.read_lock::<FnPtr>().map(|ptr| ptr.clone()));
        pointer.map(|pointer| Closure { pointer, context: self.context }).ok_or_else(|| self.defect(index))
    }

    /// That argument as a sequence: a list or an array.
    ///
    /// # Errors
    /// `E0104` if it is neither.
    pub fn items(&self, index: usize) -> Result<Sequence, Failure> {
        self.args.get(index).and_then(Sequence::of).ok_or_else(|| self.defect(index))
    }

    /// The option of that name, if it was given and is not `()`.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&Node> {
        self.options.as_ref()?.node.get(name).filter(|value| !value.is_null())
    }

    /// That option as text.
    #[must_use]
    pub fn text_option(&self, name: &str) -> Option<&str> {
        self.option(name)?.as_str()
    }

    /// That option as a flag; absent means false.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.option(name).and_then(Node::as_bool).unwrap_or(false)
    }

    /// That option as a whole number that is not negative.
    ///
    /// # Errors
    /// `E0120` if it is negative.
    pub fn count_option(&self, name: &str) -> Result<Option<u64>, Failure> {
        let Some(value) = self.option(name).and_then(Node::as_i64) else { return Ok(None) };
        u64::try_from(value)
            .map(Some)
            .map_err(|_| self.invalid(&format!("option `{name}`"), &format!("{value} is negative"), None))
    }

    /// That option as a duration: a text like `5m`, or seconds.
    ///
    /// # Errors
    /// `E0408` for a text that is no duration, `E0120` for a negative one.
    pub fn duration_option(&self, name: &str) -> Result<Option<Duration>, Failure> {
        self.option(name).map(duration).transpose()
    }

    /// That argument as a duration: a text like `5m`, or seconds.
    ///
    /// # Errors
    /// `E0408` for a text that is no duration, `E0120` for a negative one.
    pub fn duration(&self, index: usize) -> Result<Duration, Failure> {
        duration(&self.node(index)?)
    }

    /// The error for an argument or option whose value is not allowed.
    #[must_use]
    pub fn invalid(&self, what: &str, why: &str, hint: Option<String>) -> Failure {
        Failure::new(codes::INVALID_ARGUMENT, format!("{what} of `{}`: {why}", self.spec.full_name())).maybe_hint(hint)
    }

    /// Waits for a future within the run's deadline; the only way to wait.
    ///
    /// # Errors
    /// What the future fails with; the end of the run when it is interrupted or its deadline passes.
    pub fn wait<T, E: Into<Thrown>>(&self, future: impl Future<Output = Result<T, E>>) -> Result<T, Thrown> {
        self.host.bridge().wait(future)
    }

    /// As [`Call::wait`], for work that tells how far it came when the run ends: see [`Bridge::wait_out`].
    ///
    /// # Errors
    /// As [`Call::wait`].
    ///
    /// [`Bridge::wait_out`]: super::Bridge
    pub(crate) fn wait_out<T>(&self, future: impl Future<Output = Result<T, Failure>>) -> Result<T, Thrown> {
        self.host.bridge().wait_out(future)
    }

    fn defect(&self, index: usize) -> Failure {
        let (what, wanted) = match self.spec.params.get(index) {
            Some(param) => (what(self.spec, param), param.kind),
            None => (format!("an argument of `{}`", self.spec.full_name()), Type::Any),
        };
        let got = self.args.get(index).map_or("nothing", describe);
        Failure::new(codes::WRONG_TYPE, format!("{what} must be {}, not {got}", article(wanted)))
    }
}

/// A closure of the script, callable from a host function.
pub struct Closure<'a, 'c> {
    pointer: FnPtr,
    context: &'a NativeCallContext<'c>,
}

impl std::fmt::Debug for Closure<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Closure").field(&self.pointer.fn_name()).finish()
    }
}

impl Closure<'_, '_> {
    /// The same closure with copies of the variables it captured, for a thread of its own: shared ones would be locked
    /// by one thread while another needs them.
    #[must_use]
    pub fn detached(mut self) -> Self {
        let copies: Vec<Dynamic> = self.pointer.curry().iter().map(Dynamic::flatten_clone).collect();
        self.pointer.set_curry(copies);
        self
    }

    /// Calls it.
    ///
    /// # Errors
    /// What the closure throws, untouched.
    pub fn call(&self, args: impl FuncArgs) -> Result<Dynamic, Thrown> {
        self.pointer.call_within_context::<Dynamic>(self.context, args).map(Dynamic::flatten).map_err(Thrown::Script)
    }

    /// Calls it for a yes or no.
    ///
    /// # Errors
    /// What the closure throws; `E0104` if it gives something that is no boolean (`()` included: a forgotten value is
    /// more likely a mistake than a no).
    pub fn test(&self, args: impl FuncArgs) -> Result<bool, Thrown> {
        let answer = self.call(args)?;
        answer.as_bool().map_err(|_| {
            Failure::new(codes::WRONG_TYPE, format!("the closure must give a boolean, not {}", describe(&answer)))
                .hint("the value of a closure is its last expression, without `;`")
                .into()
        })
    }
}

/// The items of a list or an array, without copying them.
#[derive(Debug, Clone)]
pub enum Sequence {
    /// Shared nodes.
    Nodes(List),
    /// The script's own values.
    Values(Arc<Array>),
}

impl Sequence {
    /// The items, if it is a list or an array.
    #[must_use]
    pub fn of(value: &Dynamic) -> Option<Self> {
        if let Some(list) = value.read_lock::<List>() {
            return Some(Self::Nodes(list.clone()));
        }
        value.as_array_ref().ok().map(|array| Self::Values(Arc::new(array.clone())))
    }

    /// Number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Nodes(list) => list.items.len(),
            Self::Values(items) => items.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One item as a script value.
    pub fn item(&self, at: usize) -> Dynamic {
        match self {
            Self::Nodes(list) => list.items.get(at).map(|item| list.shape.value(item)),
            Self::Values(items) => items.get(at).cloned(),
        }
        .unwrap_or_default()
    }

    /// One item as a tree.
    ///
    /// # Errors
    /// As for [`to_node`].
    pub fn node(&self, at: usize) -> Result<Node, Failure> {
        match self {
            Self::Nodes(list) => Ok(list.items.get(at).cloned().unwrap_or_default()),
            Self::Values(items) => items.get(at).map_or(Ok(Node::Null), to_node),
        }
    }

    /// All items as trees.
    ///
    /// # Errors
    /// As for [`to_node`].
    pub fn nodes(&self) -> Result<Arc<Vec<Node>>, Failure> {
        match self {
            Self::Nodes(list) => Ok(Arc::clone(&list.items)),
            Self::Values(items) => items.iter().map(to_node).collect::<Result<_, _>>().map(Arc::new),
        }
    }

    /// The items at these places, as a value of the same kind.
    pub fn select(&self, places: &[usize]) -> Dynamic {
        match self {
            Self::Nodes(list) => {
                let items = places.iter().filter_map(|at| list.items.get(*at).cloned()).collect();
                Dynamic::from(List { items: Arc::new(items), shape: list.shape.clone() })
            }
            Self::Values(items) => {
                Dynamic::from_array(places.iter().filter_map(|at| items.get(*at).cloned()).collect())
            }
        }
    }
}

/// Where the options stand among the arguments: last, or before a closure that is last, because a closure reads best at
/// the end: `retry(#{…}, || …)`. An optional parameter before them may be left out.
pub(crate) fn options_place(spec: &Spec, args: &[Dynamic]) -> Option<usize> {
    let required = *spec.arity().start();
    if spec.options.is_empty() || args.len() <= required {
        return None;
    }
    let last = args.len() - 1;
    let takes_map = |at: usize| spec.params.get(at).is_some_and(|param| accepts(param.kind, &args[at]));
    if args.len() > spec.params.len() {
        let before_closure = last > 0 && args[last].is_fnptr() && args[last - 1].is_map();
        return Some(if before_closure { last - 1 } else { last });
    }
    (accepts(Type::Object, &args[last]) && !takes_map(last)).then_some(last)
}

pub(crate) fn what(spec: &Spec, param: &Param) -> String {
    format!("`{}` of `{}`", param.name, spec.full_name())
}

fn checked_options(spec: &Spec, value: &Dynamic) -> Result<Object, Failure> {
    let full = spec.full_name();
    if value.is_unit() {
        return Ok(Object::free(Node::map(crate::value::Map::new())));
    }
    if !accepts(Type::Object, value) {
        return Err(Failure::new(
            codes::WRONG_TYPE,
            format!("the last argument of `{full}` must be a map of options, not {}", describe(value)),
        )
        .hint(format!("`{}`", spec.signature())));
    }
    if let Ok(map) = value.as_map_ref() {
        for (key, value) in map.iter() {
            let option = known_option(spec, key)?;
            if !value.is_unit() {
                check_type(&format!("option `{key}` of `{full}`"), option.kind, value)?;
            }
        }
    }
    let node = to_node(value)?;
    for key in node.as_map().into_iter().flat_map(crate::value::Map::keys) {
        known_option(spec, key)?;
    }
    Ok(Object::free(node))
}

pub(crate) fn known_option(spec: &Spec, key: &str) -> Result<&'static Opt, Failure> {
    spec.options.iter().find(|option| option.name == key).ok_or_else(|| {
        let names = spec.options.iter().map(|option| option.name);
        let all: Vec<&str> = names.clone().collect();
        let hint = did_you_mean(key, names).unwrap_or_else(|| format!("it has: {}", all.join(", ")));
        Failure::new(codes::UNKNOWN_OPTION, format!("`{}` has no option `{key}`", spec.full_name())).hint(hint)
    })
}

pub(crate) fn check_type(what: &str, wanted: Type, value: &Dynamic) -> Result<(), Failure> {
    if accepts(wanted, value) {
        return Ok(());
    }
    let mut failure =
        Failure::new(codes::WRONG_TYPE, format!("{what} must be {}, not {}", article(wanted), describe(value)));
    if value.is_unit() {
        failure =
            failure.hint("`()` is what an absent field reads as; give a default with `object.get(path, default)`");
    }
    Err(failure)
}

/// Whether a script value fits a type of the specs.
pub(crate) fn accepts(wanted: Type, value: &Dynamic) -> bool {
    let is_text = value.is_string() || value.is_char();
    let is_map = value.is_map() || value.is::<Object>();
    let is_list = value.is_array() || value.is::<List>();
    match wanted {
        Type::Any => true,
        Type::Nothing => value.is_unit(),
        Type::Boolean => value.is_bool(),
        Type::Integer => value.is_int(),
        Type::Number => value.is_int() || value.is_float(),
        Type::Text | Type::Path | Type::Kind => is_text,
        Type::Duration => is_text || value.is_int(),
        Type::Selector | Type::Reference | Type::KindOrReference => is_text || is_map,
        Type::Object => is_map,
        Type::List => is_list,
        Type::Bytes => value.is_blob() || is_text,
        Type::Closure(_) => value.is_fnptr(),
        Type::Texts => is_text || is_list,
        Type::Condition => is_text || value.is_fnptr(),
        Type::Failure => value.is::<Failure>(),
        Type::Cluster => value.is::<super::Cluster>(),
        Type::Stream => value.is::<super::Stream>(),
    }
}

/// What a script value is, in words: `a text`, `an integer`, `()`.
pub(crate) fn describe(value: &Dynamic) -> &'static str {
    if value.is_unit() {
        "()"
    } else if value.is_bool() {
        "a boolean"
    } else if value.is_int() || value.is::<super::Unsigned>() {
        "an integer"
    } else if value.is_float() {
        "a number"
    } else if value.is_string() || value.is_char() {
        "a text"
    } else if accepts(Type::List, value) {
        "a list"
    } else if accepts(Type::Object, value) {
        "an object"
    } else if value.is_blob() {
        "bytes"
    } else if value.is_fnptr() {
        "a closure"
    } else if value.is::<Failure>() {
        "an error"
    } else {
        "a value of another type"
    }
}

fn article(wanted: Type) -> String {
    let word = wanted.word();
    match wanted {
        Type::Any | Type::Nothing | Type::Bytes => word.to_owned(),
        _ if word.starts_with(['a', 'e', 'i', 'o', 'u']) => format!("an {word}"),
        _ => format!("a {word}"),
    }
}

fn text_of(value: &Dynamic) -> Option<String> {
    if let Ok(letter) = value.as_char() {
        return Some(letter.to_string());
    }
    value.as_immutable_string_ref().ok().map(|text| text.to_string())
}

fn duration(value: &Node) -> Result<Duration, Failure> {
    if let Some(seconds) = value.as_i64() {
        return u64::try_from(seconds).map(Duration::from_secs).map_err(|_| {
            Failure::new(codes::INVALID_ARGUMENT, format!("a duration cannot be negative, got {seconds}"))
        });
    }
    let text = value.as_str().unwrap_or_default();
    let parsed: crate::object::Duration = text.parse()?;
    parsed
        .to_std()
        .ok_or_else(|| Failure::new(codes::INVALID_ARGUMENT, format!("a duration cannot be negative, got {text}")))
}
