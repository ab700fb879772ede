//! A query, and the ways it can be meant.

/// What is searched for.
pub struct Query {
    /// The query as written and, where that differs, with `.` between its parts. A name may hold any character
    /// (operators, private fields), so neither reading can be ruled out beforehand.
    pub readings: Vec<Reading>,
}

/// One way to read a query.
pub struct Reading {
    /// To be found letter for letter.
    pub text: String,
    /// The same in lower case.
    pub lower: String,
    /// Number of parts, from 1.
    pub parts: usize,
}

impl Query {
    /// `None` where there is nothing to search for. White space around a query does not belong to it.
    pub fn new(query: &str) -> Option<Self> {
        let written = query.trim();
        if written.is_empty() {
            return None;
        }
        let mut readings = vec![Reading::new(written)];
        let dotted = dotted(written);
        if dotted != written {
            readings.push(Reading::new(&dotted));
        }
        Some(Self { readings })
    }
}

impl Reading {
    fn new(text: &str) -> Self {
        Self { text: text.into(), lower: text.to_lowercase(), parts: text.split('.').count() }
    }
}

/// Every separator that follows a part becomes `.`; one that follows another, or stands first, belongs to the name.
fn dotted(query: &str) -> String {
    let (mut dotted, mut rest) = (String::new(), query);
    while let Some(letter) = rest.chars().next() {
        let separator = ["::", "#", "/"].into_iter().find(|separator| rest.starts_with(separator));
        let follows_part = !dotted.is_empty() && !dotted.ends_with('.');
        let taken = match separator {
            Some(separator) if follows_part => {
                dotted.push('.');
                separator.len()
            }
            _ => {
                dotted.push(letter);
                letter.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    dotted
}

/// The last `count` parts of a name; all of it if it has no more than that.
pub fn last_parts(name: &str, count: usize) -> &str {
    name.rmatch_indices('.').nth(count - 1).map_or(name, |(dot, _)| &name[dot + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_between_parts_are_one() {
        for (query, expected) in [
            ("Flask.run", "Flask.run"),
            ("Flask::run", "Flask.run"),
            ("Flask#run", "Flask.run"),
            ("app/Flask/run", "app.Flask.run"),
            ("Flask::", "Flask."),
            ("#secret", "#secret"),
            ("Foo.#secret", "Foo.#secret"),
            ("::std::vec", "::std.vec"),
            ("a:b", "a:b"),
            ("/", "/"),
            ("é::ü", "é.ü"),
        ] {
            assert_eq!(dotted(query), expected);
        }
    }

    #[test]
    fn the_query_as_written_is_kept() {
        let readings =
            |query| Query::new(query).unwrap().readings.into_iter().map(|reading| reading.text).collect::<Vec<_>>();
        assert_eq!(readings(" a.b "), ["a.b"]);
        assert_eq!(readings("run/2"), ["run/2", "run.2"]);
        assert!(Query::new(" \t").is_none());
        assert!(Query::new("").is_none());
    }

    #[test]
    fn parts_are_counted_from_the_end() {
        assert_eq!(last_parts("a.b.c", 1), "c");
        assert_eq!(last_parts("a.b.c", 2), "b.c");
        assert_eq!(last_parts("a.b.c", 3), "a.b.c");
        assert_eq!(last_parts("a.b.c", 9), "a.b.c");
        assert_eq!(last_parts("", 1), "");
    }
}
