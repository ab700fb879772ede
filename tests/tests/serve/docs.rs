//! The page that describes the interface.

use astlas_http::ProblemType;

use crate::service::{Service, header, sandbox, until};

#[test]
fn the_page_is_made_of_what_we_serve_alone() {
    let service = Service::start(&sandbox());
    let page = service.get("/docs");
    assert_eq!((page.status().as_u16(), header(&page, "content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(header(&page, "content-security-policy").unwrap().starts_with("default-src 'none'"));
    let text = String::from_utf8(page.into_body()).unwrap();
    for problem in ProblemType::ALL {
        assert!(text.contains(&format!("id=\"{}\"", problem.word())), "{}", problem.word());
    }
    let mut links = text.split(['"']).filter(|part| part.starts_with('/')).collect::<Vec<_>>();
    links.sort_unstable();
    assert_eq!(links, ["/docs/script.js", "/docs/style.css", "/health", "/metrics", "/openapi.json"]);
    for link in links {
        // What the service stands on may be slow at times.
        until(|| (service.get(link).status() == 200).then_some(()));
    }
    let style = String::from_utf8(service.get("/docs/style.css").into_body()).unwrap();
    assert!(style.contains("prefers-color-scheme: dark"));
    // Problems refer to it.
    let (_, problem) = service.ask("GET", "/nothing", vec![]);
    let reference = problem["type"].as_str().unwrap().strip_prefix("/docs#").unwrap();
    assert!(text.contains(&format!("id=\"{reference}\"")));
}
