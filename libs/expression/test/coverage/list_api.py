"""Lists the public names of py-polars with a text that uses each, and the form in which Polars serialises it.

    pip install polars==1.44.2 && python list_api.py && node measure.ts

`probes.txt` has the texts: an expression over the frame `t` of ../golden/prefix.txt, or a frame. The first script writes
names, texts and serialised expressions to api.json; the second adds whether the bundled Polars runs them.
"""

import inspect
import json
import sys
import warnings
from datetime import date, datetime, time, timedelta
from pathlib import Path

import polars as pl
import polars.selectors as cs
from polars.lazyframe.group_by import LazyGroupBy

warnings.simplefilter("ignore")
HERE = Path(__file__).parent
NAMESPACES = ["str", "dt", "list", "arr", "struct", "cat", "name", "bin", "meta", "ext"]


def public(owner: object) -> list[str]:
    return [name for name in dir(owner) if not name.startswith("_")]


def names() -> list[str]:
    column = pl.col("a")
    functions = [name for name in pl.__all__ if name[0].islower() and callable(getattr(pl, name)) and not inspect.isclass(getattr(pl, name))]
    return [
        *(f"Expr.{name}" for name in public(pl.Expr) if name not in NAMESPACES),
        *(f"{space}.{name}" for space in NAMESPACES for name in public(getattr(column, space)) if name != "accessor"),
        *(f"pl.{name}" for name in functions),
        *(f"cs.{name}" for name in cs.__all__),
        *(f"LazyFrame.{name}" for name in public(pl.LazyFrame)),
        *(f"LazyGroupBy.{name}" for name in public(LazyGroupBy)),
    ]


def serialised(text: str) -> str | None:
    scope = {"pl": pl, "cs": cs, "date": date, "datetime": datetime, "time": time, "timedelta": timedelta}
    try:
        return eval(text, scope).meta.serialize(format="json")
    except BaseException:
        return None


probes = dict(line.split("\t") for line in (HERE / "probes.txt").read_text().splitlines())
unknown = set(probes) - set(names())
if unknown:
    sys.exit(f"no public names: {unknown}")
entries = []
for name in names():
    text = probes.get(name)
    isExpression = text is not None and not name.startswith("Lazy") and not text.startswith(("raw", "other", "pl.concat(", "pl.union", "pl.merge"))
    entries.append({"name": name, "text": text, "json": serialised(text) if isExpression else None})
(HERE / "api.json").write_text(json.dumps(entries, ensure_ascii=False, indent=0) + "\n")
print(len(entries))
