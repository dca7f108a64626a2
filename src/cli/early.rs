//! What has to be known before the command line is parsed, because parsing itself may fail: colour and form of messages.

use super::args::{Color, Form};
use clap::ValueEnum as _;
use std::ffi::OsString;

/// The wishes about output that stand on a command line, whether or not the rest of it parses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wishes {
    /// When to use colour.
    pub(super) color: Color,
    /// The form of the document that stdout holds.
    pub(super) form: crate::report::Form,
}

/// Reads the options `--color` and `-o` and nothing else; what does not parse is left for clap to complain about.
pub(super) fn wishes(args: &[OsString]) -> Wishes {
    let mut wishes = Wishes { color: Color::Auto, form: crate::report::Form::Text };
    let mut rest = args.iter().skip(1).map(|arg| arg.to_string_lossy());
    while let Some(arg) = rest.next() {
        if arg == "--" {
            break;
        }
        let (name, attached) = split(&arg);
        let mut value = || attached.map(str::to_owned).or_else(|| rest.next().map(std::borrow::Cow::into_owned));
        match name {
            "--color" => {
                wishes.color = value().and_then(|when| Color::from_str(&when, false).ok()).unwrap_or(wishes.color);
            }
            "-o" | "--output" => {
                let form = value().and_then(|form| Form::from_str(&form, false).ok());
                wishes.form = form.and_then(Form::of_result).unwrap_or(wishes.form);
            }
            "-e" | "--expression" => {
                value();
            }
            _ => {}
        }
    }
    wishes
}

/// An option and the value that is attached to it: `--color=never`, `-ojson`, `-qo=json`.
fn split(arg: &str) -> (&str, Option<&str>) {
    if arg.starts_with("--") {
        return arg.split_once('=').map_or((arg, None), |(name, value)| (name, Some(value)));
    }
    let Some(letters) = arg.strip_prefix('-') else { return (arg, None) };
    let letters = letters.trim_start_matches(['q', 'v']);
    let attached = |rest: &'_ str| if rest.is_empty() { None } else { Some(rest.len()) };
    for name in ["-o", "-e"] {
        if let Some(rest) = letters.strip_prefix(&name[1..]) {
            let rest = rest.strip_prefix('=').unwrap_or(rest);
            return (name, attached(rest).map(|length| &arg[arg.len() - length..]));
        }
    }
    (arg, None)
}

#[cfg(test)]
mod tests {
    use super::{Color, wishes};
    use crate::report::Form;
    use std::ffi::OsString;

    fn of(line: &str) -> (Color, Form) {
        let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let wishes = wishes(&args);
        (wishes.color, wishes.form)
    }

    #[test]
    fn reads_both_options_in_all_their_spellings() {
        for line in ["r -o json", "r -ojson", "r -o=json", "r --output json", "r run --output=json x", "r -qvo json"] {
            assert_eq!(of(line), (Color::Auto, Form::Json), "{line}");
        }
        assert_eq!(of("r --color never run -o yaml"), (Color::Never, Form::Yaml));
        assert_eq!(of("r run --color=always"), (Color::Always, Form::Text));
    }

    #[test]
    fn takes_no_script_for_an_option() {
        assert_eq!(of("r run -e -ojson"), (Color::Auto, Form::Text));
        assert_eq!(of("r run -- -o json"), (Color::Auto, Form::Text));
        assert_eq!(of("r run --color what -o nothing"), (Color::Auto, Form::Text));
    }
}
