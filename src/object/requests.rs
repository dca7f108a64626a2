//! What a pod asks of its node, as the scheduler counts it (`PodRequests` in `k8s.io/component-helpers/resource`).

use super::{ObjectError, Quantity};
use crate::value::Node;

/// How much of a resource (`cpu`, `memory`) the scheduler sets aside for the pod: its containers and sidecars together, or
/// more where an init container needs more; what the pod asks for as a whole instead, if it does; and the overhead of its
/// runtime.
///
/// # Errors
/// [`ObjectError::Quantity`] where a request is none.
pub fn requests(pod: &Node, resource: &str) -> Result<Quantity, ObjectError> {
    let mut running = Quantity::default();
    for container in pod.items_at(&["spec", "containers"]) {
        running = running.plus(request(container, resource)?)?;
    }
    let (mut sidecars, mut starting) = (Quantity::default(), Quantity::default());
    for container in pod.items_at(&["spec", "initContainers"]) {
        let asked = request(container, resource)?;
        let together = sidecars.plus(asked)?;
        starting = starting.max(together);
        if container.text_at(&["restartPolicy"]) == Some("Always") {
            // It stays: everything that starts after it runs beside it.
            sidecars = together;
        }
    }
    let containers = running.plus(sidecars)?.max(starting);
    let asked = amount(pod, &["spec", "resources", "requests", resource])?.unwrap_or(containers);
    asked.plus(amount(pod, &["spec", "overhead", resource])?.unwrap_or_default())
}

fn request(container: &Node, resource: &str) -> Result<Quantity, ObjectError> {
    Ok(amount(container, &["resources", "requests", resource])?.unwrap_or_default())
}

fn amount(node: &Node, path: &[&str]) -> Result<Option<Quantity>, ObjectError> {
    node.at(path).filter(|value| !value.is_null()).map(Quantity::from_node).transpose()
}

#[cfg(test)]
mod tests {
    use super::requests;
    use crate::value::Node;

    fn cpu(spec: &str) -> String {
        let pod: Node = serde_json::from_str(&format!(r#"{{"spec":{spec}}}"#)).unwrap();
        requests(&pod, "cpu").map_or_else(|error| error.to_string(), |quantity| quantity.to_string())
    }

    fn container(cpu: &str, more: &str) -> String {
        format!(r#"{{"resources":{{"requests":{{"cpu":"{cpu}"}}}}{more}}}"#)
    }

    #[test]
    fn counts_as_the_scheduler_does() {
        let (small, large) = (container("100m", ""), container("1", ""));
        let sidecar = container("50m", r#","restartPolicy":"Always""#);
        assert_eq!(cpu("{}"), "0");
        assert_eq!(cpu(&format!(r#"{{"containers":[{small},{small},{{}}]}}"#)), "200m");
        assert_eq!(cpu(&format!(r#"{{"containers":[{small}],"initContainers":[{large}]}}"#)), "1");
        assert_eq!(cpu(&format!(r#"{{"containers":[{small}],"initContainers":[{sidecar}]}}"#)), "150m");
        assert_eq!(cpu(&format!(r#"{{"containers":[{small}],"initContainers":[{sidecar},{large}]}}"#)), "1050m");
        assert_eq!(cpu(&format!(r#"{{"containers":[{small}],"initContainers":[{large},{sidecar}]}}"#)), "1");
        assert_eq!(cpu(&format!(r#"{{"containers":[{small}],"overhead":{{"cpu":"10m"}}}}"#)), "110m");
        assert_eq!(cpu(&format!(r#"{{"containers":[{small}],"resources":{{"requests":{{"cpu":2}}}}}}"#)), "2");
        assert!(cpu(&format!(r#"{{"containers":[{}]}}"#, container("much", ""))).contains("`much` is not a quantity"));
    }
}
