"""The document for programs: it names every address of phones, their failures, and a page shows it."""

import re


def test_every_address_of_phones_is_in_the_document(app, anonymous):
    paths = anonymous.get("/openapi.json").json["paths"]

    real = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/sync")}
    assert {re.sub(r"{(\w+)}", r"<uuid:\1>", path) for path in paths} == real


def test_failures_are_described_as_problems(anonymous):
    document = anonymous.get("/openapi.json").json

    for path in document["paths"].values():
        for method, operation in path.items():
            if method != "parameters":
                assert operation["responses"]["default"] == {"$ref": "#/components/responses/Problem"}
                assert operation["summary"]
    assert "application/problem+json" in document["components"]["responses"]["Problem"]["content"]


def test_the_body_of_a_visit_is_described(anonymous):
    schemas = anonymous.get("/openapi.json").json["components"]["schemas"]

    assert {"visit", "outcome", "findings", "photos"} <= set(schemas["VisitBody"]["properties"])


def test_the_page_shows_each_address_and_loads_nothing_from_elsewhere(anonymous):
    page = anonymous.get("/docs/api").get_data(as_text=True)

    assert "<code>/sync/batches</code>" in page
    assert 'src="http' not in page
    assert 'href="http' not in page
