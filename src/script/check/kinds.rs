//! The kinds that Kubernetes 1.37 serves itself, to spot a mistyped one without a cluster. A cluster may have more: a kind
//! that is not here is worth a warning, never an error. The table is made by `kinds.jq`.

use crate::diag::closest;
use crate::object::KindQuery;

const TABLE: &str = include_str!("kinds.tsv");

struct Kind<'a> {
    kind: &'a str,
    plural: &'a str,
    singular: &'a str,
    short: &'a str,
    group: &'a str,
    versions: &'a str,
}

fn all() -> impl Iterator<Item = Kind<'static>> {
    TABLE.lines().filter_map(|line| {
        let mut cells = line.split('\t');
        let mut cell = || cells.next();
        Some(Kind {
            kind: cell()?,
            plural: cell()?,
            singular: cell()?,
            short: cell()?,
            group: cell()?,
            versions: cell()?,
        })
    })
}

impl Kind<'_> {
    fn is_called(&self, name: &str) -> bool {
        [self.kind, self.plural, self.singular]
            .into_iter()
            .chain(self.short.split(','))
            .any(|known| known.eq_ignore_ascii_case(name))
    }
}

/// The kind of Kubernetes that a name most likely means, if it is none itself: `` `Deployment` (apps/v1) ``. Nothing for a
/// name that is known, and for one that resembles none or names a group of its own: it may be a custom kind.
pub(super) fn mistyped(query: &KindQuery) -> Option<String> {
    let in_group = |kind: &Kind<'_>| query.group.as_deref().is_none_or(|group| group == kind.group);
    if all().any(|kind| in_group(&kind) && kind.is_called(&query.name)) || !all().any(|kind| in_group(&kind)) {
        return None;
    }
    let names = all().filter(in_group).flat_map(|kind| [kind.kind, kind.plural]);
    let meant = closest(&query.name, names);
    let meant = all().find(|kind| match meant {
        Some(name) => in_group(kind) && (kind.kind == name || kind.plural == name),
        // The right name in the wrong group.
        None => kind.is_called(&query.name),
    })?;
    let version = meant.versions.split(',').next().unwrap_or_default();
    let slash = if meant.group.is_empty() { "" } else { "/" };
    Some(format!("`{}` ({}{slash}{version})", meant.kind, meant.group))
}

#[cfg(test)]
mod tests {
    use super::{KindQuery, all, mistyped};

    fn meant(name: &str) -> Option<String> {
        mistyped(&KindQuery::parse(name).unwrap())
    }

    #[test]
    fn knows_every_name_of_a_kind() {
        assert!(all().count() > 70);
        for name in ["Pod", "pods", "po", "deploy", "deployments.apps", "apps/v1/Deployment", "hpa", "CronJob"] {
            assert_eq!(meant(name), None, "{name}");
        }
    }

    #[test]
    fn offers_the_kind_that_was_meant() {
        assert_eq!(meant("Deploymnet").as_deref(), Some("`Deployment` (apps/v1)"));
        assert_eq!(meant("Deployment.batch").as_deref(), Some("`Deployment` (apps/v1)"));
    }

    #[test]
    fn says_nothing_of_custom_kinds() {
        assert_eq!(meant("Certificate.cert-manager.io"), None);
        assert_eq!(meant("Widget"), None);
    }
}
