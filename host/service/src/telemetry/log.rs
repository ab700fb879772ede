//! Log lines: one for each event, for people or in the form that Cloud Logging takes. No source and no secret enters
//! one, because nothing here looks into a body or a header that could hold one.

use std::{fmt, io::Write, time::SystemTime};

use astlas_atlas::ports::Severity;
use serde_json::{Map, Value, json};
use tracing::{
    Event, Level, Span, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, layer::Context, registry::LookupSpan};

use super::TraceContext;
use crate::configuration::LogForm;

/// Target of the line that every request leaves.
pub const REQUEST: &str = "astlas::request";
/// Target of the lines that functions write themselves.
const FUNCTION: &str = "astlas::function";

/// Name of the field that holds the fields of a line whose names are not ours: as an object, so that none of them takes
/// the place of one of ours.
const FIELDS: &str = "fields";

/// Says what a function says, where its request says things.
pub fn say(span: &Span, severity: Severity, message: &str, fields: Map<String, Value>) {
    let fields = Value::Object(fields).to_string();
    let fields = fields.as_str();
    match severity {
        Severity::Debug => tracing::debug!(target: FUNCTION, parent: span, fields, "{message}"),
        Severity::Info => tracing::info!(target: FUNCTION, parent: span, fields, "{message}"),
        Severity::Warning => tracing::warn!(target: FUNCTION, parent: span, fields, "{message}"),
        Severity::Error => tracing::error!(target: FUNCTION, parent: span, fields, "{message}"),
    }
}

/// What every line of a request says; an extension of its span.
#[derive(Clone, Debug)]
pub struct RequestNames {
    /// What the request is called.
    pub id: String,
    /// Its route.
    pub route: &'static str,
    /// Its trace.
    pub trace: TraceContext,
}

/// Writes lines to standard error.
pub struct Log {
    form: LogForm,
    project: Option<String>,
}

impl Log {
    /// Lines in this form; the project is part of a trace's name.
    pub fn new(form: LogForm, project: Option<String>) -> Self {
        Self { form, project }
    }

    fn json(&self, level: Level, target: &str, said: Said, request: Option<&RequestNames>) -> String {
        let Said { message, mut fields } = said;
        let mut line = json!({ "severity": severity(level), "time": now(), "message": message });
        let mut labels = Map::new();
        if let Some(RequestNames { id, route, trace }) = request {
            let name = format!("{:032x}", trace.trace);
            let name =
                self.project.as_ref().map_or(name.clone(), |project| format!("projects/{project}/traces/{name}"));
            line["logging.googleapis.com/trace"] = name.into();
            line["logging.googleapis.com/spanId"] = format!("{:016x}", trace.span).into();
            line["logging.googleapis.com/trace_sampled"] = trace.is_sampled.into();
            labels.insert("request_id".into(), id.as_str().into());
            labels.insert("route".into(), (*route).into());
        }
        if target == REQUEST {
            labels.extend(fields.remove("kind").map(|kind| ("kind".to_owned(), kind)));
            line["httpRequest"] = Value::Object(std::mem::take(&mut fields));
        } else {
            line["target"] = target.into();
        }
        if !labels.is_empty() {
            line["logging.googleapis.com/labels"] = Value::Object(labels);
        }
        for (name, value) in fields {
            // What a function says does not take the place of what we know.
            if line.get(&name).is_none() {
                line[name] = value;
            }
        }
        line.to_string()
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Log {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut said = Said::default();
        event.record(&mut said);
        let spans = context.event_scope(event);
        let request = spans.and_then(|mut spans| spans.find_map(|it| it.extensions().get::<RequestNames>().cloned()));
        let (level, target) = (*event.metadata().level(), event.metadata().target());
        let mut line = match self.form {
            LogForm::Json => self.json(level, target, said, request.as_ref()),
            LogForm::Text => text(level, target, &said, request.as_ref()),
        };
        line.push('\n');
        // One write for a line, so that lines of several threads stay whole. Nobody can be told if it fails.
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    }
}

fn text(level: Level, target: &str, said: &Said, request: Option<&RequestNames>) -> String {
    let mut line = format!("{} {:5} {}", now(), level, said.message);
    if target != REQUEST {
        said.fields.iter().for_each(|(name, value)| line += &format!(" {name}={value}"));
    } else if let Some(kind) = said.fields.get("kind").and_then(Value::as_str) {
        line += &format!(" {kind}");
    }
    if let Some(request) = request {
        line += &format!(" request={}", request.id);
    }
    // A line is a line, whatever is said in it.
    line.replace(|character: char| character.is_control(), " ")
}

fn now() -> String {
    humantime::format_rfc3339_millis(SystemTime::now()).to_string()
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::ERROR => "ERROR",
        Level::WARN => "WARNING",
        Level::INFO => "INFO",
        Level::DEBUG | Level::TRACE => "DEBUG",
    }
}

/// What an event says.
#[derive(Default)]
struct Said {
    message: String,
    fields: Map<String, Value>,
}

impl Said {
    fn add(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::String(message)) => self.message = message,
            (FIELDS, Value::String(fields)) => match serde_json::from_str(&fields) {
                Ok(Value::Object(fields)) if fields.is_empty() => {}
                Ok(fields) => drop(self.fields.insert(FIELDS.to_owned(), fields)),
                Err(_) => {}
            },
            (name, value) => drop(self.fields.insert(name.to_owned(), value)),
        }
    }
}

impl Visit for Said {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format!("{value:?}").into());
    }

    /// What a function says beside its message comes as one object of fields: `fields`.
    fn record_str(&mut self, field: &Field, value: &str) {
        match serde_json::from_str(value) {
            Ok(Value::Object(fields)) if field.name() == "fields" => self.fields.extend(fields),
            _ => self.add(field, value.into()),
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value.into());
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_does_not_take_the_place_of_what_is_known() {
        let fields = json!({"severity": "INFO", "repo.name": "acme"}).as_object().unwrap().clone();
        let said = || Said { message: "a\nline".into(), fields: fields.clone() };
        let log = Log::new(LogForm::Json, None);
        let line: Value = serde_json::from_str(&log.json(Level::ERROR, "astlas::function", said(), None)).unwrap();
        assert_eq!(
            (&line["severity"], &line["repo.name"], &line["message"]),
            (&json!("ERROR"), &json!("acme"), &json!("a\nline"))
        );
        let line = text(Level::ERROR, "astlas::function", &said(), None);
        assert!(line.ends_with("ERROR a line repo.name=\"acme\" severity=\"INFO\""), "{line}");
    }
}
