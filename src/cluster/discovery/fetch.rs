//! Reads a cluster's kinds: aggregated where the server has that, group by group where it does not.

use super::kinds::{Kinds, Resource};
use super::wire::{Aggregated, CoreVersions, Groups, Listed};
use crate::cluster::error::{Call, Error};
use crate::cluster::target::Outgoing;
use crate::cluster::{Context, Result, Target};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;

const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
    application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

/// A kind that cannot be read soon is better missing than waited for.
const TIME: Duration = Duration::from_secs(60);

pub(super) async fn fetch(target: &Target, run: &Context) -> Result<Kinds> {
    let call = target.call("discover", "the kinds");
    let (core, groups) = tokio::try_join!(root(target, run, &call, "/api"), root(target, run, &call, "/apis"))?;
    let (mut resources, mut missing) = (Vec::new(), Vec::new());
    for answer in [core, groups] {
        match answer {
            Root::Aggregated(list) => {
                for group in list.items {
                    group.unfold(&mut resources, &mut missing);
                }
            }
            Root::Core(list) => one_by_one(target, run, list.versions, &mut resources, &mut missing).await?,
            Root::Groups(list) => {
                let versions = list.groups.into_iter().flat_map(super::wire::Group::versions).collect();
                one_by_one(target, run, versions, &mut resources, &mut missing).await?;
            }
        }
    }
    for group in missing {
        run.warn(target.name(), &format!("the API {group} is not available now; its kinds are not known"));
    }
    resources.retain(|resource| !resource.kind.is_empty());
    if resources.is_empty() {
        return Err(Error::Discovery { cluster: target.name().clone(), why: "the server names no kinds".into() });
    }
    Ok(Kinds::new(resources))
}

/// An answer of `/api` or `/apis`.
enum Root {
    Aggregated(Aggregated),
    Core(CoreVersions),
    Groups(Groups),
}

async fn root(target: &Target, run: &Context, call: &Arc<Call>, path: &'static str) -> Result<Root> {
    let mut outgoing = Outgoing::get(path.to_owned());
    // Unless the run says how long its calls may take: it means this one, too.
    outgoing.usual = TIME;
    outgoing.accept = AGGREGATED;
    let bytes = match target.fetch(run, call, outgoing).await {
        Ok(bytes) => bytes,
        // A server of CRDs alone need not have a core group.
        Err(error) if path == "/api" && error.status().is_some_and(|status| status.code == 404) => {
            return Ok(Root::Core(CoreVersions { versions: Vec::new() }));
        }
        Err(error) => return Err(error),
    };
    let Kinded { kind } = read(call, &bytes)?;
    match kind.as_str() {
        "APIGroupDiscoveryList" => read(call, &bytes).map(Root::Aggregated),
        "APIVersions" => read(call, &bytes).map(Root::Core),
        "APIGroupList" => read(call, &bytes).map(Root::Groups),
        _ => Err(Error::malformed(call, "it describes no kinds", &bytes)),
    }
}

#[derive(serde::Deserialize)]
struct Kinded {
    #[serde(default)]
    kind: String,
}

fn read<T: DeserializeOwned>(call: &Arc<Call>, bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| Error::malformed(call, error.to_string(), bytes))
}

/// Reads versions given as `v1` or `group/version`; their order is kept.
async fn one_by_one(
    target: &Target,
    run: &Context,
    versions: Vec<String>,
    resources: &mut Vec<Resource>,
    missing: &mut Vec<String>,
) -> Result<()> {
    const AT_ONCE: usize = 16;
    let read = stream::iter(versions).map(|version| async move {
        let listed = listed(target, run, &version).await?;
        Ok::<_, Error>((version, listed))
    });
    let read: Vec<(String, Option<Vec<Resource>>)> = read.buffered(AT_ONCE).try_collect().await?;
    for (version, listed) in read {
        match listed {
            Some(listed) => resources.extend(listed),
            None => missing.push(version),
        }
    }
    Ok(())
}

/// The kinds of one version, or nothing where the server that has them is away.
async fn listed(target: &Target, run: &Context, version: &str) -> Result<Option<Vec<Resource>>> {
    let (prefix, group, name) = match version.split_once('/') {
        Some((group, name)) => ("/apis", group, name),
        None => ("/api", "", version),
    };
    let call = target.call("discover", format!("the kinds of {version}"));
    let mut outgoing = Outgoing::get(format!("{prefix}/{version}"));
    outgoing.usual = Duration::from_secs(10);
    match target.fetch(run, &call, outgoing).await {
        Ok(bytes) => Ok(Some(read::<Listed>(&call, &bytes)?.unfold(group, name))),
        Err(error) if error.status().is_some_and(|status| status.code >= 500 || status.code == 404) => Ok(None),
        Err(Error::Timeout { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
