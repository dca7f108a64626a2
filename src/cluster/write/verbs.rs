//! The verbs that people know from kubectl, each a small patch.

use super::patch::{Patch, PatchOptions};
use crate::cluster::error::Error;
use crate::cluster::read::GetOptions;
use crate::cluster::{Context, Result, Target};
use crate::object::{AnnotationKey, LabelKey, LabelValue, ObjectRef, Subresource};
use crate::value::{Map, Node};
use jiff::Timestamp;

/// The annotation by which kubectl restarts, so that both are one history.
const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";

impl Target {
    /// Sets the number of replicas of anything that can be scaled, and gives back its `Scale`.
    ///
    /// # Errors
    /// [`Error::UnsupportedVerb`] where the kind has no subresource `scale`; as [`Target::patch`] otherwise.
    pub async fn scale(
        &self,
        run: &Context,
        reference: &ObjectRef,
        replicas: u32,
        options: &PatchOptions,
    ) -> Result<Node> {
        let resource = self.resolve_exactly(run, &reference.gvk).await?;
        let scale = Subresource::parse("scale").ok().filter(|_| resource.subresource("scale").is_some());
        if scale.is_none() {
            return Err(Error::UnsupportedVerb { call: self.call("scale", reference.to_string()), verb: "scale" });
        }
        let patch = Patch::Merge(Node::from([("spec", Node::from([("replicas", i64::from(replicas).into())]))]));
        let options = PatchOptions { subresource: scale, ..options.clone() };
        self.patch_as("scale", run, reference, &patch, &options).await
    }

    /// Restarts the pods of a Deployment, StatefulSet or DaemonSet as a rollout: `at` goes into an annotation of the pod
    /// template, as kubectl does it.
    ///
    /// # Errors
    /// [`Error::UnsupportedVerb`] for other kinds, [`Error::InvalidObject`] where the rollout is paused: nothing would happen.
    pub async fn restart(
        &self,
        run: &Context,
        reference: &ObjectRef,
        at: Timestamp,
        options: &PatchOptions,
    ) -> Result<Node> {
        let kinds = ["Deployment", "StatefulSet", "DaemonSet"];
        if !kinds.iter().any(|kind| reference.gvk.is("apps", kind)) {
            return Err(Error::UnsupportedVerb { call: self.call("restart", reference.to_string()), verb: "restart" });
        }
        let read = GetOptions { scope: options.scope.clone(), ..GetOptions::default() };
        let live = self.get_ref(run, reference, &read).await?;
        if live.at(&["spec", "paused"]).and_then(Node::as_bool) == Some(true) {
            let why = format!("the rollout of {reference} is paused, so that nothing would be restarted");
            return Err(Error::InvalidObject { verb: "restart", why });
        }
        let annotations = Node::from([(RESTARTED_AT, at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into())]);
        let template = Node::from([("metadata", Node::from([("annotations", annotations)]))]);
        let patch = Patch::Merge(Node::from([("spec", Node::from([("template", template)]))]));
        self.patch_as("restart", run, reference, &patch, options).await
    }

    /// Keeps new pods off a node.
    ///
    /// # Errors
    /// [`Error::UnsupportedVerb`] for anything but a Node; as [`Target::patch`] otherwise.
    pub async fn cordon(&self, run: &Context, node: &ObjectRef, options: &PatchOptions) -> Result<Node> {
        self.set_unschedulable("cordon", run, node, true.into(), options).await
    }

    /// Lets new pods onto a node again.
    ///
    /// # Errors
    /// As [`Target::cordon`].
    pub async fn uncordon(&self, run: &Context, node: &ObjectRef, options: &PatchOptions) -> Result<Node> {
        self.set_unschedulable("uncordon", run, node, Node::Null, options).await
    }

    async fn set_unschedulable(
        &self,
        verb: &'static str,
        run: &Context,
        node: &ObjectRef,
        value: Node,
        options: &PatchOptions,
    ) -> Result<Node> {
        if !node.gvk.is("", "Node") {
            return Err(Error::UnsupportedVerb { call: self.call(verb, node.to_string()), verb });
        }
        let patch = Patch::Merge(Node::from([("spec", Node::from([("unschedulable", value)]))]));
        self.patch_as(verb, run, node, &patch, options).await
    }

    /// Sets labels of an object; `None` takes one away. The others stay.
    ///
    /// # Errors
    /// As [`Target::patch`].
    pub async fn label(
        &self,
        run: &Context,
        reference: &ObjectRef,
        labels: &[(LabelKey, Option<LabelValue>)],
        options: &PatchOptions,
    ) -> Result<Node> {
        let labels =
            labels.iter().map(|(key, value)| (key.as_str(), Node::from(value.as_ref().map(LabelValue::as_str))));
        self.set_metadata("label", "labels", run, reference, labels.collect(), options).await
    }

    /// Sets annotations of an object; `None` takes one away. The others stay.
    ///
    /// # Errors
    /// As [`Target::patch`].
    pub async fn annotate(
        &self,
        run: &Context,
        reference: &ObjectRef,
        annotations: &[(AnnotationKey, Option<String>)],
        options: &PatchOptions,
    ) -> Result<Node> {
        let annotations = annotations.iter().map(|(key, value)| (key.as_str(), Node::from(value.clone())));
        self.set_metadata("annotate", "annotations", run, reference, annotations.collect(), options).await
    }

    async fn set_metadata(
        &self,
        verb: &'static str,
        field: &'static str,
        run: &Context,
        reference: &ObjectRef,
        entries: Map,
        options: &PatchOptions,
    ) -> Result<Node> {
        let patch = Patch::Merge(Node::from([("metadata", Node::from([(field, entries.into())]))]));
        self.patch_as(verb, run, reference, &patch, options).await
    }
}
