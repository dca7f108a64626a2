//! Kubeconfigs: found, read and merged as client-go does it.
//!
//! <https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/> has the rules: the first file
//! to set a name or the current context wins, and a path is relative to the file it stands in. What an entry means is
//! decided later, for the one context that is used: a broken entry of another one does no harm.

use super::entry::{Cluster, Context, User};
use super::fields::Fields;
use super::{ConnectError, yaml};
use crate::world::{World, WorldError, path_list, read_text};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A kubeconfig of a thousand clusters has some 5 MB.
const LIMIT: usize = 16 << 20;

/// All kubeconfigs of a user, merged into one.
#[derive(Debug, Clone, Default)]
pub struct Kubeconfig {
    files: Vec<PathBuf>,
    current_context: Option<String>,
    pub(super) contexts: BTreeMap<String, Context>,
    pub(super) clusters: BTreeMap<String, Cluster>,
    pub(super) users: BTreeMap<String, User>,
}

impl Kubeconfig {
    /// Reads the kubeconfig at `explicit`; without it those that `KUBECONFIG` lists; without that `~/.kube/config`.
    ///
    /// Files of the list that do not exist are skipped, as client-go does.
    ///
    /// # Errors
    /// [`ConnectError::NoKubeconfig`] if there is none, [`ConnectError::Kubeconfig`] and
    /// [`ConnectError::KubeconfigFile`] if one is unusable.
    pub fn load(world: &dyn World, explicit: Option<&Path>) -> Result<Self, ConnectError> {
        let unreadable = |source| ConnectError::KubeconfigFile { source };
        if let Some(path) = explicit {
            let path = absolute(world, path)?;
            let text = read_text(world, &path, LIMIT).map_err(unreadable)?;
            return Self::parse(&path, &text);
        }
        let mut merged = Self::default();
        let mut looked = Vec::new();
        for path in default_paths(world)? {
            let path = absolute(world, &path)?;
            if looked.contains(&path) {
                continue;
            }
            match read_text(world, &path, LIMIT) {
                Ok(text) => merged.merge(Self::parse(&path, &text)?),
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(unreadable(error)),
            }
            looked.push(path);
        }
        if merged.files.is_empty() { Err(ConnectError::NoKubeconfig { looked }) } else { Ok(merged) }
    }

    /// Reads one kubeconfig from its text. `path` names it in errors and is where its relative paths start.
    ///
    /// # Errors
    /// [`ConnectError::Kubeconfig`] if it is not valid.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConnectError> {
        let root = yaml::parse(path, text)?;
        let root = Fields::of(&root, String::new(), path)?;
        Ok(Self {
            files: vec![path.to_path_buf()],
            current_context: root.text("current-context")?,
            contexts: named(&root, "contexts", "context", Context::read)?,
            clusters: named(&root, "clusters", "cluster", Cluster::read)?,
            users: named(&root, "users", "user", User::read)?,
        })
    }

    /// Adds what `later` has and this one has not.
    fn merge(&mut self, later: Self) {
        self.files.extend(later.files);
        self.current_context = self.current_context.take().or(later.current_context);
        keep_first(&mut self.contexts, later.contexts);
        keep_first(&mut self.clusters, later.clusters);
        keep_first(&mut self.users, later.users);
    }

    /// The files that were read, in the order of their precedence.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The context to use when none is named.
    #[must_use]
    pub fn current_context(&self) -> Option<&str> {
        self.current_context.as_deref()
    }

    /// The names of all contexts, sorted.
    pub fn context_names(&self) -> impl Iterator<Item = &str> {
        self.contexts.keys().map(String::as_str)
    }
}

/// Where kubeconfigs are looked for when none is named.
fn default_paths(world: &dyn World) -> Result<Vec<PathBuf>, ConnectError> {
    let listed = world.env("KUBECONFIG").map_err(|source| ConnectError::KubeconfigFile { source })?;
    let paths: Vec<PathBuf> = listed.as_deref().map(path_list).unwrap_or_default();
    if !paths.is_empty() {
        return Ok(paths);
    }
    Ok(world.home_dir().map(|home| home.join(".kube").join("config")).into_iter().collect())
}

fn absolute(world: &dyn World, path: &Path) -> Result<PathBuf, ConnectError> {
    if path.is_absolute() {
        return Ok(path.to_path_buf());
    }
    let current: Result<PathBuf, WorldError> = world.current_dir();
    Ok(current.map_err(|source| ConnectError::KubeconfigFile { source })?.join(path))
}

fn keep_first<T>(into: &mut BTreeMap<String, T>, later: BTreeMap<String, T>) {
    for (name, entry) in later {
        into.entry(name).or_insert(entry);
    }
}

/// The entries of one of the three lists (`clusters: [{name: …, cluster: {…}}]`) by their names.
fn named<T>(
    root: &Fields<'_>,
    list: &str,
    inner: &str,
    read: impl Fn(&Fields<'_>) -> Result<T, ConnectError>,
) -> Result<BTreeMap<String, T>, ConnectError> {
    let mut entries = BTreeMap::new();
    for item in root.maps(list)? {
        let name = item.required("name")?;
        let entry = match item.inner(inner)? {
            Some(fields) => read(&fields)?,
            None => return Err(item.problem(inner, "is missing")),
        };
        if entries.insert(name, entry).is_some() {
            return Err(item.problem("name", "stands twice in its list"));
        }
    }
    Ok(entries)
}
