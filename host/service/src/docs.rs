//! The page that describes the interface: static, made readable in the browser from `/openapi.json`. Nothing of it comes
//! from elsewhere.

use std::fmt::Write;

use astlas_http::ProblemType;

/// Makes the page from the document.
pub const SCRIPT: &str = include_str!("docs/script.js");
/// How the page looks.
pub const STYLE: &str = include_str!("docs/style.css");
/// What a browser may load for the page: what we serve.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                          base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Where problem types go in.
const PROBLEMS: &str = "<!-- problems -->";

/// The page.
pub fn page() -> String {
    let mut rows = String::new();
    for problem in ProblemType::ALL {
        let (word, status, title) = (problem.word(), problem.status(), problem.with("").body.title);
        // A string takes all that is written to it.
        let _ = writeln!(
            rows,
            "<tr id=\"{word}\"><td><a href=\"#{word}\"><code>{word}</code></a></td><td>{status}</td><td>{title}</td></tr>"
        );
    }
    include_str!("docs/page.html").replace(PROBLEMS, &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_its_place_and_nothing_comes_from_elsewhere() {
        let page = page();
        for problem in ProblemType::ALL {
            assert!(page.contains(&format!("id=\"{}\"", problem.word())));
        }
        assert!(!page.contains(PROBLEMS));
        for text in [page.as_str(), SCRIPT, STYLE] {
            assert!(!text.contains("http://") && !text.contains("https://") && !text.contains("innerHTML"));
        }
    }
}
