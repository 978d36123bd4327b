"""Reads a table of a lake with PyIceberg and writes its rows to a Parquet file.

Usage: read_iceberg.py CATALOG_DB TABLE OUT [SNAPSHOT|-] [ROW_FILTER]
"""
import sys

import pyarrow.parquet
from pyiceberg.catalog.sql import SqlCatalog

catalog_db, table, out = sys.argv[1:4]
snapshot = int(sys.argv[4]) if len(sys.argv) > 4 and sys.argv[4] != "-" else None
row_filter = sys.argv[5] if len(sys.argv) > 5 else "true"

catalog = SqlCatalog("tarn", uri="sqlite:///" + catalog_db)
options = {} if row_filter == "true" else {"row_filter": row_filter}
scan = catalog.load_table(table).scan(snapshot_id=snapshot, **options)
rows = scan.to_arrow()
pyarrow.parquet.write_table(rows, out)
print("rows", rows.num_rows)
