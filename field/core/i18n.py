"""Languages: which one a request speaks, and times in the district's zone."""

import re
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any

from babel import Locale
from babel import dates as babel_dates
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, get_locale, get_timezone, get_translations

from field.core.clock import parse_instant, utcnow

babel = Babel()
COOKIE = "language"


def language() -> str:
    """zh or en: what the person chose, what the address asks, the cookie, the browser, the district's default."""
    offered: list[str] = current_app.config["LANGUAGES"]
    if not has_request_context():
        return offered[0]
    for choice in (request.args.get("lang"), g.get("language"), request.cookies.get(COOKIE)):
        if choice in offered:
            return str(choice)
    return request.accept_languages.best_match(offered) or offered[0]


def start_languages(app: Flask) -> None:
    """Bind Babel and give templates `language`, `moment`, `day`, `full_day` and `statute`."""
    app.config.update(
        BABEL_DEFAULT_LOCALE=app.config["LANGUAGES"][0],
        BABEL_DEFAULT_TIMEZONE=app.config["TIMEZONE"],
        BABEL_TRANSLATION_DIRECTORIES="field/core/translations",
    )
    babel.init_app(app, locale_selector=language)
    texts: Any = app.jinja_env  # the extension gives it this method
    texts.install_gettext_callables(
        gettext=lambda text: _texts().ugettext(text),
        ngettext=lambda one, many, number: _texts().ungettext(one, many, number),
        newstyle=True,
        pgettext=lambda context, text: _texts().upgettext(context, text),
        npgettext=lambda context, one, many, number: _texts().unpgettext(context, one, many, number),
    )
    # Texts for scripts as they are: written as \uXXXX, Chinese is twice as long, and every byte goes to every phone.
    app.jinja_env.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False}
    app.jinja_env.globals["get_locale"] = get_locale
    app.jinja_env.globals["language"] = spoken
    app.jinja_env.filters["moment"] = moment_text
    app.jinja_env.filters["day"] = day_text
    app.jinja_env.filters["full_day"] = full_day_text
    app.jinja_env.filters["instant"] = parse_instant
    app.jinja_env.filters["statute"] = statute_text


# By language and script: Babel compares two locales by five names.
_kept: dict[tuple[str, str | None], Any] = {}


def _texts() -> Any:
    """The texts of the language of this answer. A page shows a hundred, and Flask-Babel would find the language's
    catalogue for each of them by a name that it makes anew: a fifth of the time of a page."""
    locale = get_locale()
    if locale is None:
        return get_translations()
    key = (locale.language, locale.script)
    if key not in _kept:
        _kept[key] = get_translations()
    return _kept[key]


def spoken() -> str:
    """The language of the answer in the making: zh or en."""
    return str(get_locale() or language())[:2]


def moment_text(moment: datetime | None) -> str:
    """Day and time as people here write it, with the year when it is another than this one.

    What a phone says can be a time that the zone here does not have.
    """
    if moment is None:
        return ""
    locale = get_locale()
    try:
        return _moment_text(moment, locale, get_timezone(), _this_year())
    except OverflowError:
        return _moment_text(moment, locale, moment.tzinfo, _this_year())


@lru_cache(maxsize=10_000)
def _moment_text(moment: datetime, locale: Locale | None, zone: tzinfo | None, year: int) -> str:
    """Kept, as a list that is looked at again shows the same times again, and each costs as much as its row."""
    day = _day_form(locale, moment.astimezone(zone).year != year)
    form = f"{day} HH:mm" if _is_chinese(locale) else f"{day}, HH:mm"
    return str(babel_dates.format_datetime(moment, form, tzinfo=zone, locale=locale))


def day_text(day: date | datetime | None) -> str:
    """A day as people here write it, with the year when it is another than this one."""
    return _day_text(_local(day), get_locale(), _this_year()) if day else ""


def full_day_text(day: date | datetime | None) -> str:
    """A day with its year, for paper and pages that are kept."""
    return _day_text(_local(day), get_locale(), None) if day else ""


@lru_cache(maxsize=2_000)
def _day_text(day: date, locale: Locale | None, year: int | None) -> str:
    return str(babel_dates.format_date(day, _day_form(locale, day.year != year), locale))


def _day_form(locale: Locale | None, with_year: bool) -> str:
    """A day is not divided at the end of a line; Chinese has no spaces to hold together, but joiners of no width do."""
    if _is_chinese(locale):
        month = "M\u2060月\u2060d\u2060日"
        return f"y\u2060年\u2060{month}" if with_year else month
    return "d\u00a0MMM\u00a0y" if with_year else "d\u00a0MMM"


def _is_chinese(locale: Locale | None) -> bool:
    return str(locale).startswith("zh")


def _local(day: date | datetime) -> date:
    """The calendar day here."""
    return day.astimezone(get_timezone()).date() if isinstance(day, datetime) else day


def _this_year() -> int:
    return utcnow().astimezone(get_timezone()).year


def statute_text(basis: str) -> str:
    """A law with its articles as papers write it, from how checklists keep it: 消防法 28、60. Other words stay."""
    return re.sub(
        r"^(\S+) ([\d、]+)$", lambda cited: f"《{cited[1]}》第{cited[2].replace('、', '条、第')}条", basis
    )
