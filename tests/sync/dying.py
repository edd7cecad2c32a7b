"""A phone that is about to fail, and what became of its file at the desk."""

from field.core.db import db
from field.photos.models import Photo
from field.visits.models import VisitRevision
from tests import factories
from tests.photos.pictures import noise, saved
from tests.rescue_file import rescue_file

PICTURE = saved(noise(320, 240), "JPEG")


class Dying:
    """A phone with two visits and a photo that it could not send."""

    def __init__(self, phone):
        self.phone = phone
        self.key = phone.pack()["rescue"]
        door, self.part = factories.a_dwelling(), phone.photo_part(PICTURE)
        with_photo = phone.visit_body(door, photos=[self.part])
        self.visit = with_photo["visit"]
        self.events = [phone.event(with_photo), phone.event(phone.visit_body(door, note="未发"))]

    def file(self, **how):
        photos = [(self.visit, self.part, PICTURE)]
        return rescue_file(self.key, self.phone.device, self.events, photos, **how)


def numbers(page):
    facts = page.split('<dl class="facts">')[1].split("</dl>")[0]
    return [
        int(part.split("</dd>")[0].split(">")[-1] or part.split("</a>")[0].split(">")[-1])
        for part in facts.split('<dd class="figures">')[1:]
        if part.split("</dd>")[0].isdigit()
    ]


def here():
    db.session.expire_all()
    return db.session.query(VisitRevision).count(), [row.state for row in db.session.query(Photo)]
