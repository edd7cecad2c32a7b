"""Every route with who may use it: declared here once more, apart from the code, so that a slip in either shows.

A new route needs a line. Choose how it is guarded:
- `public(path)`: everybody gets `status`; signed-in people may get another.
- `permitted(path, "lead", …)`: those roles get `status` within their area and 404 outside it, other
  roles 403 whether the thing exists or not, and nobody signed in 401.
- `by_phone(path)`: the device's credential decides; a session alone never does.

`path` is a text, or a function of (world, place) for routes about one thing: it makes that thing at
the place and answers its address. Extend world.py with what a new room needs.
"""

from collections.abc import Mapping
from uuid import uuid4

from tests import factories
from tests.architecture.route_rules import (
    ALL,
    Rule,
    a_strangers_form,
    account,
    announcement,
    aside_photo,
    by_phone,
    conflict,
    delivery,
    device,
    done,
    hazard,
    hazards_photo,
    notice,
    number,
    pair,
    permitted,
    photo,
    piece,
    previewed,
    public,
    reason,
    referral,
    set_aside,
    visit,
    webhook,
)
from tests.phone import TUS

# By method and endpoint.
ROUTES: Mapping[tuple[str, str], Rule] = {
    # core and pwa: shells and assets without personal data
    ("GET", "static"): public("/static/css/tokens.css"),
    ("GET", "health.show"): public("/healthz"),
    ("GET", "pwa.shell"): public("/phone/"),
    ("GET", "pwa.worker"): public("/sw.js"),
    ("GET", "pwa.bundle"): public("/phone/app.js"),
    ("GET", "pwa.precache"): public("/phone/precache.js"),
    ("GET", "pwa.shells"): public("/phone/shells"),
    ("GET", "pwa.manifest"): public("/manifest.webmanifest"),
    ("GET", "api-docs.openapi_json"): public("/openapi.json"),
    # accounts
    ("GET", "accounts.home"): permitted("/", *ALL, status=302),
    ("GET", "accounts.sign_in"): public("/sign-in", signed_in=302),
    ("POST", "accounts.create"): public("/sign-in", 401, sends=a_strangers_form),
    ("POST", "accounts.delete"): public("/sign-out", 303),
    ("POST", "accounts.choose_language"): public("/language", 303, sends={"data": {"language": "en"}}),
    ("GET", "accounts.csrf"): public("/csrf"),
    # administration
    ("GET", "members.index"): permitted("/accounts", "admin"),
    ("GET", "members.rows"): permitted("/accounts/rows", "admin"),
    ("POST", "members.create"): permitted("/accounts", "admin", status=422),
    ("GET", "members.show"): permitted(account(), "admin"),
    ("POST", "members.assign"): permitted(account("/areas"), "admin", status=422),
    ("POST", "members.suspend"): permitted(account("/suspension"), "admin", status=303),
    ("POST", "members.readmit"): permitted(account("/readmission"), "admin", status=303),
    ("POST", "members.reset_password"): permitted(account("/password"), "admin"),
    ("GET", "phones.index"): permitted("/phones", "lead", "admin"),
    ("GET", "phones.show"): permitted(device(), "admin"),
    ("POST", "phones.revoke"): permitted(device("/revocation"), "admin", status=303),
    ("GET", "audit.index"): permitted("/audit", "officer"),
    ("GET", "audit.entries"): permitted("/audit/entries", "officer"),
    ("POST", "audit.verify"): permitted("/audit/verification", "officer"),
    # photos
    # reviews
    ("GET", "reviews.index"): permitted("/reviews", "lead", "office"),
    ("GET", "clean_reviews.index"): permitted("/reviews/clean", "lead"),
    ("POST", "clean_reviews.approve"): permitted("/reviews/clean/approval", "lead", status=303),
    ("POST", "clean_reviews.take_back"): permitted(
        f"/reviews/clean/approval/{uuid4()}/reversal", "lead", status=303
    ),
    ("GET", "reviews.rows"): permitted("/reviews/rows", "lead", "office"),
    ("GET", "visits.show"): permitted(visit(), "lead", "office"),
    ("GET", "visits.card"): permitted(visit("/card"), "lead", "office"),
    ("POST", "decisions.approve"): permitted(visit("/approval"), "lead", status=303, data={"revision": "1"}),
    ("POST", "decisions.send_back"): permitted(
        visit("/return"), "lead", status=303, data={"revision": "1", "reason": "Look again."}
    ),
    ("POST", "decisions.take_back"): permitted(
        visit("/return/reversal"), "lead", status=303, data={"revision": "1"}
    ),
    ("POST", "decisions.reopen"): permitted(
        visit("/approval/reversal"), "lead", status=409, data={"revision": "9"}
    ),
    ("GET", "visits.versions"): permitted(visit("/versions"), "lead", "office"),
    ("GET", "disclosures.person"): permitted(number("occupancies"), "lead"),
    ("POST", "disclosures.show_person"): permitted(
        number("occupancies"), "lead", data={"fact": "phone", "reason": "Asked to call back."}
    ),
    ("GET", "disclosures.landlord"): permitted(number("dwellings"), "lead"),
    ("POST", "disclosures.show_landlord"): permitted(
        number("dwellings"), "lead", status=422, data={"reason": ""}
    ),
    ("GET", "decisions.edit"): permitted(visit("/correction"), "lead"),
    ("POST", "decisions.correct"): permitted(
        visit("/correction"), "lead", status=422, data={"revision": "1", "reason": ""}
    ),
    ("GET", "review_rule.index"): permitted("/reviews/rule", "office", "admin"),
    ("POST", "review_rule.change"): permitted("/reviews/rule", "office", "admin", status=422),
    ("GET", "reasons.index"): permitted("/reviews/reasons", "office", "admin"),
    ("POST", "reasons.create"): permitted("/reviews/reasons", "office", "admin", status=422),
    ("POST", "reasons.change"): permitted(reason(), "office", "admin", status=422),
    ("POST", "reasons.remove"): permitted(reason("/removal"), "office", "admin", status=303),
    # hazards
    ("GET", "hazards.index"): permitted("/hazards", "lead", "office", "handler"),
    ("GET", "hazards.rows"): permitted("/hazards/rows", "lead", "office", "handler"),
    ("GET", "hazards.board"): permitted("/hazards/board", "lead", "office", "handler"),
    ("GET", "hazards.columns"): permitted("/hazards/board/columns", "lead", "office", "handler"),
    ("GET", "hazards.show"): permitted(hazard(), "lead", "office", "handler"),
    ("GET", "hazards.card"): permitted(hazard("/card"), "lead", "office", "handler"),
    ("POST", "hazard_steps.follow"): permitted(hazard("/recheck"), "lead", status=422, data={"version": "2"}),
    ("POST", "hazard_steps.press"): permitted(
        hazard("/deadline"), "lead", "office", status=422, data={"version": "2"}
    ),
    ("POST", "hazard_steps.together"): permitted("/hazards/assignments", "lead", status=422),
    ("POST", "hazard_notices.create"): permitted(notice, "lead", "office", status=303),
    ("GET", "hazard_notices.show"): permitted(
        lambda world, place: f"/hazards/notices/{world.printed_notice(place)}/copies/1", "lead", "office"
    ),
    ("GET", "hazard_rules.index"): permitted("/hazards/rules", "office"),
    ("POST", "hazard_rules.rule"): permitted("/hazards/rules/items/none", "office", status=404),
    ("POST", "hazard_rules.calendar"): permitted("/hazards/rules/calendar", "office", status=422),
    ("POST", "hazard_rules.rechecks"): permitted("/hazards/rules/rechecks", "office", status=422),
    ("POST", "hazard_rules.visits"): permitted(
        "/hazards/rules/intervals", "office", status=422, data={"clean_days": "x"}
    ),
    ("POST", "hazard_rules.contact"): permitted(
        "/hazards/rules/contacts",
        "office",
        status=404,
        data={"area_code": "none", "name": "", "telephone": ""},
    ),
    # referrals
    ("GET", "referrals.index"): permitted("/referrals", "lead", "office", "handler"),
    ("GET", "referrals.rows"): permitted("/referrals/rows", "lead", "office", "handler"),
    ("GET", "referrals.show"): permitted(referral(), "handler"),
    ("GET", "referrals.card"): permitted(referral("/card"), "handler"),
    ("POST", "referrals.take"): permitted(
        referral("/acceptance"), "handler", status=303, data={"version": "2"}
    ),
    ("GET", "routing.index"): permitted("/referrals/routing", "office"),
    ("POST", "routing.set_route"): permitted("/referrals/routing", "office", status=422),
    ("POST", "routing.drop_route"): permitted("/referrals/routing/removal", "office", status=303),
    ("POST", "routing.set_term"): permitted("/referrals/routing/terms", "office", status=422),
    # notifications
    ("GET", "notifications.show"): permitted("/notifications", "lead", "office", "handler"),
    ("POST", "notifications.ask"): permitted("/notifications/mail", "lead", "office", "handler", status=422),
    ("POST", "notifications.end"): permitted(
        "/notifications/mail/end", "lead", "office", "handler", status=303
    ),
    ("POST", "notifications.link"): permitted(
        "/notifications/mail/link", "lead", "office", "handler", status=303
    ),
    ("GET", "mail_confirmations.refused"): public("/mail/refused"),
    ("GET", "mail_confirmations.show"): public("/mail/no-link-of-ours", 404),
    ("POST", "mail_confirmations.confirm"): public("/mail/no-link-of-ours/confirmation", 404),
    ("POST", "mail_confirmations.refuse"): public("/mail/no-link-of-ours/refusal", 404),
    ("GET", "deliveries.index"): permitted("/notifications/deliveries", "office", "admin"),
    ("POST", "deliveries.add"): permitted("/notifications/webhooks", "office", "admin", status=422),
    ("POST", "deliveries.remove"): permitted(webhook, "office", "admin", status=303),
    ("POST", "deliveries.send_again"): permitted(delivery, "office", "admin", status=303),
    ("GET", "notice_pages.ask"): public("/n"),
    ("GET", "notice_pages.show"): public("/n/none", 404),
    ("POST", "notice_pages.report"): public("/n/none/1/report", 404),
    ("GET", "hazards.photo"): permitted(hazards_photo, "lead", "office", "handler"),
    ("GET", "photos.show"): permitted(photo("thumb"), "lead", "office"),
    ("OPTIONS", "uploads.options"): public("/sync/photos", 204),
    ("POST", "uploads.create"): by_phone("/sync/photos", 422, announcement),
    ("HEAD", "uploads.status"): by_phone(lambda world, place: world.upload(place), 200, {"headers": TUS}),
    ("PATCH", "uploads.append"): by_phone(lambda world, place: world.upload(place), 460, piece),
    # sync
    # places
    ("GET", "plates.index"): permitted("/plates", "lead", "office"),
    ("GET", "plates.show"): done("/plates/{}", "building", 200),
    ("POST", "plates.update"): done("/plates/{}", "building"),
    ("GET", "plates.sheet"): done("/plates/{}/sheet", "building", 200),
    ("GET", "plate_lists.show"): permitted("/plates/import", "lead", "office"),
    ("POST", "plate_lists.look"): permitted("/plates/import", "lead", "office", status=422),
    ("POST", "plate_lists.create"): permitted("/plates/import/codes", "lead", "office", status=400),
    # merges
    ("GET", "merges.index"): permitted("/merges", "lead", "office"),
    ("GET", "merges.decided"): permitted("/merges/decided", "lead", "office"),
    ("GET", "merges.decided_rows"): permitted("/merges/decided/rows", "lead", "office"),
    ("GET", "merges.show"): permitted(pair(), "lead", "office"),
    ("POST", "merges.join"): permitted(pair("/joining"), "lead", "office", status=303),
    ("POST", "merges.refuse"): permitted(pair("/refusal"), "lead", "office", status=303),
    ("POST", "merges.separate"): done("/merges/decisions/{}/reversal", "merge_decision"),
    ("POST", "merges.choose"): done("/merges/clashes/{}/choice", "clash", answer="standing"),
    ("POST", "merges.reopen"): done("/merges/clashes/{}/reversal", "clash"),
    ("GET", "proposals.index"): permitted("/proposals", "lead", "office"),
    ("POST", "proposals.confirm"): done("/proposals/{}/confirmation", "proposal"),
    ("POST", "proposals.decline"): done("/proposals/{}/refusal", "proposal", reason="x"),
    ("POST", "proposals.reconsider"): done("/proposals/{}/reversal", "proposal"),
    # coverage
    ("GET", "coverage.show"): permitted(
        lambda _world, place: f"/coverage?area={factories.a_grid(place.value).code}", "lead", "office"
    ),
    ("GET", "documents.show"): public("/docs/api"),
    ("GET", "set_aside.index"): permitted("/set-aside", "lead", "admin"),
    ("GET", "set_aside.show"): permitted(set_aside(), "lead", "admin"),
    ("POST", "set_aside.judge_again"): permitted(set_aside("/judgement"), "lead", "admin", status=303),
    ("POST", "set_aside.close"): permitted(
        set_aside("/closure"), "lead", "admin", status=303, data={"reason": "Told by phone."}
    ),
    ("GET", "conflicts.show"): permitted(conflict(), "lead"),
    ("POST", "conflicts.close"): permitted(
        conflict("/closure"), "lead", status=303, data={"reason": "The first one."}
    ),
    ("GET", "aside_photos.index"): permitted("/set-aside/photos", "lead", "admin"),
    ("POST", "aside_photos.judge_again"): permitted(aside_photo("/judgement"), "lead", "admin", status=303),
    ("GET", "rescue.show"): permitted("/rescue", "lead", "admin"),
    ("POST", "rescue.create"): permitted("/rescue", "lead", "admin", status=422),
    ("GET", "sync.probe"): public("/sync/probe"),
    ("GET", "sync.account"): permitted(
        "/sync/enrolment", "worker", "lead", "handler", "office", "officer", "admin"
    ),
    ("POST", "sync.enrol"): permitted("/sync/enrolment", "worker", "lead", json={"build": "1"}),
    ("POST", "sync.take_batch"): by_phone("/sync/batches", 422, {"json": {}}),
    ("GET", "sync.pack"): permitted("/sync/pack", "worker", "lead", needs_phone=True),
    ("GET", "sync.preview"): permitted(previewed, "worker", "lead", needs_phone=True),
    ("POST", "sync.reconcile_phone"): by_phone("/sync/reconciliation", 200, {"json": {}}),
}
