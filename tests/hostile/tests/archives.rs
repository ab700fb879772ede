//! Archives that somebody made to do harm: each is refused with what is wrong, or gives files inside the repository.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use astlas_hostile::{
    archives::{TarEntry, gzip, tar, zip, zstd},
    seeds,
    targets::{self, LIMITS, Read, read_tar, read_zip},
};
use astlas_sources::{Limits, unpack};

/// Paths that lead out, each as an archive of its own may hold it.
const LEADING_OUT: [&[u8]; 9] = [
    b"../up.py",
    b"/etc/cron.d/a.py",
    b"a/../../up.py",
    b"a//b.py",
    b"a/..",
    b"//host/share.py",
    b"./../up.py",
    b"a/../b.py",
    b"..",
];

/// Paths that no source file of a repository has; the file is left out, the others stay.
const LEFT_OUT: [&[u8]; 5] = [b"..\\up.py", b"C:\\a.py", b"a\0b.py", b"a\xff\xfe.py", b"repo\\..\\x.py"];

fn paths(read: Result<Read, String>) -> Vec<String> {
    read.unwrap().into_iter().map(|(path, _)| path).collect()
}

/// The same tar as it is, and compressed in both ways.
fn in_all_forms(tar: &[u8]) -> [Vec<u8>; 3] {
    [tar.to_vec(), gzip(tar), zstd(tar)]
}

#[test]
fn paths_that_lead_out_are_refused_by_name() {
    for path in LEADING_OUT {
        let file = TarEntry::file(path, b"x");
        let long = [path, b"\0"].concat();
        let pax = |length: usize| [format!("{length} path=").as_bytes(), path, b"\n"].concat();
        let length = (0..99).find(|&length| pax(length).len() == length).unwrap();
        let tars = [
            tar(&[file]),
            tar(&[TarEntry::file(b"good.py", b""), file]),
            tar(&[TarEntry::other(b'L', b"long", &long), TarEntry::file(b"good.py", b"x")]),
            tar(&[TarEntry::other(b'x', b"pax", &pax(length)), TarEntry::file(b"good.py", b"x")]),
        ];
        for archive in tars.iter().flat_map(|tar| in_all_forms(tar)) {
            let error = read_tar(&archive).unwrap_err();
            assert!(error.contains("is no path inside a repository"), "{}: {error}", path.escape_ascii());
        }
        // The writer of zips needs a few letters for a name.
        if path.len() > 3 {
            let error = read_zip(&zip(&[(path, b"x", None)])).unwrap_err();
            assert!(error.contains("is no path inside a repository"), "{}: {error}", path.escape_ascii());
        }
    }
}

#[test]
fn paths_that_mean_something_elsewhere_are_left_out() {
    for path in LEFT_OUT {
        let files = [TarEntry::file(b"r/good.py", b"1"), TarEntry::file(path, b"2")];
        // A name in a header ends at its first zero.
        if !path.contains(&0) {
            assert_eq!(paths(read_tar(&tar(&files))).len(), 1, "{}", path.escape_ascii());
        }
        let found = paths(read_zip(&zip(&[(b"r/good.py", b"1", None), (path, b"2", None)])));
        assert_eq!(found.len(), 1, "{}", path.escape_ascii());
    }
}

#[test]
fn links_and_devices_are_left_out() {
    let kinds = *b"123456";
    let mut entries: Vec<TarEntry<'_>> = kinds.iter().map(|&kind| TarEntry::other(kind, b"r/odd.py", b"")).collect();
    entries.push(TarEntry::file(b"r/good.py", b"x"));
    for archive in in_all_forms(&tar(&entries)) {
        assert_eq!(paths(read_tar(&archive)), ["good.py"]);
    }
    let link = zip(&[(b"r/link.py", b"/etc/passwd", Some(0o120_777)), (b"r/good.py", b"x", Some(0o100_644))]);
    assert_eq!(paths(read_zip(&link)), ["good.py"]);
}

#[test]
fn of_files_of_one_path_the_last_counts_and_case_tells_paths_apart() {
    let files: [(&[u8], &[u8]); 4] =
        [(b"same.py", b"one"), (b"SAME.py", b"two"), (b"same.py", b"three"), (b"Same.py", b"four")];
    let tars = tar(&files.map(|(path, content)| TarEntry::file(path, content)));
    let zips = zip(&files.map(|(path, content)| (path, content, None)));
    for read in [read_tar(&tars), read_zip(&zips)] {
        let found: Vec<_> = read.unwrap().into_iter().map(|(path, content)| (path, content.unwrap())).collect();
        let expected =
            [("SAME.py", &b"two"[..]), ("Same.py", b"four"), ("same.py", b"three")].map(|(p, c)| (p.into(), c.into()));
        assert_eq!(found, expected);
    }
    // A file, and a folder of its name: neither hides the other.
    let both = tar(&[TarEntry::file(b"a.py", b"1"), TarEntry::file(b"a.py/b.py", b"2")]);
    assert_eq!(paths(read_tar(&both)), ["a.py", "a.py/b.py"]);
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let zeros = vec![0; 8 << 20];
    let many: Vec<TarEntry<'_>> = (0..100).map(|_| TarEntry::file(b"a.png", b"")).collect();
    let large: Vec<TarEntry<'_>> = [b"a.py", b"b.py", b"c.py", b"d.py", b"e.py"]
        .iter()
        .map(|path| TarEntry::file(*path, &zeros[..LIMITS.file as usize]))
        .collect();
    let sparse = TarEntry { size: Some(0), ..TarEntry::other(b'S', b"sparse.py", b"") };
    for (archive, words) in [
        (tar(&[TarEntry::file(b"a.png", &zeros)]), "1048576 bytes unpacked"),
        (tar(&[TarEntry { size: Some(1 << 33), ..TarEntry::file(b"a.png", b"") }]), "1048576 bytes unpacked"),
        (tar(&many), "64 entries"),
        (tar(&large), "65536 bytes of source"),
        // What a reader of tars keeps in memory: names of millions of bytes, and what else is said of a file.
        (tar(&[TarEntry::other(b'L', b"long", &vec![b'a'; 8 << 20])]), "1048576 bytes"),
        (tar(&[TarEntry::other(b'K', b"long", &vec![b'a'; 8 << 20])]), "1048576 bytes"),
        (tar(&[TarEntry::other(b'x', b"pax", &vec![b'\n'; 8 << 20])]), "1048576 bytes"),
        (sparse_of(&tar(&[sparse]), 1 << 32), "1048576 bytes unpacked"),
    ] {
        for archive in in_all_forms(&archive) {
            let error = read_tar(&archive).unwrap_err();
            assert!(error.contains(words) && error.contains("; send the source files alone"), "{words}: {error}");
        }
    }
    let many = vec![(&b"a.png"[..], &b""[..], None); 100];
    let large: Vec<(&[u8], &[u8], Option<u32>)> = [b"a.py", b"b.py", b"c.py", b"d.py", b"e.py"]
        .iter()
        .map(|path| (&path[..], &zeros[..LIMITS.file as usize], None))
        .collect();
    for (archive, words) in [(zip(&many), "64 entries"), (zip(&large), "65536 bytes of source")] {
        let error = read_zip(&archive).unwrap_err();
        assert!(error.contains(words), "{words}: {error}");
    }
    // One that is too large by itself is left out, whatever it is packed into.
    assert_eq!(paths(read_zip(&zip(&[(b"large.py", &zeros, None), (b"good.py", b"", None)]))), ["good.py"]);
}

/// Says of the first entry that it is sparse, and how large it would be.
fn sparse_of(archive: &[u8], size: u64) -> Vec<u8> {
    let mut archive = archive.to_vec();
    let mut header = ::tar::Header::new_gnu();
    header.as_mut_bytes().copy_from_slice(&archive[..512]);
    let gnu = header.as_gnu_mut().unwrap();
    for (field, number) in [(&mut gnu.realsize, size), (&mut gnu.sparse[0].offset, size)] {
        field.copy_from_slice(format!("{number:011o}\0").as_bytes());
    }
    gnu.sparse[0].numbytes.copy_from_slice(b"00000000000\0");
    header.set_cksum();
    archive[..512].copy_from_slice(header.as_bytes());
    archive
}

#[test]
fn names_are_not_kept_at_any_length() {
    // With the limits of the service: a stream of 64 MB is far below them, and a name of that length is none.
    let name = tar(&[TarEntry::other(b'L', b"long", &vec![b'a'; 64 << 20]), TarEntry::file(b"a.py", b"x")]);
    let error = unpack(&gzip(&name), &Limits::DEFAULT, |_| true).unwrap_err().to_string();
    assert!(error.contains("more than 1048576 bytes said of one file"), "{error}");
    // What comes between two files is no head.
    let large = vec![b'x'; 3 << 20];
    let skipped = [b"a.png", b"b.png", b"c.png"].map(|path| TarEntry::file(path, &large));
    let found = unpack(&tar(&skipped), &Limits::DEFAULT, |path| path.ends_with("c.png")).unwrap();
    assert_eq!(found.files.into_keys().collect::<Vec<_>>(), ["c.png"]);
}

#[test]
fn folders_in_folders_end_at_the_longest_path() {
    let deep = |depth: usize| [&b"d/".repeat(depth)[..], b"a.py\0"].concat();
    let archive = |path: &[u8]| tar(&[TarEntry::other(b'L', b"long", path), TarEntry::file(b"cut", b"x")]);
    assert_eq!(paths(read_tar(&archive(&deep(400)))).len(), 1);
    assert_eq!(paths(read_tar(&archive(&deep(5_000)))).len(), 0, "longer than any path of a repository");
    let path = deep(5_000);
    assert_eq!(paths(read_zip(&zip(&[(&path[..path.len() - 1], b"x", None), (b"r/b.py", b"", None)]))).len(), 1);
}

#[test]
fn an_archive_cut_at_any_length_is_whole_or_refused() {
    let mut tried = 0;
    for (archives, run) in [(seeds::zips(), targets::zip as fn(&[u8])), (seeds::tars(), targets::tar)] {
        for archive in archives {
            for length in 0..archive.len() {
                run(&archive[..length]);
            }
            tried += archive.len();
        }
    }
    println!("tried: archives cut: {tried}");
    // Of none of these a file may be missing unnoticed.
    let whole =
        tar(&[TarEntry::file(b"r/a.py", b"a"), TarEntry::file(b"r/b.py", b"b"), TarEntry::file(b"r/c.py", b"c")]);
    let all = read_tar(&whole).unwrap();
    for archive in in_all_forms(&whole) {
        for length in 0..archive.len() {
            let read = read_tar(&archive[..length]);
            assert!(read.as_ref().map_or(true, |read| *read == all), "cut to {length}: {read:?}");
        }
    }
    let whole = zip(&[(b"r/a.py", b"a", None), (b"r/b.py", b"b", None)]);
    for length in 0..whole.len() {
        assert!(read_zip(&whole[..length]).is_err(), "cut to {length}");
    }
}

#[test]
fn an_archive_with_any_byte_altered_is_an_answer_or_refused() {
    let mut tried = 0;
    for (archives, run) in [(seeds::zips(), targets::zip as fn(&[u8])), (seeds::tars(), targets::tar)] {
        for archive in archives {
            for at in 0..archive.len() {
                for flip in [0x01, 0x80, 0xff] {
                    let mut altered = archive.clone();
                    altered[at] ^= flip;
                    run(&altered);
                    tried += 1;
                }
            }
        }
    }
    println!("tried: archives with one byte altered: {tried}");
    // What is compressed has a checksum: a content is the right one, or there is none.
    let content = b"def main(): return 'a content that is long enough to be compressed, compressed, compressed'\n";
    let archive = gzip(&tar(&[TarEntry::file(b"r/a.py", content)]));
    for at in 0..archive.len() {
        let mut altered = archive.clone();
        altered[at] ^= 0x10;
        let read = read_tar(&altered);
        assert!(read.is_err() || read == Ok(vec![("a.py".into(), Ok(content.to_vec()))]), "byte {at}: {read:?}");
    }
}
