# SPDX-License-Identifier: MIT
"""The staff page: who may see it, roles given and taken, the last administrator, new staff."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from onecouncil.accounts import actions
from onecouncil.accounts.models import RoleHolding, User
from onecouncil.core.actors import STAFF_ROLES, Actor
from onecouncil.core.models import EventRow
from onecouncil.core.problems import Invalid


def roles_of(user_id: int | None) -> set[str]:
    return set(RoleHolding.objects.filter(user_id=user_id).values_list("role", flat=True))


@pytest.mark.parametrize("who", ["alice", "ada", "cass", "fin", "stew", "ed"])
@pytest.mark.parametrize("path", ["/staff/people/", "/staff/people/add", "/staff/people/1"])
def test_only_those_who_manage_staff_get_in(signed_in: Callable[[str], Client], who: str, path: str) -> None:
    client = signed_in(who)
    assert client.get(path).status_code == 403
    if path != "/staff/people/":
        assert client.post(path, {"roles": ["administrator"]}).status_code == 403


def test_strangers_sign_in_first(client: Client, db: None) -> None:
    assert client.get("/staff/people/")["Location"] == "/sign-in?next=%2Fstaff%2Fpeople%2F"


def test_addie_gives_and_takes_roles(signed_in: Callable[[str], Client], people: dict[str, Actor]) -> None:
    addie, ada = signed_in("addie"), people["ada"].user_id
    answer = addie.post(f"/staff/people/{ada}", {"roles": ["caseworker", "finance"]})
    assert (answer.status_code, answer["Location"]) == (303, "/staff/people/")
    assert roles_of(ada) == {"caseworker", "finance"}
    told = [(row.type, row.data["role"]) for row in EventRow.objects.filter(subject=f"user:{ada}").order_by("pk")]
    assert told == [("role.given", "caseworker"), ("role.given", "finance"), ("role.taken", "adviser")]


def test_the_last_administrator_cannot_leave(signed_in: Callable[[str], Client], people: dict[str, Actor]) -> None:
    addie, own = signed_in("addie"), people["addie"].user_id
    page = addie.post(f"/staff/people/{own}", {"roles": ["editor"]})
    assert page.status_code == 422 and "at least one administrator" in page.content.decode()
    assert roles_of(own) == {"administrator"}, "nothing was changed, the new role neither"
    actions.give_role(people["addie"], int(people["ed"].user_id or 0), "administrator")
    assert addie.post(f"/staff/people/{own}", {"roles": ["editor"]}).status_code == 303
    assert addie.get("/staff/people/").status_code == 403, "it counts from the next click"


def test_a_closed_administrator_does_not_count(people: dict[str, Actor]) -> None:
    from onecouncil.core.problems import Conflict

    ed = int(people["ed"].user_id or 0)
    actions.give_role(people["addie"], ed, "administrator")
    User.objects.filter(pk=ed).update(is_active=False)
    with pytest.raises(Conflict):
        actions.take_role(people["addie"], int(people["addie"].user_id or 0), "administrator")


def test_addie_finds_anybody_and_adds_somebody(signed_in: Callable[[str], Client], people: dict[str, Actor]) -> None:
    addie = signed_in("addie")
    staff = addie.get("/staff/people/").content.decode()
    assert "ada@example.org" in staff and "alice@example.org" not in staff
    assert "alice@example.org" in addie.get("/staff/people/?q=Alice@").content.decode()
    bad = addie.post("/staff/people/add", {"name": "New One", "email": "alice@example.org", "roles": ["adviser"]})
    assert bad.status_code == 422 and "already signs in" in bad.content.decode() and "New One" in bad.content.decode()
    addie.post("/staff/people/add", {"name": "New One", "email": "new@example.org", "roles": ["adviser"]})
    user = User.objects.get(email="new@example.org")
    assert roles_of(user.pk) == {"adviser"} and user.person is None and not user.has_usable_password()


@pytest.mark.parametrize("roles", [[], ["adviser"], list(STAFF_ROLES)])
def test_the_house_makes_sign_ins(db: None, roles: list[str]) -> None:
    made = actions.create_user("Zoe@Example.org", "correct horse battery", "Zoe Zed", roles)
    answer = Client().post("/sign-in", {"login": "zoe@example.org", "password": "correct horse battery"})
    assert (answer.status_code, answer["Location"]) == (303, "/staff/" if roles else "/account/")
    assert roles_of(made) == set(roles)
    assert (User.objects.get(pk=made).person is None) == bool(roles)
    with pytest.raises(Invalid):
        actions.create_user("zoe@example.org", None, "Zoe Again")


def test_the_command_makes_the_first_administrator(db: None) -> None:
    call_command("make_administrator", "boss@example.org", name="The Boss", verbosity=0)
    call_command("make_administrator", "boss@example.org", verbosity=0)
    assert roles_of(User.objects.get(email="boss@example.org").pk) == {"administrator"}
    with pytest.raises(CommandError):
        call_command("make_administrator", "no address")
