"""What several tests of reviews do."""

import pytest


@pytest.fixture
def correct(client_of, lead):
    """correct(visit, {field: text}): as the lead, in English."""

    def post(visit, form, revision=1):
        data = {"revision": revision, "reason": "电话核实", **form}
        return client_of(lead).post(f"/visits/{visit.id}/correction?lang=en", data=data)

    return post
