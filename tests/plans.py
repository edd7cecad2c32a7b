"""How a database means to find what it is asked for."""

import re

from sqlalchemy import event

from field.core.db import db

GROWING = (
    "visits",
    "visit_revisions",
    "dwellings",
    "buildings",
    "findings",
    "occupancies",
    "persons",
    "inbox_events",
    "workplaces",
    "photos",
    "service_requests",
    "reviews",
)


def plans_of(work):
    """The plan of every SELECT that some work asks, by its statement."""
    asked = []

    def note(_connection, _cursor, statement, values, *_rest):
        asked.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    explain = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}[db.engine.dialect.name]
    connection = db.session.connection()
    if db.engine.dialect.name == "postgresql":
        connection.exec_driver_sql("SET enable_seqscan = off")  # for a handful of rows it would be right
    return {
        statement: "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + statement, values))
        for statement, values in asked
        if statement.startswith("SELECT")
    }


def reading_all(plans):
    """Statements that read a growing table from end to end."""
    whole = re.compile(rf"(SCAN|Seq Scan on) ({'|'.join(GROWING)})(_\d+)?\b")
    return [statement for statement, plan in plans.items() if whole.search(plan)]
