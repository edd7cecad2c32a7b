"""What a department says: accepted, returned with a reason, begun, how it goes, what came of it with a picture."""

from io import BytesIO

import pytest

from field.core.db import db
from field.hazards.models import Action, FindingStep
from field.hazards.models import FindingStatus as S
from field.photos.models import Photo
from tests import factories
from tests.photos.pictures import noise, saved
from tests.referrals.department import moved


@pytest.fixture
def referred():
    """A hazard that fire and rescue has."""
    factories.codes()
    return factories.a_hazard(item="H03", action="refer", note="二楼安全出口上锁")


@pytest.fixture
def desk(client_of, handler):
    """The handler's browser."""
    return client_of(handler)


@pytest.fixture
def say(desk, referred):
    """Send a form of the hazard's page as it stands."""

    def send(name, version=None, htmx=False, **typed):
        headers = {"HX-Request": "true"} if htmx else {}
        data = {"version": version or referred.version} | typed
        return desk.post(
            f"/referrals/{referred.id}/{name}?lang=en",
            data=data,
            headers=headers,
            content_type="multipart/form-data",
        )

    return send


def _picture():
    return (BytesIO(saved(noise(), "JPEG")), "after.jpg")


def test_from_acceptance_over_progress_to_a_report_with_a_picture(say, referred, handler):
    answers = [
        say("acceptance"),
        say("start"),
        say("progress", reason="已联系产权人"),
        say("feedback", fixed="true", reason="已拆锁", photos=_picture()),
    ]

    *_before, reported, asked = db.session.query(FindingStep).order_by(FindingStep.number)
    assert [answer.status_code for answer in answers] == [303] * 4
    assert (reported.action, asked.action) == (Action.FEED_BACK, Action.ASK_RECHECK)
    assert [str(row.photo_id) for row in db.session.query(Photo)] == reported.photo_ids
    assert (referred.status, referred.fixed_by) == (S.RECHECK_DUE, handler.id)


def test_the_picture_of_the_report_is_shown_to_the_department_and_the_lead(
    say, desk, referred, client_of, lead
):
    say("acceptance")
    say("start")
    say("feedback", fixed="true", reason="已拆锁", photos=_picture())
    photo = db.session.query(Photo).one().photo_id

    for browser in (desk, client_of(lead)):
        assert browser.get(f"/hazards/{referred.id}/photos/{photo}/thumb").status_code == 200


def test_not_put_right_needs_no_picture_and_waits_for_the_lead(say, referred):
    say("acceptance")
    say("start")

    answer = say("feedback", fixed="false", reason="产权人不配合")

    assert answer.status_code == 303
    assert referred.status == S.FED_BACK


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"fixed": "true", "reason": "已拆锁"}, "Please add a photo that shows it."),
        ({"reason": "已拆锁"}, "Please say whether it is put right."),
        ({"fixed": "false"}, "Please say what was done, in a sentence."),
        ({"fixed": "false", "reason": "长" * 501}, "Please keep it under 500 characters."),
    ],
)
def test_an_incomplete_report_comes_back_with_what_is_missing_and_what_was_typed(say, referred, typed, said):
    say("acceptance")
    say("start")

    answer = say("feedback", **typed)

    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in text
    assert typed.get("reason", "") in text
    assert referred.status == S.IN_PROGRESS


def test_a_return_needs_a_reason_which_the_lead_then_reads(say, referred, client_of, lead):
    refused = say("return", reason="  ")
    say("return", reason="不在本单位职责内")

    page = client_of(lead).get(f"/hazards/{referred.id}").get_data(as_text=True)
    assert refused.status_code == 422
    assert referred.status == S.RETURNED
    assert "不在本单位职责内" in page


def test_with_htmx_the_card_alone_comes_back_and_says_what_is_next(say):
    text = say("acceptance", htmx=True).get_data(as_text=True)
    wrong = say("return", htmx=True)

    assert text.lstrip().startswith('<article id="referral"')
    assert "Work begins" in text
    assert wrong.status_code == 422
    assert "<html" not in wrong.get_data(as_text=True)


def test_a_double_click_counts_once(say, referred):
    version = referred.version

    answers = [say("acceptance", version=version).status_code for _twice in range(2)]

    assert answers == [303, 303]
    assert [step.action for step in referred.steps].count(Action.ACCEPT) == 1


def test_whoever_comes_after_a_colleague_hears_what_happened(say, referred):
    version = referred.version
    colleague = factories.a_user(
        "colleague", role="handler", areas=("620402000000",), department="fire_rescue"
    )
    moved(referred, Action.ACCEPT, colleague)

    answer = say("return", version=version, reason="不归我们")

    assert answer.status_code == 409
    assert colleague.name in answer.get_data(as_text=True)
    assert referred.status == S.RECEIPTED


def test_a_step_out_of_its_turn_is_refused_with_what_happened(say, referred):
    assert say("start").status_code == 409
    assert referred.status == S.REFERRED


def test_the_page_names_no_household_and_nobody_of_the_grid(desk, worker, handler):
    factories.codes()
    home = factories.a_dwelling(lessor_name="测试·房东", lessor_phone="15400000001")
    resident = factories.an_occupancy(home)
    finding = factories.a_hazard(worker, item="H03", action="refer", dwelling=home)
    moved(finding, Action.ACCEPT, handler)

    text = desk.get(f"/referrals/{finding.id}").get_data(as_text=True)

    assert home.address in text
    for hidden in ("测试·房东", "15400000001", "154****0001", resident.person.name, worker.name):
        assert hidden not in text
    assert text.count(handler.name) > 1


def test_script_in_words_is_shown_as_words(say, desk, referred):
    say("return", reason="<script>alert(1)</script>")

    assert "<script>alert" not in desk.get(f"/referrals/{referred.id}").get_data(as_text=True)


def test_a_file_that_is_no_picture_is_refused_beside_its_field(say, referred):
    say("acceptance")
    say("start")

    answer = say("feedback", fixed="true", reason="已拆锁", photos=(BytesIO(b"no picture"), "after.jpg"))

    assert answer.status_code == 422
    assert 'id="feedback-photos-error"' in answer.get_data(as_text=True)
    assert referred.status == S.IN_PROGRESS


def test_a_form_without_a_version_is_not_guessed_at(desk, referred):
    assert desk.post(f"/referrals/{referred.id}/acceptance").status_code == 400
    assert referred.status == S.REFERRED


def test_a_department_that_has_begun_may_still_return_it_with_a_reason(say, referred):
    say("acceptance")
    say("start")

    answers = [say("return"), say("return", reason="现场查明归房产部门")]

    assert [answer.status_code for answer in answers] == [422, 303]
    assert referred.status == S.RETURNED
