"""What the phones called saved, and what they were told: the model that the tables are compared with."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson

# A receipt as it was told: the epoch, the number, and when it was received.
Told = tuple[str, str, str]
# What a record is: its id and its digest.
Content = tuple[str, str]


@dataclass
class Ledger:
    """One schedule's truth. `faults` are what may never be: (lost | doubled | false | numbers | endless | failed,
    what). `offered` are the numbers under which phones offered records, by device; `gone` those that went with
    a phone's storage, sent or not; `cleared` the devices of which the browser cleared it, told or not. `unsent` is
    what phones without an end still hold, and what went with a storage: not lost."""

    events: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    owner: dict[str, str] = field(default_factory=dict)
    _saved: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    offered: dict[str, dict[int, set[Content]]] = field(default_factory=lambda: defaultdict(dict))
    before: dict[str, dict[int, set[Content]]] = field(default_factory=lambda: defaultdict(dict))
    gone: dict[str, dict[int, set[Content]]] = field(default_factory=lambda: defaultdict(dict))
    cleared: set[str] = field(default_factory=set)
    unsent: set[str] = field(default_factory=set)
    pictures: dict[str, Any] = field(default_factory=dict)
    receipts: dict[str, set[Told]] = field(default_factory=lambda: defaultdict(set))
    results: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    photo_receipts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    previews: dict[tuple[str, str], bytes] = field(default_factory=dict)
    previews_told: dict[tuple[str, str], str] = field(default_factory=dict)
    poison: set[str] = field(default_factory=set)
    odd: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def saved(self, phone: str, event: dict[str, Any], pictures: list[Any]) -> None:
        """A phone has shown "saved on this phone"."""
        self.events[event["id"]].append(dict(event))
        self._saved.append((phone, dict(event)))
        self.owner.setdefault(event["id"], phone)
        self.pictures |= {picture.id: picture for picture in pictures}
        self.owner |= {picture.id: phone for picture in pictures}
        small = [picture.preview for picture in pictures if picture.preview]
        self.previews |= {(one.id, one.digest): one.content for one in small}
        self.counts["records"] += 1
        self.counts["photos"] += len(pictures)

    def saved_events(self) -> list[tuple[str, dict[str, Any]]]:
        """Everything that was called saved, with the phone that did."""
        return self._saved

    def offer(self, device: str, event: dict[str, Any]) -> None:
        """A phone sends an event under a number of its device."""
        content = event["id"], event["digest"]
        self.offered[device].setdefault(event["seq"], set()).add(content)
        for number in event.get("earlier", []):
            self.before[number["device"]].setdefault(number["seq"], set()).add(content)

    def storage_lost(self, device: str, events: Iterable[dict[str, Any]], pictures: Iterable[str]) -> None:
        """A phone's browser has cleared its storage: nobody but the server has these any more, if it has."""
        for event in events:
            for number in ({"device": device, "seq": event["seq"]}, *event.get("earlier", [])):
                gone = self.gone[number["device"]].setdefault(number["seq"], set())
                gone.add((event["id"], event["digest"]))
            self.unsent.add(event["id"])
        self.unsent.update(pictures)

    def newest_revision(self, visit: str) -> int:
        """The newest revision of a visit that any phone has saved."""
        bodies = [orjson.loads(event["body"]) for _, event in self._saved if event["body"] != "{"]
        return max((body["revision"] for body in bodies if body["visit"] == visit), default=0)

    def told(self, epoch: str, result: dict[str, Any]) -> None:
        """A phone has read what became of an event."""
        self.results[result["id"]].add(result["result"])
        receipt = result.get("receipt")
        if receipt and result["result"] in {"accepted", "duplicate"}:
            self.receipts[result["id"]].add((epoch, receipt["number"], receipt["received_at"]))

    def told_photo(self, picture: str, receipt: str) -> None:
        """A phone has read a photo's receipt."""
        self.photo_receipts[picture].add(receipt)

    def told_preview(self, preview: Any, receipt: str | None) -> None:
        """A preview has been sent; with a receipt the phone has read that it is there."""
        if receipt:
            self.previews_told[preview.id, preview.digest] = receipt
            self.counts["previews"] += 1

    def wrong(self, kind: str, what: str) -> None:
        """Something that may never be."""
        self.faults.append((kind, what))
