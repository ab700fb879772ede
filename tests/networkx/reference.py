"""The ranks of the classic profile, worked out a second time: by NetworkX, edge by edge, with nothing shared.

Usage: reference.py < cases.jsonl > ranks.jsonl

One case a line, and for each one line of ranks, in the same order. A case is

    {"files": [{"path": "a.py", "definitions": ["run", ...], "references": ["run", "print", ...]}, ...],
     "query": {"context": ["a.py"], "mentioned_files": ["b.py"], "mentioned_names": ["run"]}}

with one entry for each definition and each reference (repeats count; names that no file defines may stand there), and
every part of the query optional. Its ranks are

    {"files": [["a.py", 0.75], ...], "definitions": [["a.py", "run", 0.6], ...]}

with one entry for every file and every definition of a file, each name once, sorted. A file that neither defines nor
references a defined name is not in the graph; its score is 0.

The method is section "Ranking" of the design; `components/ranker` says where it parts from aider's own code and why.
Needs the packages of requirements.txt.
"""

import json
import math
import sys
from collections import Counter, defaultdict
from os.path import splitext

import networkx

DAMPING = 0.85
# Change summed over all files at which NetworkX stops. It multiplies its `tol` by the number of files, and its default
# is far too coarse for comparing digits.
SETTLED = 1e-12
ROUNDS = 1000


def multiplier(name, definers, mentioned_names):
    product = 1.0
    if name in mentioned_names:
        product *= 10
    letters = any(letter.isalpha() for letter in name)
    snake = "_" in name and letters
    kebab = "-" in name and letters
    camel = any(letter.isupper() for letter in name) and any(letter.islower() for letter in name)
    if (snake or kebab or camel) and len(name) >= 8:
        product *= 10
    if name.startswith("_"):
        product *= 0.1
    if len(definers) > 5:
        product *= 0.1
    return product


def graph_of(files, context, mentioned_names):
    """One edge for each name, referencing file and defining file."""
    definers = defaultdict(set)
    references = Counter()
    for file in files:
        for name in file["definitions"]:
            definers[name].add(file["path"])
        for name in file["references"]:
            references[name, file["path"]] += 1
    if not references:
        references = Counter((name, path) for name, paths in definers.items() for path in paths)

    graph = networkx.MultiDiGraph()
    for (name, referencer), count in references.items():
        weight = multiplier(name, definers.get(name, ()), mentioned_names) * math.sqrt(count)
        if referencer in context:
            weight *= 50
        for definer in definers.get(name, ()):
            graph.add_edge(referencer, definer, name=name, weight=weight)
    referenced = {name for name, _ in references}
    for name, paths in definers.items():
        if name not in referenced:
            for path in paths:
                graph.add_edge(path, path, name=name, weight=0.1)
    return graph, definers


def personalization(files, context, mentioned_files, mentioned_names):
    """What the query points to: each file's amount, those with any."""
    unit = 100 / max(len(files), 1)
    amounts = {}
    for file in files:
        parts = file["path"].split("/")
        amount = 0.0
        if file["path"] in context:
            amount += unit
        if file["path"] in mentioned_files:
            amount = max(amount, unit)
        if mentioned_names.intersection([*parts, splitext(parts[-1])[0]]):
            amount += unit
        if amount > 0:
            amounts[file["path"]] = amount
    return amounts


def ranks(files, context=(), mentioned_files=(), mentioned_names=()):
    context, mentioned_files, mentioned_names = set(context), set(mentioned_files), set(mentioned_names)
    graph, definers = graph_of(files, context, mentioned_names)
    amounts = personalization(files, context, mentioned_files, mentioned_names)
    # Files outside the graph have no say; if only they were pointed to, it is as if nothing was.
    amounts = {path: amount for path, amount in amounts.items() if path in graph} or None
    file_ranks = networkx.pagerank(
        graph,
        alpha=DAMPING,
        personalization=amounts,
        dangling=amounts,
        weight="weight",
        max_iter=ROUNDS,
        tol=SETTLED / max(len(graph), 1),
    )
    definition_ranks = {(path, name): 0.0 for name, paths in definers.items() for path in paths}
    for source in graph:
        edges = list(graph.out_edges(source, data=True))
        total = math.fsum(data["weight"] for _, _, data in edges)
        for _, target, data in edges:
            definition_ranks[target, data["name"]] += file_ranks[source] * data["weight"] / total
    return {
        "files": sorted([file["path"], file_ranks.get(file["path"], 0.0)] for file in files),
        "definitions": sorted([path, name, score] for (path, name), score in definition_ranks.items()),
    }


def main():
    for line in sys.stdin.buffer:
        case = json.loads(line)
        print(json.dumps(ranks(case["files"], **case.get("query", {}))))


if __name__ == "__main__":
    main()
