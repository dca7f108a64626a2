//! Between the scheduler and the cluster: feeds it what the watches see, sends what it says.

use super::account::{Account, Entry, Fate};
use super::forecast::Forecast;
use super::scheduler::{Answer, End, OnBlocked, Scheduler};
use super::{EvictionsError, EvictionsOptions, SETTLING};
use crate::cluster::read::{Change, Watch, WatchOptions};
use crate::cluster::write::{EvictOptions, Eviction};
use crate::cluster::{Context, Error, Problem, Result, Scope, Target};
use crate::diag::printable;
use crate::journal::{Event, Progress};
use crate::object::{FieldSelector, KindQuery, Namespace, ObjectRef, pod};
use crate::value::Node;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use std::collections::{BTreeSet, HashSet};
use std::time::Duration;
use tokio::time::Instant;

/// Both watches have to have told what there is within this time.
const SYNC: Duration = Duration::from_secs(120);
/// Progress is told at most so often.
const PROGRESS: Duration = Duration::from_millis(200);

/// An eviction under way: which pod's, and in the end the answer.
type Request = BoxFuture<'static, (usize, Answer)>;
type Requests = FuturesUnordered<Request>;

pub(super) struct Driver<'t> {
    target: &'t Target,
    run: &'t Context,
    /// For all requests: the driver itself says when they are to end.
    calls: Context,
    options: EvictionsOptions,
    scheduler: Scheduler,
    pods: Watch,
    budgets: Watch,
    label: String,
    started: Instant,
    deadline: Instant,
    told: Option<(Instant, Progress)>,
}

impl<'t> Driver<'t> {
    /// Starts the watches and learns what there is.
    pub(super) async fn begin(
        target: &'t Target,
        run: &'t Context,
        pods: &[Node],
        options: &EvictionsOptions,
    ) -> Result<Self, EvictionsError> {
        let started = Instant::now();
        // Longer than any drain, and small enough to be added to an instant.
        let deadline = started + options.timeout.min(Duration::from_secs(60 * 60 * 24 * 365));
        let jobs = references(target, pods)?;
        let scope = Extent::of(&jobs);
        let label = options.label.clone().unwrap_or_else(|| scope.label(jobs.len()));
        let (mut watched, mut guarding) = (WatchOptions::default(), WatchOptions::default());
        (watched.scope, guarding.scope) = (scope.scope(), scope.scope());
        watched.fields = scope.node.as_ref().map(|node| FieldSelector::field("spec.nodeName", node));
        let calls = run.outlived_by(SETTLING);
        let pods = target.watch(&calls, &kind("v1/Pod")?, &watched).await?;
        let budgets = target.watch(&calls, &kind("policy/v1/PodDisruptionBudget")?, &guarding).await?;
        let scheduler = Scheduler::new(jobs, options.on_blocked).taking_nodes(options.nodes_at_once);
        let options = options.clone();
        let mut driver =
            Self { target, run, calls, options, scheduler, pods, budgets, label, started, deadline, told: None };
        let call = target.call("watch", "pods and their disruption budgets");
        match tokio::time::timeout(SYNC.min(driver.options.timeout), driver.sync()).await {
            Ok(synced) => synced?,
            Err(_) => return Err(Error::Timeout { call, after: started.elapsed(), last: None }.into()),
        }
        Ok(driver)
    }

    async fn sync(&mut self) -> Result<()> {
        let (mut has_pods, mut has_budgets) = (false, false);
        while !(has_pods && has_budgets) {
            tokio::select! {
                change = self.pods.next(), if !has_pods => match change? {
                    Change::Synced => has_pods = true,
                    change => self.pod_changed(&change),
                },
                change = self.budgets.next(), if !has_budgets => match change? {
                    Change::Synced => has_budgets = true,
                    change => self.budget_changed(&change),
                },
            }
        }
        let known = self.pods.known();
        self.scheduler.synced(|uid| known.contains_key(uid));
        Ok(())
    }

    pub(super) fn forecast(&self) -> Forecast {
        Forecast::of(&self.scheduler)
    }

    /// Evicts until nothing is left to do, the time is over, or the run is.
    pub(super) async fn evict(mut self) -> Result<Account, EvictionsError> {
        self.announce()?;
        let (mut in_flight, mut cause, mut end) = (Requests::new(), None, End::Time);
        let mut over = std::pin::pin!(self.run.over());
        loop {
            let now = Instant::now();
            for at in self.scheduler.next(now) {
                in_flight.push(self.send(at));
            }
            self.progress(now);
            if self.scheduler.is_done() {
                break;
            }
            let wake = self.scheduler.wake_at(now).map_or(self.deadline, |wake| wake.min(self.deadline));
            tokio::select! {
                change = self.pods.next() => match change {
                    Ok(change) => self.pod_changed(&change),
                    Err(error) => { cause = Some(error); break }
                },
                change = self.budgets.next() => match change {
                    Ok(change) => self.budget_changed(&change),
                    Err(error) => { cause = Some(error); break }
                },
                Some((at, answer)) = in_flight.next() => self.scheduler.answered(at, answer, Instant::now()),
                () = tokio::time::sleep_until(wake) => if wake >= self.deadline { break },
                () = &mut over => {
                    end = End::Run;
                    self.settle(&mut in_flight).await;
                    break;
                }
            }
        }
        self.finish(end, cause)
    }

    /// Hears what becomes of the requests under way, as far as there is time for it.
    async fn settle(&mut self, in_flight: &mut Requests) {
        let until = Instant::now() + SETTLING;
        while !in_flight.is_empty() {
            tokio::select! {
                Some((at, answer)) = in_flight.next() => self.scheduler.answered(at, answer, Instant::now()),
                Ok(change) = self.pods.next() => self.pod_changed(&change),
                () = tokio::time::sleep_until(until) => return,
            }
        }
    }

    /// Says what it will come to, and refuses to begin where that was asked for.
    fn announce(&mut self) -> Result<(), EvictionsError> {
        let forecast = self.forecast();
        self.run.record(Event::Note { text: format!("{}: {}", self.label, forecast.summary()) });
        for (pods, what) in [
            (&forecast.unmanaged, "has no controller: it will not come back"),
            (&forecast.with_local_data, "has an emptyDir: its data goes with it"),
        ] {
            if let Some(first) = pods.first() {
                let more = if pods.len() > 1 { format!(" (and {} more)", pods.len() - 1) } else { String::new() };
                self.run.warn(self.target.name(), &format!("{first} {what}{more}"));
            }
        }
        if forecast.blocked.is_empty() {
            return Ok(());
        }
        match self.options.on_blocked {
            OnBlocked::Fail => {
                let cluster = self.target.name().clone();
                return Err(EvictionsError::Blocked { cluster, forecast: Box::new(forecast) });
            }
            OnBlocked::Wait => {}
            OnBlocked::Skip => {
                for blocked in forecast.blocked {
                    let pods: HashSet<ObjectRef> = blocked.pods.into_iter().collect();
                    for at in 0..self.scheduler.jobs().len() {
                        if pods.contains(&self.scheduler.jobs()[at].pod) {
                            self.scheduler.block(at, blocked.never.why.clone());
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn pod_changed(&mut self, change: &Change) {
        match change {
            Change::Added(object) | Change::Modified(object) => self.scheduler.pod_seen(object),
            Change::Deleted(object) => self.scheduler.pod_gone(object),
            Change::Synced => {}
        }
    }

    fn budget_changed(&mut self, change: &Change) {
        match change {
            Change::Added(object) | Change::Modified(object) => self.scheduler.budget_seen(object, Instant::now()),
            Change::Deleted(object) => self.scheduler.budget_gone(object),
            Change::Synced => {}
        }
    }

    fn send(&self, at: usize) -> Request {
        let (target, pod) = (self.target.clone(), self.scheduler.jobs()[at].pod.clone());
        let mut options = EvictOptions::default();
        options.grace_period = self.options.grace_period;
        let calls = self.calls.clone();
        Box::pin(async move { (at, judged(target.evict(&calls, &pod, &options).await)) })
    }

    /// Tells how far the work is, when that has changed.
    fn progress(&mut self, now: Instant) {
        let (done, queues) = self.scheduler.progress();
        let total = self.scheduler.jobs().len();
        let detail = queues.first().filter(|(_, budget)| budget.allowed <= 0).map(|(count, budget)| {
            format!("{count} waiting for budget {} ({} allowed)", budget.title(), budget.allowed.max(0))
        });
        let progress = Progress {
            label: self.label.clone(),
            done: done as u64,
            total: Some(total as u64),
            detail: detail.unwrap_or_default(),
        };
        let is_news = match &self.told {
            None => true,
            Some((when, told)) => *told != progress && (done == total || *when + PROGRESS <= now),
        };
        if is_news {
            self.run.record(Event::Progress(progress.clone()));
            self.told = Some((now, progress));
        }
    }

    fn account(&self) -> Account {
        let entries = self.scheduler.jobs().iter().map(|job| Entry {
            pod: job.pod.clone(),
            node: job.node.clone(),
            fate: job.fate().cloned().unwrap_or_else(|| Fate::TimedOut(String::new())),
        });
        Account { entries: entries.collect(), requests: self.scheduler.requests, took: self.started.elapsed() }
    }

    fn finish(mut self, end: End, cause: Option<Error>) -> Result<Account, EvictionsError> {
        self.scheduler.stop(end);
        let account = self.account();
        if account.leftovers().next().is_none() {
            return Ok(account);
        }
        let cluster = self.target.name().clone();
        Err(EvictionsError::Incomplete { cluster, account: Box::new(account), cause: cause.map(Box::new) })
    }
}

/// Where the pods are.
struct Extent {
    namespaces: BTreeSet<Namespace>,
    nodes: usize,
    /// The node, if all of them are on one.
    node: Option<String>,
}

impl Extent {
    fn of(jobs: &[(ObjectRef, Node)]) -> Self {
        let nodes: BTreeSet<Option<&str>> = jobs.iter().map(|(_, object)| pod::node_name(object)).collect();
        let node = match nodes.first() {
            Some(Some(node)) if nodes.len() == 1 => Some((*node).to_owned()),
            _ => None,
        };
        let namespaces = jobs.iter().filter_map(|(pod, _)| pod.namespace.clone()).collect();
        Self { namespaces, nodes: nodes.iter().flatten().count(), node }
    }

    /// One namespace where they are all in one: that needs fewer rights. Else one watch over all.
    fn scope(&self) -> Scope {
        match self.namespaces.first() {
            Some(namespace) if self.namespaces.len() == 1 => Scope::Namespace(namespace.clone()),
            _ => Scope::All,
        }
    }

    fn label(&self, pods: usize) -> String {
        match (&self.node, self.nodes) {
            (Some(node), _) => format!("evicting {pods} pods from {node}"),
            (None, nodes) => format!("evicting {pods} pods from {nodes} nodes"),
        }
    }
}

/// The pods with their exact references, each once.
fn references(target: &Target, pods: &[Node]) -> Result<Vec<(ObjectRef, Node)>, EvictionsError> {
    let mut seen = HashSet::new();
    let mut jobs = Vec::new();
    for object in pods {
        let mut reference = ObjectRef::of(object).map_err(|error| EvictionsError::NoPod { why: error.to_string() })?;
        if !reference.gvk.is("", "Pod") {
            return Err(EvictionsError::NoPod { why: format!("{reference} is no pod") });
        }
        let Some(uid) = reference.uid.clone() else {
            return Err(EvictionsError::NoPod { why: format!("{reference} has no uid: it comes from no cluster") });
        };
        reference.namespace.get_or_insert_with(|| target.namespace().clone());
        if seen.insert(uid) {
            jobs.push((reference, object.clone()));
        }
    }
    Ok(jobs)
}

fn kind(text: &str) -> Result<KindQuery> {
    KindQuery::parse(text).map_err(|source| Error::InvalidName { source })
}

/// What an answer means for the scheduler.
fn judged(answer: Result<Eviction>) -> Answer {
    let error = match answer {
        Ok(Eviction::Evicted) => return Answer::Accepted,
        Ok(Eviction::Gone) => return Answer::Gone,
        Ok(Eviction::Replaced) => return Answer::Replaced,
        Ok(Eviction::Blocked { reason, .. }) => return Answer::Blocked(printable(&reason)),
        Ok(Eviction::NotYetObserved { retry_after, .. }) => return Answer::NotYet(retry_after),
        Ok(Eviction::Refused { reason }) => return Answer::Refused(printable(&reason)),
        Err(error) => error,
    };
    let why = printable(&error.to_string());
    match &error {
        Error::InDoubt { .. } => Answer::InDoubt(why),
        Error::Unreachable { connect: Some(error), .. } if error.is_lasting() => Answer::Failed(why),
        Error::Unreachable { .. } | Error::Broken { .. } | Error::Timeout { .. } => Answer::Again(why),
        Error::Api { problem: Problem::TooManyRequests | Problem::ServerError | Problem::WebhookFailed, .. } => {
            Answer::Again(why)
        }
        _ => Answer::Failed(why),
    }
}
