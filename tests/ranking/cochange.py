#!/usr/bin/env python3
"""Measures on git history whether a ranking finds the files that belong to a change.

A case is a commit after a base: one of its files is given as context (the seed), the others are to be found. Tree and
history that the ranking sees end at the base.
"""

import argparse
import hashlib
import json
import math
import os
import subprocess
import sys

# Files that count as source here, whatever else a tool may read.
SOURCES = tuple(
    ".py .js .mjs .cjs .jsx .ts .tsx .go .rs .java .scala .kt .c .h .cc .cpp .hpp .cs .rb .php .swift .ex .exs".split()
)
# Commits of the main line between base and head, cases of one repository, and files of one commit.
WINDOW, MOST_CASES, FEWEST_FILES, MOST_FILES = 400, 60, 2, 8
# Places beyond this do not count.
DEPTH = 100


def git(folder, *arguments):
    run = subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True, text=True, errors="replace")
    return run.stdout.splitlines()


def order(*parts):
    """A fixed order that has nothing to do with names or time."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def cases_of(clone):
    base = git(clone, "rev-list", "--first-parent", f"--max-count={WINDOW}", "HEAD")[-1]
    known = {path for path in git(clone, "ls-tree", "-r", "--name-only", base) if path.endswith(SOURCES)}
    found = []
    for commit in sorted(git(clone, "rev-list", "--no-merges", f"{base}..HEAD"), key=order):
        changed = git(clone, "diff-tree", "-r", "--no-commit-id", "--name-only", commit)
        changed = sorted(known.intersection(changed), key=lambda path: order(commit, path))
        if FEWEST_FILES <= len(changed) <= MOST_FILES:
            found.append({"seed": changed[0], "wanted": sorted(changed[1:])})
        if len(found) == MOST_CASES:
            break
    return {"clone": os.path.abspath(clone), "base": base, "cases": found}


def make_cases(options):
    clones = sorted(entry.path for entry in os.scandir(options.clones) if entry.is_dir())
    with open(options.cases, "w", encoding="utf-8") as out:
        json.dump({os.path.basename(clone).replace("+", "/"): cases_of(clone) for clone in clones}, out, indent=1)


def checked_out(repository, folder):
    """The tree at the base, in a repository that has nothing newer."""
    if not os.path.isdir(folder):
        clone = ["git", "clone", "--quiet", "--shared", "--no-checkout", repository["clone"], folder]
        subprocess.run(clone, check=True)
        git(folder, "checkout", "--quiet", "-B", "base", repository["base"])
        for name in git(folder, "for-each-ref", "--format=%(refname)"):
            if name != "refs/heads/base":
                git(folder, "update-ref", "-d", name)
    return folder


def rank(options, folder, *more):
    command = [options.astlas, "rank", folder, "--format", "json", "--quiet", *more]
    command += ["--no-history"] if options.no_history else []
    command += ["--profile", options.profile]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"{' '.join(command)[:300]}\nended with {run.returncode}: {run.stderr}")
    return json.loads(run.stdout)


def figures(places):
    """recall@10, @20, @50 and MRR of one repository; a place for each file wanted, None where it was not found."""
    recall = [sum(sum(p is not None and p <= k for p in case) / len(case) for case in places) for k in (10, 20, 50)]
    first = sum(max((1 / p for p in case if p is not None), default=0) for case in places)
    return [total / max(1, len(places)) for total in (*recall, first)]


def places(ranked, wanted):
    place = {path: at for at, path in enumerate(ranked[:DEPTH], 1)}
    return [place.get(path) for path in wanted]


def mean(rows):
    return [sum(column) / len(rows) for column in zip(*rows)]


def show(label, row):
    print(f"{label:28} recall@10 {row[0]:.3f}  @20 {row[1]:.3f}  @50 {row[2]:.3f}  MRR {row[3]:.3f}", flush=True)


def repositories(options):
    with open(options.cases, encoding="utf-8") as text:
        for name, repository in json.load(text).items():
            folder = checked_out(repository, os.path.join(options.work, name.replace("/", "+")))
            yield name, folder, repository["cases"][: options.limit]


def score(options):
    rows = []
    for name, folder, cases in repositories(options):
        ranked = [rank(options, folder, "--limit", str(DEPTH), "--context", case["seed"]) for case in cases]
        found = [places([row["file"] for row in rows_], case["wanted"]) for rows_, case in zip(ranked, cases)]
        rows.append(figures(found))
        show(name, rows[-1])
    show(f"mean of {len(rows)}", mean(rows))


def signals(options):
    """Figures of all signals together, then without one after the other."""
    tables = {}
    for name, folder, cases in repositories(options):
        found = {}
        files = [row["file"] for row in rank(options, folder, "--limit", "0")]
        explain = [part for path in files for part in ("--explain", path)]
        for number, case in enumerate(cases):
            rows = rank(options, folder, "--context", case["seed"], *explain)
            amounts = {
                row["file"]: {one["signal"]: one["amount"] for one in row["signals"]}
                for row in rows
                if row["file"] != case["seed"]
            }
            names = sorted({signal for row in amounts.values() for signal in row})
            for left_out in [None, *names]:
                sums = {path: math.fsum(a for s, a in row.items() if s != left_out) for path, row in amounts.items()}
                ranked = sorted(sums, key=lambda path: (-sums[path], path))
                found.setdefault(left_out, {})[number] = places(ranked, case["wanted"])
        for left_out, of_case in found.items():
            # Where a signal says nothing, leaving it out changes nothing.
            tables.setdefault(left_out, {})[name] = figures(list({**found[None], **of_case}.values()))
        print(f"{name}: done", file=sys.stderr, flush=True)
    full = tables.pop(None)
    show("all signals", mean(list(full.values())))
    for left_out, rows in sorted(tables.items()):
        show(f"without {left_out}", mean(list({**full, **rows}.values())))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("cases", help="make cases from bare clones")
    make.add_argument("clones")
    make.add_argument("cases")
    make.set_defaults(run=make_cases)
    for name, run in (("score", score), ("signals", signals)):
        command = commands.add_parser(name, help=run.__doc__)
        command.add_argument("cases")
        command.add_argument("work", help="folder for the trees")
        command.add_argument("--astlas", default="astlas")
        command.add_argument("--no-history", action="store_true")
        command.add_argument("--profile", default="default")
        command.add_argument("--limit", type=int, default=None, help="most cases of each repository")
        command.set_defaults(run=run)
    options = parser.parse_args()
    options.run(options)


main()
