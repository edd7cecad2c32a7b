"""What several tests of printed notices do: a notice answered at the door, a copy of it, what stands on the paper."""

from field.core.db import db
from field.core.ids import new_id
from field.hazards.models import HazardNotice
from tests import factories


def in_english(answer):
    return answer.headers["Location"].replace("lang=zh", "lang=en")


def answered(worker, **said):
    """A hazard whose notice was answered at the door."""
    version = factories.a_checklist().version
    found = {"id": str(new_id()), "item": "H04", "action": "notice_left"}
    factories.a_visit(
        worker,
        unchanged=None,
        checklist={"code": "home-safety", "version": version, "checked": True},
        findings=[found],
        hazard_notice={"code": "ABCDEFGH2345", **said},
    )
    return db.session.query(HazardNotice).one()


def printed(browser, notice, paper="a4"):
    answer = browser.post(f"/hazards/notices/{notice.id}/copies", data={"paper": paper})
    return browser.get(in_english(answer)).get_data(as_text=True)


def on_paper(page):
    return page.split('class="paper"')[1]
