# SPDX-License-Identifier: MIT
"""What the room hears, and what it does by the clock."""

from onecouncil.casework import clocks, slots
from onecouncil.casework.actions.moving import note_new_address
from onecouncil.casework.actions.opening import open_for_submission, withdraw_case
from onecouncil.casework.actions.permits import end_permits, remind_to_renew
from onecouncil.core.actors import system
from onecouncil.core.background import background, every
from onecouncil.core.events import Event, subscriber

OPENER = system("casework.open-case")
CLOCK = system("casework.clock")


@subscriber("casework.open-case", "submission.submitted", prompt=True)
def open_on_submission(event: Event) -> None:
    """Prompt, so that the resident's next page already shows the case."""
    open_for_submission(event.data["reference"], OPENER)


@subscriber("casework.withdraw-case", "submission.withdrawn", prompt=True)
def close_on_withdrawal(event: Event) -> None:
    withdraw_case(event.data["reference"], OPENER)


@subscriber("casework.address-changed", "person.address_changed")
def hear_of_new_address(event: Event) -> None:
    note_new_address(event.subject, event.id, OPENER)


@every(seconds=60)
@background()
def watch_clocks() -> None:
    """Late cases are told of within a minute or two; places of holds that ran out are free again."""
    clocks.mark_late(CLOCK)
    slots.free_expired()


@every(seconds=3600)
@background()
def watch_permits() -> None:
    remind_to_renew()
    end_permits(CLOCK)


@every(seconds=24 * 3600)
@background()
def forget_old_cases() -> None:
    clocks.forget_old(CLOCK)
