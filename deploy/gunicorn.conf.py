"""How gunicorn serves Doorstep; every value can be set from the environment."""

import gc
import os


def _number(name, usual):
    try:
        return int(os.environ.get(name, usual))
    except ValueError:
        raise SystemExit(f"{name}: must be a number") from None


workers = _number("WEB_CONCURRENCY", "2")
worker_class = "gthread"
threads = _number("FIELD_THREADS", "8")
# Phones on thin links hold a piece of a photo for a while; the reverse proxy may allow less.
timeout = 120
graceful_timeout = 30
keepalive = 30
max_requests = 20_000
max_requests_jitter = 2_000
# Only the start line and errors: each request is logged by the program itself, without personal data.
accesslog = None
loglevel = os.environ.get("FIELD_LOG_LEVEL", "warning").lower()
# The heartbeat file must not live on a disk that can stall.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None


def post_worker_init(_worker):
    """What the program is made of stays as long as it runs: the garbage collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
