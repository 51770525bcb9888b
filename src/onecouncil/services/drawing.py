# SPDX-License-Identifier: MIT
"""A page of a journey as the templates draw it: plain data, everything worked out here and nothing in the template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onecouncil.core import files
from onecouncil.core.borough import borough
from onecouncil.services import street_map
from onecouncil.services.actions.drafting import uploads_for
from onecouncil.services.engine import Group, Page, PageOnPath, Question, SummarySection, summary, to_form
from onecouncil.services.engine.definition import Ref, Test
from onecouncil.services.listings import render_markdown
from onecouncil.services.sitting import Sitting

Form = Mapping[str, Sequence[str]]
FIND, CHOOSE, TYPED = "find", "choose", "typed"
_AUTOCOMPLETE = {
    "person.name": "name",
    "person.email": "email",
    "person.phone": "tel",
    "person.date_of_birth": "bday",
}
_SHOWS_OPTION = {True: "yes", False: "no"}


@dataclass
class Field:
    """One question to draw. `values`: form field → what stands in it. `errors`: form field → message."""

    key: str
    type: str
    label: str
    hint: str
    optional: bool
    values: dict[str, str]
    many: list[str]
    errors: dict[str, str]
    options: list[dict[str, Any]]
    settings: Mapping[str, Any]
    autocomplete: str = ""
    heading: bool = False
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def error(self) -> str:
        """All messages of this question, each once."""
        return ". ".join(dict.fromkeys(self.errors.values()))


@dataclass(frozen=True)
class Drawn:
    """One page. `kind`: page, group or exit."""

    id: str
    kind: str
    title: str
    guidance: str
    fields: list[Field]
    errors: list[dict[str, str]]
    has_files: bool
    items: list[dict[str, Any]] = field(default_factory=list)
    group: str = ""
    more: str = ""
    exit: dict[str, Any] = field(default_factory=dict)


def draw(
    sitting: Sitting,
    page: PageOnPath,
    *,
    form: Form | None = None,
    errors: Mapping[str, str] | None = None,
    modes: Mapping[str, str] | None = None,
) -> Drawn:
    """The page with what was typed (`form`), or else with what was answered. `modes`: how an address is asked for."""
    errors = dict(errors or {})
    if isinstance(page.page, Group):
        return _draw_group(sitting, page, page.page, form, errors)
    step = page.page
    fields = [_field(sitting, page, question, form, errors, modes or {}) for question in page.fields]
    fields = _nest(page, fields)
    if len(fields) == 1 and not step.guidance and fields[0].label == fill(step.title):
        fields[0].heading = True
    return Drawn(
        id=page.id,
        kind=page.kind,
        title=fill(step.title),
        guidance=markdown(step.guidance),
        fields=fields,
        errors=[{"href": f"#{name}", "text": text} for name, text in errors.items()],
        has_files=any(question.type == "file" for question in page.fields),
        exit=_exit(step),
    )


def fill(text: str) -> str:
    return borough().fill(text)


def markdown(text: str) -> str:
    return render_markdown(fill(text)) if text else ""


def _exit(step: Page) -> dict[str, Any]:
    if step.exit is None:
        return {}
    links = [{"label": fill(link.label), "url": fill(link.url)} for link in step.exit.links]
    return {"why": markdown(step.exit.why), "instead": markdown(step.exit.instead), "links": links}


def _draw_group(
    sitting: Sitting, page: PageOnPath, group: Group, form: Form | None, errors: Mapping[str, str]
) -> Drawn:
    parts = summary(sitting.definition, sitting.answers, sitting.world)
    items = [_item(group, part) for part in parts if part.group == group.key]
    held = (form or {}).get(f"{group.key}-more") or [""]
    return Drawn(
        id=page.id,
        kind="group",
        title=fill(group.title),
        guidance=markdown(group.guidance),
        fields=[],
        errors=[{"href": f"#{name}", "text": text} for name, text in errors.items()],
        has_files=False,
        items=items,
        group=group.key,
        more=held[-1] if held[-1] else "",
        exit={"item": group.item, "full": len(items) >= group.max, "error": "".join(errors.values())},
    )


def _item(group: Group, part: SummarySection) -> dict[str, Any]:
    lines = [", ".join(row.lines) for row in part.rows[:2]]
    change = part.rows[0].page if part.rows else f"{group.key}.{part.index}.{group.pages[0].key}"
    return {"index": part.index, "text": " · ".join(lines) or f"{group.item} {part.index}", "change": change}


# --- questions --------------------------------------------------------------------------------------------------------


def _field(
    sitting: Sitting, page: PageOnPath, question: Question, form: Form | None, errors: Mapping[str, str], modes: Any
) -> Field:
    answer = answer_of(sitting, page, question)
    held = form if form is not None else to_form(question, answer)
    own = {name: text for name, text in errors.items() if name == question.key or name.startswith(f"{question.key}-")}
    drawn = Field(
        key=question.key,
        type=question.type,
        label=fill(question.label),
        hint=fill(question.hint),
        optional=question.optional,
        values={name: values[-1] for name, values in held.items() if values},
        many=list(held.get(question.key, ())),
        errors=own,
        options=[{"value": o.value, "text": fill(o.label), "hint": fill(o.hint)} for o in question.options],
        settings=question.settings,
        autocomplete=_AUTOCOMPLETE.get(question.prefill, ""),
    )
    if question.type in ("radios", "checkboxes"):
        for option, made in zip(question.options, drawn.options, strict=True):
            made.update({"behaviour": "exclusive"} if option.exclusive else {})
    extra = _EXTRAS.get(question.type)
    if extra:
        drawn.extra = extra(sitting, page, question, drawn, modes)
    return drawn


def answer_of(sitting: Sitting, page: PageOnPath, question: Question) -> Any:
    """What is answered now, or known and held ready."""
    holder = sitting.answers
    if page.group:
        items = sitting.answers.get(page.group) or []
        holder = items[page.index - 1] if page.index <= len(items) else {}
    if question.key in holder:
        return holder[question.key]
    return sitting.prefilled.get(question.key)


def _slots(sitting: Sitting, page: PageOnPath, question: Question, drawn: Field, modes: Any) -> dict[str, Any]:
    pool = str(question.settings.get("pool") or question.key)
    return {"slots": [{"value": slot.id, "text": slot.label} for slot in sitting.world.slots(pool)]}


def _address(sitting: Sitting, page: PageOnPath, question: Question, drawn: Field, modes: Any) -> dict[str, Any]:
    """An address is asked for in three ways: a postcode, a choice of its addresses, or typed by hand."""
    key = question.key
    mode = modes.get(key) or (_mode_of_answer(drawn) if key not in modes else FIND)
    listed_only = bool(question.settings.get("listed_only"))
    postcode = drawn.values.get(f"{key}-postcode", "")
    choices: list[dict[str, str]] = []
    if mode == CHOOSE:
        found = sitting.world.addresses(postcode)
        choices = [{"value": c.uprn, "text": ", ".join(p for p in (c.line1, c.line2, c.town) if p)} for c in found]
        if not choices:
            mode = FIND if listed_only and not sitting.lookups.addresses_down else TYPED
    note = ""
    if sitting.lookups.addresses_down:
        note = "We cannot look up addresses at the moment. Type your address in."
    elif modes.get(key) == CHOOSE and not choices:
        note = f"We found no addresses for {postcode}. Check the postcode, or type the address in."
    return {"mode": mode, "choices": choices, "note": note, "listed_only": listed_only, "postcode": postcode}


def _mode_of_answer(drawn: Field) -> str:
    if drawn.values.get(f"{drawn.key}-uprn"):
        return CHOOSE
    return TYPED if drawn.values.get(f"{drawn.key}-line1") else FIND


def _files(sitting: Sitting, page: PageOnPath, question: Question, drawn: Field, modes: Any) -> dict[str, Any]:
    answer = answer_of(sitting, page, question)
    most = int(question.settings.get("max_files") or 5)
    if sitting.draft is None:
        return {"files": [], "most": most, "full": False}
    ids = uploads_for(sitting.draft, page.id, question.key, answer)
    held = {file.id: file for file in files.files_about(f"draft:{sitting.draft.token}")}
    seen = [_file(held[one]) for one in ids if one in held]
    return {"files": seen, "most": most, "full": len(ids) >= most}


def _file(held: files.FileView) -> dict[str, Any]:
    size = f"{held.size / 1024 / 1024:.1f} MB" if held.size > 500_000 else f"{max(1, held.size // 1024)} KB"
    return {"id": held.id, "name": held.name, "size": size}


def _place(sitting: Sitting, page: PageOnPath, question: Question, drawn: Field, modes: Any) -> dict[str, Any]:
    """The map, when there are streets to draw one of; the typed description is always there."""
    streets = street_map.town()
    if streets is None:
        return {"map": None}
    key = question.key
    lat, lon = drawn.values.get(f"{key}-lat", ""), drawn.values.get(f"{key}-lon", "")
    pin = _pin(lat, lon)
    view = street_map.read_view(streets, drawn.values.get(f"{key}-view", ""))
    if pin and not drawn.values.get(f"{key}-view"):
        view = street_map.look_at(streets, view, pin)
    at = f"lat={view.lat:.6f}&lon={view.lon:.6f}&zoom={view.zoom}&size={view.size}"
    return {
        "map": f"/services/map.svg?{at}" + (f"&pin={pin[0]:.6f},{pin[1]:.6f}" if pin else ""),
        "view": street_map.write_view(view),
        "width": view.width,
        "height": view.height,
        "zoom": view.zoom,
        "large": view.size == "large",
        "lat": lat if pin else "",
        "lon": lon if pin else "",
        "nearest": street_map.nearest(pin) if pin else "",
    }


def _pin(lat: str, lon: str) -> tuple[float, float] | None:
    try:
        return float(lat), float(lon)
    except ValueError:
        return None


_EXTRAS = {"slot": _slots, "address": _address, "file": _files, "place": _place}


def _nest(page: PageOnPath, fields: list[Field]) -> list[Field]:
    """A question that hangs on one option of a radio question of the same page is drawn inside that option."""
    by_key = {drawn.key: drawn for drawn in fields}
    inside: set[str] = set()
    for question in page.fields:
        test = question.show_if
        if not isinstance(test, Test) or test.op != "is" or isinstance(test.value, Ref):
            continue
        parent = by_key.get(test.subject.name) if test.subject.kind == "answer" else None
        if parent is None or parent.type not in ("radios", "yes_no") or parent.key in inside:
            continue
        value = _SHOWS_OPTION.get(test.value) if isinstance(test.value, bool) else test.value
        parent.extra.setdefault("inside", {}).setdefault(value, []).append(by_key[question.key])
        inside.add(question.key)
    return [drawn for drawn in fields if drawn.key not in inside]
