"""The file of a phone that was handed on to another district: each district takes its own from it, whoever is first."""

from uuid import UUID

import pytest

from field.accounts.models import Device
from field.administration.queries import missing_numbers
from field.audit.models import AuditEntry
from field.core.db import db
from field.photos.models import Photo
from field.sync.models import InboxEvent
from field.visits.models import Visit
from tests import factories
from tests.photos.pictures import noise, saved
from tests.rescue_file import rescue_file
from tests.sync.dying import numbers

OTHER = int(factories.ABROAD[:6])
PICTURES = [saved(noise(200, width), "JPEG") for width in (150, 160)]


class HandedOn:
    """A phone with a visit and its photo of somebody of each district, none of them sent."""

    def __init__(self, phone, first, second, **body):
        self.phone, self.events, self.photos = phone(first), [], []
        self.key, self.before = self.phone.pack()["rescue"], self.phone.device
        sent = self.phone.record(factories.a_dwelling(grid=first.areas[0].area_code))
        self._leave_visit(first, PICTURES[0], **body)
        self.phone.sign_in(second).enrol()
        earlier = [{"device": self.before, "seq": sent["seq"] + 1}]
        self.events[0] |= {"seq": 1, "earlier": earlier}
        self.phone.seq = 1
        self._leave_visit(second, PICTURES[1])

    def _leave_visit(self, author, picture, **more):
        part = self.phone.photo_part(picture)
        door = factories.a_dwelling(grid=author.areas[0].area_code)
        body = self.phone.visit_body(door, photos=[part], **more)
        self.events.append(self.phone.event(body))
        self.photos.append((body["visit"], part, picture))

    def file(self, events=None):
        return rescue_file(
            self.key, self.phone.device, self.events if events is None else events, self.photos
        )


@pytest.fixture
def stranger(app):
    factories.a_grid(factories.ABROAD)
    return factories.a_user("abroad", role="worker", areas=(factories.ABROAD,), district=OTHER)


@pytest.fixture
def leads(lead, stranger):
    """The lead of each district."""
    abroad = factories.a_user("abroad-lead", role="lead", areas=(factories.ABROAD[:9],), district=OTHER)
    return {"first": lead, "second": abroad}


@pytest.fixture
def handed_on(phone, worker, stranger):
    return HandedOn(phone, worker, stranger)


def _here():
    db.session.expire_all()
    visits = sorted((row.district, row.author_id) for row in db.session.query(Visit))
    return visits, sorted((row.district, row.state) for row in db.session.query(Photo))


@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")])
def test_each_district_takes_its_own_once_whoever_is_first_and_however_often(
    handed_on, give, leads, worker, stranger, order
):
    told = [(give(handed_on.file(), leads[who])) for who in (*order, *order)]

    taken, here_already = [1, 0, 1, 0], [0, 1, 0, 1]
    assert [(status, numbers(page)) for status, page in told] == [
        *[(200, taken)] * 2,
        *[(200, here_already)] * 2,
    ]
    visits, photos = _here()
    assert visits[1:] == [(factories.DISTRICT, worker.id), (OTHER, stranger.id)]
    assert photos == [(factories.DISTRICT, "stored"), (OTHER, "stored")]
    assert {row.result for row in db.session.query(InboxEvent)} == {"accepted"}
    phones = [UUID(handed_on.before), UUID(handed_on.phone.device)]
    assert [missing_numbers(district, phones) for district in (factories.DISTRICT, OTHER)] == [{}, {}]


@pytest.mark.parametrize("who", ["first", "second"])
def test_what_is_the_other_districts_is_counted_in_plain_words_and_nothing_green_is_said(
    handed_on, give, leads, worker, stranger, who
):
    _status, page = give(handed_on.file(), leads[who])

    assert 'data-elsewhere="2"' in page
    assert "Of another district, and not taken here: 1 visit, 1 photo." in " ".join(page.split())
    assert "message is-done" not in page
    other = stranger if who == "first" else worker
    assert other.name not in page
    [entry] = db.session.query(AuditEntry).filter_by(action="rescue.imported")
    assert entry.district == leads[who].district
    assert (entry.details["visits_accepted"], entry.details["visits_elsewhere"]) == (1, 1)


def test_a_visit_that_is_set_aside_has_its_photo_with_it(phone, give, leads, worker, stranger):
    odd = HandedOn(phone, worker, stranger, outcome="nonsense")

    give(odd.file(), leads["first"])

    assert [row.result for row in db.session.query(InboxEvent).filter_by(id=UUID(odd.events[0]["id"]))] == [
        "quarantined"
    ]
    assert _here()[1] == [(factories.DISTRICT, "stored")]


def test_an_administrator_of_the_authors_district_can_import_it_too(handed_on, give, leads, admin, worker):
    give(handed_on.file(), leads["second"])

    status, page = give(handed_on.file(), admin)

    assert (status, numbers(page)) == (200, [1, 0, 1, 0])
    assert (factories.DISTRICT, worker.id) in _here()[0]


@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")])
def test_a_record_that_does_not_say_which_phone_it_was_made_on_is_taken_all_the_same(
    handed_on, give, leads, client_of, worker, stranger, order
):
    handed_on.events[0].pop("earlier")

    told = [numbers(give(handed_on.file(), leads[who])[1]) for who in (*order, *order)]

    assert told == [[1, 0, 1, 0]] * 2 + [[0, 1, 0, 1]] * 2
    assert _here()[0][1:] == [(factories.DISTRICT, worker.id), (OTHER, stranger.id)]
    noted = db.session.query(Device).filter(Device.revoked_at.is_not(None)).one()
    assert (noted.district, [one.user_id for one in noted.users]) == (factories.DISTRICT, [worker.id])
    assert worker.name not in client_of(leads["second"]).get("/phones").get_data(as_text=True)


def test_whoever_left_something_later_is_noted_on_the_same_phone(
    handed_on, give, leads, worker, second_worker
):
    first = handed_on.events[0]
    first.pop("earlier")
    give(handed_on.file([first]), leads["first"])
    body = handed_on.phone.visit_body(factories.a_dwelling())
    later = handed_on.phone.event(body, author=str(second_worker.id))

    status, page = give(handed_on.file([first, later]), leads["first"])

    assert (status, numbers(page)[:2]) == (200, [1, 1])
    noted = db.session.query(Device).filter(Device.revoked_at.is_not(None)).one()
    assert {one.user_id for one in noted.users} == {worker.id, second_worker.id}


def test_of_a_phone_that_no_backup_knows_each_district_takes_its_own_too(handed_on, give, leads, app):
    handed_on.phone.device = handed_on.events[0]["id"]  # any id that nobody has
    handed_on.events[0].pop("earlier")

    told = [numbers(give(handed_on.file(), leads[who])[1]) for who in ("first", "second", "first")]

    assert told == [[1, 0, 1, 0], [1, 0, 1, 0], [0, 1, 0, 1]]


def test_a_photo_whose_visit_came_before_the_phone_was_handed_on_is_its_own_districts(phone, give, leads):
    """Its record was sent, the photo was not: only the photo is in the file."""
    worker, stranger = factories.a_user("worker"), factories.a_user("abroad")
    shared = phone(worker)
    key, part = shared.pack()["rescue"], shared.photo_part(PICTURES[0])
    visit = shared.record(factories.a_dwelling(), photos=[part])
    photo = (visit["body"].split('"visit":"')[1][:36], part, PICTURES[0])
    shared.sign_in(stranger).enrol()
    file = rescue_file(key, shared.device, [], [photo])

    abroad = give(file, leads["second"])[1]
    at_home = [numbers(give(file, leads["first"])[1]) for _ in range(2)]

    assert 'data-elsewhere="1"' in abroad
    assert at_home == [[0, 0, 1, 0], [0, 0, 0, 1]]
    assert _here()[1] == [(factories.DISTRICT, "stored")]


@pytest.mark.parametrize("earlier", [True, False])
def test_whoever_leads_neither_of_them_gets_nothing(handed_on, give, earlier):
    far = factories.a_user("far-lead", role="lead", areas=("620402002001",))
    if not earlier:
        handed_on.events[0].pop("earlier")

    status, page = give(handed_on.file(), far)

    assert (status, "nobody in your area uses" in page) == (422, True)
    assert (len(_here()[0]), _here()[1]) == (1, [])
    assert db.session.query(Device).count() == 2


def test_a_phone_that_lives_again_gets_the_receipts_of_what_its_file_brought(handed_on, give, leads, worker):
    give(handed_on.file(), leads["first"])

    [first] = handed_on.phone.sign_in(worker).enrol().send(handed_on.events[0])

    assert (first["result"], bool(first["receipt"]["number"])) == ("duplicate", True)
