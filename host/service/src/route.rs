//! Which path is whose: one table, and the templates that metrics and logs call the paths by.

use std::fmt;

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The read side.
    Query,
    /// The write side.
    Ingest,
    /// The write side, where work comes from a queue outside.
    Push,
    /// The host itself, with a page.
    Page(Page),
    /// The host itself, following a job.
    JobEvents,
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

/// A path's route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The path, with names in the place of what differs.
    pub template: &'static str,
    /// Who answers.
    pub target: Target,
}

/// All routes; the first that fits counts. What is in braces stands for one or more characters, slashes included: a
/// repository's name may have some.
const ROUTES: &[(&str, Target)] = &[
    ("/health/live", Target::Page(Page::Live)),
    ("/health/ready", Target::Page(Page::Ready)),
    ("/health", Target::Page(Page::Health)),
    ("/metrics", Target::Page(Page::Metrics)),
    ("/docs", Target::Page(Page::Docs)),
    ("/docs/script.js", Target::Page(Page::DocsScript)),
    ("/docs/style.css", Target::Page(Page::DocsStyle)),
    ("/openapi.json", Target::Ingest),
    ("/api/v1/ast/parse", Target::Query),
    ("/api/v1/batch/parse", Target::Query),
    ("/api/v1/batch/query", Target::Query),
    ("/api/v1/graph/dependencies", Target::Query),
    ("/api/v1/graph/dependents", Target::Query),
    ("/api/v1/graph/important_files", Target::Query),
    ("/api/v1/graph/communities", Target::Query),
    ("/api/v1/graph/cycles", Target::Query),
    ("/api/v1/graph/{operation}", Target::Query),
    ("/api/v1/symbols/search", Target::Query),
    ("/api/v1/symbols/fuzzy", Target::Query),
    ("/api/v1/symbols/{operation}", Target::Query),
    ("/api/v1/repomap", Target::Query),
    ("/api/v1/pr/context", Target::Query),
    ("/api/v1/jobs/index_repo", Target::Ingest),
    ("/api/v1/jobs/{job_id}/events", Target::JobEvents),
    ("/api/v1/jobs/{job_id}", Target::Ingest),
    ("/api/v1/repos/{repo_id}/{commit_sha}/archive", Target::Ingest),
    ("/api/v1/repos/{repo_id}/pin", Target::Ingest),
    ("/api/v1/repos/{repo_id}", Target::Ingest),
    ("/api/v1/repos", Target::Ingest),
    ("/webhooks/github", Target::Ingest),
    ("/pubsub/push", Target::Push),
    ("/internal/parse_batch", Target::Ingest),
    ("/internal/sweep", Target::Ingest),
    ("/internal/{operation}", Target::Ingest),
];

impl Route {
    /// The route of a path.
    pub fn of(path: &str) -> Self {
        let found = ROUTES.iter().find(|(template, _)| fits(template, path));
        let (template, target) = found.copied().unwrap_or(("other", Target::Nobody));
        Self { template, target }
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
    fn every_path_has_one_route() {
        for (path, template, target) in [
            ("/api/v1/repomap", "/api/v1/repomap", Target::Query),
            ("/api/v1/repomap/", "other", Target::Nobody),
            ("/api/v1/graph/new", "/api/v1/graph/{operation}", Target::Query),
            ("/api/v1/jobs/index_repo", "/api/v1/jobs/index_repo", Target::Ingest),
            ("/api/v1/jobs/0af1", "/api/v1/jobs/{job_id}", Target::Ingest),
            ("/api/v1/jobs/0af1/events", "/api/v1/jobs/{job_id}/events", Target::JobEvents),
            ("/api/v1/jobs/", "other", Target::Nobody),
            ("/api/v1/repos/a/b/c/archive", "/api/v1/repos/{repo_id}/{commit_sha}/archive", Target::Ingest),
            ("/api/v1/repos/a/b/pin", "/api/v1/repos/{repo_id}/pin", Target::Ingest),
            ("/api/v1/repos/a/b", "/api/v1/repos/{repo_id}", Target::Ingest),
            ("/api/v1/repos", "/api/v1/repos", Target::Ingest),
            ("/internal/sweep", "/internal/sweep", Target::Ingest),
            ("/internal/new", "/internal/{operation}", Target::Ingest),
            ("/", "other", Target::Nobody),
            ("", "other", Target::Nobody),
            ("/health", "/health", Target::Page(Page::Health)),
        ] {
            assert_eq!(Route::of(path), Route { template, target }, "{path}");
        }
        for (template, _) in ROUTES {
            assert_eq!(Route::of(template).template, *template);
        }
    }
}
