"""A phone that is about to fail, and a lead who imports its file."""

import io

import pytest

from tests.sync.dying import Dying


@pytest.fixture
def dying(phone, worker):
    return Dying(phone(worker))


@pytest.fixture
def give(client_of, lead):
    """give(file): the lead imports it; answers status and page."""

    def give(content, user=lead):
        data = {"file": (io.BytesIO(content), "phone.doorstep")}
        answer = client_of(user).post("/rescue?lang=en", data=data, content_type="multipart/form-data")
        return answer.status_code, answer.get_data(as_text=True)

    return give
