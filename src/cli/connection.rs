//! From kubectl's options to the gateway of a run.

use super::args::Kube;
use super::exit::Problems;
use crate::cluster::connect::{ConnectPolicy, Connection, Overrides, PluginPolicy, Risk};
use crate::cluster::{Gateway, Source};
use crate::diag::{Diagnostic, Explain, codes};
use crate::object::Namespace;
use crate::world::World;
use std::path::PathBuf;
use std::sync::Arc;

/// The gateway to the one cluster that the options name. Whatever is wrong with the kubeconfig is said when a script uses
/// the cluster: `rutter run -e 1` needs none. It is read once, since it may be a pipe.
pub(super) fn gateway(kube: &Kube, world: &Arc<dyn World>) -> Result<Gateway, Problems> {
    let found = Connection::find(&**world, kube.kubeconfig.as_deref(), &overrides(kube), &policy(kube)?);
    let name = match (&found, &kube.context) {
        (Ok(connection), _) => connection.name().to_owned(),
        (Err(_), Some(context)) => context.clone(),
        (Err(_), None) => "default".to_owned(),
    };
    let world = Arc::clone(world);
    let connect = move || {
        let connection = found.clone().map_err(boxed)?;
        let namespace = Namespace::parse(connection.namespace()).map_err(boxed)?;
        let transport = connection.transport(Arc::clone(&world)).map_err(boxed)?;
        Ok((namespace, transport))
    };
    Ok(Gateway::new([(name, Source::Lazy(Arc::new(connect)))]))
}

fn boxed(error: impl Explain + Send + Sync + 'static) -> Arc<dyn Explain + Send + Sync> {
    Arc::new(error)
}

fn overrides(kube: &Kube) -> Overrides {
    let mut overrides = Overrides::default();
    overrides.context.clone_from(&kube.context);
    overrides.cluster.clone_from(&kube.cluster);
    overrides.user.clone_from(&kube.user);
    overrides.namespace.clone_from(&kube.namespace);
    overrides.act_as.clone_from(&kube.impersonate);
    overrides.act_as_groups.clone_from(&kube.impersonate_groups);
    overrides
}

fn policy(kube: &Kube) -> Result<ConnectPolicy, Problems> {
    let mut policy = ConnectPolicy::default();
    if kube.allow_insecure {
        (policy.plain_http, policy.unverified_tls) = (Risk::Accept, Risk::Accept);
    }
    if kube.allow_exec_plugin.iter().any(|path| path == "*") {
        policy.plugins = PluginPolicy::Any;
        return Ok(policy);
    }
    let paths: Vec<PathBuf> = kube.allow_exec_plugin.iter().map(PathBuf::from).collect();
    if let Some(relative) = paths.iter().find(|path| !path.is_absolute()) {
        let message = format!("--allow-exec-plugin={} is no absolute path", relative.display());
        return Err(Problems::one(Diagnostic::error(codes::USAGE, message)));
    }
    if !paths.is_empty() {
        policy.plugins = PluginPolicy::Only(paths);
    }
    Ok(policy)
}
