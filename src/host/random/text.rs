//! Draws characters.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "random",
    name: "text",
    form: Form::Namespaced,
    summary: "Draws characters from an alphabet.",
    details: "With the alphabet that stands for none, the text may be part of an object's name.",
    params: &[
        Param { name: "length", kind: Type::Integer, text: "How many characters.", default: None },
        Param {
            name: "alphabet",
            kind: Type::Text,
            text: "The characters to draw from: at least two, each of them once.",
            default: Some("\"abcdefghijklmnopqrstuvwxyz0123456789\""),
        },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The characters." },
    errors: &[codes::INVALID_ARGUMENT, codes::DATA_TOO_LARGE, codes::DOOR_CLOSED],
    effect: Effect::World,
    since: "0.1.0",
    examples: &[
        Example { title: "A password", source: "random::text(24).len()", result: Expect::Json("24") },
        Example {
            title: "An alphabet of one's own",
            source: r#"regex::is_match(random::text(8, "xyz"), "^[xyz]{8}$")"#,
            result: Expect::Json("true"),
        },
        Example {
            title: "A character twice",
            source: r#"random::text(8, "hello")"#,
            result: Expect::Error(codes::INVALID_ARGUMENT),
        },
    ],
    run: |call| text(call),
};

fn text(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let alphabet = if call.is_given(1) { alphabet(call)? } else { ('a'..='z').chain('0'..='9').collect() };
    Ok(super::drawn(call, 0, &alphabet)?.into())
}

fn alphabet(call: &Call<'_, '_>) -> Result<Vec<char>, Failure> {
    let given: Vec<char> = call.text(1)?.chars().collect();
    let mut unique = given.clone();
    unique.sort_unstable();
    unique.dedup();
    if unique.len() < given.len() {
        let hint = "a character that stands twice would come twice as often".to_owned();
        return Err(call.invalid("`alphabet`", "a character stands in it twice", Some(hint)));
    }
    if given.len() < 2 {
        return Err(call.invalid("`alphabet`", "it has fewer than two characters", None));
    }
    Ok(given)
}
