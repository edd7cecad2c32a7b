"""A tus client that is not ours uploads a photo: cut by the server's death, resumed by another process at its byte."""

import json
import subprocess

import pytest

from field.core.ids import new_id
from field.photos.images import accept
from tests import factories
from tests.journeys.server import ROOT, Server, free_port
from tests.phone import Phone, digest_of
from tests.photos.pictures import SECRETS, noise, opened, saved, talkative

PIECE = 64 * 1024


@pytest.fixture
def served(app, tmp_path):
    """The program in processes of its own, on the data of this test."""
    server = Server(tmp_path, free_port())
    yield server
    server.kill()


def _upload(served, phone, file, metadata, tmp_path, during=False):
    asked = {
        "endpoint": f"{served.address}/sync/photos",
        "cookie": f"device={phone.browser.cookie('device', '/sync')}",
        "file": str(file),
        "memory": str(tmp_path / "uploads.json"),
        "metadata": metadata,
        "piece": PIECE,
        "during": during,
    }
    command = ["node", str(ROOT / "tests" / "js" / "interop" / "upload.js"), json.dumps(asked)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def _a_photo(tmp_path):
    content, file = saved(noise(700, 500), "JPEG", quality=95), tmp_path / "photo.jpg"
    file.write_bytes(content)
    assert len(content) > 4 * PIECE
    facts = {
        "visit": str(new_id()),
        "photo": str(new_id()),
        "digest": digest_of(content),
        "type": "image/jpeg",
    }
    return content, file, facts


@pytest.mark.only_on("sqlite")
def test_another_tus_client_brings_the_first_piece_with_its_announcement(app, served, tmp_path):
    phone = Phone(app, factories.a_user("worker")).enrol()
    content, file, metadata = _a_photo(tmp_path)

    served.start()
    done = _upload(served, phone, file, metadata, tmp_path, during=True)

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["from"], len(said["receipt"])) == (0, 8)
    assert served.rows("SELECT state, digest FROM photos") == [("stored", digest_of(content))]


@pytest.mark.only_on("sqlite")
def test_another_tus_client_resumes_after_the_server_was_killed_and_the_photo_is_whole(app, served, tmp_path):
    phone = Phone(app, factories.a_user("worker")).enrol()
    content, file, metadata = _a_photo(tmp_path)

    served.start()
    served.die_at("PATCH", "/sync/photos", 3)
    cut = _upload(served, phone, file, metadata, tmp_path)
    served.wait_for_death()
    half_way = served.rows('SELECT state, "offset" FROM photos')
    served.start()
    resumed = _upload(served, phone, file, metadata, tmp_path)

    assert cut.returncode == 1, cut.stdout
    assert half_way == [("uploading", 2 * PIECE)]
    assert resumed.returncode == 0, resumed.stderr
    said = json.loads(resumed.stdout)
    assert (said["from"], len(said["receipt"])) == (2 * PIECE, 8)
    [(state, received, stored)] = served.rows("SELECT state, digest, stored_digest FROM photos")
    assert (state, received) == ("stored", digest_of(content))
    assert digest_of(app.extensions["photo_store"].get(stored)) == f"sha-256:{stored}"


@pytest.mark.parametrize("orientation", [None, 1, 6, 8])
def test_the_phone_takes_out_of_a_jpeg_all_but_which_way_is_up(tmp_path, orientation):
    picture, left = tmp_path / "picture.jpg", tmp_path / "left.jpg"
    picture.write_bytes(talkative("JPEG", orientation))

    command = ["node", str(ROOT / "tests" / "js" / "interop" / "strip.js"), str(picture), str(left)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60)

    content = left.read_bytes()
    turned = orientation in {6, 8}
    assert dict(opened(content).getexif()) == ({0x0112: orientation} if turned else {})
    assert [secret for secret in SECRETS if secret in content] == ([b"Exif\0\0"] if turned else [])
    assert accept(content).content == accept(picture.read_bytes()).content
    assert accept(content).orientation == (orientation or 1)
