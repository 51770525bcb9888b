# SPDX-License-Identifier: MIT
"""`./onecouncil bench web`: it measures what it says, against a floor, and leaves nothing behind."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from tests.customers.conftest import add_case

from onecouncil.casework.models import Case
from onecouncil.demo.bulk import copy_cases
from onecouncil.house.benches.client import Measured
from onecouncil.house.benches.visitors import Page
from onecouncil.house.benches.web import Row, table

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("home page", "service page", "journey, a page", "journey, an answer", "account", "worklist")


def measured(*times: float, took: float = 1.0) -> Measured:
    return Measured(tuple(sorted(times)), took, 1000, {200: len(times)})


def test_percentiles_are_by_nearest_rank() -> None:
    hundred = measured(*(number / 1000 for number in range(1, 101)))
    assert [hundred.percentile(p) for p in (50, 95, 99, 100)] == [50, 95, 99, 100]
    assert measured(0.2).percentile(1) == measured(0.2).percentile(99) == 200
    assert measured().percentile(50) == 0 and measured().rate == 0


def test_the_table_shows_the_ratio_to_the_floor() -> None:
    row = Row(Page("home page", lambda connection: None), measured(0.01, 0.02), measured(*[0.001] * 20))  # type: ignore[arg-type,return-value]
    lines = table([row]).splitlines()
    assert lines[0].endswith("x floor") and lines[1].endswith("10.0")
    assert len({len(line) for line in lines}) == 1


def test_the_floor_answers_pages_of_any_size() -> None:
    """In a process of its own: it is a Django site with settings of its own."""
    code = (
        "from onecouncil.house.benches import floor\n"
        "from django.test import Client\n"
        "c = Client(headers={'host': '127.0.0.1'})\n"
        "print(len(c.get('/17000').content), len(c.get('/0').content) < 60, c.post('/0', {'a': 'b'}).status_code)"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src")}
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["17000", "True", "303"]


def test_copied_cases_are_a_worklist_of_their_own_references(db: None) -> None:
    with pytest.raises(ValueError, match="no case to copy"):
        copy_cases(10)
    add_case("3b241101-e2bb-4255-8caf-4136c566a962", "LM-AAAA-AAA1")
    assert copy_cases(50) == 49
    assert copy_cases(50) == 0
    assert Case.objects.values("reference").distinct().count() == 50
    assert Case.objects.filter(due_at__isnull=True).count() == 0


@pytest.mark.slow
def test_a_small_bench_measures_every_page_and_removes_what_it_made() -> None:
    before = set(Path(tempfile.gettempdir()).glob("onecouncil-bench-*"))
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ONECOUNCIL_")}
    environment |= {"PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "onecouncil.house.settings"}
    command = [sys.executable, "-m", "onecouncil.house.cli", "bench", "web", "--cases", "500", "--requests", "12"]
    done = subprocess.run([*command, "--seconds", "5"], env=environment, capture_output=True, text=True, timeout=420)
    assert done.returncode == 0, done.stderr[-2000:]
    for page in PAGES:
        line = next(line for line in done.stdout.splitlines() if line.startswith(f"{page} ") and "requests" not in line)
        numbers = re.findall(r"[\d,.]+", line.removeprefix(page))
        assert len(numbers) == 8, line
    assert set(Path(tempfile.gettempdir()).glob("onecouncil-bench-*")) == before
