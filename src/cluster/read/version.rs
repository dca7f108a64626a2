//! The server's version.

use crate::cluster::target::Outgoing;
use crate::cluster::{Context, Result, Target};
use crate::value::Node;
use crate::value::json::ManagedFields;

impl Target {
    /// What `/version` says: `gitVersion`, `major`, `minor`, `platform` and more.
    ///
    /// # Errors
    /// The call failed.
    pub async fn version(&self, run: &Context) -> Result<Node> {
        let call = self.call("get", "the version");
        self.fetch_object(run, &call, Outgoing::get("/version".into()), ManagedFields::Keep).await
    }

    /// Whether the server is at least of that minor version of Kubernetes 1. Asked once per target; a server that cannot
    /// be asked, or says nothing that reads as a version, counts as old.
    pub(crate) async fn is_at_least(&self, run: &Context, minor: u64) -> Result<bool> {
        let read = async || {
            let version = self.version(run).await?;
            let text = version.text_at(&["gitVersion"]).unwrap_or_default().trim_start_matches('v');
            Ok(semver::Version::parse(text).unwrap_or_else(|_| semver::Version::new(0, 0, 0)))
        };
        let version = match self.version_cell().get_or_try_init(read).await {
            Ok(version) => version,
            // Some proxies hide `/version`; that is no reason not to list.
            Err(error) if crate::cluster::Error::status(&error).is_some() => return Ok(false),
            Err(error) => return Err(error),
        };
        Ok(version.major > 1 || (version.major == 1 && version.minor >= minor))
    }
}
