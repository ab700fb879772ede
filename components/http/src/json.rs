//! JSON in and out.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::error::Category;

use crate::{Problem, ProblemType};

/// A body as what an endpoint asks for.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        match inner.classify() {
            Category::Data if path == "." => ProblemType::InvalidRequest.with(format!("{inner}; see /openapi.json")),
            Category::Data => ProblemType::InvalidRequest.with(format!("{path}: {inner}; see /openapi.json")),
            _ => ProblemType::MalformedJson.with(format!("{inner}; send a JSON object")),
        }
    })?;
    // An array would do for serde, field by field.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(ProblemType::InvalidRequest.with("the body is no object; see /openapi.json"));
    }
    let rest = json.end().map_err(|error| ProblemType::MalformedJson.with(format!("{error}; send one JSON object")));
    rest.map(|()| value)
}

/// An answer as a body.
pub fn encode(value: &impl Serialize) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(value).map_err(|error| ProblemType::StageFailed.with(format!("the answer is no JSON: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only decoded")]
    struct Wanted {
        files: Vec<u32>,
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        for (body, status, words) in [
            ("{", 400, "EOF"),
            ("{\"files\": []} {}", 400, "trailing"),
            ("\u{1}", 400, "line 1"),
            ("{}", 422, "missing field `files`"),
            ("[[1]]", 422, "no object"),
            ("{\"files\": [1, \"x\"]}", 422, "files[1]: invalid type"),
            ("{\"files\": [], \"file\": 1}", 422, "unknown field `file`"),
        ] {
            let problem = decode::<Wanted>(body.as_bytes()).map(|_| ()).unwrap_err().body;
            assert_eq!(problem.status, status, "{body}: {problem:?}");
            assert!(problem.detail.contains(words), "{body}: {problem:?}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(decode::<serde_json::Value>(deep.as_bytes()).unwrap_err().body.status, 400);
    }
}
