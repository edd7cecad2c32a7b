"""Every route × every role × things in the area and outside it: each gets the declared answer, and no other."""

from uuid import uuid4

import pytest

from field.accounts.permissions import DEVICE, PERMISSIONS, PUBLIC, declared_permission
from tests.architecture.routes_table import ROUTES
from tests.architecture.world import EVERYBODY, ROLES, Place, World, sees

JSON = {"Accept": "application/json"}


@pytest.fixture
def world(app):
    """The three places; things appear in them when asked for."""
    return World(app)


def _real_routes(app):
    """Each (method, endpoint) that the application answers; what Werkzeug adds by itself is left out."""
    for rule in app.url_map.iter_rules():
        methods = rule.methods - {"OPTIONS"} or {"OPTIONS"}
        methods -= {"HEAD"} if "GET" in methods else set()
        yield from ((method, rule.endpoint) for method in methods)


def _expected(rule, role, place):
    if rule.guard == "public":
        return rule.status if role == "anonymous" or rule.signed_in_status is None else rule.signed_in_status
    if rule.guard == "device":
        return 401
    if role == "anonymous":
        return 401
    if role not in rule.roles:
        return 403
    return rule.status if isinstance(rule.path, str) or sees(role, place) else 404


def _ask(world, browser, method, rule, place):
    path = rule.path if isinstance(rule.path, str) else rule.path(world, place)
    sends = dict(rule.sends(world) if callable(rule.sends) else rule.sends)
    headers = JSON | dict(sends.pop("headers", {}))
    return browser.open(path, method=method, headers=headers, **sends).status_code


def _places(rule):
    return [Place.HERE] if isinstance(rule.path, str) else list(Place)


def test_the_table_names_every_route_and_no_other(app):
    assert set(_real_routes(app)) == set(ROUTES)


def test_the_table_and_the_decorators_agree_on_who_is_asked(app):
    for (_method, endpoint), rule in ROUTES.items():
        permission = declared_permission(app, endpoint)
        if rule.guard == "permission":
            assert {role.value for role in PERMISSIONS[permission]} == rule.roles, endpoint
        else:
            assert permission == {"public": PUBLIC, "device": DEVICE}[rule.guard], endpoint


@pytest.mark.parametrize(("method", "endpoint"), ROUTES, ids=lambda part: part)
def test_each_role_gets_the_declared_answer(world, method, endpoint):
    rule = ROUTES[method, endpoint]
    cases = [(role, place) for role in sorted(EVERYBODY) for place in _places(rule)]

    answers = {
        (role, place): _ask(world, world.browser(role, enrolled=rule.needs_phone), method, rule, place)
        for role, place in cases
    }

    assert answers == {(role, place): _expected(rule, role, place) for role, place in cases}


DEVICE_ROUTES = [key for key, rule in ROUTES.items() if rule.guard == "device"]


@pytest.mark.parametrize(("method", "endpoint"), DEVICE_ROUTES, ids=lambda part: part)
def test_an_enrolled_phone_is_heard_when_nobody_is_signed_in(world, method, endpoint):
    rule = ROUTES[method, endpoint]
    phone = world.phone(Place.HERE).sign_out()

    answers = {place: _ask(world, phone.browser, method, rule, place) for place in _places(rule)}

    # A phone hears of its own uploads; those of other phones, wherever they are, do not exist for it.
    assert answers == {place: rule.status if place == Place.HERE else 404 for place in _places(rule)}


ABOUT_ONE_THING = [
    key for key, rule in ROUTES.items() if rule.guard == "permission" and not isinstance(rule.path, str)
]


@pytest.mark.parametrize(("method", "endpoint"), ABOUT_ONE_THING, ids=lambda part: part)
def test_what_is_out_of_the_area_answers_as_what_does_not_exist(world, method, endpoint):
    rule = ROUTES[method, endpoint]
    role = min(rule.roles)
    browser = world.browser(role, enrolled=rule.needs_phone)
    path = rule.path(world, Place.ABROAD)
    nowhere = "/".join(str(uuid4()) if len(part) == 36 else part for part in path.split("/"))
    nowhere = nowhere.replace(f"area={Place.ABROAD.value}", "area=nowhere")

    sends = {"headers": JSON} | dict(rule.sends(world) if callable(rule.sends) else rule.sends)

    hidden = browser.open(path, method=method, **sends)
    missing = browser.open(nowhere, method=method, **sends)

    assert nowhere != path
    assert (hidden.status_code, hidden.get_data()) == (missing.status_code, missing.get_data())
    assert hidden.status_code == 404


def test_every_role_is_asked(world):
    assert {"worker", "lead", "handler", "office", "officer", "admin"} == ROLES
