//! The functions and methods that scripts can call. One function, one file, one [`Spec`]; documentation, editor files,
//! completion, argument checks and tests are derived from the specs.
//!
//! Waiting happens in [`bridge`](self) alone. A function here must never block a thread in another way, print, or touch
//! the world except through the run's own doors.

mod bind;
mod bridge;
mod call;
mod convert;
mod failure;
mod handle;
mod live;
mod run;
mod spec;

mod base64;
mod cluster;
mod control;
mod csv;
mod duration;
mod env;
mod error;
mod file;
mod hash;
mod http;
mod json;
mod list;
mod log;
mod net;
mod object;
mod path;
mod process;
mod quantity;
mod random;
mod regex;
mod secret;
mod semver;
mod stream;
mod text;
mod time;
mod toml;
mod url;
mod x509;
mod yaml;

pub(crate) use bind::throw;
pub(crate) use bind::unknown_param;
pub use bind::{Library, is_namespace, specs_named};
pub use bridge::{Bridge, Stop};
pub use call::{Call, Closure, Sequence};
pub(crate) use call::{check_type, describe, known_option, options_place, what};
pub(crate) use cluster::text_problem;
pub use cluster::{Cluster, Stream};
pub(crate) use convert::to_part;
pub use convert::{from_node, to_node};
pub use failure::{Failure, Thrown};
pub use handle::{List, Object, Unsigned, params};
pub use run::{Host, Parts};
pub(crate) use secret::learn_secrets;
pub use spec::{Effect, Example, Expect, Form, Opt, Param, Returns, Spec, Type};

/// The specs of all host functions, by group.
pub const GROUPS: &[&[&Spec]] = &[
    cluster::FUNCTIONS,
    stream::FUNCTIONS,
    object::FUNCTIONS,
    list::FUNCTIONS,
    control::FUNCTIONS,
    error::PROPERTIES,
    yaml::FUNCTIONS,
    json::FUNCTIONS,
    toml::FUNCTIONS,
    csv::FUNCTIONS,
    base64::FUNCTIONS,
    hash::FUNCTIONS,
    text::FUNCTIONS,
    regex::FUNCTIONS,
    time::FUNCTIONS,
    duration::FUNCTIONS,
    quantity::FUNCTIONS,
    semver::FUNCTIONS,
    net::FUNCTIONS,
    url::FUNCTIONS,
    path::FUNCTIONS,
    x509::FUNCTIONS,
    log::FUNCTIONS,
    env::FUNCTIONS,
    file::FUNCTIONS,
    http::FUNCTIONS,
    process::FUNCTIONS,
    random::FUNCTIONS,
    secret::FUNCTIONS,
];
