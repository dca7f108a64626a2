//! The same work as the benchmarks give Rutter, as plainly as kube allows. It must not be tuned, nor do less than it says.

use futures_util::{StreamExt, TryStreamExt, stream};
use k8s_openapi::api::core::v1::{ConfigMap, Pod};
use kube::api::{Api, ListParams, Patch, PatchParams, ValidationDirective};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use std::error::Error;
use std::io::BufRead;

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

const USAGE: &str = "peer KUBECONFIG count-pods | create-pods NAMESPACE AT_ONCE <JSON-LINES | apply NAMESPACE PREFIX COUNT AT_ONCE";

#[tokio::main(worker_threads = 2)]
async fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [kubeconfig, work @ ..] = &*arguments else { return Err(USAGE.into()) };
    let file = Kubeconfig::read_from(kubeconfig)?;
    let client = Client::try_from(Config::from_custom_kubeconfig(file, &KubeConfigOptions::default()).await?)?;
    match work {
        ["count-pods"] => count_pods(client).await,
        ["create-pods", namespace, at_once] => create_pods(client, namespace, at_once.parse()?).await,
        ["apply", namespace, prefix, count, at_once] => {
            apply(client, namespace, prefix, count.parse()?, at_once.parse()?).await
        }
        _ => Err(USAGE.into()),
    }
}

/// Reads all pods by pages of 500 and counts those of one node.
async fn count_pods(client: Client) -> Outcome {
    let pods: Api<Pod> = Api::all(client);
    let mut params = ListParams::default().limit(500);
    let mut found = 0;
    loop {
        let page = pods.list(&params).await?;
        let is_wanted =
            |pod: &&Pod| pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref()) == Some("node-007");
        found += page.items.iter().filter(is_wanted).count();
        match page.metadata.continue_.filter(|token| !token.is_empty()) {
            Some(token) => params = params.continue_token(&token),
            None => break,
        }
    }
    println!("{found}");
    Ok(())
}

/// Creates the pods that stand on stdin, one in a line. Preparation, not measured.
async fn create_pods(client: Client, namespace: &str, at_once: usize) -> Outcome {
    let path = format!("/api/v1/namespaces/{namespace}/pods");
    stream::iter(std::io::stdin().lock().lines())
        .map(|line| {
            let (client, path) = (client.clone(), &path);
            async move {
                let request = http::Request::post(path).header("content-type", "application/json");
                client.request_text(request.body(line?.into_bytes())?).await?;
                Ok::<(), Box<dyn Error + Send + Sync>>(())
            }
        })
        .buffer_unordered(at_once)
        .try_collect()
        .await
}

/// Applies config maps as Rutter does: server-side, with strict validation, no conflicts overruled.
async fn apply(client: Client, namespace: &str, prefix: &str, count: usize, at_once: usize) -> Outcome {
    let maps: Api<ConfigMap> = Api::namespaced(client, namespace);
    let mut params = PatchParams::apply("peer");
    params.field_validation = Some(ValidationDirective::Strict);
    stream::iter(0..count)
        .map(|number| {
            let (maps, params, name) = (maps.clone(), params.clone(), format!("{prefix}-{number}"));
            async move {
                let wanted = serde_json::json!({
                    "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": name },
                    "data": { "number": number.to_string(), "text": "a short text" },
                });
                maps.patch(&name, &params, &Patch::Apply(wanted)).await.map(drop)
            }
        })
        .buffer_unordered(at_once)
        .try_collect::<()>()
        .await?;
    Ok(())
}
