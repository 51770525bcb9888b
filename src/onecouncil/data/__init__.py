# SPDX-License-Identifier: MIT
"""The warehouse: every event as Parquet, questions asked of it with DuckDB, and what the answers look like."""
