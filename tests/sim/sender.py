"""How a simulated phone sends: text first, then photos with an eye on new text, and "all in" after comparing.

The rules are those of static/js/offline: drain.js, text_lane.js, batches.js, reconcile.js.
"""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from field.core.clock import instant_text, parse_instant
from tests.sim.handset import Handset, Record, offer_again, quietly
from tests.sim.line import WireProblem, is_id
from tests.sim.photo_lane import PhotoLane

_MOST_EVENTS = 50
_REFUSALS = {"bad-request", "too-large", "invalid", "unexpected"}
_REFUSALS_IN_A_ROW = 5
_BROKEN, _ABOUT_NETWORK = {500, 502, 504}, {401, 407, 429}
_STUCK = 2
_STATES = {
    "accepted": "accepted",
    "duplicate": "accepted",
    "quarantined": "quarantined",
    "conflict": "conflict",
    "gone": "gone",
}
_LISTS = ("missing", "quarantined", "photos_missing", "photos_partial", "photos_quarantined")


@dataclass
class Sender:
    """One run of a phone's sender. `after` is the number of the last record that was offered in it."""

    phone: Handset
    chance: Random
    most: int = _MOST_EVENTS
    after: int = 0
    now: datetime | None = None
    renewed: bool = False

    def drain(self) -> str | None:
        """Send everything; answers the problem that is left."""
        if not self.phone.anything_waits:
            return None
        problem = quietly(self._lanes)
        # Whoever stands in between may say 401 too.
        unknown = problem and problem.status == 401 and problem.code != "portal"
        if unknown and not quietly(self.phone.enrol):
            self.after = 0
            problem = quietly(self._lanes)
        return problem.code if problem else None

    def _lanes(self) -> None:
        self._probe()
        lane = PhotoLane.over_some_link(self.phone, self.chance, self.send_text)
        if self.chance.random() < 0.7:  # else photos come before their visits
            self.send_text()
        self._send_stuck()
        lane.send_previews()
        lane.send()
        self.send_text()
        if self.now is not None:
            self.phone.sweep(self.now)

    def _probe(self) -> None:
        answer = self.phone.line.json("GET", "/sync/probe", lambda body: is_id(body.get("doorstep")))
        self.phone.adopt_epoch(answer["doorstep"])

    # --- the text lane

    def send_text(self) -> None:
        """Offer every record that this run has not offered yet; a batch that is refused is halved."""
        refusals = 0
        while batch := self._next_batch():
            problem = self._offer(batch)
            if problem is None:
                refusals, self.phone.most = 0, min(_MOST_EVENTS, self.phone.most * 2)
                continue
            self._note_failure(batch, problem)
            if not _is_refusal(problem):
                raise problem
            if len(batch) == 1:
                refusals += 1
                self.after = batch[0].seq
            if refusals == _REFUSALS_IN_A_ROW:
                raise problem

    def _send_stuck(self) -> None:
        """What stood in the way before goes alone, until it does so again; what follows tells of the network."""
        left = [one for one in self.phone.waiting() if one.stuck >= _STUCK]
        for record in sorted(left, key=lambda one: (one.stuck, one.seq)):
            problem = self._offer([record])
            if problem is not None:
                self._note_failure([record], problem)
                return

    def _next_batch(self) -> list[Record]:
        free = [one for one in self.phone.waiting(self.after) if one.stuck < _STUCK]
        return free[: min(self.most, self.phone.most)]

    def _note_failure(self, batch: list[Record], problem: WireProblem) -> None:
        if _is_refusal(problem) or problem.code == "offline":
            self.phone.most = max(1, len(batch) // 2)
            if len(batch) == 1:
                batch[0].stuck += 1

    def _offer(self, batch: list[Record]) -> WireProblem | None:
        try:
            answer = self._post(batch)
        except WireProblem as problem:
            return problem
        changed = self.phone.adopt_epoch(answer["epoch"])
        self._note(batch, answer)
        self.now = parse_instant(answer["now"])
        self.after = 0 if changed and not self.renewed else max(self.after, batch[-1].seq)
        self.renewed |= changed
        return None

    def _post(self, batch: list[Record]) -> dict[str, Any]:
        phone = self.phone
        events = [record.event for record in batch]
        for event in events:
            phone.ledger.offer(phone.device, event)
        if self.chance.random() < 0.2:
            events = self.chance.sample(events, len(events))
        content = {
            "device": phone.device,
            "build": "sim",
            "sent_at": instant_text(phone.now()),
            "epoch": phone.epoch,
            "events": events,
        }
        answer: dict[str, Any] = phone.line.json("POST", "/sync/batches", _is_results, content)
        return answer

    def _note(self, batch: list[Record], answer: dict[str, Any]) -> None:
        asked = {record.id for record in batch}
        for result in answer["results"]:
            if result.get("id") in asked and _is_whole(result):
                self.phone.ledger.told(answer["epoch"], result)
                self._settle(result)

    def _settle(self, result: dict[str, Any]) -> None:
        record = self.phone.records.get(result["id"])
        if record is None:
            return
        record.state = _STATES[result["result"]]
        record.receipt = result.get("receipt") if record.state == "accepted" else None
        if record.state == "gone":
            self.phone.clear(record)
        if record.receipt:
            self.phone.hear_of_backup(record.receipt.get("durable_through"))


def reconcile(phone: Handset) -> bool:
    """Compare everything; what is not whole at the server waits again. Tells whether all is in; raises WireProblem."""
    before = phone.epoch
    all_in, now = _compare_all(phone)
    if phone.epoch != before:
        all_in, now = _compare_all(phone)
    phone.sweep(now)
    return all_in


def _compare_all(phone: Handset) -> tuple[bool, datetime]:
    """Whether all is in, and the server's time."""
    records = [one for one in phone.records.values() if one.state != "conflict"]
    pictures = [one for one in phone.pictures.values() if one.state != "unusable"]
    held = {
        "visits": [{"id": one.id, "digest": one.event["digest"]} for one in records],
        "photos": [{"id": one.id, "kind": one.kind, "digest": one.digest} for one in pictures],
        "state": {"build": "sim", "unsent": len(phone.waiting())},
    }
    answer = phone.line.json("POST", "/sync/reconciliation", _is_reconciled, held)
    phone.adopt_epoch(answer["epoch"])
    phone.hear_of_backup(answer["durable_through"])
    lost, aside = set(answer["missing"]), set(answer["quarantined"])
    partial = {*answer["photos_missing"], *answer["photos_partial"]}
    for record in records:
        if record.id in lost or (record.state == "quarantined" and record.id not in aside):
            phone.wait_again(record)
    for picture in pictures:
        if picture.id in partial and picture.state == "stored":
            offer_again(picture)
    missing = [one for one in records if one.id in lost] + [one for one in pictures if one.id in partial]
    return not missing, parse_instant(answer["now"])


def _is_refusal(problem: WireProblem) -> bool:
    """Whether it is about what was sent, and not about the network as a whole."""
    if problem.code in _REFUSALS or problem.status == 413:
        return True
    if problem.code == "busy":
        return problem.status in _BROKEN
    return problem.code == "portal" and 400 <= problem.status < 500 and problem.status not in _ABOUT_NETWORK


def _is_results(body: Any) -> bool:
    return is_id(body.get("epoch")) and _is_time(body.get("now")) and isinstance(body.get("results"), list)


def _is_reconciled(body: Any) -> bool:
    told = body.get("durable_through", "")
    known = is_id(body.get("epoch")) and _is_time(body.get("now")) and (told is None or _is_time(told))
    return known and all(isinstance(body.get(name), list) for name in _LISTS)


def _is_whole(one: Any) -> bool:
    state = _STATES.get(one.get("result"))
    if state != "accepted":
        return state is not None
    receipt = one.get("receipt") or {}
    return isinstance(receipt.get("number"), str) and _is_time(receipt.get("received_at"))


def _is_time(text: Any) -> bool:
    try:
        return bool(parse_instant(text))
    except (TypeError, ValueError):
        return False
