//! The conductor: takes a script, its params and the doors an embedder offers, runs it to its end and hands back what
//! came of it. It opens nothing itself: no file, no environment, no runtime of its own, no output.

mod check;
mod masking;

use crate::cluster::{CancelToken, Context, Gateway};
use crate::diag::{Diagnostic, SourceMap, SourceText, codes};
use crate::host::{Bridge, Failure, Host, Parts, Stop, to_node};
use crate::journal::{Discard, Masking, Sink};
use crate::object::Secrets;
use crate::script::{Limits, Modules, Program, Stops, Toolbox, evaluate, on_own_thread};
use crate::value::{Map, Node};
use crate::world::World;
use rhai::Dynamic;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::Instant;

/// Runs scripts. Cheap to clone; runs of one session share the registered functions and nothing else.
#[derive(Clone)]
pub struct Session {
    toolbox: Toolbox,
    world: Arc<dyn World>,
    gateway: Gateway,
    limits: Limits,
    sink: Arc<dyn Sink>,
    field_manager: Option<Arc<str>>,
    request_timeout: Option<Duration>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("gateway", &self.gateway).field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// A script to run.
#[derive(Debug, Clone)]
pub struct Script {
    source: Arc<SourceText>,
    root: Option<PathBuf>,
}

impl Script {
    /// A script from text. `name` is what messages call it. It can import `"std/…"` only.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { source: SourceText::new(name, text), root: None }
    }

    /// The folder that relative imports may read from; the script's name must then be a path in it.
    #[must_use]
    pub fn in_package(mut self, root: impl Into<PathBuf>) -> Self {
        self.root = Some(root.into());
        self
    }

    /// Its text.
    #[must_use]
    pub fn source(&self) -> &Arc<SourceText> {
        &self.source
    }
}

/// How one run differs from the session's other runs.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct RunOptions {
    /// The checked params; the script sees these names and no others.
    pub params: Map,
    /// Names that are params even where they have no value.
    pub param_names: Vec<String>,
    /// Ends the run early when it is given.
    pub cancel: CancelToken,
    /// How long the run may take.
    pub timeout: Option<Duration>,
    /// A name for the run, as in `run.id`; made from random bytes where it is empty.
    pub id: String,
    /// Texts that nobody outside the run may see: values of params with the format `secret`, and whatever else the
    /// embedder hands in. What the run reads of Secrets is hidden without being named here.
    pub secrets: Vec<String>,
}

impl std::fmt::Debug for RunOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Neither the params nor the secrets: the ones may hold the others.
        f.debug_struct("RunOptions").field("id", &self.id).field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

impl RunOptions {
    /// Options with these params.
    #[must_use]
    pub fn with_params(params: Map) -> Self {
        Self { params, ..Self::default() }
    }

    /// The same, ended early by `cancel`.
    #[must_use]
    pub fn cancelled_by(mut self, cancel: CancelToken) -> Self {
        self.cancel = cancel;
        self
    }

    /// The same, ended after `timeout`.
    #[must_use]
    pub fn within(mut self, timeout: Option<Duration>) -> Self {
        self.timeout = timeout;
        self
    }

    /// The same, hiding these texts too in everything that leaves the run.
    #[must_use]
    pub fn hiding(mut self, secrets: impl IntoIterator<Item = String>) -> Self {
        self.secrets.extend(secrets);
        self
    }
}

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The value of the script's last expression.
    pub value: Node,
    /// The run's name.
    pub id: String,
}

/// A run that failed, with the texts its diagnostic points into.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", diagnostic.message)]
pub struct RunError {
    /// What went wrong.
    pub diagnostic: Box<Diagnostic>,
    /// Data that came with it, as scripts see it in `err.details`: what `fail` was given, the account of an eviction.
    pub details: Option<Node>,
    /// The texts of the scripts that were loaded.
    pub sources: SourceMap,
}

/// Puts a [`Session`] together.
#[derive(Clone)]
pub struct Builder {
    world: Arc<dyn World>,
    gateway: Gateway,
    limits: Limits,
    sink: Arc<dyn Sink>,
    field_manager: Option<Arc<str>>,
    request_timeout: Option<Duration>,
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder").finish_non_exhaustive()
    }
}

impl Builder {
    /// Which clusters scripts can reach.
    #[must_use]
    pub fn gateway(mut self, gateway: Gateway) -> Self {
        self.gateway = gateway;
        self
    }

    /// What a run may use up.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Where events go: what scripts print, progress, warnings, each write with its answer.
    #[must_use]
    pub fn events(mut self, sink: Arc<dyn Sink>) -> Self {
        self.sink = sink;
        self
    }

    /// The field manager of writes instead of `rutter`.
    #[must_use]
    pub fn field_manager(mut self, name: impl Into<Arc<str>>) -> Self {
        self.field_manager = Some(name.into());
        self
    }

    /// How long one call to a cluster may take, its retries included, unless the script says otherwise;
    /// [`Duration::MAX`] for no limit.
    #[must_use]
    pub fn request_timeout(mut self, time: Duration) -> Self {
        self.request_timeout = Some(time);
        self
    }

    /// The session.
    #[must_use]
    pub fn build(self) -> Session {
        let Self { world, gateway, limits, sink, field_manager, request_timeout } = self;
        Session { toolbox: Toolbox::default(), world, gateway, limits, sink, field_manager, request_timeout }
    }
}

impl Session {
    /// Starts building a session whose scripts see this world and, so far, no cluster.
    #[must_use]
    pub fn builder(world: Arc<dyn World>) -> Builder {
        Builder {
            world,
            gateway: Gateway::default(),
            limits: Limits::default(),
            sink: Arc::new(Discard),
            field_manager: None,
            request_timeout: None,
        }
    }

    /// The registered functions.
    #[must_use]
    pub fn toolbox(&self) -> &Toolbox {
        &self.toolbox
    }

    /// Runs a script to its end, on a thread of its own. Must be called on a tokio runtime with time and I/O enabled; the
    /// run's calls are made there. Dropping the future stops the run.
    ///
    /// # Errors
    /// What the script failed with, where, and through which calls.
    pub async fn run(&self, script: &Script, options: RunOptions) -> Result<Outcome, RunError> {
        let sources = SourceMap::default();
        let secrets = Secrets::new();
        options.secrets.iter().for_each(|secret| secrets.add(secret));
        let failed = |failure: Failure| RunError {
            diagnostic: Box::new(masking::diagnostic(&secrets, failure.diagnostic().clone())),
            details: failure.data().map(|details| masking::value(&secrets, details)),
            sources: sources.clone(),
        };
        let id = if options.id.is_empty() { self.new_id().map_err(failed)? } else { options.id.clone() };
        let started = Instant::now();
        let time = [options.timeout, self.limits.time].into_iter().flatten().min();
        let deadline = time.map(|time| started + time);
        let host = self.host(&options, deadline, sources.clone(), secrets.clone());
        let program = self.program(script, &options, &id, time);
        let (toolbox, stops) = (self.toolbox.clone(), Stops::default());
        let guard = StopOnDrop { stops: stops.clone(), cancel: options.cancel.clone(), armed: true };
        let flag = stops.clone();
        let work = on_own_thread(move || {
            let value = evaluate(&toolbox, &program, host, &flag)?;
            to_node(&value)
        });
        let value = watched(work, &stops, &options.cancel, deadline).await;
        guard.disarm();
        let value = value.map_err(Failure::of).and_then(std::convert::identity).map_err(failed)?;
        Ok(Outcome { value: masking::value(&secrets, &value), id })
    }

    fn host(&self, options: &RunOptions, deadline: Option<Instant>, sources: SourceMap, secrets: Secrets) -> Host {
        let sink: Arc<dyn Sink> = Arc::new(Masking::new(Arc::clone(&self.sink), secrets.clone()));
        let mut context = Context::new(Arc::clone(&sink)).cancelled_by(options.cancel.clone());
        if let Some(deadline) = deadline {
            context = context.until(deadline);
        }
        if let Some(time) = self.request_timeout {
            context = context.calls_within(time);
        }
        if let Some(name) = &self.field_manager {
            context = context.writing_as(Arc::clone(name));
        }
        Host::new(Parts {
            bridge: Bridge::new(Handle::current(), options.cancel.clone(), deadline),
            world: Arc::clone(&self.world),
            gateway: self.gateway.clone(),
            context,
            sink,
            secrets,
            sources,
        })
    }

    fn program(&self, script: &Script, options: &RunOptions, id: &str, time: Option<Duration>) -> Program {
        let mut names: Vec<String> = options.param_names.clone();
        names.extend(options.params.keys().map(ToString::to_string));
        names.sort_unstable();
        names.dedup();
        let run = Node::from([
            ("id", Node::from(id)),
            ("mode", Node::from("apply")),
            ("deadline", time.map(|time| crate::object::Duration::from_std(time).to_string()).into()),
        ]);
        Program {
            source: Arc::clone(&script.source),
            constants: vec![
                ("params", crate::host::params(options.params.clone(), names)),
                ("cluster", Dynamic::from(crate::host::Cluster::default_of(&self.gateway))),
                ("run", crate::host::from_node(&run)),
            ],
            modules: self.modules(script),
            limits: self.limits,
        }
    }

    fn modules(&self, script: &Script) -> Modules {
        Modules {
            library: crate::catalog::STDLIB,
            root: script.root.clone(),
            world: Arc::clone(&self.world),
            source_bytes: self.limits.source_bytes,
        }
    }

    fn new_id(&self) -> Result<String, Failure> {
        let mut bytes = [0_u8; 6];
        self.world
            .random_bytes(&mut bytes)
            .map_err(|error| Failure::new(codes::INTERNAL, format!("no random bytes for the run's name: {error}")))?;
        Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// Waits for the script, and raises its stop flag when it is interrupted or its time is over. The script's thread ends by
/// itself then: every operation looks at the flag, every wait listens to the signal.
async fn watched<T>(
    work: impl Future<Output = T>,
    stops: &Stops,
    cancel: &CancelToken,
    deadline: Option<Instant>,
) -> T {
    let mut work = std::pin::pin!(work);
    tokio::select! {
        value = &mut work => return value,
        () = cancel.cancelled() => stops.stop(Stop::Interrupted),
        () = tokio::time::sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
            stops.stop(Stop::Deadline);
        }
    }
    work.await
}

/// Stops the script when nobody waits for it any more.
struct StopOnDrop {
    stops: Stops,
    cancel: CancelToken,
    armed: bool,
}

impl StopOnDrop {
    fn disarm(mut self) {
        self.armed = false;
    }
}

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        if self.armed {
            self.stops.stop(Stop::Interrupted);
            self.cancel.cancel();
        }
    }
}
