"""Days and times are written in one form everywhere: with the year only when it is another one, on paper always."""

from datetime import UTC, date, datetime

import pytest
from flask_babel import force_locale

from field.core.i18n import day_text, full_day_text, moment_text

NOW = datetime(2026, 11, 24, 6, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr("field.core.i18n.utcnow", lambda: NOW)


@pytest.mark.parametrize(
    ("language", "moment", "words"),
    [
        ("en", NOW, "24\u00a0Nov, 14:02"),
        ("zh", NOW, "11\u2060月\u206024\u2060日 14:02"),
        ("en", datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "31\u00a0Dec\u00a02025, 23:59"),
        ("en", datetime(2025, 12, 31, 16, 0, tzinfo=UTC), "1\u00a0Jan, 00:00"),
        ("zh", datetime(2025, 3, 5, 0, 0, tzinfo=UTC), "2025\u2060年\u20603\u2060月\u20605\u2060日 08:00"),
    ],
)
def test_a_moment_has_its_year_only_when_it_is_another_one_here(app, language, moment, words):
    with app.test_request_context(), force_locale(language):
        assert moment_text(moment) == words


@pytest.mark.parametrize(
    ("language", "day", "words"),
    [
        ("en", date(2026, 12, 2), "2\u00a0Dec"),
        ("zh", date(2026, 12, 2), "12\u2060月\u20602\u2060日"),
        ("en", date(2027, 1, 2), "2\u00a0Jan\u00a02027"),
        ("zh", date(2019, 3, 5), "2019\u2060年\u20603\u2060月\u20605\u2060日"),
        ("en", datetime(2026, 12, 31, 17, 0, tzinfo=UTC), "1\u00a0Jan\u00a02027"),
    ],
)
def test_a_day_too(app, language, day, words):
    with app.test_request_context(), force_locale(language):
        assert day_text(day) == words


def test_paper_says_the_year_always_and_nothing_is_said_of_no_day(app):
    with app.test_request_context(), force_locale("en"):
        assert full_day_text(date(2026, 12, 2)) == "2\u00a0Dec\u00a02026"
        assert day_text(None) == full_day_text(None) == moment_text(None) == ""
