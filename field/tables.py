"""All tables, so that migrations and foreign keys see every room's models."""

from field.accounts import models as accounts
from field.audit import models as audit
from field.campaigns import models as campaigns
from field.checklists import models as checklists
from field.core import changes, installation, tallies
from field.hazards import models as hazards
from field.merges import models as merges
from field.notifications import models as notifications
from field.people import models as people
from field.photos import models as photos
from field.places import models as places
from field.reviews import models as reviews
from field.sync import models as sync
from field.visits import clashes, rules
from field.visits import models as visits

ROOMS = (
    changes,
    installation,
    tallies,
    audit,
    accounts,
    places,
    people,
    campaigns,
    checklists,
    visits,
    clashes,
    rules,
    photos,
    hazards,
    reviews,
    merges,
    sync,
    notifications,
)
