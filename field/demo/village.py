"""Filling the demo village: what the register knew of its doors before the first visit."""

from datetime import date, timedelta
from random import Random
from typing import Any

from field.demo import numbers
from field.demo.buildings import PLANS, Door, Plan, doors
from field.demo.workplaces import open_venues
from field.people import service as people
from field.places import service as places
from field.places.models import Area, Building, Dwelling

SEED = 620402
# The corner of the village, WGS 84 degrees; buildings stand along its lanes from there.
WEST, SOUTH, STEP = 104.1730, 36.5445, 0.00025
COUNTIES = ("620421", "620422", "620423", "620122", "620123", "621121", "622922", "610122")
REASONS = ("204", "204", "204", "206", "208", "131", "207")
HOMES = {  # how likely each use is; None is a door of which nothing is known yet
    "flats": {"owner_occupied": 60, "let": 25, "vacant": 9, None: 6},
    "self-built": {"let": 62, "owner_occupied": 13, "part_let": 9, "vacant": 9, None: 7},
}


class Village:
    """Invents lessors and occupants in a fixed order, so that every demo is the same but for its days."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.chance = Random(SEED)  # noqa: S311 not a secret: it must repeat
        self.mobiles = numbers.mobiles()
        self.passports = numbers.passports()
        self.names = numbers.names("演示")
        self.lessors = numbers.names("演示房东")

    def build(self, grids: dict[int, Area]) -> int:
        """Build every plan in its grid; says how many doors there are now."""
        homes = sum(self._build(plan, place, grids[plan.grid]) for place, plan in enumerate(PLANS))
        return homes + open_venues(self.lessors, self.mobiles)

    def _build(self, plan: Plan, place: int, grid: Area) -> int:
        building = places.add_building(
            grid,
            plan.plate,
            plate=f"DEMO-{grid.code}-{place + 1:02d}",
            storeys=plan.storeys,
            position=place + 1,
            land_tenure="urban_state" if plan.flats else "rural_collective",
            longitude=round(WEST + STEP * (place % 6), 6),
            latitude=round(SOUTH + STEP * (place // 6), 6),
        )
        lessor = next(self.lessors), next(self.mobiles)
        built = list(doors(plan))
        for door in built:
            own = (next(self.lessors), next(self.mobiles)) if plan.flats else lessor
            self._settle(plan, building, door, own)
        return len(built)

    def _settle(self, plan: Plan, building: Building, door: Door, lessor: tuple[str, str]) -> None:
        use = self._use(plan)
        facts: dict[str, Any] = {"use": use} | self.rooms(plan, use)
        adults = self._adults(use)
        if use in {"let", "part_let", "dormitory"}:
            facts |= self.letting(lessor)
        if use not in {None, "vacant"}:
            facts["children"] = self.chance.choice((0, 0, 0, 1, 1, 2)) if use != "dormitory" else 0
            facts["headcount"] = max(adults, 1) + facts["children"]
        facts["plate"] = f"{building.plate}-{door.label}"
        dwelling = places.add_dwelling(building, door.floor, door.number, door.unit, **facts)
        for _ in range(adults):
            self._move_in(dwelling)

    def _use(self, plan: Plan) -> str | None:
        if plan.dormitory:
            return "dormitory"
        likely = HOMES["flats" if plan.flats else "self-built"]
        return self.chance.choices(list(likely), list(likely.values()))[0]

    def rooms(self, plan: Plan, use: str | None) -> dict[str, Any]:
        """What the register knows of a door's rooms; nothing where no use is known."""
        if use is None:
            return {}
        rooms = self.chance.choice((2, 2, 3)) if plan.flats else self.chance.choice((1, 1, 1, 2))
        stoves = ("coal_stove", "coal_stove", "electric", "gas")
        facts: dict[str, Any] = {
            "rooms": rooms,
            "floor_area_m2": rooms * self.chance.randint(14, 27),
            "heating": "central" if plan.flats else self.chance.choice(stoves),
        }
        if self.chance.random() < 0.03:
            facts["address_anomaly"] = self.chance.choice(("mismatch", "plate_many_addresses", "no_plate"))
        return facts | (
            {"rooms_let": 1 if use == "part_let" else rooms} if use in {"let", "part_let"} else {}
        )

    def letting(self, lessor: tuple[str, str]) -> dict[str, Any]:
        """Who lets a door, and which papers are there."""
        name, phone = lessor
        return {
            "lessor_name": name,
            "lessor_phone": phone,
            "lease_filed": self.chance.choice((True, False, None)),
            "letter_signed": self.chance.choice((True, True, False, None)),
        }

    def _adults(self, use: str | None) -> int:
        """How many of those who live there are registered; some let doors still wait for a first visit."""
        choices = {"let": (0, 1, 1, 2, 2, 3), "part_let": (1, 2), "dormitory": (3, 4, 5)}
        return self.chance.choice(choices.get(use or "", (0,)))

    def _move_in(self, dwelling: Dwelling) -> None:
        born = date(1958, 1, 1) + timedelta(days=self.chance.randrange(17_500))
        number = numbers.identity_number(born, self.chance.randrange(1000))
        people.add_occupancy(dwelling, **self.stay(number))

    def stay(self, identity_number: str) -> dict[str, Any]:
        """Somebody with this number, or with a passport in its place, and how they came to live here."""
        document = {"document_type": "111", "document_number": identity_number}
        if self.chance.random() < 0.02:
            document = {"document_type": "414", "document_number": next(self.passports)}
        known = self.chance.random() < 0.95  # some gave a name and skipped the rest, as they may
        return (document if known else {}) | {
            "name": next(self.names),
            "phone": next(self.mobiles) if known else None,
            "home_county": self.chance.choice(COUNTIES) if document["document_type"] == "111" else None,
            "reason": self.chance.choice(REASONS),
            "intended_stay": str(self.chance.randint(3, 6)),
            "moved_in_on": self.today - timedelta(days=self.chance.randint(20, 900)),
        }
