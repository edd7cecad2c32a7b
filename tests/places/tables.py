"""A house with two doors, and tables of codes for it sent through the page."""

import io
import re

from field.core.db import db
from field.places import plates
from field.places.models import Building

HEAD = ["地址", "单元", "房号", "编码"]


def plates_of(building):
    """What stands at the house and at its doors."""
    house = db.session.get_one(Building, building.id)
    return {"": house.plate} | {door.label: door.plate for door in plates.doors_of(house)}


def look(browser, *rows, name="plates.csv", content=None):
    """Send a table; answers the page of what it would change."""
    text = "\n".join(",".join(row) for row in (HEAD, *rows)).encode()
    return browser.post("/plates/import", data={"file": (io.BytesIO(content or text), name)})


def agree(browser, page):
    """Press the button of that page."""
    [lines] = re.findall(r'name="lines" value="([^"]+)"', page.text)
    return browser.post("/plates/import/codes", data={"lines": lines})
