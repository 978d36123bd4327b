"""The other side of the group redis-peer: for each line "FIELDS WORKERS" on the standard input it
reads all hashes at the URL of its first argument, and prints how many there were."""

import sys

import polars as pl
import polars_redis

TYPES = {
    "name": pl.Utf8, "age": pl.Int64, "status": pl.Utf8, "salary": pl.Float64,
    "email": pl.Utf8, "city": pl.Utf8, "score": pl.Float64, "visits": pl.Int64,
}

for line in sys.stdin:
    fields, workers = map(int, line.split())
    schema = dict(list(TYPES.items())[:fields])
    hashes = polars_redis.scan_hashes(
        sys.argv[1], pattern="user:*", schema=schema, include_key=False,
        parallel=workers or None)
    print(hashes.collect().height, flush=True)
