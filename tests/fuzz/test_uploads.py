"""Whatever a client says of a photo: no failure of ours, no offset moved that was not proved, nothing acknowledged."""

import base64
import hashlib
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field.core.db import db
from field.core.ids import new_id
from field.photos.models import Photo
from tests.fuzz.trying import ODD_TEXTS, tried
from tests.phone import TUS
from tests.photos.pictures import noise, saved

_CONTENT = saved(noise(), "JPEG")
_LATIN = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=30)
_PLAIN = [text for text in ODD_TEXTS if text.isascii()]
_ODD_HEADERS = st.one_of(
    _LATIN, st.sampled_from(_PLAIN), st.integers().map(str), st.just(" 5"), st.just("5, 5")
)


@pytest.fixture
def sender(phone, worker):
    return phone(worker)


def _packed(text):
    return base64.b64encode(text.encode()).decode()


def _metadata(sender):
    photo = sender.photo_part(_CONTENT)
    return {"visit": str(new_id()), "photo": photo["id"], "digest": photo["digest"], "type": photo["type"]}


def _sent(sender, method, address, headers, data=b"", kind="application/offset+octet-stream"):
    answer = sender.browser.open(address, method=method, headers=headers, data=data, content_type=kind)
    assert answer.status_code < 500, answer.get_data(as_text=True)
    return answer


@tried(80)
@given(data=st.data())
def test_an_odd_announcement_is_refused_or_understood(sender, data):
    told = _metadata(sender) | {"kind": "full"}
    key = data.draw(st.sampled_from([*told, "other"]))
    told[key] = data.draw(st.one_of(st.sampled_from(ODD_TEXTS), st.text(max_size=60)))
    pairs = data.draw(st.permutations([f"{name} {_packed(value)}" for name, value in told.items()]))
    usual = TUS | {"Upload-Length": str(len(_CONTENT)), "Upload-Metadata": ",".join(pairs)}
    odd = data.draw(
        st.dictionaries(
            st.sampled_from(["Upload-Length", "Upload-Metadata", "Tus-Resumable"]), _ODD_HEADERS, max_size=1
        )
    )
    before = db.session.query(Photo).count()
    db.session.commit()

    answer = _sent(sender, "POST", "/sync/photos", usual | odd)

    more = db.session.query(Photo).count() - before
    assert more in (
        {0, 1} if answer.status_code == 201 else {0}
    )  # an odd id that came before is the same upload
    assert "Photo-Receipt" not in answer.headers


@tried(120)
@given(data=st.data())
def test_an_odd_piece_moves_nothing_unless_it_is_proved(sender, data):
    told = _metadata(sender)
    announced = TUS | {
        "Upload-Length": str(len(_CONTENT)),
        "Upload-Metadata": ",".join(f"{name} {_packed(value)}" for name, value in told.items()),
    }
    location = sender.browser.post("/sync/photos", headers=announced).headers["Location"]
    start, end = data.draw(
        st.sampled_from([(0, 0), (0, 100), (0, len(_CONTENT)), (50, 100), (0, len(_CONTENT) + 1)])
    )
    piece = (_CONTENT + b"x")[start:end]
    checksum = base64.b64encode(hashlib.sha256(piece).digest()).decode()
    usual = TUS | {"Upload-Offset": "0", "Upload-Checksum": f"sha256 {checksum}"}
    sums = st.sampled_from(
        [
            f"sha1 {checksum}",
            f"SHA256 {checksum}",
            checksum,
            f"sha256  {checksum} ",
            "sha256",
            f"sha256 {checksum}=",
        ]
    )
    name = data.draw(
        st.sampled_from(
            [
                "Upload-Offset",
                "Upload-Checksum",
                "Upload-Length",
                "Tus-Resumable",
                "Content-Encoding",
                "Upload-Defer-Length",
                "X-HTTP-Method-Override",
            ]
        )
    )
    odd = {name: data.draw(st.one_of(sums, _ODD_HEADERS) if name == "Upload-Checksum" else _ODD_HEADERS)}
    kind = data.draw(
        st.sampled_from(
            [
                "application/offset+octet-stream",
                "application/octet-stream",
                "text/html; charset=x",
                "multipart/form-data",
                "",
                "application/json",
            ]
        )
    )

    answer = _sent(sender, "PATCH", location, usual | odd, piece, kind)

    row = db.session.query(Photo).filter_by(photo_id=UUID(told["photo"])).one()
    assert row.offset == (len(piece) if answer.status_code == 204 else 0)
    assert (row.state == "stored") == ("Photo-Receipt" in answer.headers)
    assert row.state in {"uploading", "stored"}


@tried(40)
@given(
    method=st.sampled_from(["HEAD", "PATCH", "GET", "PUT", "DELETE", "OPTIONS", "POST"]),
    address=st.one_of(st.sampled_from(ODD_TEXTS), st.text(max_size=30), st.uuids().map(str)),
)
def test_an_odd_address_is_not_there(sender, method, address):
    answer = _sent(sender, method, f"/sync/photos/{address}", TUS)

    assert 200 <= answer.status_code < 500
    assert answer.status_code >= 400 or method == "OPTIONS" or not address.strip("/")
