//! Names that want to be somebody else's.

/// What they are made of: what separates, escapes, leads up, is a pattern or is not seen, and whole names of others.
const PIECES: [&str; 34] = [
    "a",
    "b",
    "ab",
    "a-b",
    "a/",
    "ab/",
    "b/",
    "/",
    "//",
    "..",
    "../",
    "./",
    "\0",
    ":",
    "*",
    "[a-z]",
    "?",
    "\u{202e}",
    "\u{200b}",
    "é",
    "e\u{301}",
    "%2F",
    "%00",
    "\n",
    "\r\n",
    ">",
    "lock>",
    "{a}",
    "}{",
    "\\",
    "#",
    "_identity/",
    SECRETS[0],
    SECRETS[1],
];
/// Those that can be in the name of a blob.
const PLAIN: [&str; 17] = [
    "a",
    "b",
    "ab",
    "a-b",
    "-",
    ":",
    "*",
    "[a-z]",
    "?",
    "\u{202e}",
    "é",
    "e\u{301}",
    "%2F",
    ">",
    "{a}",
    "#",
    "_identity",
];
/// What is no tenant's: a key's record, and what requests left that are nobody's.
pub const SECRETS: [&str; 2] = ["_identity/keys/a/0", "_nobody/a"];
/// What keys begin with: kinds that are copied into memory, that are not, and none.
const KINDS: [&str; 6] = ["", "", "answer:", "ast:1:", "job:", "lock:"];

/// One name begins as another one, and one with what stands in another one.
pub const TENANTS: [&str; 3] = ["a", "ab", "a-b"];
/// Names that all say again and again.
const COMMON: usize = 200;

/// Names at random; two with the same seed say the same.
pub struct Names {
    pub random: fastrand::Rng,
    common: Vec<String>,
}

impl Names {
    pub fn new(seed: u64) -> Self {
        let mut all = fastrand::Rng::with_seed(0);
        let common = (0..COMMON).map(|_| made_of(&PIECES, &mut all)).collect();
        Self { random: fastrand::Rng::with_seed(seed), common }
    }

    /// One that hardly anybody says but this once.
    pub fn rare(&mut self) -> String {
        made_of(&PIECES, &mut self.random)
    }

    /// Any name.
    pub fn name(&mut self) -> String {
        match self.random.u8(..4) {
            0 => self.rare(),
            _ => self.common[self.random.usize(..COMMON)].clone(),
        }
    }

    /// One that may be a key of the cache.
    pub fn key(&mut self) -> String {
        format!("{}{}", KINDS[self.random.usize(..KINDS.len())], self.name())
    }

    /// One that more often than others can be a blob's.
    pub fn path(&mut self) -> String {
        let mut piece = || PLAIN[self.random.usize(..PLAIN.len())];
        match (piece(), piece()) {
            (one, _) if self.random.bool() => one.into(),
            (one, other) if self.random.bool() => format!("{one}/{other}"),
            _ => self.name(),
        }
    }
}

/// Short for the most part, so that all come upon the same; a few too long for a file, or for a blob.
fn made_of(pieces: &[&str], random: &mut fastrand::Rng) -> String {
    let mut name: String = (0..random.usize(..4)).map(|_| pieces[random.usize(..pieces.len())]).collect();
    match random.u8(..50) {
        0 => name.push_str(&"l".repeat(300)),
        1 => name.push_str(&"long/".repeat(200)),
        _ => {}
    }
    name
}
