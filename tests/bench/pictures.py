"""The photo lane: photos of 200 KB from many phones at once, against as many processes that only keep and decode."""

import base64
import hashlib
import io
import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

from PIL import Image

from field.core.ids import new_id
from tests.bench import phones, yardsticks
from tests.bench.figures import Figure, ratios
from tests.bench.phones import Sender
from tests.bench.serving import serving

CLIENTS = 8
EACH = 10
ROUNDS = 5
SIZE = 200_000
PROCESSES = 2


def photo_lane(folder: Path) -> list[Figure]:
    """Photos accepted per second, and that beside bare loops of the same bytes."""
    data, picture = folder / "photos", a_photo()
    taken, bare = [], []
    with serving(data) as served:
        senders, _doors = phones.enrolled(data, CLIENTS)
        for _round in range(ROUNDS):
            bare.append(_bare(picture, folder))
            works = [
                partial(_send, served.port, one, [_unlike(picture) for _ in range(EACH)]) for one in senders
            ]
            taken.append(CLIENTS * EACH / phones.at_once(works))
    return [
        Figure("photos", "photos/s", taken, "", "160"),
        Figure(
            "photo_ratio",
            "ratio",
            ratios(taken, bare),
            "write, fsync, rename and decode in two bare loops",
            "≥ 0.5",
        ),
    ]


def a_photo() -> bytes:
    """A JPEG of a phone's size, 1600 × 1200, with as much in it as makes it 200 KB."""
    chance = random.Random(7)
    small = Image.frombytes("RGB", (200, 150), chance.randbytes(200 * 150 * 3))
    picture = small.resize((1600, 1200), Image.Resampling.BICUBIC)
    made = b""
    for quality in range(95, 20, -5):
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality)
        made = file.getvalue()
        if len(made) <= SIZE:
            break
    return made


def _unlike(picture: bytes) -> bytes:
    """The same picture with the finest of its details drawn a little otherwise, so that no two share a file.

    What stands beside the pixels would not do: the server strips it, and then has such a file already.
    """
    finest = picture.index(b"\xff\xdb") + 5 + 56
    return picture[:finest] + bytes(random.randrange(40, 90) for _ in range(8)) + picture[finest + 8 :]


def _bare(picture: bytes, folder: Path) -> float:
    with ProcessPoolExecutor(PROCESSES) as pool:
        each = CLIENTS * EACH // PROCESSES
        return sum(
            pool.map(yardsticks.photos_kept, [picture] * PROCESSES, [each] * PROCESSES, [folder] * PROCESSES)
        )


def _send(port: int, sender: Sender, pictures: Sequence[bytes]) -> None:
    """Each in one request, as a phone on a good link does: the photo goes with its announcement."""
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    for picture in pictures:
        connection.request("POST", "/sync/photos", picture, _announcement(sender, picture))
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 201, (answer.status, content[:200])
        assert answer.getheader("Photo-Receipt"), answer.getheaders()
    connection.close()


def _announcement(sender: Sender, picture: bytes) -> dict[str, str]:
    digest = hashlib.sha256(picture)
    facts = {
        "visit": str(new_id()),
        "photo": str(new_id()),
        "digest": f"sha-256:{digest.hexdigest()}",
        "type": "image/jpeg",
        "kind": "full",
    }
    pairs = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in facts.items())
    return {
        "Tus-Resumable": "1.0.0",
        "Cookie": f"device={sender.cookie}",
        "Content-Type": "application/offset+octet-stream",
        "Upload-Length": str(len(picture)),
        "Upload-Metadata": pairs,
        "Upload-Checksum": f"sha256 {base64.b64encode(digest.digest()).decode()}",
    }
