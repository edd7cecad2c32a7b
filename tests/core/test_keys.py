"""The keys of an installation: made once, readable by nobody else, never weak in production."""

import base64
import json
import secrets
import stat

import pytest

from field.core.config import SettingsError, settings_from
from field.core.keys import NAMES, load_keys
from tests.waiting import Side


def _strong():
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _settings(folder, **given):
    return settings_from({"FIELD_DATA": str(folder)} | given)


def _production(folder, **given):
    keys = {f"FIELD_{name.upper()}": _strong() for name in NAMES}
    return _settings(folder, **({"FIELD_ENV": "production", "FIELD_TLS": "true"} | keys | given))


def test_the_first_start_makes_a_file_that_only_its_owner_reads(tmp_path):
    load_keys(_settings(tmp_path))

    mode = stat.S_IMODE((tmp_path / "keys.json").stat().st_mode)
    assert mode == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_later_starts_use_the_same_keys(tmp_path):
    assert load_keys(_settings(tmp_path)) == load_keys(_settings(tmp_path))


def test_two_first_starts_at_once_agree_on_the_keys(tmp_path):
    starts = [Side(lambda: load_keys(_settings(tmp_path))) for _ in range(8)]

    assert len({start.result() for start in starts}) == 1


def test_four_keys_are_made_and_they_differ(tmp_path):
    load_keys(_settings(tmp_path))

    kept = json.loads((tmp_path / "keys.json").read_text())
    assert set(kept) == set(NAMES)
    assert len(set(kept.values())) == 4


def test_a_file_of_an_older_release_gets_the_key_that_it_lacks_and_keeps_the_others(tmp_path):
    load_keys(_settings(tmp_path))
    path = tmp_path / "keys.json"
    older = {name: key for name, key in json.loads(path.read_text()).items() if name != "rescue_key"}
    path.write_text(json.dumps(older))

    starts = [Side(lambda: load_keys(_settings(tmp_path))) for _ in range(6)]

    assert len({start.result() for start in starts}) == 1
    kept = json.loads(path.read_text())
    assert older.items() < kept.items()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_a_file_that_others_can_read_is_refused(tmp_path):
    load_keys(_settings(tmp_path))
    (tmp_path / "keys.json").chmod(0o640)

    with pytest.raises(SettingsError, match="600"):
        load_keys(_settings(tmp_path))


def test_keys_from_settings_need_no_file(tmp_path):
    load_keys(_production(tmp_path))

    assert not (tmp_path / "keys.json").exists()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "weak",
    [base64.b64encode(bytes(32)).decode(), f"example/{_strong()[8:]}", _strong()[:28]],
    ids=["all zeros", "from the documentation", "short"],
)
def test_production_refuses_a_weak_or_example_key(tmp_path, name, weak):
    with pytest.raises(SettingsError, match=f"FIELD_{name.upper()}: too weak"):
        load_keys(_production(tmp_path, **{f"FIELD_{name.upper()}": weak}))


def test_production_refuses_one_key_for_two_uses(tmp_path):
    key = _strong()

    with pytest.raises(SettingsError, match="must differ"):
        load_keys(_production(tmp_path, FIELD_DATA_KEY=key, FIELD_INDEX_KEY=key))


@pytest.mark.parametrize("text", ["not base64!", base64.b64encode(b"short").decode()])
def test_a_data_key_of_another_length_is_refused_everywhere(tmp_path, text):
    with pytest.raises(SettingsError, match="FIELD_DATA_KEY: needs 32 bytes"):
        load_keys(_settings(tmp_path, FIELD_DATA_KEY=text))
