//! Which path is whose: one table, and the templates that metrics and logs call the paths by.

use std::fmt;

use astlas_identity::{Access, Role};
use http::Method;

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The read side.
    Query,
    /// The read side, asked several questions at once.
    Batch,
    /// The write side.
    Ingest,
    /// The write side, where work comes from a queue outside.
    Push,
    /// The host itself, with a page.
    Page(Page),
    /// The host itself, following a job.
    JobEvents,
    /// The write side, for all tenants.
    Sweep,
    /// The host itself, about the tenant that asks.
    Account(Account),
    /// The read and the write side's document, with what the host adds.
    OpenApi,
    /// Nobody.
    Nobody,
}

/// What the host itself answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named like the paths")]
pub enum Page {
    Live,
    Ready,
    Health,
    Metrics,
    Docs,
    DocsScript,
    DocsStyle,
}

/// What the host answers about a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// Its keys.
    Keys,
    /// One of them.
    Key,
    /// What it has used.
    Usage,
}

/// Routes that limits are set for together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Questions about what is indexed.
    Query,
    /// Source in, tags out.
    Parse,
    /// What leads to an index, or takes one away.
    Index,
    /// A tenant's keys and usage.
    Admin,
}

impl Group {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [Self::Query, Self::Parse, Self::Index, Self::Admin];

    /// As the configuration calls it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Parse => "parse",
            Self::Index => "index",
            Self::Admin => "admin",
        }
    }
}

/// A path's route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The path, with names in the place of what differs.
    pub template: &'static str,
    /// Who answers.
    pub target: Target,
    /// What is asked of who calls, unless they only look.
    access: Access,
    /// Whose limits it counts for.
    pub group: Group,
}

const OPEN: Access = Access::Anonymous;
const READ: Access = Access::Role(Role::Read);
const INDEX: Access = Access::Role(Role::Index);
const ADMIN: Access = Access::Role(Role::Admin);

/// All routes; the first that fits counts. What is in braces stands for one or more characters, slashes included: a
/// repository's name may have some.
const ROUTES: &[(&str, Target, Access, Group)] = &[
    ("/health/live", Target::Page(Page::Live), OPEN, Group::Query),
    ("/health/ready", Target::Page(Page::Ready), OPEN, Group::Query),
    ("/health", Target::Page(Page::Health), OPEN, Group::Query),
    ("/metrics", Target::Page(Page::Metrics), OPEN, Group::Query),
    ("/docs", Target::Page(Page::Docs), OPEN, Group::Query),
    ("/docs/script.js", Target::Page(Page::DocsScript), OPEN, Group::Query),
    ("/docs/style.css", Target::Page(Page::DocsStyle), OPEN, Group::Query),
    ("/openapi.json", Target::OpenApi, OPEN, Group::Query),
    ("/api/v1/ast/parse", Target::Query, READ, Group::Parse),
    ("/api/v1/batch/parse", Target::Query, READ, Group::Parse),
    // Sources may be among its questions.
    ("/api/v1/batch/query", Target::Batch, READ, Group::Parse),
    ("/api/v1/graph/dependencies", Target::Query, READ, Group::Query),
    ("/api/v1/graph/dependents", Target::Query, READ, Group::Query),
    ("/api/v1/graph/important_files", Target::Query, READ, Group::Query),
    ("/api/v1/graph/communities", Target::Query, READ, Group::Query),
    ("/api/v1/graph/cycles", Target::Query, READ, Group::Query),
    ("/api/v1/graph/{operation}", Target::Query, READ, Group::Query),
    ("/api/v1/symbols/search", Target::Query, READ, Group::Query),
    ("/api/v1/symbols/fuzzy", Target::Query, READ, Group::Query),
    ("/api/v1/symbols/{operation}", Target::Query, READ, Group::Query),
    ("/api/v1/repomap", Target::Query, READ, Group::Query),
    ("/api/v1/pr/context", Target::Query, READ, Group::Query),
    ("/api/v1/jobs/index_repo", Target::Ingest, INDEX, Group::Index),
    ("/api/v1/jobs/{job_id}/events", Target::JobEvents, INDEX, Group::Query),
    ("/api/v1/jobs/{job_id}/cancel", Target::Ingest, INDEX, Group::Query),
    ("/api/v1/jobs/{job_id}/retry", Target::Ingest, INDEX, Group::Index),
    ("/api/v1/jobs/{job_id}", Target::Ingest, INDEX, Group::Query),
    ("/api/v1/jobs", Target::Ingest, INDEX, Group::Query),
    ("/api/v1/repos/{repo_id}/{commit_sha}/archive", Target::Ingest, INDEX, Group::Index),
    ("/api/v1/repos/{repo_id}/pin", Target::Ingest, INDEX, Group::Query),
    ("/api/v1/repos/{repo_id}", Target::Ingest, INDEX, Group::Query),
    ("/api/v1/repos", Target::Ingest, INDEX, Group::Query),
    ("/api/v1/keys/{key_id}", Target::Account(Account::Key), ADMIN, Group::Admin),
    ("/api/v1/keys", Target::Account(Account::Keys), ADMIN, Group::Admin),
    ("/api/v1/usage", Target::Account(Account::Usage), INDEX, Group::Admin),
    ("/webhooks/github", Target::Ingest, Access::Forge, Group::Index),
    ("/pubsub/push", Target::Push, Access::Push, Group::Index),
    ("/internal/parse_batch", Target::Ingest, INDEX, Group::Parse),
    ("/internal/sweep", Target::Sweep, Access::Push, Group::Admin),
    ("/internal/{operation}", Target::Ingest, INDEX, Group::Admin),
];

impl Route {
    /// The route of a path.
    pub fn of(path: &str) -> Self {
        let found = ROUTES.iter().find(|(template, ..)| fits(template, path));
        let (template, target, access, group) = found.copied().unwrap_or(("other", Target::Nobody, OPEN, Group::Query));
        Self { template, target, access, group }
    }

    /// What is asked of who calls with this method: to look takes less than to change something.
    pub fn access(self, method: &Method) -> Access {
        match self.access {
            INDEX if *method == Method::GET || *method == Method::HEAD => READ,
            access => access,
        }
    }

    /// Whether requests come from machines that look after the service, all the time.
    pub fn is_probe(self) -> bool {
        matches!(self.target, Target::Page(Page::Live | Page::Ready | Page::Health | Page::Metrics))
    }
}

impl fmt::Display for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.template)
    }
}

fn fits(template: &str, path: &str) -> bool {
    let Some((start, _)) = template.split_once('{') else { return template == path };
    let end = template.rsplit_once('}').map_or("", |(_, end)| end);
    path.strip_prefix(start).and_then(|rest| rest.strip_suffix(end)).is_some_and(|rest| !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_nothing_of_a_tenant_is_open() {
        let open = ROUTES.iter().filter(|(_, _, access, _)| *access == OPEN);
        let is_of_none = |target| matches!(target, Target::Page(_) | Target::OpenApi);
        assert!(open.clone().all(|(_, target, ..)| is_of_none(*target)) && open.count() == 8);
        let (get, delete) = (Method::GET, Method::DELETE);
        let repository = Route::of("/api/v1/repos/acme/app");
        assert_eq!((repository.access(&get), repository.access(&delete)), (READ, INDEX));
        assert_eq!(Route::of("/api/v1/keys").access(&get), ADMIN);
        assert!(Group::ALL.iter().enumerate().all(|(at, group)| *group as usize == at));
    }

    #[test]
    fn every_path_has_one_route() {
        for (path, template, target) in [
            ("/api/v1/repomap", "/api/v1/repomap", Target::Query),
            ("/api/v1/repomap/", "other", Target::Nobody),
            ("/api/v1/graph/new", "/api/v1/graph/{operation}", Target::Query),
            ("/api/v1/jobs/index_repo", "/api/v1/jobs/index_repo", Target::Ingest),
            ("/api/v1/jobs/0af1", "/api/v1/jobs/{job_id}", Target::Ingest),
            ("/api/v1/jobs/0af1/events", "/api/v1/jobs/{job_id}/events", Target::JobEvents),
            ("/api/v1/jobs/0af1/cancel", "/api/v1/jobs/{job_id}/cancel", Target::Ingest),
            ("/api/v1/jobs/0af1/retry", "/api/v1/jobs/{job_id}/retry", Target::Ingest),
            ("/api/v1/jobs", "/api/v1/jobs", Target::Ingest),
            ("/api/v1/jobs/", "other", Target::Nobody),
            ("/api/v1/repos/a/b/c/archive", "/api/v1/repos/{repo_id}/{commit_sha}/archive", Target::Ingest),
            ("/api/v1/repos/a/b/pin", "/api/v1/repos/{repo_id}/pin", Target::Ingest),
            ("/api/v1/repos/a/b", "/api/v1/repos/{repo_id}", Target::Ingest),
            ("/api/v1/repos", "/api/v1/repos", Target::Ingest),
            ("/internal/sweep", "/internal/sweep", Target::Sweep),
            ("/internal/new", "/internal/{operation}", Target::Ingest),
            ("/", "other", Target::Nobody),
            ("", "other", Target::Nobody),
            ("/health", "/health", Target::Page(Page::Health)),
            ("/api/v1/keys/acme_0f", "/api/v1/keys/{key_id}", Target::Account(Account::Key)),
            ("/openapi.json", "/openapi.json", Target::OpenApi),
        ] {
            let route = Route::of(path);
            assert_eq!((route.template, route.target), (template, target), "{path}");
        }
        for (template, ..) in ROUTES {
            assert_eq!(Route::of(template).template, *template);
        }
    }
}
