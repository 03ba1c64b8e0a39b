"""The flow of the bench `etl` as people write it with pandas: read_sql and to_sql. Prints its seconds."""

import json
import sys
import time

import pandas as pd
import sqlalchemy

task = json.load(sys.stdin)
source, detail, summary = (task[name] for name in ("source", "detail", "summary"))

address = task["address"]
engine = sqlalchemy.create_engine(
    sqlalchemy.URL.create(
        "postgresql+psycopg",
        username=address["user"],
        password=address["password"],
        host=address["host"],
        port=address["port"],
        database=address["dbname"],
    )
)

started = time.perf_counter()
items = pd.read_sql(f"select * from {source}", engine)
items[["quantity", "price", "discount"]] = items[["quantity", "price", "discount"]].astype(float)
late = items[(items["quantity"] > 25) & (items["discount"] < 0.05)].copy()
late["revenue"] = late["quantity"] * late["price"]
late["year"] = pd.to_datetime(late["shipped"]).dt.year
columns = ["id", "order_id", "status", "shipped", "updated_at", "year", "revenue", "comment"]
late = late[columns]
totals = (
    late.groupby(["year", "status"], dropna=False)
    .agg(items=("id", "size"), revenue=("revenue", "sum"))
    .reset_index()
)
for frame, name in ((late, detail), (totals, summary)):
    schema, table = name.split(".")
    frame.to_sql(table, engine, schema=schema, if_exists="replace", index=False)
print(time.perf_counter() - started)
