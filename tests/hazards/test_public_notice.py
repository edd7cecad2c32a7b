"""The household's own notice: what it says, what it never says, and a word that closes nothing."""

from io import BytesIO

import pytest

from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from field.hazards import life, queries
from field.hazards.models import Action, Finding, FindingStatus, HazardNotice
from field.hazards.public import GUESSES, OF_NOTICE, REPORTS
from tests import factories
from tests.browser import browser_of
from tests.photos import pictures
from tests.photos.pictures import noise, saved
from tests.referrals.department import moved

PICTURE = saved(noise(), "JPEG")


@pytest.fixture
def home(worker):
    """A door of which much is known, with a hazard that was described and photographed."""
    building = factories.a_building(address="测试巷 77号")
    door = factories.a_dwelling(
        building, door="709", lessor_name="测试·房东甲", lessor_phone="15400001234", headcount=4
    )
    factories.an_occupancy(door, name="测试·住户乙", phone="15400005678")
    return factories.a_hazard(worker, dwelling=door, spot="测试·住户乙的卧室", note="电话 15400005678")


def _code():
    return db.session.query(HazardNotice).one().code


def _report(browser, place=1, photo=PICTURE, **facts):
    data = {"photos": (BytesIO(photo), "photo.jpg")} if photo is not None else {}
    return browser.post(f"/n/{_code()}/{place}/report?lang=en", data=data, **facts)


def _asked_again(finding):
    """Somebody looked in vain."""
    with transaction():
        held = queries.held(finding.id, finding.district)
        life.append(held, Action.FAIL_RECHECK, FindingStatus.RECHECK_FAILED, new_id(), utcnow())


def _now(finding):
    return db.session.get_one(Finding, finding.id)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_tells_what_by_when_and_whom_to_call_and_nothing_personal(
    home, anonymous, client_of, office, worker, language
):
    factories.a_grid()
    client_of(office).post(
        "/hazards/rules/contacts",
        data={"area_code": factories.COMMUNITY, "name": "测试社区便民服务站", "telephone": "0943-1234567"},
    )

    text = anonymous.get(f"/n/{_code()}?lang={language}").get_data(as_text=True)

    told = {"zh": ["防盗窗无逃生口", "窗外栏栅不能从内开启"], "en": ["No escape opening in window bars"]}
    assert all(word in text for word in told[language])
    assert "0943-1234567" in text
    assert "测试社区便民服务站" in text
    personal = ["测试·", "1540000", "77号", "709", worker.name, worker.username, "卧室", str(home.id)]
    personal += [str(home.dwelling_id), str(home.visit_id), str(home.found_by), "/photos/"]
    assert not [word for word in personal if word in text]


def test_nothing_of_the_page_is_kept_or_found(home, anonymous):
    answer = anonymous.get(f"/n/{_code()}")

    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "noindex" in answer.get_data(as_text=True)


def test_the_code_is_read_however_it_is_typed(home, anonymous):
    code = _code()
    typed = f"{code[:4]}-{code[4:8]}-{code[8:]}".lower()

    assert anonymous.get(f"/n/{typed}").status_code == 200


def test_the_household_says_that_it_is_fixed_and_somebody_else_looks(home, anonymous, client_of, lead):
    answer = _report(anonymous)

    said = _now(home)
    assert answer.status_code == 303
    assert said.status == FindingStatus.RECHECK_DUE
    assert not said.settled
    assert said.steps[-1].actor_id is None
    photo = said.steps[-1].photo_ids[0]
    assert client_of(lead).get(f"/hazards/{home.id}/photos/{photo}/thumb").status_code == 200
    text = anonymous.get(answer.headers["Location"] + "&lang=en").get_data(as_text=True)
    assert "Thank you" in text
    assert "/report" not in text


def test_pressing_twice_is_one_report(home, anonymous):
    answers = [_report(anonymous).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert _now(home).version == 3


def test_a_hazard_that_a_department_has_stays_there(worker, home, anonymous, client_of, lead):
    client_of(lead).post(f"/hazards/{home.id}/referral", data={"version": "2", "department": "fire_rescue"})

    _report(anonymous)

    assert _now(home).status == FindingStatus.REFERRED
    assert _now(home).steps[-1].action == Action.NOTE


def test_its_word_stands_while_a_department_works_on_it_until_that_answers(
    home, anonymous, client_of, lead, handler
):
    client_of(lead).post(f"/hazards/{home.id}/referral", data={"version": "2", "department": "fire_rescue"})
    _report(anonymous)
    moved(home, Action.ACCEPT, handler)

    again = _report(anonymous)
    page = anonymous.get(f"/n/{_code()}?lang=en").text
    moved(home, Action.RETURN, handler, reason="不归我们")

    assert again.status_code == 303
    assert [step.action for step in _now(home).steps][2:] == [
        Action.REFER,
        Action.NOTE,
        Action.ACCEPT,
        Action.RETURN,
    ]
    assert "Reported as put right" in page
    assert "/report" not in page
    assert "/report" in anonymous.get(f"/n/{_code()}").text
    assert _report(anonymous).status_code == 303
    assert _now(home).status == FindingStatus.RECHECK_DUE


@pytest.mark.parametrize(
    ("photo", "said"),
    [
        (None, "take a photo"),
        (b"nothing like a picture", "cannot be opened"),
        (PICTURE[:-900], "cannot be opened"),
        (b"GIF89a" + bytes(2000), "cannot be opened"),
    ],
)
def test_what_is_no_whole_picture_is_refused_beside_the_field(home, anonymous, photo, said):
    answer = _report(anonymous, photo=photo)

    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert _now(home).version == 2


def test_a_picture_that_is_too_large_is_refused(make_app, home):
    app = make_app(FIELD_PHOTO_MAX_BYTES="100000")
    browser = browser_of(app)

    assert _report(browser, photo=PICTURE + bytes(100_001)).status_code == 422
    assert _report(browser, photo=PICTURE + bytes(300_000)).status_code == 413


def test_where_a_picture_was_taken_is_not_kept(app, home, anonymous, client_of, lead):
    _report(anonymous, photo=pictures.talkative("JPEG"))

    photo = _now(home).steps[-1].photo_ids[0]
    shown = client_of(lead).get(f"/hazards/{home.id}/photos/{photo}/screen").get_data()
    pictures.assert_tells_nothing(shown)
    store = app.extensions["photo_store"]
    [key] = [key for key, _ in store.contents()]
    pictures.assert_tells_nothing(store.get(key))


def test_an_address_that_guesses_codes_is_told_to_stop_and_whoever_has_a_code_is_answered_all_the_same(
    home, anonymous
):
    """Behind one address of a mobile network there are thousands of homes."""
    answers = [anonymous.get(f"/n/{'2' * 12}").status_code for _ in range(GUESSES)]

    told = anonymous.get(f"/n/{'3' * 12}?lang=en")
    assert answers == [404] * GUESSES
    assert (told.status_code, told.headers["Retry-After"]) == (429, "3600")
    assert "try again in an hour" in told.get_data(as_text=True)
    assert anonymous.get(f"/n/{_code()}").status_code == 200
    assert _report(anonymous).status_code == 303


def test_one_notice_takes_so_many_reports_a_day_and_no_more(home, anonymous, clock):
    answers = []
    for _one in range(OF_NOTICE):
        answers.append(_report(anonymous).status_code)
        _asked_again(home)
    told = _report(anonymous)
    clock.forward(hours=25)

    assert answers == [303] * OF_NOTICE
    assert (told.status_code, told.headers["Retry-After"]) == (429, "86400")
    assert "try again tomorrow" in told.get_data(as_text=True).split('id="error-1"')[1]
    assert _report(anonymous).status_code == 303


def test_a_notice_of_many_hazards_takes_a_report_of_each(worker, anonymous):
    factories.a_checklist()
    found = [{"id": str(new_id()), "item": "H04", "action": "notice_left"} for _one in range(OF_NOTICE + 2)]
    checklist = {"code": "home-safety", "version": 1, "checked": True}
    factories.a_visit(worker, unchanged=None, checklist=checklist, findings=found)

    answers = [_report(anonymous, place).status_code for place in range(1, len(found) + 1)]

    assert answers == [303] * len(found)


def test_photos_that_cannot_be_opened_keep_the_household_from_nothing(home, anonymous):
    """Somebody else who has seen the paper, or a phone whose photos come through damaged."""
    elsewhere = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}}
    refused = [_report(anonymous, photo=b"nothing", **elsewhere).status_code for _one in range(OF_NOTICE + 1)]

    assert refused == [422] * (OF_NOTICE + 1)
    assert _report(anonymous).status_code == 303


def test_one_address_sends_so_many_reports_an_hour_and_no_more(worker, anonymous):
    for _ in range(3):
        factories.a_hazard(worker)
    codes = [row.code for row in db.session.query(HazardNotice)]
    answers = [
        anonymous.post(f"/n/{codes[number % 3]}/1/report", data={}).status_code
        for number in range(REPORTS + 1)
    ]

    assert answers == [422] * REPORTS + [429]


def test_reports_from_another_site_and_without_a_token_are_refused(home, anonymous):
    assert _report(anonymous, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    anonymous.carries_token = False
    assert _report(anonymous).status_code == 403


def test_what_is_closed_or_withdrawn_takes_no_report(home, anonymous):
    with transaction():
        row = db.session.get_one(Finding, home.id)
        row.settled, row.status = True, FindingStatus.CLOSED

    assert _report(anonymous).status_code == 303
    assert _now(home).version == 2
    assert "/report" not in anonymous.get(f"/n/{_code()}").get_data(as_text=True)
    assert _report(anonymous, place=7).status_code == 404


def test_whoever_has_said_in_time_that_it_is_put_right_is_not_told_to_do_it_now(home, anonymous, clock):
    _report(anonymous)
    clock.forward(days=40)

    page = anonymous.get(f"/n/{_code()}?lang=en").get_data(as_text=True)

    assert "Reported as put right" in page
    assert "That day has passed" not in page
