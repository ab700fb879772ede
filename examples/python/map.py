"""Prints a map of a folder: python map.py COMPONENT FOLDER [TOKENS]"""

import sys
from pathlib import Path
from types import SimpleNamespace

from wasmtime import Config, Engine, Store
from wasmtime.component import Component, Linker, Variant


def load(path):
    """The functions of the pipeline, in an instance of its own. The linker is empty: there is nothing to reach."""
    config = Config()
    config.cache = True  # compiled once on a machine
    engine = Engine(config)
    store = Store(engine)
    instance = Linker(engine).instantiate(store, Component.from_file(engine, path))
    pipeline = instance.get_export_index(store, "astlas:pipeline/pipeline@0.1.0")

    def function(name):
        found = instance.get_func(store, instance.get_export_index(store, name, pipeline))
        return lambda *arguments: found(store, *arguments)

    return SimpleNamespace(select_sources=function("select-sources"), draw_map=function("draw-map"))


def list_files(folder):
    """Paths of the files below a folder, but hidden ones."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in paths if not any(part.startswith(".") for part in path.parts))


def main(component, folder, tokens=4096):
    pipeline, folder = load(component), Path(folder)
    files = [
        SimpleNamespace(path=path, text=(folder / path).read_text("utf-8", "replace"))
        for path in pipeline.select_sources(list_files(folder))
    ]
    options = SimpleNamespace(
        tokens=int(tokens), tokenizer=None, profile=None, order=None, format=None, context=[], mentioned=[], full=False
    )
    drawn = pipeline.draw_map(files, options)
    if isinstance(drawn, Variant):
        sys.exit(f"no map: {drawn.tag} {drawn.payload or ''}")
    sys.stdout.write(drawn.text)
    print(f"{drawn.tokens} tokens, {len(drawn.files)} files, {len(drawn.omitted)} not on the map", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
