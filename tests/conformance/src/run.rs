//! A run: all cases, one after the other, against one service.

use std::{
    collections::BTreeSet,
    io,
    path::PathBuf,
    process,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use serde_json::Value;

use crate::{
    CaseReport, Feature, Outcome, Report,
    case::{Case, OWN},
    cases,
    client::Client,
    difference::differences,
    golden,
    operation::operation_of,
    talk::{Circumstances, play},
};

/// The case that looks at the OpenAPI document.
const DOCUMENT: &str = "openapi";

/// What is to be run, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Address of the service: `http://127.0.0.1:8080`.
    pub base_url: String,
    /// An API key or token of a tenant's, where the service asks for one.
    pub api_key: Option<String>,
    /// What the service believes a forge by.
    pub webhook_secret: Option<String>,
    /// Of these cases, those that have one of these words in their names; without any, all.
    pub filter: Vec<String>,
    /// What the service is without.
    pub without: Vec<Feature>,
    /// Whether what is seen becomes the goldens.
    pub bless: bool,
    /// Where the goldens are.
    pub goldens: PathBuf,
    /// How long one request may take.
    pub timeout: Duration,
    /// How long a job is waited for.
    pub patience: Duration,
    /// How long everything may take.
    pub limit: Duration,
}

impl Options {
    /// Everything, compared with the goldens of this crate.
    pub fn new(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            api_key: None,
            webhook_secret: None,
            filter: vec![],
            without: vec![],
            bless: false,
            goldens: golden::folder(),
            timeout: Duration::from_secs(60),
            patience: Duration::from_secs(120),
            limit: Duration::from_secs(900),
        }
    }

    fn is_chosen(&self, case: &Case) -> bool {
        self.filter.is_empty() || self.filter.iter().any(|word| case.name.contains(word.as_str()))
    }

    fn lacks(&self, case: &Case) -> Option<Feature> {
        case.feature.filter(|feature| self.without.contains(feature))
    }
}

/// Why nothing was run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// What is asked for cannot be run.
    #[error("{0}")]
    Usage(String),
    /// There is no service.
    #[error("nobody answers at {url}: {why}; start a service, for example with `astlas serve`")]
    Unreachable {
        /// Where.
        url: String,
        /// What was tried.
        why: ureq::Error,
    },
    /// There is something else.
    #[error("{url} is no service of Astlas: GET /openapi.json is answered with {status} and no OpenAPI document")]
    Foreign {
        /// Where.
        url: String,
        /// HTTP status.
        status: u16,
    },
}

/// Names of the cases that are chosen, in their order.
pub fn names(options: &Options) -> Vec<&'static str> {
    cases::all().iter().filter(|case| options.is_chosen(case)).map(|case| case.name).collect()
}

/// Plays the cases against a service.
pub fn run(options: &Options) -> Result<Report, RunError> {
    run_and_tell(options, |_| {})
}

/// The same, and tells of each case when it was played.
pub fn run_and_tell(options: &Options, mut tell: impl FnMut(&CaseReport)) -> Result<Report, RunError> {
    let all = cases::all();
    check(options, &all)?;
    let circumstances = Circumstances {
        client: Client::new(&options.base_url, options.api_key.as_deref(), options.timeout),
        unique: unique(),
        secret: options.webhook_secret.clone().unwrap_or_default(),
        patience: options.patience,
        deadline: Instant::now() + options.limit,
    };
    reach(&circumstances.client, &options.base_url)?;
    let mut report = Report::default();
    remove(&circumstances.client, &all);
    for case in &all {
        let is_chosen = options.is_chosen(case);
        if !is_chosen && !case.prepares {
            continue;
        }
        let outcome = match options.lacks(case) {
            Some(feature) => Outcome::LeftOut(feature),
            None => outcome(case, &circumstances, options, &all),
        };
        // What only prepares matters where it fails.
        if is_chosen || matches!(outcome, Outcome::Failed(_)) {
            let case = CaseReport { name: case.name, outcome };
            tell(&case);
            report.cases.push(case);
        }
    }
    remove(&circumstances.client, &all);
    Ok(report)
}

fn check(options: &Options, all: &[Case]) -> Result<(), RunError> {
    let usage = |why: String| Err(RunError::Usage(why));
    let url = &options.base_url;
    match url.strip_prefix("http://") {
        _ if url.starts_with("https://") => {
            return usage(format!("{url}: TLS is not spoken here; put a proxy before it that speaks it"));
        }
        Some(host) if !host.is_empty() && !host.trim_end_matches('/').contains('/') => {}
        _ => return usage(format!("{url:?} is no address: give one like http://127.0.0.1:8080, without a path")),
    }
    let chosen: Vec<&Case> = all.iter().filter(|case| options.is_chosen(case)).collect();
    if chosen.is_empty() {
        return usage(format!("no case has {} in its name; --list names them all", options.filter.join(" or ")));
    }
    let is_signed = |case: &&Case| case.feature == Some(Feature::Webhook) && options.lacks(case).is_none();
    if options.webhook_secret.is_none() && chosen.iter().any(is_signed) {
        return usage("events are signed: give --webhook-secret, or --without webhook".into());
    }
    Ok(())
}

/// Whether there is a service at all.
fn reach(client: &Client, url: &str) -> Result<(), RunError> {
    let url = url.to_owned();
    let answer = match client.ask("GET", "/openapi.json", &[], vec![]) {
        Ok(answer) => answer,
        Err(why) => return Err(RunError::Unreachable { url, why }),
    };
    let document: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    if document["openapi"].is_string() { Ok(()) } else { Err(RunError::Foreign { url, status: answer.status }) }
}

/// Removes the repositories that cases make.
fn remove(client: &Client, all: &[Case]) {
    let path = |step: &crate::case::Step| {
        let repository = step.path.strip_prefix("/api/v1/repos/").filter(|rest| rest.starts_with(OWN))?;
        Some(repository.split('/').take(2).collect::<Vec<_>>().join("/"))
    };
    let repositories: BTreeSet<String> = all.iter().flat_map(|case| &case.steps).filter_map(path).collect();
    for repository in repositories {
        // That there is none is as good. Whatever else is wrong, cases will say.
        let _ = client.ask("DELETE", &format!("/api/v1/repos/{repository}/pin"), &[], vec![]);
        let _ = client.ask("DELETE", &format!("/api/v1/repos/{repository}"), &[], vec![]);
    }
}

fn outcome(case: &Case, circumstances: &Circumstances, options: &Options, all: &[Case]) -> Outcome {
    let played = play(case, circumstances).map_err(|trouble| trouble.to_string());
    let compared = played.and_then(|mut seen| {
        let unreadable = |error: io::Error| format!("its golden: {error}");
        let golden = golden::read(&options.goldens, case.name).map_err(unreadable)?;
        if case.name == DOCUMENT {
            take_over(&mut seen, golden.as_ref(), options, all);
        }
        if options.bless {
            golden::write(&options.goldens, case.name, &seen).map_err(unreadable)?;
            return Ok(Outcome::Blessed);
        }
        let golden = golden.ok_or("it has no golden; --bless makes one of what the service answers")?;
        Ok(match differences(&golden, &seen) {
            found if found.is_empty() => Outcome::Same,
            found => Outcome::Differs(found),
        })
    });
    compared.unwrap_or_else(Outcome::Failed)
}

/// Operations that only features have which the service is without count as seen.
fn take_over(seen: &mut Value, golden: Option<&Value>, options: &Options, all: &[Case]) {
    let expected = golden.and_then(|golden| golden.pointer("/0/answer/operations")?.as_object());
    let (Some(expected), Some(seen)) =
        (expected, seen.pointer_mut("/0/answer/operations").and_then(Value::as_object_mut))
    else {
        return;
    };
    let asked = |is_left_out: bool| -> BTreeSet<&str> {
        let cases = all.iter().filter(|case| options.lacks(case).is_some() == is_left_out);
        let requests = cases.flat_map(|case| &case.steps).map(|step| format!("{} {}", step.method, step.path));
        requests.filter_map(|request| operation_of(&request, expected.keys().map(String::as_str))).collect()
    };
    let asked_anyway = asked(false);
    for operation in asked(true).into_iter().filter(|operation| !asked_anyway.contains(operation)) {
        seen.insert(operation.to_owned(), expected[operation].clone());
    }
}

/// Something that no other run has.
fn unique() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{:x}-{:x}", now.as_nanos(), process::id())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_cannot_be_run_is_bad_usage() {
        for (url, filter, words) in [
            ("https://astlas.example.org", "", "TLS"),
            ("127.0.0.1:8080", "", "is no address"),
            ("http://", "", "is no address"),
            ("http://127.0.0.1:8080/api", "", "is no address"),
            ("http://127.0.0.1:8080", "no such case", "no case"),
            ("http://127.0.0.1:8080", "webhook", "--webhook-secret"),
        ] {
            let options = Options { filter: vec![filter.into()], ..Options::new(url) };
            let error = run(&options).unwrap_err();
            assert!(matches!(&error, RunError::Usage(said) if said.contains(words)), "{url} {filter}: {error}");
        }
    }

    #[test]
    fn every_case_has_a_name_and_a_golden_of_its_own() {
        let names: Vec<&str> = cases::all().iter().map(|case| case.name).collect();
        let goldens = fs::read_dir(golden::folder()).unwrap().map(|file| file.unwrap().file_name());
        let goldens: BTreeSet<String> = goldens.map(|name| name.into_string().unwrap()).collect();
        let expected: BTreeSet<String> = names.iter().map(|name| format!("{name}.json")).collect();
        assert_eq!((goldens, names.len()), (expected.clone(), expected.len()));
    }

    #[test]
    fn every_operation_of_the_openapi_document_is_driven_to_where_nothing_is_wrong() {
        let goldens = cases::all().into_iter().map(|case| golden::read(&golden::folder(), case.name).unwrap().unwrap());
        let goldens: Vec<Value> = goldens.collect();
        let is_document = |golden: &&Value| golden[0]["request"] == "GET /openapi.json" && golden[0]["status"] == 200;
        let document = goldens.iter().find(is_document).unwrap();
        let operations: BTreeSet<&str> =
            document[0]["answer"]["operations"].as_object().unwrap().keys().map(String::as_str).collect();
        assert!(operations.len() > 25, "{operations:?}");
        let good = goldens.iter().flat_map(|golden| golden.as_array().unwrap());
        let good =
            good.filter(|step| step["status"].as_u64() < Some(300)).map(|step| step["request"].as_str().unwrap());
        let driven: BTreeSet<&str> =
            good.filter_map(|request| operation_of(request, operations.iter().copied())).collect();
        assert_eq!(driven, operations);
    }
}
