"""The other side of the group redis-peer: for each line "FIELDS WORKERS" on the standard input it
scans all hashes at the URL of its first argument into an aggregate, and prints how many there were."""

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
        batch_size=10_000, count_hint=10_000, parallel=workers or None)
    sums = [pl.col(name).count() if type_ == pl.Utf8 else pl.col(name).sum()
            for name, type_ in schema.items()]
    print(hashes.select(pl.len().alias("rows"), *sums).collect()["rows"][0], flush=True)
