"""Structured logs without personal data: routes by their rule, never by address or body."""

import logging
import sys
import time
from typing import Any
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

log: structlog.stdlib.BoundLogger = structlog.get_logger("doorstep")


def configure_logs(level: str) -> None:
    """One JSON object a line on standard output."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(
                # Never the local variables: they hold what people said.
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=False,
    )


def log_requests(app: Flask) -> None:
    """One line a request: rule, status, milliseconds, bytes."""

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()
        g.request_id = uuid4().hex[:12]

    @app.after_request
    def finish(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "-"
        response.headers["X-Request-Id"] = g.get("request_id", "-")
        if request.endpoint != "static":
            log.info("request", **_facts(rule, response))
        return response


def _facts(rule: str, response: Response) -> dict[str, Any]:
    return {
        "id": g.get("request_id"),
        "method": request.method,
        "rule": rule,
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
        "bytes": response.calculate_content_length(),
    }
