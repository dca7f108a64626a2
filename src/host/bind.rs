//! From specs to the script engine: every host function is registered here and nowhere else.

#![expect(clippy::needless_pass_by_value, reason = "the engine hands arguments over by value")]

use super::handle::{List, Object, Shape, Unsigned};
use super::spec::{Form, Spec, Type};
use super::{Call, Failure, GROUPS, Host, cluster, to_node, to_part};
use crate::diag::{codes, did_you_mean};
use crate::value::Node;
use rhai::{
    Dynamic, Engine, EvalAltResult, FuncRegistration, ImmutableString, Module, NativeCallContext, RhaiFunc, Shared,
};
use std::any::TypeId;
use std::collections::BTreeMap;

/// All host functions, ready to be given to any number of engines. Building it takes a few hundred microseconds;
/// sharing it costs two reference counts for each module.
#[derive(Debug, Clone)]
pub struct Library {
    global: Shared<Module>,
    namespaces: BTreeMap<&'static str, Shared<Module>>,
}

impl Default for Library {
    fn default() -> Self {
        Self::new()
    }
}

impl Library {
    /// Registers every spec.
    #[must_use]
    pub fn new() -> Self {
        let mut global = Module::new();
        let mut namespaces: BTreeMap<&'static str, Module> = BTreeMap::new();
        for spec in GROUPS.iter().copied().flatten().copied() {
            match spec.form {
                Form::Namespaced => register(namespaces.entry(spec.group).or_default(), spec, None),
                Form::Function => register(&mut global, spec, None),
                Form::Operator(receivers) => operator(&mut global, spec, receivers),
                Form::Method(receivers) | Form::Change(receivers) | Form::Property(receivers) => {
                    for receiver in receivers.iter().flat_map(|kind| type_ids(*kind)) {
                        register(&mut global, spec, Some(receiver));
                    }
                }
            }
        }
        handles(&mut global);
        let namespaces = namespaces.into_iter().map(|(name, module)| (name, module.into())).collect();
        Self { global: global.into(), namespaces }
    }

    /// Gives the functions to an engine.
    pub fn install(&self, engine: &mut Engine) {
        engine.register_global_module(Shared::clone(&self.global));
        for (name, module) in &self.namespaces {
            engine.register_static_module(*name, Shared::clone(module));
        }
    }
}

/// Whether host functions are called as `name::…`: no import may take such a name.
#[must_use]
pub fn is_namespace(name: &str) -> bool {
    GROUPS.iter().copied().flatten().any(|spec| spec.form == Form::Namespaced && spec.group == name)
}

/// Finds the specs of that name; a script name may stand for functions of several receivers.
pub fn specs_named(name: &str) -> impl Iterator<Item = &'static Spec> {
    GROUPS.iter().copied().flatten().copied().filter(move |spec| spec.name == name)
}

fn type_ids(kind: Type) -> Vec<TypeId> {
    match kind {
        Type::Cluster => vec![TypeId::of::<cluster::Cluster>()],
        Type::Stream => vec![TypeId::of::<cluster::Stream>()],
        Type::List => vec![TypeId::of::<List>(), TypeId::of::<rhai::Array>()],
        Type::Object => vec![TypeId::of::<Object>(), TypeId::of::<rhai::Map>()],
        Type::Failure => vec![TypeId::of::<Failure>()],
        Type::Text => vec![TypeId::of::<ImmutableString>()],
        _ => vec![TypeId::of::<Dynamic>()],
    }
}

/// Registers a spec for each number of arguments it takes: once with `Dynamic` arguments, so that a wrong type reaches
/// [`Call::new`], which knows how to say it, instead of ending in "function not found"; and once with the exact types,
/// because an exact fit is looked for first, and the script language's own function of that name must not win.
fn register(module: &mut Module, spec: &'static Spec, receiver: Option<TypeId>) {
    for count in spec.arity() {
        let any = std::iter::repeat_n(TypeId::of::<Dynamic>(), count).collect::<Vec<_>>();
        let exact: Vec<TypeId> = (0..count)
            .map(|at| spec.params.get(at).map_or(TypeId::of::<Dynamic>(), |param| exact(param.kind)))
            .collect();
        register_types(module, spec, receiver.into_iter().chain(any.iter().copied()).collect());
        if exact != any {
            register_types(module, spec, receiver.into_iter().chain(exact).collect());
        }
    }
}

/// Registers an operator for exact types only, so that of others the engine says what it says of its own operators. Two
/// containers of the script language have its own.
fn operator(module: &mut Module, spec: &'static Spec, receivers: &[Type]) {
    let kind = spec.params.first().map_or(Type::Any, |param| param.kind);
    for left in receivers.iter().flat_map(|kind| type_ids(*kind)) {
        for right in type_ids(kind).into_iter().filter(|right| !is_container(&left) || !is_container(right)) {
            register_types(module, spec, vec![left, right]);
        }
    }
}

/// Whether it is a container of the script language itself.
fn is_container(kind: &TypeId) -> bool {
    [TypeId::of::<rhai::Array>(), TypeId::of::<rhai::Map>()].contains(kind)
}

fn exact(kind: Type) -> TypeId {
    match kind {
        Type::Text | Type::Path | Type::Kind => TypeId::of::<ImmutableString>(),
        Type::Closure(_) => TypeId::of::<rhai::FnPtr>(),
        Type::Integer => TypeId::of::<rhai::INT>(),
        Type::Boolean => TypeId::of::<bool>(),
        _ => TypeId::of::<Dynamic>(),
    }
}

fn register_types(module: &mut Module, spec: &'static Spec, types: Vec<TypeId>) {
    let registration = match spec.form {
        Form::Property(_) => FuncRegistration::new_getter(spec.name),
        Form::Namespaced => FuncRegistration::new(spec.name),
        Form::Function | Form::Method(_) | Form::Change(_) | Form::Operator(_) => {
            FuncRegistration::new(spec.name).in_global_namespace()
        }
    };
    let binding =
        Shared::new(move |context: Option<NativeCallContext<'_>>, args: &mut [&mut Dynamic]| call(spec, context, args));
    let changes = matches!(spec.form, Form::Change(_));
    // The engine writes the receiver of a method back through every part it was reached by. For a reading method on a
    // handle that costs a copy of each part, and fails where the outermost is a constant. Its own containers are never
    // written back, but would be copied to call a pure function.
    let func = if changes || types.first().is_some_and(is_container) {
        RhaiFunc::Method { func: binding, has_context: true, is_pure: !changes, is_volatile: true }
    } else {
        RhaiFunc::Pure { func: binding, has_context: true, is_pure: true, is_volatile: true }
    };
    registration.set_into_module_raw(module, types, func);
}

fn call(
    spec: &'static Spec,
    context: Option<NativeCallContext<'_>>,
    args: &mut [&mut Dynamic],
) -> Result<Dynamic, Box<EvalAltResult>> {
    let Some(context) = context else {
        return Err(throw(Failure::new(codes::INTERNAL, format!("`{}` was called without a context", spec.name))));
    };
    // The engine fills in the place of a global function's error, but not of a namespaced one's.
    let place = context.call_position();
    let placed = |mut error: Box<EvalAltResult>| {
        if error.position().is_none() {
            error.set_position(place);
        }
        error
    };
    let mut call = Call::new(spec, &context, args).map_err(throw).map_err(placed)?;
    (spec.run)(&mut call).map_err(Into::into).map_err(placed)
}

/// A failure as the error that scripts can catch.
pub(crate) fn throw(failure: Failure) -> Box<EvalAltResult> {
    super::Thrown::from(failure).into()
}

/// What the script's own syntax does with the handles: fields, indices, loops, comparison, text.
fn handles(module: &mut Module) {
    module.set_custom_type::<Object>("object");
    module.set_custom_type::<List>("list");
    module.set_custom_type::<Unsigned>("integer");
    module.set_custom_type::<cluster::Cluster>("cluster");
    module.set_custom_type::<cluster::Stream>("stream");
    module.set_custom_type::<Failure>("error");
    FuncRegistration::new_index_getter().set_into_module(module, object_field);
    FuncRegistration::new_index_setter().set_into_module(module, set_object_field);
    FuncRegistration::new_index_getter().set_into_module(module, list_item);
    FuncRegistration::new_index_setter().set_into_module(module, set_list_item);
    module.set_iter_result(TypeId::of::<cluster::Stream>(), read_stream);
    module.set_iter(TypeId::of::<List>(), |list: Dynamic| -> Box<dyn Iterator<Item = Dynamic>> {
        let List { items, shape } = list.cast::<List>();
        Box::new((0..items.len()).map(move |at| shape.value(&items[at])))
    });
    for name in ["to_string", "to_debug", "print", "debug"] {
        let registration = || FuncRegistration::new(name).in_global_namespace();
        registration().set_into_module(module, |object: Object| object.node.to_string());
        registration().set_into_module(module, |list: List| Node::List(list.items.clone()).to_string());
        registration().set_into_module(module, |number: Unsigned| number.0.to_string());
        registration().set_into_module(module, |failure: Failure| failure.diagnostic().message.clone());
        registration().set_into_module(module, |cluster: cluster::Cluster| cluster.name().to_owned());
    }
    comparisons(module);
}

/// `for object in stream`: the first error ends the loop.
fn read_stream(stream: Dynamic) -> Box<dyn Iterator<Item = Result<Dynamic, Box<EvalAltResult>>>> {
    let mut reading = Some(stream.cast::<cluster::Stream>().read());
    Box::new(std::iter::from_fn(move || match reading.take()? {
        Ok(mut objects) => match objects.next() {
            Ok(Some(object)) => {
                let value = objects.shape().value(&object);
                reading = Some(Ok(objects));
                Some(Ok(value))
            }
            Ok(None) => None,
            Err(error) => Some(Err(error.into())),
        },
        Err(error) => Some(Err(error.into())),
    }))
}

fn comparisons(module: &mut Module) {
    let operator = |name: &str| FuncRegistration::new(name.to_owned()).in_global_namespace();
    operator("==").set_into_module(module, |a: Object, b: Object| a.node == b.node);
    operator("!=").set_into_module(module, |a: Object, b: Object| a.node != b.node);
    operator("==").set_into_module(module, |a: List, b: List| a == b);
    operator("!=").set_into_module(module, |a: List, b: List| a != b);
    operator("==").set_into_module(module, |a: Object, b: rhai::Map| same(&a.node, &Dynamic::from(b)));
    operator("==").set_into_module(module, |a: rhai::Map, b: Object| same(&b.node, &Dynamic::from(a)));
    operator("==").set_into_module(module, |a: List, b: rhai::Array| same(&Node::List(a.items), &Dynamic::from(b)));
    operator("==").set_into_module(module, |a: rhai::Array, b: List| same(&Node::List(b.items), &Dynamic::from(a)));
    operator("==").set_into_module(module, |a: Unsigned, b: Unsigned| a == b);
    operator("<").set_into_module(module, |a: Unsigned, b: Unsigned| a < b);
    operator(">").set_into_module(module, |a: Unsigned, b: Unsigned| a > b);
    operator("contains")
        .set_into_module(module, |object: Object, key: ImmutableString| object.node.get(&key).is_some());
    operator("contains").set_into_module(module, |list: List, item: Dynamic| {
        to_node(&item).is_ok_and(|wanted| list.items.contains(&wanted))
    });
}

fn same(node: &Node, value: &Dynamic) -> bool {
    to_node(value).is_ok_and(|other| *node == other)
}

/// `object.field` and `object["field"]`. What the object has comes first; then the short names of what every Kubernetes
/// object keeps under `metadata`. An absent field reads as `()` where there may be such a field.
fn object_field(
    context: NativeCallContext<'_>,
    object: &mut Object,
    key: ImmutableString,
) -> Result<Dynamic, Box<EvalAltResult>> {
    if let Some(value) = object.node.get(&key) {
        return Ok(object.shape.part(&key, value));
    }
    if let Shape::Params(names) = &object.shape {
        return absent_param(names, &key).map_err(throw);
    }
    if let Some(value) = super::object::shorthand(object, &key) {
        return Ok(value);
    }
    if let Shape::Live(live) = &object.shape {
        live.check(&Host::of(context.engine()).map_err(throw)?, &[&key])?;
    }
    Ok(Dynamic::UNIT)
}

fn absent_param(names: &[String], key: &str) -> Result<Dynamic, Failure> {
    if names.iter().any(|name| name == key) {
        return Ok(Dynamic::UNIT);
    }
    Err(unknown_param(names, key))
}

/// The error for a param that the header does not declare.
pub(crate) fn unknown_param(names: &[String], key: &str) -> Failure {
    let hint = did_you_mean(key, names.iter().map(String::as_str)).unwrap_or_else(|| match names {
        [] => "the script has no params: its header declares them".to_owned(),
        names => format!("the params are: {}", names.join(", ")),
    });
    Failure::new(codes::UNKNOWN_PARAM, format!("no param `{key}`")).hint(hint)
}

/// `object.field = value`. Where the object has no such field yet, what holds for reading it holds for setting it.
fn set_object_field(
    context: NativeCallContext<'_>,
    object: &mut Object,
    key: ImmutableString,
    value: Dynamic,
) -> Result<(), Box<EvalAltResult>> {
    if matches!(object.shape, Shape::Params(_)) {
        let failure = Failure::new(codes::CONSTANT, format!("param `{key}` cannot be changed"));
        return Err(throw(failure.hint("copy it into a variable of your own")));
    }
    let mut node = to_part(&value).map_err(throw)?;
    if let (Shape::Live(live), None) = (&object.shape, object.node.get(&key)) {
        let live = live.clone();
        match super::object::set_shorthand(object, &key, node) {
            None => return Ok(()),
            Some(back) => node = back,
        }
        live.check(&Host::of(context.engine()).map_err(throw)?, &[&key])?;
    }
    if let Some(map) = object.node.as_map_mut() {
        map.insert(key.as_str(), node);
    }
    Ok(())
}

fn list_item(list: &mut List, at: i64) -> Result<Dynamic, Box<EvalAltResult>> {
    Ok(list.shape.value(&list.items[place(list, at)?]))
}

fn set_list_item(list: &mut List, at: i64, value: Dynamic) -> Result<(), Box<EvalAltResult>> {
    let at = place(list, at)?;
    let node = to_part(&value).map_err(throw)?;
    std::sync::Arc::make_mut(&mut list.items)[at] = node;
    list.shape = Shape::Free;
    Ok(())
}

/// Negative places count from the end.
fn place(list: &List, at: i64) -> Result<usize, Box<EvalAltResult>> {
    let len = list.items.len();
    let place = if at < 0 { i64::try_from(len).unwrap_or(i64::MAX).checked_add(at) } else { Some(at) };
    place.and_then(|place| usize::try_from(place).ok()).filter(|place| *place < len).ok_or_else(|| {
        throw(Failure::new(codes::INDEX, format!("index {at} is out of bounds: the list has {len} items")))
    })
}
