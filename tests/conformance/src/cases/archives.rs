//! Archives, good and bad.

use serde_json::json;

use crate::{
    archive::{tar, tar_gz, zip},
    case::{Case, REPOSITORY, ask, case, indexed, post},
    corpus::{self, Files, below, first, second},
    talk::Facts,
};

type Made = Result<Vec<u8>, String>;

fn first_tar_gz(_: &Facts<'_>) -> Made {
    tar_gz(&below("lending-library-c1", first()))
}

fn second_zip(_: &Facts<'_>) -> Made {
    zip(&below("lending-library-c2", second()))
}

fn first_zip(_: &Facts<'_>) -> Made {
    zip(&below("lending-library-c1", first()))
}

fn first_tar(_: &Facts<'_>) -> Made {
    tar(&below(".", first()))
}

fn no_archive(_: &Facts<'_>) -> Made {
    Ok(b"this is no archive, and nothing like one".to_vec())
}

fn half_a_zip(_: &Facts<'_>) -> Made {
    let mut zip = zip(&first())?;
    zip.truncate(zip.len() / 2);
    Ok(zip)
}

fn half_a_tar_gz(_: &Facts<'_>) -> Made {
    let mut archive = tar_gz(&first())?;
    archive.truncate(archive.len() / 2);
    Ok(archive)
}

fn outside(_: &Facts<'_>) -> Made {
    tar(&Files::from([("../outside.py".to_owned(), corpus::text("lending/books.py").into())]))
}

fn no_source(_: &Facts<'_>) -> Made {
    zip(&Files::from([("logo.png".to_owned(), b"\x89PNG".to_vec())]))
}

/// Two commits, which the others ask about.
pub fn prepared() -> Vec<Case> {
    vec![
        case("archive-tar-gz", indexed(REPOSITORY, "c1", json!({}), ("tar.gz of the first commit", first_tar_gz)))
            .prepares(),
        case("archive-zip", {
            let base = json!({"base_sha": "c1", "source": "bucket"});
            indexed(REPOSITORY, "c2", base, ("zip of the second commit", second_zip))
        })
        .prepares(),
    ]
}

pub fn cases() -> Vec<Case> {
    let bad = |commit, archive| indexed("conformance/bad", commit, json!({}), archive);
    vec![
        case("archive-tar", {
            let mut steps =
                indexed("conformance/tar", "c1", json!({}), ("tar of the first commit", first_tar)).to_vec();
            // One of an unknown base is made as a whole.
            steps.extend(indexed(
                "conformance/tar",
                "c2",
                json!({"base_sha": "c0"}),
                ("zip of the second commit", second_zip),
            ));
            steps
        }),
        // Of a zip that goes on from a zip, only what changed is read.
        case("archive-that-goes-on-from-another", {
            let repository = "conformance/zips";
            let mut steps = indexed(repository, "c1", json!({}), ("zip of the first commit", first_zip)).to_vec();
            let base = json!({"base_sha": "c1"});
            steps.extend(indexed(repository, "c2", base, ("zip of the second commit", second_zip)));
            steps.push(post("/api/v1/graph/cycles", json!({"repo_id": repository, "commit_sha": "c2"})));
            steps
        }),
        case("archive-that-is-none", bad("none", ("no archive", no_archive))),
        case("archive-zip-cut-short", bad("zip", ("half a zip", half_a_zip))),
        case("archive-tar-gz-cut-short", bad("tar-gz", ("half a tar.gz", half_a_tar_gz))),
        case("archive-that-leads-outside", bad("outside", ("tar with ../outside.py", outside))),
        case("archive-without-source", bad("no-source", ("zip without source", no_source))),
        case("archive-empty", [ask("PUT", "/api/v1/repos/conformance/bad/empty/archive")]),
        case("archive-of-a-bad-name", {
            let to = |name: &str| ask("PUT", format!("/api/v1/repos/{name}/archive")).made("no archive", no_archive);
            [to("conformance/bad/c%401"), to("conformance//c1"), to("%2e%2e/conformance/c1"), to("c1")]
        }),
        case(
            "index-without-archive",
            [post("/api/v1/jobs/index_repo", json!({"repo_id": "conformance/bad", "commit_sha": "nothing"}))],
        ),
    ]
}
