"""The other side of the group redis-peer: for each line "FIELDS WORKERS" on the standard input it
aggregates all hashes at the URL of its first argument, and prints how many there were."""

import sys

import polars as pl
import polars_redis

TYPES = {
    "name": pl.Utf8, "age": pl.Int64, "status": pl.Utf8, "salary": pl.Float64,
    "email": pl.Utf8, "city": pl.Utf8, "score": pl.Float64, "visits": pl.Int64,
}


def aggregate(name):
    column = pl.col(name)
    return column.count() if TYPES[name] == pl.Utf8 else column.sum()


for line in sys.stdin:
    fields, workers = map(int, line.split())
    names = list(TYPES)[:fields]
    hashes = polars_redis.scan_hashes(
        sys.argv[1], pattern="user:*", schema={name: TYPES[name] for name in names},
        include_key=False, parallel=workers or None)
    query = hashes.select(pl.len().alias("rows"), *map(aggregate, names))
    print(query.collect()["rows"][0], flush=True)
