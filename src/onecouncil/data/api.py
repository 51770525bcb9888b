# SPDX-License-Identifier: MIT
"""The only door of the data room for other rooms. `ask` loads DuckDB: for jobs and commands, never for a web page."""

from onecouncil.data.actions.feeding import feed
from onecouncil.data.reads import Demand, DemandPage, FeedState, demand, feed_state
from onecouncil.data.warehouse import Answer, ask

__all__ = ["Answer", "Demand", "DemandPage", "FeedState", "ask", "demand", "feed", "feed_state"]
