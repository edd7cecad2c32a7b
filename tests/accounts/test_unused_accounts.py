"""An account from before languages were learned at the first sign-in goes on in the language of whoever uses it."""

from flask_migrate import downgrade, upgrade

from field.accounts.models import User
from field.core.db import db
from tests import factories


def test_only_accounts_with_which_somebody_has_signed_in_keep_the_language_of_that_day(app, client_of):
    used, unused = (
        factories.a_user(f"old-{name}", role="lead", areas=(factories.COMMUNITY,))
        for name in ("used", "unused")
    )
    client_of(used).get("/reviews")
    for user in (used, unused):
        db.session.get_one(User, user.id).language = "zh"
    db.session.commit()
    ids = used.id, unused.id
    db.session.remove()

    downgrade(revision="0031")
    upgrade()

    assert [db.session.get_one(User, key).language for key in ids] == ["zh", None]
