"""A wrong setting stops the start with one line that names it."""

import pytest

from app import create_app
from field.core.config import SettingsError, settings_from


def _refused(tmp_path, **settings):
    with pytest.raises(SettingsError) as refusal:
        settings_from({"FIELD_DATA": str(tmp_path)} | settings)
    text = str(refusal.value)
    assert text.startswith("Settings: ")
    assert "\n" not in text
    return text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIELD_ENV", "staging"),
        ("FIELD_TIMEZONE", "Asia/Baiyin"),
        ("FIELD_LANGUAGES", "zh,fr"),
        ("FIELD_PROXIES", "9"),
        ("FIELD_PHOTO_MAX_BYTES", "lots"),
        ("FIELD_LOCK_WAIT_SECONDS", "0"),
        ("FIELD_DATABASE_URL", "mysql://somewhere/doorstep"),
        ("FIELD_SESSION_IDLE_MINUTES", "1"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(tmp_path, name, value):
    assert name in _refused(tmp_path, **{name: value})


def test_a_setting_that_does_not_exist_is_named(tmp_path):
    told = _refused(tmp_path, FIELD_PHOTOSTORE="/somewhere")

    assert "FIELD_PHOTOSTORE" in told
    assert "docs/operators.md" in told


def test_a_photo_store_that_cannot_be_used_is_named_in_one_line(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(SystemExit) as refusal:
        create_app({"FIELD_DATA": str(tmp_path), "FIELD_PHOTO_STORE": str(tmp_path / "file")})

    assert "FIELD_PHOTO_STORE" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_new_data_folder_is_closed_to_others(tmp_path):
    settings = settings_from({"FIELD_DATA": str(tmp_path / "data")})

    assert settings["data"].stat().st_mode & 0o077 == 0


def test_all_wrong_settings_are_named_at_once(tmp_path):
    text = _refused(tmp_path, FIELD_ENV="staging", FIELD_PROXIES="9")

    assert "FIELD_ENV" in text
    assert "FIELD_PROXIES" in text


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()

    assert "FIELD_DATA" in _refused(tmp_path, FIELD_DATA=str(tmp_path / "file" / "data"))


def test_production_insists_on_tls(tmp_path):
    assert "FIELD_TLS" in _refused(tmp_path, FIELD_ENV="production")


def test_without_an_address_the_database_is_a_file_in_the_data_folder(tmp_path):
    settings = settings_from({"FIELD_DATA": str(tmp_path)})

    assert settings["database_url"] == f"sqlite:///{tmp_path / 'doorstep.sqlite3'}"
    assert settings["photo_store"] == tmp_path / "photos"


def test_an_object_store_needs_a_bucket_and_keys(tmp_path):
    assert "FIELD_PHOTO_STORE" in _refused(tmp_path, FIELD_PHOTO_STORE="s3://")
    assert "FIELD_S3_ACCESS_KEY" in _refused(tmp_path, FIELD_PHOTO_STORE="s3://photos")
    keys = {"FIELD_S3_ACCESS_KEY": "key", "FIELD_S3_SECRET_KEY": "secret"}
    given = {"FIELD_DATA": str(tmp_path), "FIELD_PHOTO_STORE": "s3://photos/baiyin"}
    assert settings_from(given | keys)["photo_store"] == "s3://photos/baiyin"


def test_postgres_addresses_are_read_with_the_driver_that_is_there(tmp_path):
    for given in ("postgres://host/name", "postgresql://host/name", "postgresql+psycopg://host/name"):
        settings = settings_from({"FIELD_DATA": str(tmp_path), "FIELD_DATABASE_URL": given})
        assert settings["database_url"] == "postgresql+psycopg://host/name"


def test_other_variables_of_the_environment_are_left_alone(tmp_path):
    assert (
        settings_from({"FIELD_DATA": str(tmp_path), "HOME": "/root", "FIELDS": "x"})["env"] == "development"
    )


def test_the_application_stops_with_the_same_line(tmp_path):
    with pytest.raises(SystemExit, match="FIELD_ENV"):
        create_app({"FIELD_DATA": str(tmp_path), "FIELD_ENV": "staging"})
