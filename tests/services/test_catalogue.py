# SPDX-License-Identifier: MIT
"""The catalogue as files: complete, checked with file and line, loaded once, exported as it was."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from tests.services.conftest import JOURNEYS

from onecouncil.core.actors import Actor, system
from onecouncil.core.models import EventRow
from onecouncil.core.problems import Conflict
from onecouncil.services.actions import publishing
from onecouncil.services.catalogue import Entry, faults_of, lgsl_tiers
from onecouncil.services.definitions import read_definition, rewrite
from onecouncil.services.models import Service, ServiceVersion
from onecouncil.website.api import listing


def test_the_whole_list_is_there_and_right(files: list[Entry]) -> None:
    """All 117 codes of the national list, each with its tier; not one error in any file."""
    assert len(lgsl_tiers()) == 117
    wrong = [f"{path.name}: {fault}" for path, fault in faults_of(files) if fault.severity == "error"]
    assert wrong == []
    assert set(lgsl_tiers()) <= {entry.file.content["lgsl"] for entry in files}
    assert set(JOURNEYS) <= {entry.slug for entry in files if "journey" in entry.file.content}


def entry_of(files: list[Entry], slug: str) -> Entry:
    return next(entry for entry in files if entry.slug == slug)


@pytest.mark.parametrize(
    ("old", "new", "line_holds", "reason"),
    [
        ("title: Report a missed bin collection", "titel: Report", "titel", "is not known"),
        ("lgsl: 524", "lgsl: many", "lgsl", "must be a whole number"),
        ("nature: report", "nature: shout", "nature", "must be one of"),
        ("{rules.missed_bin_return_days}", "{rules.no_such_rule}", "then", "is not in borough.toml"),
        ("type: checkboxes", "type: tickboxes", "type: tickboxes", "tickboxes"),
        ("{answer: out_in_time, is: false}", "{answer: name, is: false}", "show_if", "name"),
        ("clock: {days: 2, unit: working}", "clock: {days: two, unit: working}", "clock", "days"),
        ("summary: ", "summary: ] ", "summary", ""),
        ("related:", "slug: twice\nrelated:", "slug: twice", "given twice"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(
    files: list[Entry], old: str, new: str, line_holds: str, reason: str
) -> None:
    text = entry_of(files, "report-a-missed-bin").file.text
    assert old in text
    text = text.replace(old, new, 1)
    errors = read_definition(text, slug="report-a-missed-bin").errors
    found = [error for error in errors if reason in str(error)]
    assert found, errors
    assert found[0].line and line_holds in text.split("\n")[found[0].line - 1], (found[0], found[0].line)


def test_unchanged_files_do_nothing(db: None, files: list[Entry]) -> None:
    few = files[:5]
    first = publishing.load(few, system("test"))
    assert {one.outcome for one in first} == {publishing.PUBLISHED}
    events = EventRow.objects.filter(type="service.published").count()
    again = publishing.load(few, system("test"))
    assert {one.outcome for one in again} == {publishing.UNCHANGED}
    assert events == 5 == EventRow.objects.filter(type="service.published").count() == ServiceVersion.objects.count()


def test_a_file_with_an_error_loads_nothing(db: None, files: list[Entry]) -> None:
    bad = Entry(files[1].path, read_definition("format: 1"))
    with pytest.raises(Conflict):
        publishing.load([files[0], bad], system("test"))
    assert not Service.objects.exists()


def test_what_an_editor_changed_is_kept_unless_forced(db: None, files: list[Entry], people: dict[str, Actor]) -> None:
    ed, entry = people["ed"], entry_of(files, "report-graffiti")
    publishing.load([entry], system("test"))
    words = {key: entry.file.content[key] for key in publishing.WORDS}
    publishing.save_words(ed, entry.slug, {**words, "title": "Tell us about graffiti"})
    publishing.publish(ed, entry.slug)
    fresh = Entry(entry.path, read_definition(rewrite(entry.file.text, {"title": "From the file"})))
    assert publishing.load([fresh], system("test"))[0].outcome == publishing.KEPT
    assert Service.objects.get().title == "Tell us about graffiti"
    assert publishing.load([fresh], system("test"), force=True)[0].outcome == publishing.PUBLISHED
    assert Service.objects.get().title == "From the file"


def test_export_gives_the_files_back(db: None, files: list[Entry], tmp_path: Path) -> None:
    call_command("catalogue", "--load", verbosity=0)
    call_command("catalogue", "--export", str(tmp_path))
    for entry in files:
        written = tmp_path / entry.path.parent.name / entry.path.name
        assert written.read_text(encoding="utf-8") == entry.file.text
    assert len(list(tmp_path.glob("*/*.yaml"))) == len(files)
    found = listing("service", "report-a-missed-bin")
    assert found and found.start_url == "/services/report-a-missed-bin/start"


def test_rewriting_one_part_leaves_every_other_line(files: list[Entry]) -> None:
    for entry in files[:40]:
        fresh = rewrite(entry.file.text, {"title": "New: title", "body": "One\n\n## Two\n"})
        content = read_definition(fresh).content
        assert {**content, "title": "", "body": ""} == {**entry.file.content, "title": "", "body": ""}
        assert (content["title"], content["body"]) == ("New: title", "One\n\n## Two\n")


def test_the_check_command_fails_on_an_error(tmp_path: Path) -> None:
    broken = tmp_path / "housing" / "x.yaml"
    broken.parent.mkdir()
    broken.write_text("slug: x\n")
    with pytest.raises(CommandError):
        call_command("catalogue", "--check", "--from", str(tmp_path))
    assert Path(settings.CATALOGUE_DIR).exists()
