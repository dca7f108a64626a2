//! What the command line takes. Kubernetes options have kubectl's names.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  rutter run -e 'cluster.list(\"Pod\", #{namespace: \"*\"}).group_by(\"status.phase\")'
  rutter run examples/runbooks/restart-in-waves.rhai --selector app=web
  rutter run examples/runbooks/restart-in-waves.rhai --help
  rutter check examples
  rutter doc cluster.wait
  rutter doc E0311";

/// Versioned sailing directions for Kubernetes fleets: runs runbooks (Rhai scripts) against a cluster.
#[derive(Debug, Parser)]
#[command(name = "rutter", version, propagate_version = true, after_help = EXAMPLES, disable_help_subcommand = true)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    // Its help is that of its options: what stands here would hide it.
    Run(Box<Run>),
    /// Compile scripts and check names, arity, modules, options, kinds and params without running anything
    Check(Check),
    /// Print the page of a function, a module, an error code or a runbook
    Doc(Doc),
    /// Print the completion script of a shell
    Completion(Completion),
    /// Print the manual page, or write those of all commands into a folder
    Man(Man),
    /// Print the version
    Version,
}

/// How results and messages are printed.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct Output {
    /// Form of what is printed on stdout
    #[arg(short = 'o', long = "output", global = true, value_name = "FORM", default_value = "text")]
    pub(super) form: Form,
    /// When to use colour; NO_COLOR is respected
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
    /// Print errors only
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Print each write and each retry; twice: also reads that wait
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// Tables and plain text for people
    Text,
    /// One JSON document
    Json,
    /// One YAML document
    Yaml,
    /// Annotations for GitHub Actions (check only)
    Github,
    /// SARIF 2.1.0 (check only)
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

/// Which cluster, and as whom: kubectl's options.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Cluster")]
pub(super) struct Kube {
    /// The kubeconfig instead of $KUBECONFIG or ~/.kube/config
    #[arg(long, value_name = "FILE")]
    pub(super) kubeconfig: Option<PathBuf>,
    /// The kubeconfig's context
    #[arg(long, value_name = "NAME")]
    pub(super) context: Option<String>,
    /// The kubeconfig's cluster
    #[arg(long, value_name = "NAME")]
    pub(super) cluster: Option<String>,
    /// The kubeconfig's user
    #[arg(long, value_name = "NAME")]
    pub(super) user: Option<String>,
    /// The namespace that calls use when they name none
    #[arg(short, long, value_name = "NAME")]
    pub(super) namespace: Option<String>,
    /// Act as that user
    #[arg(long = "as", value_name = "USER")]
    pub(super) impersonate: Option<String>,
    /// Act as a member of that group; may be repeated
    #[arg(long = "as-group", value_name = "GROUP")]
    pub(super) impersonate_groups: Vec<String>,
    /// How long one call to the API server may take, retries included; 0 for no limit
    #[arg(long, value_name = "DURATION", default_value = "2m")]
    pub(super) request_timeout: String,
    /// The field manager of server-side apply
    #[arg(long, value_name = "NAME")]
    pub(super) field_manager: Option<String>,
    /// Allow the kubeconfig's credential plugins to run, by absolute path; without a value: any
    #[arg(long, value_name = "PATH", num_args = 0..=1, default_missing_value = "*", require_equals = true)]
    pub(super) allow_exec_plugin: Vec<String>,
    /// Allow plain http and unchecked certificates
    #[arg(long)]
    pub(super) allow_insecure: bool,
}

/// Run a script or a one-liner against a cluster
///
/// The script runs at once and for real: there is no plan and no question before it writes. A runbook's own params are
/// options too: `rutter run FILE --help` lists them.
#[derive(Debug, Args)]
pub(super) struct Run {
    /// The script; `-` reads it from standard input
    #[arg(value_name = "FILE", required_unless_present = "expression")]
    pub(super) file: Option<PathBuf>,
    /// Run this text instead of a file
    #[arg(short, long, value_name = "SCRIPT", conflicts_with = "file")]
    pub(super) expression: Option<String>,
    /// A YAML file with values of params; may be repeated, later ones win
    #[arg(short = 'f', long = "values", value_name = "FILE")]
    pub(super) values: Vec<PathBuf>,
    /// How long the run may take
    #[arg(long, value_name = "DURATION")]
    pub(super) run_timeout: Option<String>,
    #[command(flatten)]
    pub(super) kube: Kube,
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Scripts, or folders that are searched for them
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Doc {
    /// A function (`cluster.wait`), a module (`yaml`, `std/nodes`), an error code (`E0311`) or a runbook's file; nothing: the list of all
    #[arg(value_name = "TOPIC")]
    pub(super) topic: Option<String>,
    /// Write all generated pages and editor files below this folder
    #[arg(long, value_name = "DIR", hide = true)]
    pub(super) generate: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Completion {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct Man {
    /// The folder for one page a command, such as /usr/local/share/man/man1; nothing: print the page of rutter itself
    #[arg(value_name = "DIR")]
    pub(super) folder: Option<PathBuf>,
}

impl From<Color> for clap::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

impl Form {
    /// The form of a result; the forms of findings are none.
    pub(super) fn of_result(self) -> Option<crate::report::Form> {
        match self {
            Self::Text => Some(crate::report::Form::Text),
            Self::Json => Some(crate::report::Form::Json),
            Self::Yaml => Some(crate::report::Form::Yaml),
            Self::Github | Self::Sarif => None,
        }
    }
}
