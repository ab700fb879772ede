//! The conformance run: a service by itself and one over real servers answer the same, and one that does not is found.

use std::{
    io::{Read, Result, Write, copy},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use astlas_conformance::{Feature, Options, command};
use astlas_tests::ended;

use crate::{
    cluster::Cluster,
    service::{self, PATIENCE, Service, sandbox},
};

const SECRET: &str = "what only two know";

/// Compares a service with the goldens, or makes them of it where `BLESS` is set.
fn conforms(service: &Service, without: &[Feature]) {
    let options = Options {
        webhook_secret: Some(SECRET.into()),
        without: without.to_vec(),
        bless: std::env::var_os("BLESS").is_some(),
        patience: PATIENCE,
        ..Options::new(&service.address)
    };
    assert_eq!(astlas_tests::conforms(&options), without.len());
}

#[test]
fn a_service_over_real_servers_conforms() {
    let (cluster, own, machine) = (Cluster::start(), sandbox(), sandbox());
    let mut tenants = service::command(&own);
    ended(tenants.args(["tenants", "create", "local"]).envs(cluster.variables()).output().unwrap()).ok();
    let service = cluster.service_with(&own, &[("ASTLAS_FORGE_SECRET", SECRET)]);
    let _worker = cluster.worker(&machine);
    conforms(&service, &[]);
}

#[test]
fn a_service_by_itself_conforms_however_often_it_is_asked_and_one_that_answers_wrongly_does_not() {
    let own = sandbox();
    ended(service::command(&own).args(["tenants", "create", "local"]).output().unwrap()).ok();
    let service = Service::start_with(&own, &[("ASTLAS_FORGE_SECRET", SECRET)]);
    // Its queue is its own: nobody pushes.
    conforms(&service, &[Feature::Push]);
    conforms(&service, &[Feature::Push]);

    let (code, said, _) = ask(&["--base-url", &service.address, "--filter", "cycles"]);
    assert_eq!((code, said.as_str()), (0, "ok        cycles\n1 case: 1 ok\n"));
    let wrong = changing(&service, b"web/shelf.ts");
    let (code, said, _) = ask(&["--base-url", &wrong, "--filter", "cycles"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.starts_with("differs   cycles\n") && said.ends_with("1 case: 1 differing\n"), "{said}");
    assert!(said.contains("expected \"web/shelf.ts\"\n      got      \"web/shelf.tr\""), "{said}");

    for (arguments, code, words) in [
        (&["--base-url", "https://127.0.0.1"][..], 2, "TLS"),
        (&["--without", "everything"], 2, "possible values"),
        (&["--base-url", "http://127.0.0.1:9"], 1, "nobody answers at http://127.0.0.1:9"),
    ] {
        let (ended, _, errors) = ask(&[&["--without", "webhook"], arguments].concat());
        assert!(ended == code && errors.contains(words), "{arguments:?}: {ended} {errors}");
    }
}

/// The command with these arguments: its code, what it prints, and what it says beside.
fn ask(arguments: &[&str]) -> (u8, String, String) {
    let (mut out, mut errors) = (vec![], vec![]);
    let code = command([&["conformance"], arguments].concat(), &mut out, &mut errors);
    (code, String::from_utf8(out).unwrap(), String::from_utf8(errors).unwrap())
}

/// The address of a proxy before a service that changes the last byte of these once, where they are answered.
fn changing(service: &Service, bytes: &'static [u8]) -> String {
    let server = service.address.strip_prefix("http://").unwrap().to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let is_done = Arc::new(AtomicBool::new(false));
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let server = TcpStream::connect(&server).unwrap();
            let (mut asking, mut asked) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            thread::spawn(move || drop(copy(&mut asking, &mut asked)));
            let is_done = is_done.clone();
            // Whoever breaks off is not waited for.
            thread::spawn(move || drop(answer(server, client, bytes, &is_done)));
        }
    });
    address
}

fn answer(mut server: TcpStream, mut client: TcpStream, bytes: &[u8], is_done: &AtomicBool) -> Result<()> {
    let (mut part, mut passed) = (vec![0; 1 << 16], vec![]);
    loop {
        let read = server.read(&mut part)?;
        if read == 0 {
            return client.shutdown(Shutdown::Both);
        }
        // They may come in two parts: the last of them is in this one.
        let before = passed.len();
        passed.extend_from_slice(&part[..read]);
        let ends = (before + 1..=passed.len()).find(|&end| passed[..end].ends_with(bytes));
        if let Some(end) = ends.filter(|_| !is_done.swap(true, Ordering::SeqCst)) {
            part[end - 1 - before] ^= 1;
        }
        client.write_all(&part[..read])?;
    }
}
