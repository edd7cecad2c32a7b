"""What /openapi.json says is so: requests made from it never fail, and every answer is one that it describes."""

import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from field.core.clock import instant_text, utcnow
from field.core.ids import new_id
from tests.fuzz.trying import tried
from tests.phone import TUS

OPERATIONS = [
    ("/sync/photos", "OPTIONS"),
    ("/sync/photos", "POST"),
    ("/sync/photos/{upload_id}", "HEAD"),
    ("/sync/photos/{upload_id}", "PATCH"),
    ("/sync/probe", "GET"),
    ("/sync/enrolment", "GET"),
    ("/sync/enrolment", "POST"),
    ("/sync/batches", "POST"),
    ("/sync/pack", "GET"),
    ("/sync/findings/{finding_id}/photo", "GET"),
    ("/sync/reconciliation", "POST"),
]
CHECKS = [
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]

BOTH = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
# There is nothing about these that could be wrong.
PLAIN = {("/sync/photos", "OPTIONS"), ("/sync/probe", "GET"), ("/sync/enrolment", "GET")}
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")


@pytest.fixture
def sender(phone, worker):
    """A phone that is enrolled, whose worker is signed in."""
    return phone(worker)


@pytest.fixture
def document(app, sender):
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


@pytest.fixture
def upload(sender):
    """The id of an upload that has begun."""
    return (
        sender.start_photo(str(new_id()), sender.photo_part(b"a picture")).headers["Location"].split("/")[-1]
    )


def test_every_operation_of_the_document_is_tried(document):
    described = {
        (path, method.upper()) for path, item in document.raw_schema["paths"].items() for method in item
    }

    assert {one for one in described if one[1] != "PARAMETERS"} == set(OPERATIONS)


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [(*one, mode) for one in OPERATIONS for mode in BOTH if not (one in PLAIN and mode == BOTH[1])],
)
def test_no_request_makes_the_server_fail_or_say_what_is_not_in_the_document(
    app, sender, document, upload, path, method, mode
):
    operation = document[path][method]

    @tried(20)
    @given(case=operation.as_strategy(generation_mode=mode), known=st.booleans())
    def ask(case, known):
        if known:
            _name_what_is_there(case, sender, upload)
        answer = sender.browser.open(**case.as_transport_kwargs(headers={"Accept-Encoding": "identity"}))
        assert answer.status_code < 500
        case.validate_response(answer, checks=CHECKS)

    ask()


def _name_what_is_there(case, sender, upload):
    """Chance would never find the one id and the one version that are taken."""
    if isinstance(case.body, dict) and "device" in case.body:
        case.body |= {"device": sender.device, "sent_at": instant_text(utcnow())}
    if "upload_id" in (case.path_parameters or {}):
        case.path_parameters["upload_id"] = upload
    if case.headers is not None:
        case.headers.update(TUS)
