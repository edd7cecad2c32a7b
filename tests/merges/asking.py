"""Short ways to ask for pairs, read pages and decide, for the tests of merges."""

from datetime import date

from field.accounts.scope import scope_within
from field.core.db import db
from field.demo.numbers import identity_number
from field.merges import queries
from field.merges.models import MergeDecision
from tests import factories

NUMBER = identity_number(date(1985, 2, 3), 987)


def pairs_of(kind):
    db.session.expire_all()
    return list(queries.pairs(kind, scope_within(factories.DISTRICT, [factories.COMMUNITY])))


def text_of(browser, path="/merges"):
    answer = browser.get(f"{path}?lang=en")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def fresh(model, key):
    db.session.expire_all()
    return db.session.get_one(model, key)


def post(browser, kind, pair, verb, **data):
    return browser.post(f"/merges/{kind}/{pair[0]}/{pair[1]}/{verb}", data=data)


def undo(browser):
    decision = db.session.query(MergeDecision).filter_by(undone_at=None).one()
    return browser.post(f"/merges/decisions/{decision.id}/reversal")
