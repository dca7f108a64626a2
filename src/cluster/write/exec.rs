//! Running a command in a container, over a WebSocket (`v5.channel.k8s.io`: the first byte of a frame is its channel).

use crate::cluster::context::{CallClass, CallContext, Shape};
use crate::cluster::error::{Call, Error};
use crate::cluster::request::{object_path, with_options};
use crate::cluster::{Context, Problem, Result, Scope, Status, Target};
use crate::object::{Namespace, ObjectRef};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How to run a command.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ExecOptions {
    /// Where the pod is if its reference names no namespace; the target's default unless said.
    pub scope: Scope,
    /// The container; the pod's default one unless said.
    pub container: Option<String>,
    /// What the command reads.
    pub stdin: Option<Bytes>,
    /// The most bytes that are kept of each stream; the rest is dropped, and said to be.
    pub keep: usize,
    /// How long the command may take. It is not stopped in the container when its time is over: the API has no call for that.
    pub timeout: Duration,
}

impl Default for ExecOptions {
    fn default() -> Self {
        Self {
            scope: Scope::default(),
            container: None,
            stdin: None,
            keep: 16 << 20,
            timeout: Duration::from_secs(120),
        }
    }
}

/// What a command wrote and how it ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExecOutput {
    /// What it wrote to its standard output.
    pub stdout: Vec<u8>,
    /// What it wrote to its standard error.
    pub stderr: Vec<u8>,
    /// Bytes of both that were dropped.
    pub dropped: u64,
    /// How it ended.
    pub exit: Exit,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exit {
    /// With that code; 0 is success.
    Code(i32),
    /// The connection ended before the server said how.
    #[default]
    Unknown,
}

const STDIN: u8 = 0;
const STDOUT: u8 = 1;
const STDERR: u8 = 2;
const ERROR: u8 = 3;
const CLOSE: u8 = 255;
/// Bytes of standard input in one frame.
const PIECE: usize = 32 << 10;

impl Target {
    /// Runs a command in a container of a pod, until it ends. No shell: the words are the program and its arguments.
    ///
    /// A command that ends with another code than 0 is no error here.
    ///
    /// # Errors
    /// [`Error::Exec`] where the command could not be started or its outcome was lost, [`Error::Timeout`].
    pub async fn exec(
        &self,
        run: &Context,
        pod: &ObjectRef,
        command: &[String],
        options: &ExecOptions,
    ) -> Result<ExecOutput> {
        let resource = self.resolve_exactly(run, &pod.gvk).await?;
        let scope = pod.namespace.clone().map_or(options.scope.clone(), Scope::Namespace);
        let reference = self.reference(&resource, &scope, &pod.name)?;
        let call = self.call("exec in", reference.to_string());
        if !pod.gvk.is("", "Pod") {
            return Err(Error::UnsupportedVerb { call, verb: "exec" });
        }
        if command.is_empty() {
            return Err(Error::Exec { call, why: "the command is empty".into() });
        }
        let namespace = reference.namespace.as_ref().map(Namespace::as_str);
        let path = object_path(&resource, namespace, reference.name.as_str(), "exec");
        let mut query: Vec<(&str, Option<String>)> =
            command.iter().map(|word| ("command", Some(word.clone()))).collect();
        query.push(("container", options.container.clone()));
        query.push(("stdin", options.stdin.as_ref().map(|_| "true".into())));
        query.extend([("stdout", Some("true".into())), ("stderr", Some("true".into()))]);
        let started = Instant::now();
        let deadline = run.deadline_of(Some(options.timeout), options.timeout);
        let settings = CallContext {
            run: run.clone(),
            deadline,
            started,
            class: CallClass::Once,
            shape: Shape::Stream,
            call: call.clone(),
            expects: None,
        };
        let request = http::Request::get(with_options(&path, &query)).extension(settings).body(Vec::new());
        let request = request.map_err(|error| Error::Exec { call: call.clone(), why: error.to_string() })?;
        let work = self.converse(&call, request, options);
        tokio::select! {
            biased;
            () = run.cancel().cancelled() => Err(Error::Cancelled { call }),
            done = tokio::time::timeout_at(deadline, work) => {
                done.unwrap_or_else(|_| Err(Error::Timeout { call: call.clone(), after: started.elapsed(), last: None }))
            }
        }
    }

    async fn converse(
        &self,
        call: &Arc<Call>,
        request: http::Request<Vec<u8>>,
        options: &ExecOptions,
    ) -> Result<ExecOutput> {
        let lost = |why: String| Error::Exec { call: call.clone(), why };
        let connection = self.client().connect(request).await.map_err(|error| Error::from_kube(error, call))?;
        if options.stdin.is_some() && !connection.supports_stream_close() {
            return Err(lost("the API server is too old to end a command's input".into()));
        }
        let (mut sink, mut stream) = connection.into_stream().split();
        let write = async {
            let Some(input) = &options.stdin else { return Ok(()) };
            for piece in input.chunks(PIECE) {
                let frame: Vec<u8> = [&[STDIN], piece].concat();
                sink.send(frame.into()).await.map_err(|error| lost(error.to_string()))?;
            }
            sink.send(vec![CLOSE, STDIN].into()).await.map_err(|error| lost(error.to_string()))
        };
        let read = async {
            let mut output = ExecOutput::default();
            let mut end = None;
            while let Some(message) = stream.next().await {
                let message = message.map_err(|error| lost(error.to_string()))?;
                if message.is_close() {
                    break;
                }
                match message.into_data().split_first() {
                    Some((&STDOUT, data)) => output.dropped += keep(&mut output.stdout, data, options.keep),
                    Some((&STDERR, data)) => output.dropped += keep(&mut output.stderr, data, options.keep),
                    Some((&ERROR, data)) => end = Some(data.to_vec()),
                    _ => {}
                }
            }
            Ok((output, end))
        };
        // A command need not read all of its input: what counts is how its output ends.
        let (written, read) = tokio::join!(write, read);
        let (mut output, end) = read?;
        let Some(end) = end else {
            written?;
            return Err(lost("the connection ended before the command did".into()));
        };
        output.exit = exit(call, &end)?;
        Ok(output)
    }
}

/// Keeps what fits and says how much did not.
fn keep(kept: &mut Vec<u8>, data: &[u8], most: usize) -> u64 {
    let room = most.saturating_sub(kept.len()).min(data.len());
    kept.extend_from_slice(&data[..room]);
    (data.len() - room) as u64
}

/// What the error channel says: a `Status`, of success too.
fn exit(call: &Arc<Call>, said: &[u8]) -> Result<Exit> {
    let Some(status) = Status::from_json(said) else {
        return Err(Error::malformed(call, "its end is no status", said));
    };
    let code =
        status.causes.iter().find(|cause| cause.reason == "ExitCode").and_then(|cause| cause.message.parse().ok());
    match code {
        Some(code) => Ok(Exit::Code(code)),
        None if status.message.is_empty() && status.reason.is_empty() => Ok(Exit::Code(0)),
        None if status.code >= 400 && status.problem() == Problem::Forbidden => Err(status.into_error(call.clone())),
        None => Err(Error::Exec { call: call.clone(), why: status.message }),
    }
}

#[cfg(test)]
mod tests {
    use super::{Exit, exit, keep};
    use crate::cluster::error::Call;

    #[test]
    fn reads_how_a_command_ended() {
        let call = Call::new(&"test".into(), "exec in", "Pod/a");
        let end = |text: &str| exit(&call, text.as_bytes());
        assert_eq!(end(r#"{"kind":"Status","metadata":{},"status":"Success"}"#).unwrap(), Exit::Code(0));
        let failed = r#"{"kind":"Status","status":"Failure","message":"command terminated with non-zero exit code","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"42"}]}}"#;
        assert_eq!(end(failed).unwrap(), Exit::Code(42));
        let missing = r#"{"kind":"Status","status":"Failure","message":"no such file: nope","reason":"InternalError","code":500}"#;
        assert!(end(missing).unwrap_err().to_string().ends_with("no such file: nope"));
        assert!(end("garbage").is_err());
    }

    #[test]
    fn keeps_no_more_than_it_should() {
        let mut kept = Vec::new();
        assert_eq!(keep(&mut kept, b"abc", 5), 0);
        assert_eq!(keep(&mut kept, b"defg", 5), 2);
        assert_eq!(kept, b"abcde");
    }
}
