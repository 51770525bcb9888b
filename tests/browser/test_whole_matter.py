# SPDX-License-Identifier: MIT
"""One matter from the home page to the end, as people do it: a real browser, server, stand-in for payment, and worker.

Each page that loads is held against axe-core while scripts are on, and may not scroll sideways.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page

from onecouncil.core.actors import Actor
from tests.browser.matter_council import PHONE, POSTCODE, Council, open_council
from tests.browser.matter_walk import Mouse

REFERENCE = r"LM-\w{4}-\w{4}"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6364f8cf500f0003860180"
    "5a347d6a0000000049454e44ae426082"
)
"""The smallest PNG picture there is."""


@pytest.fixture
def council(
    transactional_db: None,
    people: dict[str, Actor],
    browser: Browser,
    assert_accessible: Callable[[Page], None],
    settings: Any,
    tmp_path: Path,
) -> Iterator[Council]:
    with open_council(browser, assert_accessible, settings, tmp_path) as opened:
        yield opened


@pytest.mark.slow
def test_a_missed_bin_on_a_phone_without_scripts(council: Council, work: Callable[[], None]) -> None:
    """Reported without an account, followed by reference and postcode, answered, decided and closed."""
    nora = council.window(PHONE, javascript=False)
    reference = _report_a_missed_bin(nora)
    _track(nora, reference)
    nora.fill("message", "The lid was closed.")
    nora.press("Send")
    nora.reads("We have your message", "The lid was closed.")
    work()
    cass = council.signed_in("cass")
    _answer_and_close(cass, reference)
    work()
    nora.go("/demo/inbox?address=nora@example.org")
    nora.reads(f"We have your request {reference}", "Was it the green lid?", "Our decision: We emptied it")
    nora.go(f"/track/{reference}")
    nora.reads("Closed", "Was it the green lid?", "Decision: We emptied it")


def _report_a_missed_bin(nora: Mouse) -> str:
    nora.go("/")
    nora.fill("q", "binmen didn't come")
    nora.press("Search")
    nora.follow("Report a missed bin collection")
    nora.press("Report it now")
    nora.fill("home-postcode", "nowhere")
    nora.press("Find address")
    nora.reads("Enter a full UK postcode")
    _find_home(nora)
    nora.press("Continue")
    nora.reads("Select the bins that we missed")
    nora.pick("bins", "rubbish")
    nora.press("Continue")
    _date(nora, "missed_on", 0)
    nora.pick("out_in_time", "yes")
    nora.press("Continue")
    nora.pick("tagged", "no")
    nora.pick("again", "no")
    nora.fill("where_bin", "By {the.green} gate")
    nora.press("Continue")
    nora.fill("name", "Nora Quill")
    nora.fill("email", "nora@example.org")
    nora.press("Continue")
    nora.reads("Check your answers", "Nora Quill", "2 Heron Street", "By {the.green} gate")
    nora.press("Send")
    nora.reads("We have received it")
    return nora.found(REFERENCE)


def _track(nora: Mouse, reference: str) -> None:
    nora.go("/track")
    nora.fill("reference", reference)
    nora.fill("postcode", "SW1A 1AA")
    nora.press("See your request")
    nora.reads("We could not find a request with that reference and postcode")
    nora.fill("postcode", POSTCODE)
    nora.press("See your request")
    nora.reads("Open", "We received your request")


def _answer_and_close(cass: Mouse, reference: str) -> None:
    cass.go("/staff/cases/")
    cass.reads("Nora Quill", "Resident replied")
    cass.follow(reference)
    cass.reads("Was the bin out by 6am?", "By {the.green} gate")
    cass.press("Take this case")
    cass.fill("message", "Was it the green lid?")
    cass.press("Send")
    cass.pick("decision", "not-returning")
    cass.press("Decide and tell the resident")
    cass.reads("Enter the reason for this decision")
    cass.pick("decision", "collected")
    cass.press("Decide and tell the resident")
    cass.reads("The decision is made", "Closed")


@pytest.mark.slow
def test_bulky_waste_with_the_keyboard_alone(council: Council, work: Callable[[], None]) -> None:
    """Priced by items, a day chosen, the card declined once, then paid; a receipt, and one case with the day."""
    bert = council.window(keys=True)
    bert.go("/services/book-a-bulky-waste-collection")
    bert.press("Book now")
    bert.press("Continue")
    bert.reads("Enter how many of at least one thing")
    bert.fill("items-sofa", "2")
    bert.fill("items-chair", "2")
    bert.press("Continue")
    _find_home(bert)
    bert.pick("put_out", "bin-store")
    bert.press("Continue")
    bert.first("slot")
    bert.press("Continue")
    bert.fill("name", "Bert Łukasz O'Hara")
    bert.fill("email", "bert@example.org")
    bert.press("Continue")
    bert.reads("2 × Sofa", "2 × Armchair or chair", "£39.50")
    bert.pick("declaration", "yes")
    bert.press("Continue to payment")
    bert.press("Pay £39.50")
    bert.press("Card declined")
    bert.reads("Your payment was declined", "No money has been taken")
    bert.press("Try again")
    bert.press("Pay £39.50")
    bert.reads("Payment received")
    bert.follow("View your receipt")
    bert.reads("Receipt", "£39.50")
    bert.page.go_back()
    bert.press("Continue")
    bert.reads("We have received it", "Paid")
    reference = bert.found(REFERENCE)
    work()
    cass = council.signed_in("cass")
    cass.go(f"/staff/cases/{reference}")
    cass.reads("Bert Łukasz O'Hara", "2 × Sofa", "At the bin store of our block")


@pytest.mark.slow
def test_a_parking_permit_on_a_phone(council: Council, work: Callable[[], None]) -> None:
    """Sign-in asked for when it is needed, an account made by e-mail code, evidence, payment; granted and shown."""
    petra = council.window(PHONE)
    petra.go("/services/resident-parking-permit")
    petra.press("Apply now")
    petra.pick("car_free", "no")
    petra.press("Continue")
    petra.pick("too_big", "no")
    petra.press("Continue")
    petra.reads("Sign in to go on", "Your answers so far are saved")
    petra.press("Sign in")
    _make_an_account(petra, council, work)
    _apply_for_a_permit(petra)
    petra.press("Pay £170.00")
    petra.press("Pay £170.00")
    petra.press("Continue")
    petra.reads("We have received it")
    reference = petra.found(REFERENCE)
    work()
    cass = council.signed_in("cass")
    cass.go(f"/staff/cases/{reference}")
    cass.reads("Download bill.png", "Download log-book.png")
    cass.pick("decision", "grant")
    cass.press("Decide and tell the resident")
    work()
    petra.go(f"/account/cases/{reference}")
    first = timezone.localdate() + timedelta(days=5)
    petra.reads("Resident parking permit", "AB12CDE", f"From {first.day} {first:%B %Y}", "Closed")
    petra.go("/account/")
    petra.reads(reference)


def _make_an_account(petra: Mouse, council: Council, work: Callable[[], None]) -> None:
    petra.page.locator("main").get_by_role("link", name="create an account").click()
    petra.press("Create account")
    petra.reads("Enter your full name", "Enter your e-mail address")
    petra.fill("name", "Petra Vane")
    petra.fill("email", "petra@example.org")
    petra.press("Create account")
    work()
    inbox = council.window(PHONE)
    inbox.go("/demo/inbox?address=petra@example.org")
    petra.fill("code", inbox.found(r"\b\d{6}\b"))
    petra.press("Continue")
    petra.reads("Where do you live?")


def _apply_for_a_permit(petra: Mouse) -> None:
    _find_home(petra)
    petra.fill("vrm", "!!")
    petra.pick("keeper", "own")
    petra.press("Continue")
    petra.reads("There is a problem")
    petra.fill("vrm", "ab12 cde")
    petra.press("Continue")
    petra.pick("fuel", "petrol")
    petra.press("Continue")
    petra.pick("band", "medium")
    petra.press("Continue")
    _date(petra, "starts_on", 5)
    petra.press("Continue")
    petra.press("Continue")
    petra.reads("Upload proof of address")
    petra.upload("proof_of_address", "bill.png", PIXEL, "image/png")
    petra.press("Upload")
    petra.reads("received", "bill.png")
    petra.press("Continue")
    petra.upload("proof_of_vehicle", "log-book.png", PIXEL, "image/png")
    petra.press("Continue")
    petra.reads("How can we reach you?")
    petra.press("Continue")
    petra.reads("Check your answers", "AB12 CDE", "Petra Vane")
    petra.pick("declaration", "yes")
    petra.press("Continue to payment")


@pytest.mark.slow
def test_an_adviser_begins_and_the_resident_pays_from_the_link(council: Council, work: Callable[[], None]) -> None:
    """Found, opened for a reason, filled in for her; paid without an account; Alice sees who looked, and why."""
    ada = council.signed_in("ada")
    ada.go("/staff/customers/")
    ada.fill("q", "alice")
    ada.press("Find")
    ada.follow("Alice Example")
    ada.press("Open the record")
    ada.reads("There is a problem")
    ada.first("purpose")
    ada.press("Open the record")
    ada.reads("Alice Example", "What happened")
    ada.press("Start a service for them")
    ada.fill("q", "old sofa")
    ada.press("Find")
    ada.follow("Book a bulky waste collection")
    reference = _book_for_alice(ada)
    work()
    alice = council.window(PHONE)
    alice.go("/demo/inbox?address=alice@example.org")
    alice.go(alice.found(r"http://localhost:\d+/pay/[\w-]+"))
    alice.press("Pay £32.00")
    alice.press("Pay £32.00")
    alice.press("Continue")
    alice.reads("Track a request")
    work()
    own = council.signed_in("alice", PHONE)
    own.go(f"/account/cases/{reference}")
    own.reads("Book a bulky waste collection", "Open")
    own.go("/account/looks")
    own.reads("Ada (adviser)", "customer page")


def _book_for_alice(ada: Mouse) -> str:
    ada.reads("You are filling this in for Alice Example")
    ada.fill("items-sofa", "1")
    ada.press("Continue")
    ada.press("Continue")
    ada.pick("put_out", "front")
    ada.press("Continue")
    ada.first("slot")
    ada.press("Continue")
    ada.pick("declaration", "yes")
    ada.press("Save and get a link to pay")
    ada.press("Send the link to pay to alice@example.org")
    ada.reads("We sent the link to pay to alice@example.org")
    return ada.found(REFERENCE)


def _find_home(somebody: Mouse) -> None:
    """An address by its postcode, the second of the list."""
    somebody.fill("home-postcode", POSTCODE)
    somebody.press("Find address")
    somebody.choose("home-uprn", 2)
    somebody.press("Continue")


def _date(somebody: Mouse, field: str, days: int) -> None:
    """The day that many days from today."""
    day = timezone.localdate() + timedelta(days=days)
    for part in ("day", "month", "year"):
        somebody.fill(f"{field}-{part}", str(getattr(day, part)))
