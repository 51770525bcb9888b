# SPDX-License-Identifier: MIT
"""What becomes of a matter after it was asked: paid or not, taken up, written about, moved on, decided. Pure.

A course is a list of steps with their moments; only those that lie in the past are lived through, so that the worklist
has what a worklist has: new cases, cases in hand, cases that wait, late ones, and closed ones.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from onecouncil.core.calendar import LONDON
from onecouncil.demo.matters import BULKY, COMPLAINT, MISSED_BIN, MOVED, PERMIT, POTHOLE

ASK, PAY, DECLINE, TAKE, NOTE, WRITE, WAIT, REPLY, STAGE, FINISH_TASKS, DECIDE, APPEAL = (
    "ask", "pay", "decline", "take", "note", "write", "wait", "reply", "stage", "finish tasks", "decide", "appeal"
)  # fmt: skip
PAYMENTS = (PAY, DECLINE)
NEVER_PAID, DECLINED_FIRST, FORGOTTEN, ASKED_BACK, ANSWERS = 0.08, 0.08, 0.07, 0.25, 0.75


@dataclass(frozen=True)
class Step:
    """`what` happens at a moment; `key` a stage or a decision, `words` what is written."""

    at: datetime
    what: str
    key: str = ""
    words: str = ""


@dataclass(frozen=True)
class Ending:
    """One way it can end. `share` in percent; `days` after it came, from and to."""

    key: str
    share: int
    days: tuple[float, float]
    words: str = ""


@dataclass(frozen=True)
class Habit:
    """How the council goes about one kind of case."""

    endings: tuple[Ending, ...]
    stages: tuple[str, ...] = ()
    question: str = ""
    reply: str = ""
    paid: bool = False


HABITS: Mapping[str, Habit] = {
    MISSED_BIN: Habit(
        (
            Ending("collected", 80, (0.6, 2.6)),
            Ending(
                "not-returning",
                20,
                (0.5, 2),
                "The wrong things were in the bin. Please take them out and put it out again on your next day.",
            ),
        ),
        stages=("crew-asked",),
        question="The crew could not find your bin. Where exactly is it?",
        reply="It is behind the side gate, which is open.",
    ),
    POTHOLE: Habit(
        (
            Ending("mended", 78, (7, 36)),
            Ending(
                "no-repair",
                15,
                (2, 9),
                "It is less deep than the depth at which we repair a road. We look again in six months.",
            ),
            Ending("not-ours", 7, (2, 6), "This part of the road belongs to Transport for London. We have told them."),
        ),
        stages=("inspected", "ordered"),
        question="We could not find the hole. Is it nearer to the shops or to the school?",
        reply="Nearer to the school, on the left as you come from the shops.",
    ),
    BULKY: Habit(
        (
            Ending("collected", 88, (4, 9)),
            Ending("not-there", 7, (4, 9), "The items were not outside when the crew came."),
            Ending("not-taken", 5, (4, 9), "We could not lift the wardrobe: it needs to be taken apart first."),
        ),
        question="Can you put the items at the front instead? The crew cannot get to the back.",
        reply="Yes, they will be at the front by six.",
        paid=True,
    ),
    PERMIT: Habit(
        (
            Ending("grant", 85, (0.7, 4)),
            Ending(
                "refuse",
                15,
                (1, 4),
                "The paper you sent does not show this address. You can apply again with one that does.",
            ),
        ),
        stages=("checking",),
        question="The photo of your paper is too dark to read. Please send it again.",
        reply="Sorry about that. It is a council tax bill with my name on it.",
        paid=True,
    ),
    MOVED: Habit((Ending("changed", 100, (1.5, 6)),), stages=("changing",)),
    COMPLAINT: Habit(
        (
            Ending(
                "upheld",
                40,
                (6, 16),
                "You were right to complain. We are sorry, and have changed how the round is planned.",
            ),
            Ending(
                "partly-upheld",
                35,
                (6, 16),
                "We should have told you sooner. We found that the charge itself was correct.",
            ),
            Ending("not-upheld", 25, (6, 16), "We looked at what happened and found that we acted as we should have."),
        ),
        stages=("looking",),
        question="Thank you for telling us. We have your complaint. Could you tell us on which days this happened?",
        reply="On the last three Tuesdays, each time in the morning.",
    ),
}


def course(service: str, asked: datetime, rng: random.Random) -> list[Step]:
    """All that would happen with one matter, in order, the asking first."""
    habit = HABITS[service]
    steps = [Step(asked, ASK)]
    if habit.paid:
        steps += _paying(asked, rng)
        if steps[-1].what != PAY:
            return steps
    return in_order(steps + _handling(habit, service, steps[-1].at, rng))


def _paying(asked: datetime, rng: random.Random) -> list[Step]:
    luck, steps = rng.random(), []
    if luck < NEVER_PAID:
        return []
    if luck < NEVER_PAID + DECLINED_FIRST:
        steps.append(Step(asked + timedelta(minutes=2), DECLINE))
    return [*steps, Step(asked + timedelta(minutes=rng.randrange(3, 9)), PAY)]


def _handling(habit: Habit, service: str, came: datetime, rng: random.Random) -> list[Step]:
    ending = rng.choices(habit.endings, [one.share for one in habit.endings])[0]
    end = at_work(came + timedelta(days=rng.uniform(*ending.days)), rng)
    taken = at_work(came + (end - came) * rng.uniform(0.1, 0.3), rng)
    steps = [Step(taken, TAKE)]
    asks_back = habit.question and (service == COMPLAINT or rng.random() < ASKED_BACK)
    if asks_back:
        asked = taken + timedelta(minutes=rng.randrange(4, 40))
        steps.append(Step(asked, WAIT, words=habit.question))
        if rng.random() < ANSWERS:
            steps.append(Step(asked + (end - asked) * 0.4, REPLY, words=habit.reply))
    if rng.random() < FORGOTTEN:
        return steps
    for place, stage in enumerate(habit.stages):
        steps.append(
            Step(at_work(taken + (end - taken) * (place + 1) / (len(habit.stages) + 2), rng), STAGE, key=stage)
        )
    if rng.random() < 0.15:
        steps.append(Step(taken + (end - taken) * 0.5, NOTE, words="Spoke to the team leader. Nothing else is needed."))
    steps.append(Step(end - timedelta(minutes=20), FINISH_TASKS, words="Done"))
    steps.append(Step(end, DECIDE, key=ending.key, words=ending.words))
    if service == COMPLAINT and ending.key != "upheld" and rng.random() < 0.35:
        steps.append(Step(end + timedelta(days=rng.uniform(1, 6)), APPEAL, words="I do not agree. Please look again."))
    return steps


def in_order(steps: list[Step]) -> list[Step]:
    """The same steps one after the other: none before the one it follows, with time to do it."""
    kept: list[Step] = []
    for step in steps:
        earliest = kept[-1].at + timedelta(minutes=7) if kept else step.at
        kept.append(replace(step, at=max(step.at, earliest)))
    return kept


def at_work(moment: datetime, rng: random.Random) -> datetime:
    """The same day in London between nine and five, or the Monday after a weekend."""
    local = moment.astimezone(LONDON)
    local += timedelta(days=(7 - local.weekday()) if local.weekday() >= 5 else 0)
    return local.replace(hour=rng.randrange(9, 17), minute=rng.randrange(60), second=rng.randrange(60))


def awake(moment: datetime, rng: random.Random) -> datetime:
    """The same day in London when people fill in forms: from seven in the morning to ten at night."""
    return moment.astimezone(LONDON).replace(
        hour=rng.randrange(7, 22), minute=rng.randrange(60), second=rng.randrange(60)
    )
