//! What evicting pods would come to, told before the first one is asked to go. Pure.

use super::account::Fate;
use super::budget::{Never, Toll};
use super::scheduler::{Scheduler, several_never};
use crate::object::{ObjectRef, pod};
use crate::value::{Map, Node};
use std::collections::{BTreeMap, BTreeSet};

/// Budgets that a summary names.
const SHOWN: usize = 4;

/// Pods that may not go, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Blocked {
    /// The pods.
    pub pods: Vec<ObjectRef>,
    /// Why, and what would help.
    pub never: Never,
}

/// What evicting pods would come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Forecast {
    /// How many pods were given.
    pub total: usize,
    /// How many may go at once.
    pub now: usize,
    /// How many have to wait until others have been replaced.
    pub later: usize,
    /// The budgets that those wait for, as `shop/web`.
    pub waiting_for: Vec<String>,
    /// Pods that may not go as things are, by reason.
    pub blocked: Vec<Blocked>,
    /// Pods that are left alone: of a DaemonSet, or mirrors of static pods.
    pub left_alone: usize,
    /// Pods that are gone or on their way already.
    pub gone: usize,
    /// Pods that nothing will replace.
    pub unmanaged: Vec<ObjectRef>,
    /// Pods whose `emptyDir` data goes with them.
    pub with_local_data: Vec<ObjectRef>,
}

impl Forecast {
    /// Of a scheduler that knows all pods and budgets and has sent nothing.
    pub(super) fn of(scheduler: &Scheduler) -> Self {
        let mut forecast = Self { total: scheduler.jobs().len(), ..Self::default() };
        let mut blocked: BTreeMap<String, Blocked> = BTreeMap::new();
        let mut taken: BTreeMap<&(String, String), i64> = BTreeMap::new();
        let mut waiting_for = BTreeSet::new();
        for job in scheduler.jobs() {
            match (job.fate(), pod::class(job.object())) {
                (Some(Fate::Skipped(_)), _) => forecast.left_alone += 1,
                (Some(_), _) | (None, pod::PodClass::Deleting) => forecast.gone += 1,
                (None, class) => {
                    let verdict = match job.guards() {
                        [] => Ok(true),
                        [key] => scheduler.budget(key).map_or(Ok(true), |budget| {
                            match (budget.toll(pod::is_ready(job.object())), budget.never()) {
                                (Toll::Free, _) => Ok(true),
                                (Toll::One, Some(never)) => Err(never),
                                (Toll::One, None) => {
                                    let taken = taken.entry(key).or_default();
                                    *taken += 1;
                                    let fits = *taken <= budget.allowed;
                                    if !fits {
                                        waiting_for.insert(budget.title());
                                    }
                                    Ok(fits)
                                }
                            }
                        }),
                        several => Err(several_never(several)),
                    };
                    match verdict {
                        Ok(true) => forecast.now += 1,
                        Ok(false) => forecast.later += 1,
                        Err(never) => {
                            let entry = blocked.entry(never.why.clone());
                            entry.or_insert_with(|| Blocked { pods: Vec::new(), never }).pods.push(job.pod.clone());
                            continue;
                        }
                    }
                    if class == pod::PodClass::Unmanaged {
                        forecast.unmanaged.push(job.pod.clone());
                    }
                    if class != pod::PodClass::Finished && pod::has_empty_dir(job.object()) {
                        forecast.with_local_data.push(job.pod.clone());
                    }
                }
            }
        }
        forecast.waiting_for = waiting_for.into_iter().collect();
        forecast.blocked = blocked.into_values().collect();
        forecast
    }

    /// `23 pods: 18 within budget now, 5 after replacements (shop/web, shop/api), 2 left alone`
    #[must_use]
    pub fn summary(&self) -> String {
        let mut parts = vec![format!("{} within budget now", self.now)];
        if self.later > 0 {
            let shown: Vec<&str> = self.waiting_for.iter().take(SHOWN).map(String::as_str).collect();
            let more = if self.waiting_for.len() > SHOWN { ", …" } else { "" };
            parts.push(format!("{} after replacements ({}{more})", self.later, shown.join(", ")));
        }
        let blocked: usize = self.blocked.iter().map(|blocked| blocked.pods.len()).sum();
        let rest = [(blocked, "blocked"), (self.left_alone, "left alone"), (self.gone, "gone already")];
        parts.extend(rest.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")));
        format!("{} pods: {}", self.total, parts.join(", "))
    }

    /// As scripts see it.
    #[must_use]
    pub fn to_node(&self) -> Node {
        let names = |pods: &[ObjectRef]| Node::list(pods.iter().map(|pod| pod.to_string().into()).collect());
        let blocked = self.blocked.iter().map(|blocked| {
            Node::from([
                ("why", blocked.never.why.as_str().into()),
                ("help", blocked.never.help.as_str().into()),
                ("pods", names(&blocked.pods)),
            ])
        });
        let mut map = Map::new();
        map.insert("total", self.total as u64);
        map.insert("now", self.now as u64);
        map.insert("later", self.later as u64);
        map.insert("waiting_for", Node::list(self.waiting_for.iter().map(|name| name.as_str().into()).collect()));
        map.insert("blocked", Node::list(blocked.collect()));
        map.insert("left_alone", self.left_alone as u64);
        map.insert("gone", self.gone as u64);
        map.insert("unmanaged", names(&self.unmanaged));
        map.insert("with_local_data", names(&self.with_local_data));
        map.into()
    }
}
