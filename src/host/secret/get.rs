//! Reads one value of a Secret.

use super::learn_secrets;
use crate::cluster::Scope;
use crate::cluster::read::GetOptions;
use crate::diag::{codes, did_you_mean, printable};
use crate::host::cluster::reach_in;
use crate::host::{Call, Cluster, Effect, Example, Expect, Failure, Form, Opt, Param, Returns, Spec, Thrown, Type};
use crate::object::{KindQuery, Name, Namespace, ObjectRef};
use crate::value::{Map, Node};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "secret",
    name: "get",
    form: Form::Namespaced,
    summary: "Reads one value of a Secret as text.",
    details: "The value, and whatever else the Secret holds, is shown as `***` from then on: in what the script prints, in \
              its result, in errors and events; also where it stands in base64, in a URL or in JSON. Values of fewer than \
              4 bytes are not hidden, because half of every text would be. The script itself sees the value as it is.",
    params: &[
        Param { name: "cluster", kind: Type::Cluster, text: "The cluster to read from.", default: None },
        Param { name: "name", kind: Type::Text, text: "The Secret's name.", default: None },
        Param { name: "key", kind: Type::Text, text: "Which of its values.", default: None },
    ],
    options: &[
        Opt {
            name: "namespace",
            kind: Type::Text,
            text: "The Secret's namespace.",
            default: "the target's default namespace",
        },
        Opt {
            name: "timeout",
            kind: Type::Duration,
            text: "How long the call may take, retries included.",
            default: "the run's request timeout",
        },
    ],
    returns: Returns { kind: Type::Text, text: "The value, decoded from base64." },
    errors: &[codes::SECRET, codes::NOT_FOUND, codes::FORBIDDEN, codes::INVALID_NAME],
    effect: Effect::Read,
    since: "0.1.0",
    examples: &[Example {
        title: "A password for a call",
        source: r#"let token = secret::get(cluster, "chat", "token", #{ namespace: "ops" });
http::post("https://chat.example.com/hook", #{ text: "drained" }, #{ headers: #{ authorization: "Bearer " + token } })"#,
        result: Expect::Cluster,
    }],
    run: |call| get(call),
};

fn get(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let cluster = call.value(0).try_cast::<Cluster>().ok_or_else(|| call.invalid("`cluster`", "it is none", None))?;
    let (name, key) = (Name::parse(&call.text(1)?)?, call.text(2)?);
    let mut options = GetOptions::default();
    options.timeout = call.duration_option("timeout")?;
    if let Some(namespace) = call.text_option("namespace") {
        options.scope = Scope::Namespace(Namespace::parse(namespace)?);
    }
    let kind = KindQuery::parse("v1/Secret")?;
    let secret = reach_in(call, &cluster, async |target, context| target.get(context, &kind, &name, &options).await)?;
    learn_secrets(call.host(), &secret);
    let value = value(&secret, &key).map_err(|failure| {
        let object = ObjectRef::of(&secret).ok().map(|reference| reference.to_string());
        failure.about(Some(cluster.name()), object)
    })?;
    call.host().secrets.add(&value);
    Ok(value.into())
}

/// The value of that key. Messages name keys, never values.
fn value(secret: &Node, key: &str) -> Result<String, Failure> {
    let name = printable(&ObjectRef::of(secret)?.to_string());
    let empty = Map::new();
    let data = secret.get("data").and_then(Node::as_map).unwrap_or(&empty);
    let Some(encoded) = data.get(key).and_then(Node::as_str) else {
        let keys: Vec<&str> = data.keys().map(|key| &**key).collect();
        let hint = did_you_mean(key, keys.iter().copied()).unwrap_or_else(|| match keys.as_slice() {
            [] => "the Secret is empty".to_owned(),
            keys => format!("it has: {}", printable(&keys.join(", "))),
        });
        let message = format!("{name} has no key `{}`", printable(key));
        return Err(Failure::new(codes::SECRET, message).hint(hint));
    };
    let no_text = |why: &str| {
        Failure::new(codes::SECRET, format!("the value of `{}` in {name} is {why}", printable(key)))
            .hint(r#"read bytes with `base64::decode(cluster.get("Secret", name).data[key])`"#)
    };
    let bytes = BASE64_STANDARD.decode(encoded).map_err(|_| no_text("no base64"))?;
    String::from_utf8(bytes).map_err(|_| no_text("not UTF-8 text"))
}

#[cfg(test)]
mod tests {
    use super::value;
    use crate::diag::codes;
    use crate::value::{Budget, Node, json};

    fn secret(data: &str) -> Node {
        let text = format!(
            r#"{{"apiVersion":"v1","kind":"Secret","metadata":{{"name":"db","namespace":"shop"}},"data":{data}}}"#
        );
        json::read(text, "test", &Budget::default()).unwrap()
    }

    #[test]
    fn gives_the_text_behind_the_base64() {
        assert_eq!(value(&secret(r#"{"password":"aHVudGVyMgo="}"#), "password").unwrap(), "hunter2\n");
    }

    #[test]
    fn names_the_keys_where_one_is_absent_and_no_value() {
        let failure = value(&secret(r#"{"password":"aHVudGVyMg=="}"#), "pasword").unwrap_err();
        let diagnostic = failure.diagnostic();
        assert_eq!((diagnostic.code, &*diagnostic.message), (codes::SECRET, "Secret/shop/db has no key `pasword`"));
        assert_eq!(diagnostic.hints, ["did you mean `password`?"]);
        let failure = value(&secret(r#"{"user":"aHVudGVyMg=="}"#), "password").unwrap_err();
        assert_eq!(failure.diagnostic().hints, ["it has: user"]);
        let failure = value(&secret("null"), "password").unwrap_err();
        assert_eq!(failure.diagnostic().hints, ["the Secret is empty"]);
    }

    #[test]
    fn refuses_a_value_that_is_no_text() {
        let failure = value(&secret(r#"{"key":"//79/Pv6"}"#), "key").unwrap_err();
        assert_eq!(failure.diagnostic().message, "the value of `key` in Secret/shop/db is not UTF-8 text");
    }
}
