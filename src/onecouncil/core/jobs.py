# SPDX-License-Identifier: MIT
"""The ground's own regular jobs."""

from onecouncil.core import limits
from onecouncil.core.background import background, every, sweep_finished


@every(seconds=3600)
@background()
def tidy() -> None:
    """Forget ended rate-limit windows and the rows of jobs done a week ago."""
    limits.forget_old()
    sweep_finished()
