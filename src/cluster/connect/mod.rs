//! From configuration to a [`Transport`](super::Transport): kubeconfigs, pods' service accounts, credentials, TLS.
//!
//! Nothing here reads a file, a variable or a clock but through a [`World`](crate::world::World), and nothing here knows
//! what the requests it carries mean. Secrets show in no `Debug` form and no error.

mod credentials;
mod dial;
mod entry;
mod error;
mod fields;
mod impersonate;
mod kubeconfig;
mod plugin;
mod proxy;
mod secret;
mod settings;
mod tls;
mod wire;
mod yaml;

pub use error::{ConnectError, PluginProblem};
pub use kubeconfig::Kubeconfig;
pub use settings::{ConnectPolicy, Connection, Overrides, PluginPolicy, Risk};

#[cfg(test)]
mod tests;
