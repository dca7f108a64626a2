//! Runs a program to its end. Its arguments, variables and input may hold secrets: they are in no message.

use crate::diag::{codes, printable};
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Opt, Param, Returns, Spec, Thrown, Type};
use crate::value::{Map, Node};
use crate::world::{Program, ProgramOutput};
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "process",
    name: "run",
    form: Form::Namespaced,
    summary: "Runs a program to its end and gives what it printed.",
    details: "No shell is involved: each argument arrives as it is, and `|`, `*` and `$` mean nothing. A program that \
              takes too long, or that prints too much, is killed with all it has started; what it leaves running when it \
              ends is killed too.",
    params: &[
        Param {
            name: "program",
            kind: Type::Text,
            text: "A path, or a name that is looked up in `PATH`.",
            default: None,
        },
        Param { name: "args", kind: Type::List, text: "Its arguments, as texts.", default: None },
    ],
    options: &[
        Opt { name: "stdin", kind: Type::Text, text: "What it reads on its standard input.", default: "nothing" },
        Opt {
            name: "env",
            kind: Type::Object,
            text: "Variables for it, over those that Rutter itself has; as texts.",
            default: "none",
        },
        Opt { name: "cwd", kind: Type::Text, text: "The folder it starts in.", default: "Rutter's own" },
        Opt { name: "timeout", kind: Type::Duration, text: "How long it may run.", default: "30s" },
        Opt {
            name: "limit",
            kind: Type::Integer,
            text: "The most bytes it may print to each of its two streams.",
            default: "16777216 (16 MiB)",
        },
        Opt { name: "bytes", kind: Type::Boolean, text: "Give `stdout` as bytes, whatever it is.", default: "false" },
        Opt {
            name: "check",
            kind: Type::Boolean,
            text: "Whether any other status than 0 is an error, which shows the end of `stderr`.",
            default: "false",
        },
    ],
    returns: Returns {
        kind: Type::Object,
        text: "A map `#{ status, stdout, stderr }`; `status` is `()` where a signal ended the program.",
    },
    errors: &[codes::PROCESS, codes::ENCODING, codes::INVALID_ARGUMENT, codes::DOOR_CLOSED],
    effect: Effect::World,
    since: "0.1.0",
    examples: &[
        Example {
            title: "What it prints",
            source: r#"text::trim(process::run("git", ["rev-parse", "HEAD"]).stdout)"#,
            result: Expect::Json(r#""4f0c1d2""#),
        },
        Example {
            title: "A status is an answer",
            source: r#"process::run("false", []).status"#,
            result: Expect::Json("1"),
        },
        Example {
            title: "Unless it is checked",
            source: r#"process::run("false", [], #{ check: true })"#,
            result: Expect::Error(codes::PROCESS),
        },
    ],
    run: |call| run(call),
};

/// What a program may print unless the call says otherwise.
const MOST: usize = 16 * 1024 * 1024;

fn run(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let program = program(call)?;
    let name = printable(&program.path.display().to_string());
    let output = call.wait(call.host().world.run_program(program))?;
    if call.flag("check") && output.status != Some(0) {
        return Err(failed(call, &name, &output).into());
    }
    let stdout = if call.flag("bytes") {
        Dynamic::from_blob(output.stdout)
    } else {
        text(&name, "stdout", output.stdout)?.into()
    };
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let status = output.status.map(|status| Dynamic::from_int(status.into())).unwrap_or_default();
    let entries = [("status", status), ("stdout", stdout), ("stderr", stderr.into())];
    Ok(Dynamic::from_map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect()))
}

fn program(call: &Call<'_, '_>) -> Result<Program, Failure> {
    let path = call.text(0)?;
    if path.is_empty() {
        return Err(call.invalid("`program`", "it is empty", None));
    }
    let mut program = Program::new(path);
    let args = call.items(1)?;
    for at in 0..args.len() {
        let node = args.node(at)?;
        let text = node.as_str().ok_or_else(|| no_text(call, &format!("argument {at}"), &node))?;
        program.args.push(text.into());
    }
    let variables = call.option("env").and_then(Node::as_map);
    for (name, value) in variables.into_iter().flat_map(Map::iter) {
        let what = format!("variable `{}`", printable(name));
        let text = value.as_str().ok_or_else(|| no_text(call, &what, value))?;
        if name.is_empty() || name.contains(['=', '\0']) || text.contains('\0') {
            return Err(call.invalid(&what, "no variable can have that name or value", None));
        }
        program.env.insert(name.to_string(), text.to_owned());
    }
    program.stdin = call.text_option("stdin").unwrap_or_default().into();
    program.current_dir = call.text_option("cwd").map(Into::into);
    program.timeout = call.duration_option("timeout")?.unwrap_or(program.timeout);
    let limit = call.count_option("limit")?.map_or(MOST, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    program.output_limit = limit.min(call.text_limit());
    Ok(program)
}

fn no_text(call: &Call<'_, '_>, what: &str, value: &Node) -> Failure {
    let hint = "make a text of it: `to_string()`".to_owned();
    call.invalid(what, &format!("it must be a text, not {}", value.description()), Some(hint))
}

fn text(program: &str, stream: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|_| {
        Failure::new(codes::ENCODING, format!("the {stream} of {program} is not UTF-8 text"))
            .hint("the option `bytes: true` gives it as bytes")
    })
}

fn failed(call: &Call<'_, '_>, program: &str, output: &ProgramOutput) -> Failure {
    let ended = match output.status {
        Some(status) => format!("ended with status {status}"),
        None => "was ended by a signal".to_owned(),
    };
    let failure = Failure::new(codes::PROCESS, format!("{program} {ended}"));
    // Masked before it is cut: half a secret would not be found any more.
    match tail(&call.host().secrets.mask(&String::from_utf8_lossy(&output.stderr))) {
        Some(tail) => failure.note(format!("stderr: {tail}")),
        None => failure,
    }
}

/// The last lines: where programs say why.
fn tail(text: &str) -> Option<String> {
    const LINES: usize = 5;
    const CHARACTERS: usize = 500;
    let lines: Vec<&str> = text.trim().lines().collect();
    let tail = lines[lines.len().saturating_sub(LINES)..].join("\n");
    let skipped = tail.chars().count().saturating_sub(CHARACTERS);
    Some(tail.chars().skip(skipped).collect()).filter(|tail: &String| !tail.is_empty())
}
