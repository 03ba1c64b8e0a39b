"""Records what py-polars makes of the texts beside this file: types and rows, or that it fails.

    pip install polars==1.44.2 && python record.py

Each line of expressions.txt is one expression, each block of programs.txt one program.
"""

import ast
import json
import re
import warnings
from datetime import date, datetime, time, timedelta
from pathlib import Path

import polars as pl
import polars.selectors as cs

warnings.simplefilter("ignore")
HERE = Path(__file__).parent
PREFIX = (HERE / "prefix.txt").read_text()
RAW = pl.DataFrame(
    {
        "i": pl.Series([1, 2, None, 4], dtype=pl.Int64),
        "j": pl.Series([10, -5, 7, None], dtype=pl.Int64),
        "f": [1.5, -2.25, None, 0.5],
        "b": [True, False, None, True],
        "s": ["Anna", "bob ", None, ""],
        "d": ["2024-01-31", "2023-12-25", None, "2024-02-29"],
        "g": ["x", "y", "x", "y"],
    }
)
OTHER = pl.DataFrame({"g": ["x", "z", "x"], "v": pl.Series([1, 2, 3], dtype=pl.Int64)})


def snake(text: str) -> str:
    """The camelCase spellings that Floe takes, too, as Python knows them."""
    return re.sub(r"(?<=[.(, ])[a-z]+(?:[A-Z][a-z]+)+(?=[(=])", lambda m: re.sub("[A-Z]", lambda u: "_" + u[0].lower(), m[0]), text)


def run(text: str) -> pl.DataFrame:
    scope = {"pl": pl, "cs": cs, "time": time, "date": date, "datetime": datetime, "timedelta": timedelta, "raw": RAW.lazy(), "other": OTHER.lazy()}
    lines = snake(PREFIX + text).strip()
    tree = compile(lines, "text", "exec", flags=ast.PyCF_ONLY_AST)
    last = tree.body[-1]
    if isinstance(last, ast.Expr):
        tree.body[-1] = ast.copy_location(ast.Assign([ast.Name("result", ast.Store())], last.value), last)
        name = "result"
    else:
        name = last.targets[0].id
    exec(compile(ast.fix_missing_locations(tree), "text", "exec"), scope)
    frame = scope[name]
    return frame.collect() if isinstance(frame, pl.LazyFrame) else frame


def spell(type_: pl.DataType) -> str:
    return re.sub("(time_unit|time_zone|precision|scale|inner)=", "", str(type_))


def spelled(frame: pl.DataFrame) -> pl.DataFrame:
    """JSON has no NaN, no bytes and no decimals: these go as text."""
    return frame.with_columns((cs.float() | cs.decimal() | cs.categorical()).cast(pl.String), cs.binary().bin.encode("hex"))


def record(text: str) -> dict:
    try:
        frame = run(text)
    except BaseException:
        return {"text": text, "fails": True}
    types = {name: spell(type_) for name, type_ in frame.schema.items()}
    try:
        return {"text": text, "types": types, "rows": json.loads(spelled(frame).write_json())}
    except BaseException:
        return {"text": text, "types": types}


expressions = [line for line in (HERE / "expressions.txt").read_text().split("\n") if line]
programs = [block for block in (HERE / "programs.txt").read_text().strip().split("\n\n")]
cases = [record(f"t.select({line})") for line in expressions] + [record(block) for block in programs]
(HERE / "golden.jsonl").write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases))
print(len(cases), sum("fails" in case for case in cases))
