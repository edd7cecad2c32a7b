"""The server as it is deployed, and the means to let it die of SIGKILL at a request that a test names.

DEADLY names a file: "PATCH /sync/photos 2" means that the second such request is never answered. The
count is kept beside it, a byte for each, since several processes serve.
"""

import os
import signal
from pathlib import Path
from typing import Any

exec(Path(__file__).parents[2].joinpath("deploy", "gunicorn.conf.py").read_text())

_DEADLY = Path(os.environ["DEADLY"])


def post_worker_init(worker: Any) -> None:
    """Serve another version of the phone's app when the test has released one; only a remark in it differs."""
    del worker
    release = _DEADLY.with_name("release")
    if release.exists():
        from field.pwa import routes

        page, remark = routes._shell_page, f"<!-- {release.read_text()} -->"
        routes._shell_page = lambda made: page(made).replace("</body>", remark + "</body>")


def pre_request(worker: Any, req: Any) -> None:
    """Count this request; at the one that the test named, end every process of the server at once."""
    if not _DEADLY.exists():
        return
    method, path, at = _DEADLY.read_text().split()
    if req.method != method or not req.path.startswith(path):
        return
    count = _DEADLY.with_suffix(".count")
    with count.open("ab") as file:
        file.write(b".")
    if count.stat().st_size >= int(at):
        os.killpg(0, signal.SIGKILL)
