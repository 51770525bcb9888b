# SPDX-License-Identifier: MIT
"""What changes things here: `feeding` (events into Parquet), `working` (small tables out of it)."""
