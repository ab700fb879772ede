//! What the host answers by itself.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use serde_json::Value;

use astlas_http::ProblemType;

use crate::{
    docs,
    function::{Answer, problem},
    health::Health,
    metrics::{self, Metrics},
    route::Page,
};

/// Answers with a page.
pub async fn page(page: Page, health: &Health, metrics: &Metrics) -> Answer {
    match page {
        // The process runs, and takes requests.
        Page::Live => of("application/json", "{\"status\":\"live\"}"),
        Page::Ready => match health.ready().await {
            Ok(()) => of("application/json", "{\"status\":\"ready\"}"),
            Err(reason) => problem(ProblemType::Unavailable.with(reason)),
        },
        Page::Health => {
            let (is_well, report) = health.report().await;
            let mut answer = of("application/json", report.to_string());
            if !is_well {
                *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            }
            answer
        }
        Page::Metrics => match metrics.text() {
            Ok(text) => of(metrics::MEDIA_TYPE, text),
            Err(error) => problem(ProblemType::StageFailed.with(error.to_string())),
        },
        Page::Docs => {
            let mut answer = of("text/html; charset=utf-8", docs::page());
            answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(docs::POLICY));
            answer
        }
        Page::DocsScript => of("text/javascript; charset=utf-8", docs::SCRIPT),
        Page::DocsStyle => of("text/css; charset=utf-8", docs::STYLE),
    }
}

/// An answer in JSON.
pub fn json(status: StatusCode, answer: &Value) -> Answer {
    let mut answer = of("application/json", answer.to_string());
    *answer.status_mut() = status;
    answer
}

/// An answer without a word.
pub fn nothing() -> Answer {
    let mut answer = Response::new(Full::default().map_err(|never| match never {}).boxed_unsync());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    answer
}

fn of(media: &'static str, body: impl Into<Bytes>) -> Answer {
    let body: Bytes = body.into();
    let length = body.len();
    let mut answer = Response::new(Full::new(body).map_err(|never| match never {}).boxed_unsync());
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CONTENT_LENGTH, length.into());
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // What is true now need not be in a moment.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    answer
}
