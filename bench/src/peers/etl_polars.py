"""The flow of the bench `etl` tuned by hand with Python Polars: COPY through CSV both ways. Prints its seconds."""

import io
import json
import sys
import time

import polars as pl
import psycopg

task = json.load(sys.stdin)
source, detail, summary = (task[name] for name in ("source", "detail", "summary"))
TYPES = {
    "id": pl.Int64, "order_id": pl.Int32, "part_id": pl.Int32, "line": pl.Int16, "quantity": pl.Float64,
    "price": pl.Float64, "discount": pl.Float64, "score": pl.Float64, "flag": pl.String, "status": pl.String,
    "shipped": pl.Date, "updated_at": pl.String, "is_open": pl.String, "comment": pl.String, "token": pl.String,
}


def copy_out(connection, query):
    buffer = io.BytesIO()
    with connection.cursor().copy(f"copy ({query}) to stdout (format csv, header)") as copy:
        for piece in copy:
            buffer.write(piece)
    buffer.seek(0)
    return pl.read_csv(buffer, schema_overrides=TYPES)


def copy_in(connection, frame, name, columns):
    connection.execute(f"create table {name} ({columns})")
    with connection.cursor().copy(f"copy {name} from stdin (format csv)") as copy:
        copy.write(frame.write_csv(include_header=False).encode())


started = time.perf_counter()
with psycopg.connect(**task["address"]) as connection:
    items = copy_out(connection, f"select * from {source}")
    late = (
        items.lazy()
        .filter((pl.col("quantity") > 25) & (pl.col("discount") < 0.05))
        .with_columns(
            (pl.col("quantity") * pl.col("price")).alias("revenue"),
            pl.col("shipped").dt.year().alias("year"),
        )
        .select("id", "order_id", "status", "shipped", "updated_at", "year", "revenue", "comment")
        .collect()
    )
    totals = late.group_by("year", "status").agg(
        pl.len().alias("items"), pl.col("revenue").sum().alias("revenue")
    )
    copy_in(
        connection, late, detail,
        "id bigint, order_id int, status text, shipped date, updated_at timestamptz, year int, revenue float8, comment text",
    )
    copy_in(connection, totals, summary, "year int, status text, items bigint, revenue float8")
print(time.perf_counter() - started)
