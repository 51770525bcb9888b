# SPDX-License-Identifier: MIT
"""Tasks that the house makes or finishes by itself."""

from onecouncil.casework import timeline
from onecouncil.casework.models import Case, Task
from onecouncil.casework.timeline import write_down
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import add_working_days, end_of_day, now, today


def make_task(case: Case, key: str, label: str, days: int, *, public: bool = False) -> None:
    """Add one task that no definition foresaw, for the case's own unit; asking again adds nothing."""
    Task.objects.get_or_create(
        case=case,
        key=key[:60],
        defaults={
            "label": label[:160],
            "unit": case.unit,
            "public": public,
            "due_at": end_of_day(add_working_days(today(), days)),
        },
    )


def done_by_itself(case: Case, key: str, result: str, actor: Actor) -> bool:
    """Tick off a task the house did; False when it was ticked before."""
    mine = Task.objects.filter(case=case, key=key, state=Task.TODO).update(
        state=Task.DONE, result=result[:300], done_at=now()
    )
    if mine:
        task = Task.objects.get(case=case, key=key)
        write_down(case, timeline.TASK, f"{task.label}: {result}", actor, public=task.public, data={"task": key})
    return bool(mine)
