//! Operations of the OpenAPI document: `POST /api/v1/repomap`. Which of them a request is.

/// The one of these that a request is; of several that fit, the one with the most letters of its own.
pub fn operation_of<'o>(request: &str, operations: impl IntoIterator<Item = &'o str>) -> Option<&'o str> {
    let fitting = operations.into_iter().filter(|operation| fits(operation, request));
    fitting.max_by_key(|operation| own_letters(operation))
}

/// Whether a request is of this form: what is in braces stands for one or more letters, and for a slash only where a
/// repository is named.
fn fits(template: &str, request: &str) -> bool {
    let Some((start, rest)) = template.split_once('{') else { return template == request };
    let (Some((name, rest)), Some(request)) = (rest.split_once('}'), request.strip_prefix(start)) else { return false };
    let ends = (1..=request.len()).filter(|&end| request.is_char_boundary(end));
    let mut may_be = ends.take_while(|&end| name == "repo_id" || !request[..end].contains('/'));
    may_be.any(|end| fits(rest, &request[end..]))
}

fn own_letters(template: &str) -> usize {
    let parts = template.split('{').map(|part| part.rsplit('}').next().unwrap_or_default());
    parts.map(str::len).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_the_operation_that_says_most_of_it() {
        let operations = [
            "DELETE /repos/{repo_id}",
            "DELETE /repos/{repo_id}/pin",
            "GET /jobs",
            "GET /jobs/{job_id}",
            "PUT /repos/{repo_id}/{commit_sha}/archive",
        ];
        for (request, operation) in [
            ("DELETE /repos/a/b", Some(operations[0])),
            ("DELETE /repos/a/b/pin", Some(operations[1])),
            ("GET /jobs", Some(operations[2])),
            ("GET /jobs/{job_id}", Some(operations[3])),
            ("GET /jobs/a/b", None),
            ("PUT /repos/a/b/c/archive", Some(operations[4])),
            ("PUT /repos/a/archive", None),
            ("POST /jobs", None),
        ] {
            assert_eq!(operation_of(request, operations), operation, "{request}");
        }
    }
}
