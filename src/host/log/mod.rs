//! `log::`: lines for people and machines who follow a run. Nothing here prints: who shows which line is decided outside.

mod debug;
mod info;
mod warn;

use super::{Call, Param, Spec, Thrown, Type};
use crate::journal::{Event, Level};
use crate::value::Map;
use rhai::Dynamic;

/// All functions of `log::`.
pub(super) const FUNCTIONS: &[&Spec] = &[&debug::SPEC, &info::SPEC, &warn::SPEC];

const PARAMS: &[Param] = &[
    Param { name: "text", kind: Type::Text, text: "What to say, without what varies.", default: None },
    Param { name: "fields", kind: Type::Object, text: "What it is about.", default: Some("#{}") },
];

fn record(call: &Call<'_, '_>, level: Level) -> Result<Dynamic, Thrown> {
    let text = call.text(0)?;
    let fields = if call.is_given(1) { call.node(1)?.as_map().cloned().unwrap_or_default() } else { Map::new() };
    call.host().sink.record(Event::Log { level, text, fields });
    Ok(Dynamic::UNIT)
}
