//! One object by name.

use crate::cluster::error::Error;
use crate::cluster::request::object_path;
use crate::cluster::target::Outgoing;
use crate::cluster::{Context, Problem, Result, Scope, Target};
use crate::object::{KindQuery, Name, ObjectRef, Subresource};
use crate::value::Node;
use crate::value::json::ManagedFields;
use std::time::Duration;

/// How to read one object.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct GetOptions {
    /// Where it is; the target's default namespace unless said.
    pub scope: Scope,
    /// A part of it that the server has beside it, as in `scale` or `status`.
    pub subresource: Option<Subresource>,
    /// Whether it keeps its `metadata.managedFields`.
    pub managed_fields: ManagedFields,
    /// How long the call may take.
    pub timeout: Option<Duration>,
}

impl Default for GetOptions {
    fn default() -> Self {
        Self { scope: Scope::default(), subresource: None, managed_fields: ManagedFields::Drop, timeout: None }
    }
}

impl Target {
    /// Reads one object.
    ///
    /// # Errors
    /// [`Problem::NotFound`] where there is none; see [`Error`] for the rest.
    pub async fn get(&self, run: &Context, kind: &KindQuery, name: &Name, options: &GetOptions) -> Result<Node> {
        let resource = self.resolve(run, kind).await?;
        let reference = self.reference(&resource, &options.scope, name)?;
        self.get_ref(run, &reference, options).await
    }

    /// Reads one object, or nothing where there is none of that name.
    ///
    /// # Errors
    /// As [`Target::get`]; a kind or namespace that cannot be read is an error, not an absent object.
    pub async fn find(
        &self,
        run: &Context,
        kind: &KindQuery,
        name: &Name,
        options: &GetOptions,
    ) -> Result<Option<Node>> {
        absent_as_none(self.get(run, kind, name, options).await)
    }

    /// Reads the object that a reference names. Its own namespace goes before that of the options.
    ///
    /// # Errors
    /// As [`Target::get`]; [`Problem::Replaced`] where the reference has a uid and the object another one.
    pub async fn get_ref(&self, run: &Context, reference: &ObjectRef, options: &GetOptions) -> Result<Node> {
        let resource = self.resolve_exactly(run, &reference.gvk).await?;
        let scope = reference.namespace.clone().map_or(options.scope.clone(), Scope::Namespace);
        let reference = ObjectRef { uid: reference.uid.clone(), ..self.reference(&resource, &scope, &reference.name)? };
        let subresource = options.subresource.as_ref().map_or("", Subresource::as_str);
        let namespace = reference.namespace.as_ref().map(crate::object::Namespace::as_str);
        let call = self.call("get", reference.to_string());
        let path = object_path(&resource, namespace, reference.name.as_str(), subresource);
        let outgoing = Outgoing::get(path).within(options.timeout);
        let object = self.fetch_object(run, &call, outgoing, options.managed_fields).await?;
        let found = object.text_at(&["metadata", "uid"]);
        match (&reference.uid, found) {
            (Some(wanted), Some(found)) if &**wanted != found => {
                let message = format!("uid {wanted} is gone; an object of that name has uid {found}");
                let status = crate::cluster::Status { code: 409, message, ..Default::default() };
                Err(Error::Api { call, problem: Problem::Replaced, status: Box::new(status) })
            }
            _ => Ok(object),
        }
    }

    /// Reads the object that a reference names, or nothing where there is none.
    ///
    /// # Errors
    /// As [`Target::get_ref`].
    pub async fn find_ref(&self, run: &Context, reference: &ObjectRef, options: &GetOptions) -> Result<Option<Node>> {
        absent_as_none(self.get_ref(run, reference, options).await)
    }
}

fn absent_as_none(read: Result<Node>) -> Result<Option<Node>> {
    match read {
        Ok(object) => Ok(Some(object)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
