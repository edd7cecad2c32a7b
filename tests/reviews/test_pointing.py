"""A return can point at parts; the worker's phone hears of each. Ready-made reasons are the district's."""

import pytest

from field.accounts.models import User
from field.core.db import db, transaction
from field.core.i18n import moment_text
from field.reviews.models import Review
from field.visits.models import Visit
from tests import factories

HTMX = {"HX-Request": "true"}
ROOMS = "dwelling_changes.rooms"


@pytest.fixture
def visit(worker):
    """A visit with something to point at."""
    return factories.a_visit(
        worker, factories.a_dwelling(), unchanged=None, dwelling_changes={"rooms": 9}, note="房东不在"
    )


def _speaks(user, language):
    with transaction():
        db.session.get_one(User, user.id).language = language


def _return(browser, visit, **form):
    return browser.post(f"/visits/{visit.id}/return", data={"revision": 1, **form}, headers=HTMX)


def test_the_phone_hears_which_parts_are_wrong_and_why(client_of, lead, worker, visit, phone):
    answer = _return(
        client_of(lead),
        visit,
        reason="请核对",
        part=[ROOMS, "note"],
        **{f"about.{ROOMS}": "只有两间", "about.note": ""},
    )

    assert answer.status_code == 200
    [returned] = phone(worker).pack()["returned"]
    assert returned["reason"] == "请核对"
    assert returned["fields"] == [{"part": ROOMS, "reason": "只有两间"}, {"part": "note"}]


def test_a_word_about_a_part_is_reason_enough(client_of, lead, visit):
    _return(client_of(lead), visit, reason="", part=[ROOMS], **{f"about.{ROOMS}": "只有两间"})

    assert "只有两间" in db.session.query(Review).one().reason


def test_a_ready_made_reason_reaches_the_worker_in_the_workers_language(
    client_of, lead, office, worker, visit, phone
):
    client_of(office).post("/reviews/reasons", data={"zh": "照片", "en": "Photo"})
    _speaks(lead, "en")
    _speaks(worker, "zh")
    typed = "Photo unclear, please take it again. The stove, Photo of it. Photo Please check the door number."

    _return(client_of(lead), visit, reason=typed)

    sender = phone(worker)
    pack = sender.pack()
    said = {pack["returned"][0]["reason"], pack["reviews"][0]["reason"]}
    assert said == {"照片看不清，请重拍。 The stove, Photo of it. 照片 请核对门牌号。"}
    _speaks(worker, "en")
    assert sender.pack()["returned"][0]["reason"] == typed
    assert db.session.query(Review).one().reason == typed


@pytest.mark.parametrize("typed", ["照片太暗了", "请重拍照片", "请看 照片 上的门牌号"])
def test_a_short_ready_made_reason_is_not_found_within_a_sentence(
    client_of, lead, office, worker, visit, phone, typed
):
    client_of(office).post("/reviews/reasons", data={"zh": "照片", "en": "Photo"})
    _speaks(worker, "en")

    _return(client_of(lead), visit, reason=typed)

    assert phone(worker).pack()["returned"][0]["reason"] == typed


@pytest.mark.parametrize(("language", "label"), [("zh", "房间数"), ("en", "Rooms")])
def test_a_reason_made_of_parts_names_them_as_the_worker_reads_them(
    client_of, lead, worker, visit, language, label
):
    _speaks(lead, {"zh": "en", "en": "zh"}[language])
    _speaks(worker, language)

    _return(client_of(lead), visit, reason="", part=[ROOMS], **{f"about.{ROOMS}": "2"})

    assert db.session.query(Review).one().reason == f"{label}: 2"


def test_a_part_without_a_word_is_not(client_of, lead, visit):
    answer = _return(client_of(lead), visit, reason="", part=[ROOMS])

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'value="{ROOMS}" checked' in page


def test_a_part_that_the_visit_does_not_have_is_refused(client_of, lead, visit):
    answer = _return(client_of(lead), visit, reason="请核对", part=["dwelling_changes.owner"])

    assert answer.status_code == 400
    assert db.session.query(Review).count() == 0


def test_words_about_parts_are_kept_short_and_shown_as_text(client_of, lead, worker, visit, phone):
    _return(
        client_of(lead), visit, reason="<b>x</b>", part=["note"], **{"about.note": "<i>=1+1</i>" + "长" * 300}
    )

    [returned] = phone(worker).pack()["returned"]
    assert len(returned["fields"][0]["reason"]) == 120
    page = client_of(lead).get(f"/visits/{visit.id}").get_data(as_text=True)
    assert "<b>x</b>" not in page
    assert "<i>=1+1" not in page


def test_the_desk_goes_on_showing_what_was_pointed_at(client_of, lead, visit):
    _return(client_of(lead), visit, reason="请核对", part=[ROOMS], **{f"about.{ROOMS}": "只有两间"})

    page = client_of(lead).get(f"/visits/{visit.id}").get_data(as_text=True)

    because = page.split('id="because"')[1].split("</div>")[0]
    assert because.index("请核对") < because.index("只有两间")
    assert lead.name in because


@pytest.mark.parametrize("step", ["return", "return/reversal"])
def test_an_answer_of_the_decision_alone_brings_the_reason_along_or_takes_it_away(
    client_of, lead, visit, step
):
    browser = client_of(lead)
    _return(browser, visit, reason="请核对")

    form = {"revision": 1, "reason": "请核对"}
    answer = browser.post(f"/visits/{visit.id}/{step}", data=form, headers={"HX-Request": "true"})

    because = answer.get_data(as_text=True).split('id="because"')[1]
    assert 'hx-swap-oob="true"' in because
    assert ("请核对" in because, " hidden>" in because) == (step == "return", step != "return")


def test_a_corrected_visit_says_when_it_was_made_and_when_corrected(client_of, lead, worker, phone, clock):
    sender = phone(worker)
    event = sender.record(factories.a_dwelling())
    [made] = db.session.query(Visit).all()
    first = moment_text(made.recorded_at)
    _return(client_of(lead), made, reason="请核对")
    clock.forward(hours=26)
    sender.send(sender.event(sender.correction_of(event, note="改好了")))

    page = client_of(lead).get(f"/visits/{made.id}").get_data(as_text=True)

    assert f"走访：{first}" in page
    assert "更正：" in page


def test_reasons_come_with_the_program_until_the_district_puts_its_own(client_of, lead, office, visit):
    assert "请核对门牌号。" in client_of(lead).get(f"/visits/{visit.id}").get_data(as_text=True)
    browser = client_of(office)
    browser.post("/reviews/reasons", data={"zh": "请写清楼层。", "en": "Please say which floor."})

    page = client_of(lead).get(f"/visits/{visit.id}").get_data(as_text=True)

    assert "请写清楼层。" in page
    assert "请核对门牌号。" in page


def test_a_reason_is_changed_and_removed(client_of, office):
    browser = client_of(office)
    browser.post("/reviews/reasons", data={"zh": "请写清楼层。", "en": "Please say which floor."})
    page = browser.get("/reviews/reasons").get_data(as_text=True)
    first = page.split('action="/reviews/reasons/')[1].split('"')[0]

    browser.post(f"/reviews/reasons/{first}", data={"zh": "<b>照片</b>", "en": "Photo"})
    changed = browser.get("/reviews/reasons").get_data(as_text=True)
    browser.post(f"/reviews/reasons/{first}/removal")

    assert "&lt;b&gt;照片" in changed
    assert first not in browser.get("/reviews/reasons").get_data(as_text=True)


@pytest.mark.parametrize("typed", [{"zh": "只有中文", "en": ""}, {"zh": "长" * 121, "en": "long"}])
def test_a_reason_that_does_not_do_comes_back_as_typed(client_of, office, typed):
    answer = client_of(office).post("/reviews/reasons", data=typed)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert typed["zh"] in page
    assert 'aria-invalid="true"' in page


def test_another_districts_reason_is_not_found(client_of, office, admin):
    browser = client_of(office)
    browser.post("/reviews/reasons", data={"zh": "请写清楼层。", "en": "Please say which floor."})
    page = browser.get("/reviews/reasons").get_data(as_text=True)
    first = page.split('action="/reviews/reasons/')[1].split('"')[0]
    stranger = factories.a_user("far-office", role="office", district=620403, areas=("620403000000",))

    answer = client_of(stranger).post(f"/reviews/reasons/{first}", data={"zh": "改", "en": "changed"})

    assert answer.status_code == 404


def test_a_second_return_that_points_elsewhere_is_told_and_not_dropped(client_of, lead, worker):
    visit = factories.a_visit(worker, factories.a_dwelling(), note="门铃坏了")
    browser = client_of(lead)
    pointing = {"part": "note", "about.note": "写清楚"}
    browser.post(f"/visits/{visit.id}/return", data={"revision": 1, "reason": "请核对", **pointing})

    twice = browser.post(f"/visits/{visit.id}/return", data={"revision": 1, "reason": "请核对", **pointing})
    other = browser.post(f"/visits/{visit.id}/return", data={"revision": 1, "reason": "请核对"})

    assert (twice.status_code, other.status_code) == (303, 409)
