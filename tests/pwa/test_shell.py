"""The phone's shell: small on the wire, whole after unpacking, and without anybody's data."""

import base64
import gzip
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import brotli
import pytest

from field.core.compression import lean
from field.pwa.bundling import modules_of
from field.pwa.languages import LANGUAGE, PART, together
from field.pwa.precache import QUEUE, SCRIPT, WORKER, bundles, page_script, queue_script

STATIC = Path(__file__).parents[2] / "static"

GZIP = {"Accept-Encoding": "gzip"}
# What browsers offer over TLS, without which no phone is served in earnest.
OVER_TLS = {"Accept-Encoding": "gzip, deflate, br"}
_PARSE = """
import {readFileSync} from "node:fs";
import {SourceTextModule} from "node:vm";
for (const source of JSON.parse(readFileSync(0))) new SourceTextModule(source);
"""


def _files(browser, name="PARTS"):
    text = browser.get("/phone/precache.js").get_data(as_text=True)
    listed = re.search(rf"export const {name} ?= ?(\[.*?\])", text)
    return [(file["url"], file["integrity"].removeprefix("sha256-")) for file in json.loads(listed[1])]


def address_in(made, url):
    """The one address there that is `url` and says what is in it."""
    (found,) = [address for address in made if address.startswith(f"{url}?")]
    return found


def test_everything_that_a_phone_fetches_to_work_offline_is_at_most_a_hundred_kilobytes(anonymous):
    """In every language, and with the service worker and what that imports; not what shows it on a home screen, and
    not the reader of plates, which only phones without one fetch, when they first need it."""
    urls = ["/sw.js", *(url for url, _hash in _files(anonymous))]
    imported = re.findall(r'from ?"([^"]+)"', anonymous.get("/sw.js").get_data(as_text=True))

    total = sum(len(anonymous.get(url, headers=OVER_TLS).data) for url in {*urls, *imported})

    kept = {url.partition("?")[0] for url in urls}
    assert {"/phone/shells", "/phone/app.js", "/phone/queue.js", "/phone/app.css"} < kept
    assert {url.partition("?")[0] for url in imported} == {"/phone/precache.js", "/phone/queue.js"}
    assert not re.findall(r'from ?"|import\(', anonymous.get("/phone/queue.js").get_data(as_text=True))
    assert total <= 100 * 1024


def test_the_shells_hold_the_page_of_every_language(anonymous):
    text = anonymous.get("/phone/shells").get_data(as_text=True)
    parts = [part.split(LANGUAGE) for part in text.split(PART)]

    for place, code in enumerate(("zh", "en")):
        page = "".join(part[place] if len(part) > 1 else part[0] for part in parts)
        assert page == anonymous.get(f"/phone/?lang={code}").get_data(as_text=True)
    assert len(text) < 1.4 * len(anonymous.get("/phone/?lang=zh").get_data(as_text=True))


@pytest.mark.parametrize(
    "pages",
    [
        ["<p>one\n", "<p>eins\n"],
        ["one\nsame\n", "eins\nsame\n"],
        ['<a title="say &quot;one&quot;">', "<a title=one>"],
        ["one\n", "eins\nzwei\n"],
        ["", "eins"],
        ["same\n", "same\n"],
        ["a\n", "", "c\n"],
        ["<i>a<b>\n", "<i>a<b>\n", "<i>c<b>\n"],
    ],
)
def test_pages_of_several_languages_come_out_of_one_text_as_they_went_in(pages):
    parts = [part.split(LANGUAGE) for part in together(pages).split(PART)]

    assert pages == [
        "".join(part[place] if len(part) > 1 else part[0] for part in parts) for place in range(len(pages))
    ]


def test_a_file_that_the_page_has_fetched_is_not_sent_again_to_the_worker(anonymous):
    for url in ("/phone/app.js", "/phone/queue.js", "/phone/app.css", "/phone/shells"):
        first = anonymous.get(url, headers=OVER_TLS)

        again = anonymous.get(url, headers=OVER_TLS | {"If-None-Match": first.headers["ETag"]})

        assert (again.status_code, again.data) == (304, b""), url


def test_each_file_of_the_shell_is_what_its_hash_says_after_unpacking(anonymous):
    for url, expected in [*_files(anonymous), *_files(anonymous, "READER")]:
        answer = anonymous.get(url, headers=GZIP)
        content = gzip.decompress(answer.data) if answer.content_encoding == "gzip" else answer.data
        assert base64.b64encode(hashlib.sha256(content).digest()).decode() == expected, url


def test_brotli_is_whole_after_unpacking_too(anonymous):
    for url, expected in [*_files(anonymous), *_files(anonymous, "READER")]:
        answer = anonymous.get(url, headers=OVER_TLS)
        content = brotli.decompress(answer.data) if answer.content_encoding == "br" else answer.data
        assert base64.b64encode(hashlib.sha256(content).digest()).decode() == expected, url


def test_scripts_go_out_without_comments_and_are_still_scripts(anonymous):
    urls = [url for url, _hash in _files(anonymous) if url.endswith(".js")]
    scripts = [anonymous.get(url).get_data(as_text=True) for url in urls]
    node = [shutil.which("node"), "--experimental-vm-modules", "--no-warnings", "--input-type=module", "-e"]

    parsed = subprocess.run(
        [*node, _PARSE], check=False, input=json.dumps(scripts).encode(), capture_output=True
    )

    assert parsed.returncode == 0, parsed.stderr.decode()
    assert not [url for url, script in zip(urls, scripts, strict=True) if "/**" in script]


def test_a_style_keeps_its_meaning_without_its_remarks():
    source = b"/* one */\n.top :focus-visible {\n  margin: 0 -1px; /* two\n lines */\n}\n"

    assert lean(source, "a.css") == b".top :focus-visible{margin:0 -1px;}"


def test_a_file_that_has_not_changed_is_not_sent_again(anonymous):
    first = anonymous.get("/static/css/base.css", headers=GZIP)

    again = anonymous.get("/static/css/base.css", headers=GZIP | {"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")


def test_who_cannot_unpack_gets_it_plain(anonymous):
    answer = anonymous.get("/static/css/base.css", headers={"Accept-Encoding": "identity"})

    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["/reviews", "/hazards"])
def test_pages_with_peoples_data_are_not_compressed(client_of, lead, path):
    assert "Content-Encoding" not in client_of(lead).get(path, headers=GZIP).headers


def test_the_shell_is_the_same_whichever_language_a_process_spoke_first(make_app):
    shells = []
    for first, second in (("zh", "en"), ("en", "zh")):
        browser = make_app().test_client()
        pages = {code: browser.get(f"/phone/?lang={code}").data for code in (first, second)}
        shells.append((pages["zh"], pages["en"], browser.get("/phone/precache.js").data))

    assert shells[0] == shells[1]


def test_page_worker_and_list_of_one_release_name_the_same_scripts(anonymous):
    listed = [url for url, _hash in _files(anonymous)]
    app, queue = address_in(listed, SCRIPT), address_in(listed, QUEUE)

    page, script, worker = (anonymous.get(url).get_data(as_text=True) for url in ("/phone/", app, WORKER))

    assert {app, queue} <= set(re.findall(r'(?:src|href)="?([^" >]+)', page))
    for text in (script, worker):
        assert set(re.findall(r'/phone/queue\.js[^"]*', text)) == {queue}


@pytest.mark.parametrize("url", [SCRIPT, QUEUE])
def test_the_script_of_another_release_is_not_here(anonymous, url):
    """Page and queue of two releases would start, and send what they do not both know."""
    assert anonymous.get(url).status_code == 200
    assert anonymous.get(f"{url}?00000000").status_code == 404
    assert anonymous.get(f"{url}?%FF").status_code == 404


def test_the_address_of_a_script_is_another_one_when_what_it_imports_is(tmp_path):
    shutil.copytree(STATIC, tmp_path, dirs_exist_ok=True)
    before = set(bundles(tmp_path, readable=True))
    with (tmp_path / "js/offline/drain.js").open("a") as module:
        module.write("export const ANOTHER = 1;\n")

    after = set(bundles(tmp_path, readable=True))

    assert {url.partition("?")[0] for url in after - before} == {SCRIPT, QUEUE}


def test_a_worker_that_imports_in_another_way_is_refused(tmp_path):
    shutil.copytree(STATIC, tmp_path, dirs_exist_ok=True)
    worker = tmp_path / "sw.js"
    worker.write_text(worker.read_text().replace("import { drain }", "import {\n  drain\n}"))

    with pytest.raises(ValueError, match="imports or exports"):
        bundles(tmp_path, readable=True)


def test_page_and_worker_have_the_queue_from_one_script():
    made = bundles(STATIC, readable=True)

    assert {"js/offline/drain.js", "js/offline/enrolment.js", "js/offline/db.js"} <= set(
        modules_of(queue_script(STATIC))
    )
    assert not set(modules_of(queue_script(STATIC))) & set(modules_of(page_script(STATIC)))
    page, queue = made[address_in(made, SCRIPT)], made[address_in(made, QUEUE)]
    assert b"async function drain(" not in page
    assert b"/static/js/" not in made[WORKER]
    wanted = re.findall(rb'import \{ ([^}]*) \} from "/phone/queue.js', made[WORKER])
    exported = re.findall(rb"^export (?:async )?function (\w+)", queue, re.MULTILINE)
    assert wanted
    assert {name for line in wanted for name in line.split(b", ")} <= set(exported)
