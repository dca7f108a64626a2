//! [`Gateway`]: the targets of a run by name. The embedder fills it; a run reaches no cluster that is not in it.

use super::{Error, Result, Target, Transport};
use crate::diag::Explain;
use crate::object::Namespace;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// What makes a target's transport, on its first use; also says the default namespace.
pub type Connect =
    dyn Fn() -> std::result::Result<(Namespace, Transport), Arc<dyn Explain + Send + Sync>> + Send + Sync;

/// Where a target comes from.
#[derive(Clone)]
#[non_exhaustive]
pub enum Source {
    /// A target that is there already.
    Ready(Target),
    /// A target that is connected when it is first used: a broken entry in an inventory is no error until then.
    Lazy(Arc<Connect>),
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready(target) => f.debug_tuple("Ready").field(target).finish(),
            Self::Lazy(_) => f.write_str("Lazy"),
        }
    }
}

/// Named targets, one of them the default. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Gateway {
    targets: Arc<BTreeMap<String, Entry>>,
    default: Option<String>,
}

#[derive(Debug)]
struct Entry {
    source: Source,
    connected: OnceCell<Target>,
}

impl Gateway {
    /// A gateway to these targets; the first one is the default.
    #[must_use]
    pub fn new(targets: impl IntoIterator<Item = (String, Source)>) -> Self {
        let mut default = None;
        let entries = targets.into_iter().map(|(name, source)| {
            default.get_or_insert_with(|| name.clone());
            (name, Entry { source, connected: OnceCell::new() })
        });
        let targets = Arc::new(entries.collect());
        Self { targets, default }
    }

    /// A gateway to one target.
    #[must_use]
    pub fn to(target: Target) -> Self {
        Self::new([(target.name().to_string(), Source::Ready(target))])
    }

    /// The names of the targets, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.targets.keys().map(String::as_str)
    }

    /// The name of the default target, if there is any target.
    #[must_use]
    pub fn default_name(&self) -> Option<&str> {
        self.default.as_deref()
    }

    /// The default target.
    ///
    /// # Errors
    /// [`Error::NoTarget`], or it cannot be connected.
    pub async fn default_target(&self) -> Result<Target> {
        match &self.default {
            Some(name) => self.target(name).await,
            None => Err(Error::NoTarget),
        }
    }

    /// The target of that name. Its transport is made now if it was not used before; no request is sent.
    ///
    /// # Errors
    /// [`Error::UnknownTarget`], or [`Error::NoTransport`] with the reason of the connection's maker.
    pub async fn target(&self, name: &str) -> Result<Target> {
        let Some(entry) = self.targets.get(name) else {
            let known = self.names().map(str::to_owned).collect();
            return Err(Error::UnknownTarget { name: name.to_owned(), known });
        };
        let connect = async || match &entry.source {
            Source::Ready(target) => Ok(target.clone()),
            Source::Lazy(connect) => {
                let (namespace, transport) = connect().map_err(|source| Error::NoTransport { source })?;
                Ok(Target::new(name, namespace, transport))
            }
        };
        entry.connected.get_or_try_init(connect).await.cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::{Connect, Gateway, Source};
    use crate::cluster::Error;
    use crate::cluster::connect::ConnectError;
    use crate::cluster::scripted::Scripted;
    use crate::diag::{Explain, codes};
    use crate::object::Namespace;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    fn lazy(connect: Arc<Connect>) -> Source {
        Source::Lazy(connect)
    }

    #[tokio::test]
    async fn connects_a_target_once_and_only_when_it_is_used() {
        let count = Arc::new(AtomicU32::new(0));
        let counted = count.clone();
        let source = lazy(Arc::new(move || {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok((Namespace::parse("shop").unwrap(), Scripted::new().transport()))
        }));
        let gateway = Gateway::new([("prod".to_owned(), source)]);
        assert_eq!((count.load(Ordering::Relaxed), gateway.default_name()), (0, Some("prod")));
        for _ in 0..2 {
            assert_eq!(gateway.default_target().await.unwrap().namespace().as_str(), "shop");
        }
        assert_eq!(count.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn an_unknown_target_is_answered_with_the_most_similar_one() {
        let gateway = Gateway::to(Scripted::new().target());
        let error = gateway.target("tset").await.unwrap_err();
        assert_eq!(error.code(), codes::UNKNOWN_TARGET);
        assert_eq!(error.hint().as_deref(), Some("did you mean `test`?"));
    }

    #[tokio::test]
    async fn a_gateway_to_nowhere_says_how_to_hand_a_cluster_in() {
        let error = Gateway::default().default_target().await.unwrap_err();
        assert_eq!(error.code(), codes::NO_KUBECONFIG);
        assert!(error.to_string().starts_with("no cluster is configured"), "{error}");
        assert!(error.hint().unwrap().contains(".gateway(Gateway::to(target))"));
    }

    #[tokio::test]
    async fn a_target_that_cannot_be_connected_says_why() {
        let source = lazy(Arc::new(|| Err(Arc::new(ConnectError::NoKubeconfig { looked: Vec::new() }))));
        let gateway = Gateway::new([("prod".to_owned(), source)]);
        let error = gateway.default_target().await.unwrap_err();
        assert!(matches!(error, Error::NoTransport { .. }));
        assert_eq!(error.code(), codes::NO_KUBECONFIG);
    }
}
