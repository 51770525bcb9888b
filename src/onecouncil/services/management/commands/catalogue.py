# SPDX-License-Identifier: MIT
"""`catalogue --check | --load [--force] | --listings | --export DIR`: the services as readable files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from onecouncil.core.actors import system
from onecouncil.core.problems import Problem
from onecouncil.services import listings
from onecouncil.services.actions.publishing import load
from onecouncil.services.catalogue import faults_of, lgsl_tiers, read_folder
from onecouncil.services.models import Service


class Command(BaseCommand):
    help = "Check the services' definition files, load them into the database, or write them out again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--check", action="store_true", help="say what is wrong, with file and line")
        what.add_argument("--load", action="store_true", help="publish new and changed files")
        what.add_argument("--listings", action="store_true", help="list every service again (after a fee changed)")
        what.add_argument("--export", metavar="DIR", help="write the published services as files")
        parser.add_argument("--force", action="store_true", help="load over what was edited in the browser too")
        parser.add_argument("--quiet", action="store_true", help="errors only, no advice")
        parser.add_argument("--from", dest="folder", default=settings.CATALOGUE_DIR, help="the folder of the files")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check(Path(options["folder"]), options["quiet"])
        elif options["load"]:
            self._load(Path(options["folder"]), options["force"])
        elif options["listings"]:
            self.stdout.write(f"{listings.publish()} services are listed")
        else:
            self._export(Path(options["export"]))

    def _check(self, folder: Path, quiet: bool) -> None:
        entries = read_folder(folder)
        faults = faults_of(entries)
        errors = [fault for _, fault in faults if fault.severity == "error"]
        for path, fault in faults:
            if fault.severity == "error" or not quiet:
                self.stdout.write(f"{_short(path)}:{fault.line or 1}: {fault.severity}: {fault}")
        codes = {entry.file.content.get("lgsl") for entry in entries} & set(lgsl_tiers())
        journeys = sum("journey" in entry.file.content for entry in entries)
        self.stdout.write(
            f"{len(entries)} services ({journeys} with a journey), {len(codes)} of {len(lgsl_tiers())} LGSL codes, "
            f"{len(errors)} errors, {len(faults) - len(errors)} remarks"
        )
        if errors:
            raise CommandError("The catalogue has errors.")

    def _load(self, folder: Path, force: bool) -> None:
        try:
            done = load(read_folder(folder), system("catalogue"), force=force)
        except Problem as problem:
            raise CommandError(f"Nothing was loaded. {problem.detail}. Run: catalogue --check") from problem
        for outcome in sorted({one.outcome for one in done}):
            self.stdout.write(f"{sum(one.outcome == outcome for one in done)} {outcome}")

    def _export(self, folder: Path) -> None:
        rows = Service.objects.filter(published__isnull=False).select_related("published").order_by("slug")
        for row in rows:
            if row.published is None:
                continue
            path = folder / row.category / f"{row.slug}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(row.published.text, encoding="utf-8")
        self.stdout.write(f"{len(rows)} services are written to {folder}")


def _short(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
