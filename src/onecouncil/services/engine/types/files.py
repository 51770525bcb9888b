# SPDX-License-Identifier: MIT
"""file: files already received. The engine sees their ids, and what `Outside.files` knows of each."""

from __future__ import annotations

from collections.abc import Mapping

from onecouncil.services.engine.definition import Json, Question
from onecouncil.services.engine.outside import FileMeta, Outside

from .base import Form, QuestionType, Setting, refuse, whole

_KINDS = ("pdf", "jpg", "png", "heic", "webp", "docx", "xlsx", "odt", "csv", "txt")
_USUAL = ("pdf", "jpg", "png", "heic")


class File(QuestionType):
    """`evidence` names what the files prove ("proof of address")."""

    name, label, noun, verb = "file", "File upload", "a file", "Upload"
    settings = (
        Setting("accept", "texts", "Kinds of file: pdf, jpg, png, …"),
        Setting("max_megabytes", "int", "Largest file, in megabytes"),
        Setting("min_files", "int", "Fewest files"),
        Setting("max_files", "int", "Most files"),
        Setting("evidence", "text", "What the files prove"),
    )

    def from_form(self, question: Question, form: Form) -> Json:
        return [value for value in form.get(question.key, ()) if value]

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        given = loose if isinstance(loose, list) else [loose]
        ids: list[Json] = [each.get("id") if isinstance(each, Mapping) else each for each in given]
        unique = list(dict.fromkeys(str(each) for each in ids))
        fewest, most = whole(question, "min_files") or 1, whole(question, "max_files") or 5
        if len(unique) > most:
            raise refuse("too_many", f"Upload {most} file{'s' if most > 1 else ''} or fewer")
        if len(unique) < fewest:
            raise refuse("too_few", f"Upload at least {fewest} files")
        return [self._one(question, each, outside) for each in unique]

    def _one(self, question: Question, file_id: str, outside: Outside) -> Json:
        meta = outside.files(file_id)
        if meta is None:
            raise refuse("gone", "Upload the file again: we no longer have it")
        kinds = question.settings.get("accept") or _USUAL
        if meta.kind not in kinds:
            named = ", ".join(kind.upper() for kind in kinds)
            raise refuse("wrong_kind", f"{meta.name} must be one of these kinds: {named}")
        largest = whole(question, "max_megabytes") or 10
        if meta.size > largest * 1024 * 1024:
            raise refuse("too_big", f"{meta.name} must be smaller than {largest}MB")
        if meta.size == 0:
            raise refuse("empty", f"{meta.name} is empty")
        return file_value(meta)

    def show(self, question: Question, value: Json) -> list[str]:
        return [each["name"] for each in value]

    def to_form(self, question: Question, value: Json) -> dict[str, list[str]]:
        return {question.key: [each["id"] for each in value]}

    def sample(self, question: Question, outside: Outside) -> Json:
        kind = (question.settings.get("accept") or _USUAL)[0]
        found = [
            meta
            for n in range(1, (whole(question, "min_files") or 1) + 1)
            if (meta := outside.files(f"sample-{n}") or FileMeta(f"sample-{n}", f"sample-{n}.{kind}", kind, 1000))
        ]
        return [file_value(meta) for meta in found]

    def problems(self, question: Question) -> list[str]:
        out = [
            f"accept: “{k}” is not one of {', '.join(_KINDS)}"
            for k in question.settings.get("accept") or ()
            if k not in _KINDS
        ]
        if (whole(question, "min_files") or 1) > (whole(question, "max_files") or 5):
            out.append("min_files must not be above max_files")
        return out


def file_value(meta: FileMeta) -> dict[str, Json]:
    """A file as it stands in an answer."""
    return {"id": meta.id, "name": meta.name, "kind": meta.kind, "size": meta.size}
