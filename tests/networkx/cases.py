"""Cases for reference.py: the corners of the method by hand, then random repositories; the same on every run.

Usage: cases.py > cases.jsonl && reference.py < cases.jsonl > ranks.jsonl

`cargo test -p astlas-ranker` compares with the two files as they are kept here.
"""

import json
import random

RANDOM_CASES = 40
NAMES = [
    "run", "stop", "main", "get", "Get", "_hidden", "__init__", "load_config", "load-config", "loadConfig", "LoadCfg",
    "_private_part", "größe_ändern", "数据", "x_1", "UPPERCASE", "lower", "Flask", "app", "views",
]
FOLDERS = ["", "app/", "app/views/", "docs/", "tests/", ".github/"]
FILES = ["main.py", "app.py", "views.tar.gz", ".env", "..run.py", "Get", "größe_ändern.rs", "lower.", "conf.test.js"]


def case(files, **query):
    listed = [
        {"path": path, "definitions": definitions.split(), "references": references.split()}
        for path, (definitions, references) in files.items()
    ]
    return {"files": listed, "query": query}


def corners():
    """Each by its name, which is only for the reader."""
    pair = {"a.py": ("run", "run stop stop"), "b.py": ("stop", "")}
    unused = {"a.py": ("run run", ""), "b.py": ("run stop", ""), "c.py": ("stop", "")}
    lonely = {"a.py": ("run", ""), "b.py": ("stop", "stop"), "c.py": ("", ""), "d.py": ("", "print")}
    shared = {f"{letter}.py": ("get load_config" if letter < "f" else "get", "") for letter in "abcdefg"}
    return {
        "empty": case({}),
        "no names at all": case({"a.py": ("", ""), "b.md": ("", "")}, context=["a.py"]),
        "one file that uses itself": case({"a.py": ("run", "run")}),
        "one file that nobody uses": case({"a.py": ("run", "")}, context=["a.py"]),
        "no reference at all": case(unused, context=["a.py"]),
        "references lead outside only": case({"a.py": ("run", "print"), "b.py": ("run", "")}, context=["a.py"]),
        "a sink": case(pair),
        "a sink in the context": case(pair, context=["b.py"]),
        "islands": case(lonely),
        "context without names": case(lonely, context=["c.py"], mentioned_files=["d.py"]),
        "context within and without": case(lonely, context=["c.py", "b.py"]),
        "context and mention are one": case(pair, context=["a.py"], mentioned_files=["a.py", "b.py"]),
        "a path adds to the context": case(pair, context=["a.py"], mentioned_names=["a", "a.py"]),
        "seven definers in the context": case({**shared, "z.py": ("", "get get load_config stop")}, context=["z.py"]),
        "seven and five definers": case({**shared, "z.py": ("main", "load_config get")}, mentioned_names=["get", "e"]),
    }


def random_case(source):
    paths = source.sample([folder + file for folder in FOLDERS for file in FILES], source.randint(1, 14))
    names = source.sample(NAMES, source.randint(1, len(NAMES)))
    known = [*names, "print", "len"]
    rich = source.random() < 0.9
    files = {
        path: (
            " ".join(source.choices(names, k=source.choice([0, 1, 2, 6]))),
            " ".join(source.choices(known, k=source.choice([0, 0, 3, 12]) if rich else 0)),
        )
        for path in paths
    }
    some = lambda items, most: source.sample(items, min(len(items), source.randint(0, most)))
    asked = source.random() < 0.8
    return case(
        files,
        context=some(paths, 3) if asked else [],
        mentioned_files=some(paths, 2) if asked else [],
        mentioned_names=some([*NAMES, "tests", "conf.test", "main.py"], 5) if asked else [],
    )


def main():
    source = random.Random(5)
    for one in [*corners().values(), *(random_case(source) for _ in range(RANDOM_CASES))]:
        print(json.dumps(one))


if __name__ == "__main__":
    main()
