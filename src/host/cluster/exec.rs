//! Runs a command in a container.

use super::arguments::{reach, subject};
use crate::cluster::write::{ExecOptions, Exit};
use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Form, Opt, Param, Returns, Spec, Thrown, Type, from_node};
use crate::value::Node;
use rhai::Dynamic;
use std::time::Duration;

pub(super) const SPEC: Spec = Spec {
    group: "cluster",
    name: "exec",
    form: Form::Method(&[Type::Cluster]),
    summary: "Runs a command in a container of a pod, until it ends.",
    details: "No shell: the words are the program and its arguments. A command that ends with another code than 0 is no error: look at `exit_code`.",
    params: &[
        Param { name: "pod", kind: Type::Reference, text: "The pod.", default: None },
        Param { name: "command", kind: Type::List, text: "The program and its arguments.", default: None },
    ],
    options: &[
        Opt { name: "container", kind: Type::Text, text: "The container.", default: "the pod's default one" },
        Opt { name: "stdin", kind: Type::Text, text: "What the command reads.", default: "nothing" },
        Opt {
            name: "timeout",
            kind: Type::Duration,
            text: "How long to wait for it; it is not stopped in the container then.",
            default: "2m",
        },
    ],
    returns: Returns {
        kind: Type::Object,
        text: "`exit_code` (`()` where the connection ended first), `stdout`, `stderr`.",
    },
    errors: &[codes::NOT_FOUND, codes::EXEC, codes::FORBIDDEN, codes::TIMEOUT],
    effect: Effect::Write,
    since: "0.1.0",
    examples: &[Example {
        title: "What runs there",
        source: r#"cluster.exec("Pod/shop/web-0", ["cat", "/etc/hostname"]).stdout"#,
        result: Expect::Cluster,
    }],
    run: |call| exec(call),
};

fn exec(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let subject = subject(call, 0)?;
    let words = call.items(1)?.nodes()?;
    let command: Option<Vec<String>> = words.iter().map(|word| word.as_str().map(str::to_owned)).collect();
    let Some(command) = command else {
        return Err(call.invalid("`command`", "its items must be texts", None).into());
    };
    let mut options = ExecOptions::default();
    options.container = call.text_option("container").map(str::to_owned);
    options.stdin = call.text_option("stdin").map(|text| text.to_owned().into());
    options.timeout = call.duration_option("timeout")?.unwrap_or(Duration::from_secs(120));
    let output = reach(call, async |target, context| {
        let reference = subject.resolve(target, context).await?;
        target.exec(context, &reference, &command, &options).await
    })?;
    let exit_code = match output.exit {
        Exit::Code(code) => Node::Int(code.into()),
        _ => Node::Null,
    };
    Ok(from_node(&Node::from([
        ("exit_code", exit_code),
        ("stdout", String::from_utf8_lossy(&output.stdout).into_owned().into()),
        ("stderr", String::from_utf8_lossy(&output.stderr).into_owned().into()),
    ])))
}
