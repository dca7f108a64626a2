//! Secrets and key material on their way from a kubeconfig to the wire. Their `Debug` forms never show what they hold.

use super::ConnectError;
use crate::world::World;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Certificates, keys and tokens are small; a larger file is a mistaken path.
const LIMIT: usize = 1 << 20;

/// A token or password.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Secret(Arc<str>);

impl Secret {
    pub(super) fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the header it goes into and nothing else.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

/// PEM bytes that stand in the kubeconfig or in a file of their own.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Material {
    Inline(Arc<[u8]>),
    File(PathBuf),
}

impl Material {
    /// The bytes as they are now. `what` names them in an error: `the client certificate`.
    pub(super) fn load(&self, world: &dyn World, what: &'static str) -> Result<Vec<u8>, ConnectError> {
        match self {
            Self::Inline(bytes) => Ok(bytes.to_vec()),
            Self::File(path) => {
                world.read_file(path, LIMIT).map_err(|source| ConnectError::CredentialFile { what, source })
            }
        }
    }

    /// Where it stands, for errors: its path, or that it is inline.
    pub(super) fn place(&self) -> String {
        match self {
            Self::Inline(_) => "given inline".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }
}

impl fmt::Debug for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inline(_) => f.write_str("<inline>"),
            Self::File(path) => path.fmt(f),
        }
    }
}
