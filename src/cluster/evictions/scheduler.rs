//! Which pod to ask to go, and when: a state machine without input or output.
//!
//! It is told what the watches saw and what the server answered, and says what to send now. It never asks for more than a
//! budget allows: an eviction that was asked for counts against the budget until the budget's own status has it. Budgets are
//! asked one eviction at a time, because the API server writes each one down in the budget and retries conflicts only after
//! half a second.

use super::account::Fate;
use super::budget::{Budget, Never, Toll, is_exempt};
use crate::object::pod::PodClass;
use crate::object::{ObjectRef, meta, pod};
use crate::value::Node;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;
use tokio::time::Instant;

/// What to do about pods that may not go as things are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnBlocked {
    /// Evict nothing: an error before the first eviction.
    #[default]
    Fail,
    /// Leave them where they are and evict the others.
    Skip,
    /// Wait for someone to change that, until the time is over.
    Wait,
}

/// What came of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// The pod goes.
    Accepted,
    Gone,
    Replaced,
    /// The budget is used up.
    Blocked(String),
    /// The budget was not looked at yet.
    NotYet(Duration),
    /// Not as things are.
    Refused(String),
    /// Not at all.
    Failed(String),
    /// The cluster was not fit to answer.
    Again(String),
    /// The answer was lost and the pod is still there.
    InDoubt(String),
}

/// Why the work ends before everything is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Its own time is over, or nothing more can be done.
    Time,
    /// The run is over: it was stopped, or reached its deadline.
    Run,
}

/// Requests under way at the same time.
const AT_ONCE: usize = 32;
/// A budget that allowed something and then did not is asked again after this time, if it does not change before.
const SECOND_LOOK: Duration = Duration::from_secs(5);
/// The longest time that a server can have a budget left alone for, whatever it says: as with any `Retry-After`.
const LONGEST_HOLD: Duration = Duration::from_secs(60);
/// A refusal that someone may undo is tried again after this time.
const REFUSED: Duration = Duration::from_secs(10);
/// A budget that became impossible on the way is given this time to become possible again: a rollout may be under way.
const GRACE: Duration = Duration::from_secs(5);
/// Lost answers in a row to one pod's eviction.
const MOST_DOUBTS: u32 = 3;

type Key = (String, String);

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// Not asked, or to be asked again.
    Waiting,
    /// A request is under way.
    Asked,
    /// The pod is on its way: the server has said yes, or somebody else has deleted it.
    Going,
    /// It went while a request was under way. The answer tells whether that was our doing.
    Went,
    Done(Fate),
}

#[derive(Debug)]
pub(super) struct Job {
    pub(super) pod: ObjectRef,
    pub(super) node: Option<String>,
    /// The place of its node among the nodes.
    turn: usize,
    object: Node,
    state: State,
    not_before: Option<Instant>,
    budgets: Vec<Key>,
    /// The budget that its request counts against.
    charged: Option<Key>,
    attempts: u32,
    /// The server has said yes, or may have.
    accepted: bool,
    doubts: u32,
    last: Option<String>,
}

#[derive(Debug)]
struct Guard {
    budget: Budget,
    /// Jobs that were asked for and are not in the budget's status yet.
    unobserved: HashSet<usize>,
    in_flight: usize,
    held_until: Option<Instant>,
    impossible_since: Option<Instant>,
}

impl Guard {
    fn has_room(&self, now: Instant) -> bool {
        let taken = i64::try_from(self.unobserved.len()).unwrap_or(i64::MAX);
        self.in_flight == 0 && self.budget.allowed > taken && self.held_until.is_none_or(|until| until <= now)
    }
}

#[derive(Debug)]
pub(super) struct Scheduler {
    jobs: Vec<Job>,
    by_uid: HashMap<String, usize>,
    guards: BTreeMap<Key, Guard>,
    on_blocked: OnBlocked,
    order: Vec<usize>,
    /// How many nodes there are, how many have begun, and how many may be at work at the same time.
    nodes: usize,
    begun: usize,
    nodes_at_once: usize,
    in_flight: usize,
    pub(super) requests: u64,
}

impl Scheduler {
    /// Pods without a uid are none that a cluster has; they must not be given.
    pub(super) fn new(pods: Vec<(ObjectRef, Node)>, on_blocked: OnBlocked) -> Self {
        let mut turns: HashMap<Option<String>, usize> = HashMap::new();
        let mut turn_of = |object: &Node| {
            let next = turns.len();
            *turns.entry(pod::node_name(object).map(str::to_owned)).or_insert(next)
        };
        let jobs: Vec<Job> = pods
            .into_iter()
            .map(|(pod, object)| Job {
                node: pod::node_name(&object).map(str::to_owned),
                turn: turn_of(&object),
                state: State::Waiting,
                not_before: None,
                budgets: Vec::new(),
                charged: None,
                attempts: 0,
                accepted: false,
                doubts: 0,
                last: None,
                pod,
                object,
            })
            .collect();
        let by_uid =
            jobs.iter().enumerate().filter_map(|(at, job)| Some((job.pod.uid.as_deref()?.to_owned(), at))).collect();
        let (guards, order, nodes) = (BTreeMap::new(), Vec::new(), turns.len());
        let (begun, nodes_at_once) = (nodes, nodes);
        Self { jobs, by_uid, guards, on_blocked, order, nodes, begun, nodes_at_once, in_flight: 0, requests: 0 }
    }

    /// The same, with that many nodes at work at the same time; all of them where nothing is said.
    pub(super) fn taking_nodes(mut self, at_once: Option<usize>) -> Self {
        if let Some(at_once) = at_once {
            (self.begun, self.nodes_at_once) = (0, at_once.max(1));
        }
        self
    }

    /// Both watches have told all that there is: judges the pods before the first eviction.
    pub(super) fn synced(&mut self, is_known: impl Fn(&str) -> bool) {
        for job in &mut self.jobs {
            let class = pod::class(&job.object);
            match class {
                _ if !job.pod.uid.as_deref().is_some_and(&is_known) => job.state = State::Done(Fate::Gone),
                PodClass::Mirror | PodClass::DaemonSet => {
                    job.state = State::Done(Fate::Skipped(class.word().to_owned()));
                }
                _ => {}
            }
        }
        self.assign();
        let mut waiting: HashMap<&Key, usize> = HashMap::new();
        for key in self.jobs.iter().filter_map(|job| job.budgets.first()) {
            *waiting.entry(key).or_default() += 1;
        }
        // The longest queue is the critical path; among its pods those that are down anyway go first.
        let rank = |job: &Job| {
            let queue = job.budgets.first().and_then(|key| waiting.get(key)).copied().unwrap_or(0);
            (std::cmp::Reverse(queue), pod::is_ready(&job.object))
        };
        let mut order: Vec<usize> = (0..self.jobs.len()).collect();
        order.sort_by_key(|at| rank(&self.jobs[*at]));
        self.order = order;
    }

    /// A budget is there or was changed.
    pub(super) fn budget_seen(&mut self, object: &Node, now: Instant) {
        let budget = Budget::of(object);
        let key = (budget.namespace.clone(), budget.name.clone());
        let jobs = &self.jobs;
        match self.guards.get_mut(&key) {
            Some(guard) => {
                guard.unobserved.retain(|at| {
                    let job = &jobs[*at];
                    !budget.disrupted.contains(job.pod.name.as_str()) && !matches!(job.state, State::Done(_))
                });
                guard.held_until = None;
                guard.impossible_since = budget.never().map(|_| guard.impossible_since.unwrap_or(now));
                guard.budget = budget;
            }
            None => {
                let impossible_since = budget.never().map(|_| now);
                let unobserved = HashSet::new();
                let guard = Guard { budget, unobserved, in_flight: 0, held_until: None, impossible_since };
                self.guards.insert(key, guard);
            }
        }
        if !self.order.is_empty() {
            self.assign();
        }
    }

    /// A budget is gone.
    pub(super) fn budget_gone(&mut self, object: &Node) {
        let budget = Budget::of(object);
        self.guards.remove(&(budget.namespace, budget.name));
        self.assign();
    }

    /// A pod was seen as it is now.
    pub(super) fn pod_seen(&mut self, object: &Node) {
        let Some(&at) = meta::uid(object).and_then(|uid| self.by_uid.get(uid)) else { return };
        let job = &mut self.jobs[at];
        let has_moved = job.node.is_some() && pod::node_name(object) != job.node.as_deref();
        job.object = object.clone();
        match job.state {
            _ if has_moved => self.finish(at),
            // Someone else has deleted it, or a lost answer was a yes.
            State::Waiting if meta::is_being_deleted(object) => self.jobs[at].state = State::Going,
            _ => {}
        }
    }

    /// A pod is gone.
    pub(super) fn pod_gone(&mut self, object: &Node) {
        if let Some(&at) = meta::uid(object).and_then(|uid| self.by_uid.get(uid)) {
            self.finish(at);
        }
    }

    fn finish(&mut self, at: usize) {
        let job = &mut self.jobs[at];
        job.state = match std::mem::replace(&mut job.state, State::Went) {
            State::Done(fate) => State::Done(fate),
            // The watch was faster than the answer.
            State::Asked | State::Went => State::Went,
            State::Waiting | State::Going => State::Done(job.gone()),
        };
    }

    /// The server has answered for a pod.
    pub(super) fn answered(&mut self, at: usize, answer: Answer, now: Instant) {
        self.in_flight -= 1;
        let charged = self.jobs[at].charged.take();
        let hold = |after: Duration| now + after.min(LONGEST_HOLD);
        if let Some(guard) = charged.as_ref().and_then(|key| self.guards.get_mut(key)) {
            guard.in_flight = guard.in_flight.saturating_sub(1);
            if answer != Answer::Accepted {
                guard.unobserved.remove(&at);
            }
            match answer {
                Answer::Blocked(_) => guard.held_until = Some(now + SECOND_LOOK),
                Answer::NotYet(after) => guard.held_until = Some(hold(after)),
                _ => {}
            }
        }
        // The budget's own change tells when to ask again; without one that is known only the clock does.
        let again = |after| charged.is_none().then(|| hold(after));
        let on_blocked = self.on_blocked;
        let job = &mut self.jobs[at];
        job.accepted |= matches!(answer, Answer::Accepted | Answer::InDoubt(_));
        job.state = match answer {
            Answer::Replaced if !job.accepted => State::Done(Fate::Replaced),
            Answer::Gone | Answer::Replaced => State::Done(job.gone()),
            _ if job.state == State::Went => State::Done(job.gone()),
            Answer::Accepted => State::Going,
            Answer::Blocked(why) => job.again(why, again(SECOND_LOOK)),
            Answer::NotYet(after) => job.again("its budget was not looked at yet".to_owned(), again(after)),
            Answer::Refused(why) => match on_blocked {
                OnBlocked::Wait => job.again(why, Some(now + REFUSED)),
                OnBlocked::Skip => State::Done(Fate::Skipped(why)),
                OnBlocked::Fail => State::Done(Fate::Blocked(why)),
            },
            Answer::Failed(why) => State::Done(Fate::Blocked(why)),
            Answer::Again(why) => {
                let pause = Duration::from_millis(500).saturating_mul(1 << job.attempts.min(6));
                job.again(why, Some(now + pause))
            }
            Answer::InDoubt(why) => {
                job.doubts += 1;
                if job.doubts >= MOST_DOUBTS {
                    State::Done(Fate::InDoubt(why))
                } else {
                    // It has a uid: asked twice it goes once.
                    job.again(why, Some(now + Duration::from_secs(2)))
                }
            }
        };
    }

    /// The pods to ask now. Each has to be answered for.
    pub(super) fn next(&mut self, now: Instant) -> Vec<usize> {
        self.begin_nodes();
        let mut chosen = Vec::new();
        for place in 0..self.order.len() {
            if self.in_flight >= AT_ONCE {
                break;
            }
            let at = self.order[place];
            if self.may_ask(at, now) {
                self.ask(at);
                chosen.push(at);
            }
        }
        chosen
    }

    /// Lets further nodes begin in the place of those that are empty.
    fn begin_nodes(&mut self) {
        if self.begun == self.nodes || self.has_leftover() {
            return;
        }
        let mut is_busy = vec![false; self.nodes];
        for job in self.jobs.iter().filter(|job| job.fate().is_none()) {
            is_busy[job.turn] = true;
        }
        let mut busy = is_busy[..self.begun].iter().filter(|busy| **busy).count();
        while self.begun < self.nodes && busy < self.nodes_at_once {
            busy += usize::from(is_busy[self.begun]);
            self.begun += 1;
        }
    }

    fn has_leftover(&self) -> bool {
        self.jobs.iter().any(|job| job.fate().is_some_and(Fate::is_leftover))
    }

    fn may_ask(&mut self, at: usize, now: Instant) -> bool {
        let job = &self.jobs[at];
        if job.turn >= self.begun || job.state != State::Waiting || job.not_before.is_some_and(|until| until > now) {
            return false;
        }
        if is_exempt(&job.object) {
            return true;
        }
        match job.budgets.as_slice() {
            [] => true,
            [key] => {
                let Some(guard) = self.guards.get(key) else { return true };
                if guard.budget.toll(pod::is_ready(&job.object)) == Toll::Free {
                    return true;
                }
                let is_lost = guard.impossible_since.is_some_and(|since| since + GRACE <= now);
                if is_lost && guard.in_flight == 0 {
                    let why = guard.budget.never().map_or_else(|| guard.budget.state(), |never| never.why);
                    self.block(at, why);
                    return false;
                }
                self.guards[key].has_room(now)
            }
            several => {
                let why = several_budgets(several);
                self.block(at, why);
                false
            }
        }
    }

    /// A pod may not go as things are.
    pub(super) fn block(&mut self, at: usize, why: String) {
        let job = &mut self.jobs[at];
        match self.on_blocked {
            OnBlocked::Wait => job.last = Some(why),
            OnBlocked::Skip => job.state = State::Done(Fate::Skipped(why)),
            OnBlocked::Fail => job.state = State::Done(Fate::Blocked(why)),
        }
    }

    fn ask(&mut self, at: usize) {
        let job = &mut self.jobs[at];
        job.state = State::Asked;
        job.attempts += 1;
        job.not_before = None;
        self.in_flight += 1;
        self.requests += 1;
        let [key] = job.guards() else { return };
        let key = key.clone();
        let Some(guard) = self.guards.get_mut(&key) else { return };
        if guard.budget.toll(pod::is_ready(&job.object)) == Toll::One {
            guard.in_flight += 1;
            guard.unobserved.insert(at);
            job.charged = Some(key);
        }
    }

    /// When to look again although nothing has happened.
    pub(super) fn wake_at(&self, now: Instant) -> Option<Instant> {
        let jobs = self.jobs.iter().filter(|job| job.state == State::Waiting).filter_map(|job| job.not_before);
        let held = self.guards.values().filter_map(|guard| guard.held_until);
        let lost = self.guards.values().filter_map(|guard| guard.impossible_since).map(|since| since + GRACE);
        jobs.chain(held).chain(lost).filter(|moment| *moment > now).min()
    }

    /// Nothing is left to do, or nothing more can be begun.
    pub(super) fn is_done(&self) -> bool {
        let mut open = self.jobs.iter().filter(|job| job.fate().is_none()).peekable();
        open.peek().is_none() || (self.has_leftover() && open.all(|job| job.turn >= self.begun))
    }

    /// No further pod is asked to go: what is left gets its fate, and why.
    pub(super) fn stop(&mut self, end: End) {
        let not_begun = match end {
            _ if self.has_leftover() => "a pod of an earlier node was left over",
            End::Time => "there was no time for its node",
            End::Run => "its node's turn had not come",
        };
        for at in 0..self.jobs.len() {
            let job = &self.jobs[at];
            let fate = match (&job.state, end) {
                (State::Done(_), _) => continue,
                (State::Waiting, _) if job.turn >= self.begun => Fate::NotTried(not_begun.to_owned()),
                (State::Asked, _) => Fate::InDoubt("its eviction was not answered in time".to_owned()),
                // The answer would most likely have been a yes.
                (State::Went, _) => Fate::Evicted,
                (State::Going, End::Time) => Fate::TimedOut(lingers(job)),
                (State::Going, End::Run) => {
                    Fate::Going(format!("{}, and {}", so_far(job), holder(job, "is not gone yet")))
                }
                (State::Waiting, End::Time) => Fate::TimedOut(self.holdup(at)),
                (State::Waiting, End::Run) if job.attempts == 0 => Fate::NotTried(self.holdup(at)),
                (State::Waiting, End::Run) if job.doubts > 0 => Fate::InDoubt(self.holdup(at)),
                (State::Waiting, End::Run) => Fate::Blocked(self.holdup(at)),
            };
            self.jobs[at].state = State::Done(fate);
        }
    }

    /// Why a pod was not asked to go, or not successfully.
    fn holdup(&self, at: usize) -> String {
        let job = &self.jobs[at];
        match job.budgets.as_slice() {
            [key] if !is_exempt(&job.object) => self.guards.get(key).map(|guard| guard.budget.state()),
            [] | [_] => job.last.clone(),
            several => Some(several_budgets(several)),
        }
        .unwrap_or_else(|| "there was no time to ask for it".to_owned())
    }

    /// How many pods are through, and the budgets that others wait for, the longest queue first.
    pub(super) fn progress(&self) -> (usize, Vec<(usize, &Budget)>) {
        let done = self.jobs.iter().filter(|job| matches!(job.state, State::Done(_))).count();
        let mut queues: BTreeMap<&Key, usize> = BTreeMap::new();
        for job in self.jobs.iter().filter(|job| job.state == State::Waiting) {
            if let [key] = job.budgets.as_slice() {
                *queues.entry(key).or_default() += 1;
            }
        }
        let mut queues: Vec<(usize, &Budget)> =
            queues.into_iter().filter_map(|(key, count)| Some((count, &self.guards.get(key)?.budget))).collect();
        queues.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        (done, queues)
    }

    pub(super) fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    pub(super) fn budget(&self, key: &Key) -> Option<&Budget> {
        self.guards.get(key).map(|guard| &guard.budget)
    }

    /// Which budgets guard which pod.
    fn assign(&mut self) {
        for job in &mut self.jobs {
            let guarding = self.guards.iter().filter(|(_, guard)| guard.budget.guards(&job.object));
            job.budgets = guarding.map(|(key, _)| key.clone()).collect();
        }
    }
}

impl Job {
    fn again(&mut self, why: String, not_before: Option<Instant>) -> State {
        (self.last, self.not_before) = (Some(why), not_before);
        State::Waiting
    }

    /// What a pod that is gone came to: only what the server has agreed to is our doing.
    fn gone(&self) -> Fate {
        if self.accepted { Fate::Evicted } else { Fate::Gone }
    }

    pub(super) fn object(&self) -> &Node {
        &self.object
    }

    pub(super) fn fate(&self) -> Option<&Fate> {
        match &self.state {
            State::Done(fate) => Some(fate),
            _ => None,
        }
    }

    /// The one budget that guards it, or why its budgets cannot be met together.
    pub(super) fn guards(&self) -> &[Key] {
        if is_exempt(&self.object) { &[] } else { &self.budgets }
    }
}

/// Why the API server evicts no pod that several budgets guard.
pub(super) fn several_budgets(keys: &[Key]) -> String {
    let names: Vec<String> = keys.iter().map(|(namespace, name)| format!("{namespace}/{name}")).collect();
    format!("{} budgets guard it, and the API server evicts no such pod: {}", keys.len(), names.join(", "))
}

pub(super) fn several_never(keys: &[Key]) -> Never {
    let help = "narrow the selectors so that each pod is guarded by one budget".to_owned();
    Never { why: several_budgets(keys), help }
}

fn lingers(job: &Job) -> String {
    format!("{}, and {}", so_far(job), holder(job, "is still terminating: is its node's kubelet running?"))
}

fn so_far(job: &Job) -> &'static str {
    if job.accepted { "it was evicted" } else { "it was deleted by somebody else" }
}

/// What holds a pod that is on its way; `otherwise` where nothing does that can be seen.
fn holder(job: &Job, otherwise: &str) -> String {
    match meta::finalizers(&job.object).as_slice() {
        [] => otherwise.to_owned(),
        finalizers => format!("is held by finalizers: {}", finalizers.join(", ")),
    }
}
