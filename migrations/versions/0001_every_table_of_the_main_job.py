"""Every table of the main job"""

import uuid

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CODE = sa.String(length=32).with_variant(sa.String(length=32, collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "areas",
        sa.Column("code", CODE, nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("level", CODE, nullable=False),
        sa.Column("parent_code", CODE, nullable=True),
        sa.ForeignKeyConstraint(["parent_code"], ["areas.code"], name=op.f("fk_areas_parent_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_areas")),
    )
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_areas_district_parent_code"), ["district", "parent_code"], unique=False
        )

    op.create_table(
        "audit_entries",
        sa.Column("district", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", CODE, nullable=False),
        sa.Column("subject_kind", CODE, nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("details", JSON, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("district", "number", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_entries_district_subject_id"), ["district", "subject_id"], unique=False
        )

    op.create_table(
        "campaigns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
    )
    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaigns_district"), ["district"], unique=False)

    op.create_table(
        "checklists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("change_no", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklists")),
        sa.UniqueConstraint("district", "code", "version", name=op.f("uq_checklists_district_code_version")),
    )
    op.create_table(
        "code_entries",
        sa.Column("district", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("list", CODE, nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("zh", sa.String(length=60), nullable=False),
        sa.Column("en", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("district", "list", "code", name=op.f("pk_code_entries")),
    )
    op.create_table(
        "devices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("credential_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("build", sa.String(length=40), nullable=True),
        sa.Column("enrolled_at", INSTANT, nullable=False),
        sa.Column("contact_at", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("highest_seq", sa.BigInteger(), nullable=False),
        sa.Column("state", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("credential_hash", name=op.f("uq_devices_credential_hash")),
    )
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_devices_district"), ["district"], unique=False)

    op.create_table(
        "district_heads",
        sa.Column("district", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.Column("audit_no", sa.BigInteger(), nullable=False),
        sa.Column("audit_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_district_heads")),
    )
    op.create_table(
        "inbox_conflicts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_conflicts")),
        sa.UniqueConstraint("event_id", "digest", name=op.f("uq_inbox_conflicts_event_id_digest")),
    )
    with op.batch_alter_table("inbox_conflicts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inbox_conflicts_district_received_at"), ["district", "received_at"], unique=False
        )

    op.create_table(
        "inbox_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("type", CODE, nullable=True),
        sa.Column("schema", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("claimed_digest", sa.String(length=80), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=True),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("result", CODE, nullable=False),
        sa.Column("problems", JSON, nullable=False),
        sa.Column("waits_for", sa.Uuid(), nullable=True),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_events")),
    )
    with op.batch_alter_table("inbox_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inbox_events_district_device_id_seq"),
            ["district", "device_id", "seq"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_inbox_events_district_result_received_at"),
            ["district", "result", "received_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_inbox_events_district_waits_for"), ["district", "waits_for"], unique=False
        )

    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Uuid(), nullable=False),
        sa.Column("durable_through", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "persons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("document_type", CODE, nullable=True),
        sa.Column("document_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("document_number_masked", sa.String(length=32), nullable=True),
        sa.Column("document_number_index", sa.LargeBinary(length=16), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_masked", sa.String(length=32), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(length=16), nullable=True),
        sa.Column("home_county", CODE, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
    )
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_persons_district_document_number_index"),
            ["district", "document_number_index"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_persons_district_phone_index"), ["district", "phone_index"], unique=False
        )

    op.create_table(
        "photos",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("declared_type", CODE, nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("reason", CODE, nullable=True),
        sa.Column("media_type", CODE, nullable=True),
        sa.Column("stored_digest", sa.String(length=80), nullable=True),
        sa.Column("stored_length", sa.BigInteger(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("orientation", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("touched_at", INSTANT, nullable=False),
        sa.Column("stored_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
        sa.UniqueConstraint("photo_id", "kind", "digest", name=op.f("uq_photos_photo_id_kind_digest")),
    )
    with op.batch_alter_table("photos", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_photos_district_state_touched_at"),
            ["district", "state", "touched_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_photos_district_visit_id"), ["district", "visit_id"], unique=False
        )

    op.create_table(
        "privacy_notices",
        sa.Column("district", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("zh", JSON, nullable=False),
        sa.Column("en", JSON, nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("district", "version", name=op.f("pk_privacy_notices")),
    )
    op.create_table(
        "throttles",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttles")),
    )
    with op.batch_alter_table("throttles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_throttles_since"), ["since"], unique=False)

    op.create_table(
        "tombstones",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("grid_code", CODE, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstones")),
    )
    with op.batch_alter_table("tombstones", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_tombstones_district_grid_code_change_no"),
            ["district", "grid_code", "change_no"],
            unique=False,
        )

    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("department", CODE, nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("disabled_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_users_district"), ["district"], unique=False)

    op.create_table(
        "buildings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("grid_code", CODE, nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("storeys", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", CODE, nullable=True),
        sa.Column("land_tenure", CODE, nullable=False),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["grid_code"], ["areas.code"], name=op.f("fk_buildings_grid_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buildings")),
    )
    with op.batch_alter_table("buildings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_buildings_district_grid_code_change_no"),
            ["district", "grid_code", "change_no"],
            unique=False,
        )

    op.create_table(
        "checklist_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("checklist_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("group", CODE, nullable=False),
        sa.Column("name_zh", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("violation_zh", sa.String(length=120), nullable=False),
        sa.Column("violation_en", sa.String(length=160), nullable=False),
        sa.Column("applies_to", JSON, nullable=False),
        sa.Column("severity", CODE, nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.Column("stop_use", sa.Boolean(), nullable=False),
        sa.Column("departments", JSON, nullable=False),
        sa.Column("basis", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["checklist_id"], ["checklists.id"], name=op.f("fk_checklist_items_checklist_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_items")),
    )
    with op.batch_alter_table("checklist_items", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_checklist_items_checklist_id_position"), ["checklist_id", "position"], unique=False
        )

    op.create_table(
        "device_users",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("enrolled_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_device_users_device_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_device_users_user_id")),
        sa.PrimaryKeyConstraint("device_id", "user_id", name=op.f("pk_device_users")),
    )
    with op.batch_alter_table("device_users", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_users_user_id"), ["user_id"], unique=False)

    op.create_table(
        "phases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("name_zh", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_phases_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phases")),
    )
    with op.batch_alter_table("phases", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_phases_district_campaign_id"), ["district", "campaign_id"], unique=False
        )

    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_ins_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_user_id"), ["user_id"], unique=False)

    op.create_table(
        "user_areas",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", CODE, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_areas_user_id")),
        sa.PrimaryKeyConstraint("user_id", "area_code", name=op.f("pk_user_areas")),
    )
    op.create_table(
        "dwellings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("grid_code", CODE, nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=True),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("door", sa.String(length=12), nullable=False),
        sa.Column("use", CODE, nullable=True),
        sa.Column("rooms", sa.Integer(), nullable=True),
        sa.Column("rooms_let", sa.Integer(), nullable=True),
        sa.Column("floor_area_m2", sa.Double(), nullable=True),
        sa.Column("heating", CODE, nullable=True),
        sa.Column("lease_filed", sa.Boolean(), nullable=True),
        sa.Column("letter_signed", sa.Boolean(), nullable=True),
        sa.Column("lessor_name", sa.String(length=50), nullable=True),
        sa.Column("lessor_phone_masked", sa.String(length=32), nullable=True),
        sa.Column("lessor_phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("children", sa.Integer(), nullable=True),
        sa.Column("address_anomaly", CODE, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("visit_outcome", CODE, nullable=True),
        sa.Column("visit_at", INSTANT, nullable=True),
        sa.Column("visit_by", sa.Uuid(), nullable=True),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["building_id"], ["buildings.id"], name=op.f("fk_dwellings_building_id")),
        sa.ForeignKeyConstraint(["grid_code"], ["areas.code"], name=op.f("fk_dwellings_grid_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dwellings")),
    )
    with op.batch_alter_table("dwellings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dwellings_district_building_id"), ["district", "building_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_dwellings_district_grid_code_change_no"),
            ["district", "grid_code", "change_no"],
            unique=False,
        )

    op.create_table(
        "rounds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phase_id", sa.Uuid(), nullable=False),
        sa.Column("grid_code", CODE, nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["grid_code"], ["areas.code"], name=op.f("fk_rounds_grid_code")),
        sa.ForeignKeyConstraint(["phase_id"], ["phases.id"], name=op.f("fk_rounds_phase_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["users.id"], name=op.f("fk_rounds_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rounds_district_grid_code_change_no"),
            ["district", "grid_code", "change_no"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_rounds_district_worker_id"), ["district", "worker_id"], unique=False
        )

    op.create_table(
        "occupancies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("grid_code", CODE, nullable=False),
        sa.Column("dwelling_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason", CODE, nullable=True),
        sa.Column("intended_stay", CODE, nullable=True),
        sa.Column("moved_in_on", sa.Date(), nullable=True),
        sa.Column("moved_out_on", sa.Date(), nullable=True),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["dwelling_id"], ["dwellings.id"], name=op.f("fk_occupancies_dwelling_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_occupancies_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occupancies")),
    )
    with op.batch_alter_table("occupancies", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_occupancies_district_dwelling_id"), ["district", "dwelling_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_occupancies_district_grid_code_change_no"),
            ["district", "grid_code", "change_no"],
            unique=False,
        )

    op.create_table(
        "visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("grid_code", CODE, nullable=False),
        sa.Column("dwelling_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("hazards", sa.Integer(), nullable=False),
        sa.Column("photos", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_visits_author_id")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_visits_device_id")),
        sa.ForeignKeyConstraint(["dwelling_id"], ["dwellings.id"], name=op.f("fk_visits_dwelling_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_visits_district_author_id_change_no"),
            ["district", "author_id", "change_no"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_visits_district_dwelling_id_received_at"),
            ["district", "dwelling_id", "received_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_visits_district_grid_code_change_no"),
            ["district", "grid_code", "change_no"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_visits_district_state_received_at_id"),
            ["district", "state", "received_at", "id"],
            unique=False,
        )

    op.create_table(
        "findings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("grid_code", CODE, nullable=False),
        sa.Column("dwelling_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("checklist_code", CODE, nullable=False),
        sa.Column("checklist_version", sa.Integer(), nullable=False),
        sa.Column("item_code", CODE, nullable=False),
        sa.Column("name_zh", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("severity", CODE, nullable=False),
        sa.Column("stop_use", sa.Boolean(), nullable=False),
        sa.Column("departments", JSON, nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("spot", sa.String(length=120), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("photo_ids", JSON, nullable=False),
        sa.Column("found_at", INSTANT, nullable=False),
        sa.Column("found_by", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["dwelling_id"], ["dwellings.id"], name=op.f("fk_findings_dwelling_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_findings_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_findings_district_dwelling_id"), ["district", "dwelling_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_findings_district_grid_code_change_no"),
            ["district", "grid_code", "change_no"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_findings_district_settled_due_on_id"),
            ["district", "settled", "due_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_findings_district_visit_id"), ["district", "visit_id"], unique=False
        )

    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("decision", CODE, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["reviewer_id"], ["users.id"], name=op.f("fk_reviews_reviewer_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_reviews_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("visit_id", "revision", name=op.f("uq_reviews_visit_id_revision")),
    )
    op.create_table(
        "service_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("grid_code", CODE, nullable=False),
        sa.Column("dwelling_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwellings.id"], name=op.f("fk_service_requests_dwelling_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_service_requests_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_requests")),
    )
    with op.batch_alter_table("service_requests", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_service_requests_district_grid_code_kind"),
            ["district", "grid_code", "kind"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_service_requests_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "visit_revisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", CODE, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("clock_skew_s", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("before_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_revisions_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_revisions")),
        sa.UniqueConstraint("visit_id", "number", name=op.f("uq_visit_revisions_visit_id_number")),
    )
    op.create_table(
        "finding_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_finding_steps_finding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_steps")),
    )
    with op.batch_alter_table("finding_steps", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_finding_steps_district_finding_id_at"),
            ["district", "finding_id", "at"],
            unique=False,
        )

    op.bulk_insert(
        sa.table("installation", sa.column("id", sa.Integer), sa.column("epoch", sa.Uuid)),
        [{"id": 1, "epoch": uuid.uuid4()}],
    )


def downgrade() -> None:
    with op.batch_alter_table("finding_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_steps_district_finding_id_at"))

    op.drop_table("finding_steps")
    op.drop_table("visit_revisions")
    with op.batch_alter_table("service_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_requests_visit_id"))
        batch_op.drop_index(batch_op.f("ix_service_requests_district_grid_code_kind"))

    op.drop_table("service_requests")
    op.drop_table("reviews")
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_findings_district_visit_id"))
        batch_op.drop_index(batch_op.f("ix_findings_district_settled_due_on_id"))
        batch_op.drop_index(batch_op.f("ix_findings_district_grid_code_change_no"))
        batch_op.drop_index(batch_op.f("ix_findings_district_dwelling_id"))

    op.drop_table("findings")
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visits_district_state_received_at_id"))
        batch_op.drop_index(batch_op.f("ix_visits_district_grid_code_change_no"))
        batch_op.drop_index(batch_op.f("ix_visits_district_dwelling_id_received_at"))
        batch_op.drop_index(batch_op.f("ix_visits_district_author_id_change_no"))

    op.drop_table("visits")
    with op.batch_alter_table("occupancies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_occupancies_district_grid_code_change_no"))
        batch_op.drop_index(batch_op.f("ix_occupancies_district_dwelling_id"))

    op.drop_table("occupancies")
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rounds_district_worker_id"))
        batch_op.drop_index(batch_op.f("ix_rounds_district_grid_code_change_no"))

    op.drop_table("rounds")
    with op.batch_alter_table("dwellings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dwellings_district_grid_code_change_no"))
        batch_op.drop_index(batch_op.f("ix_dwellings_district_building_id"))

    op.drop_table("dwellings")
    op.drop_table("user_areas")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_user_id"))

    op.drop_table("sign_ins")
    with op.batch_alter_table("phases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_phases_district_campaign_id"))

    op.drop_table("phases")
    with op.batch_alter_table("device_users", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_device_users_user_id"))

    op.drop_table("device_users")
    with op.batch_alter_table("checklist_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checklist_items_checklist_id_position"))

    op.drop_table("checklist_items")
    with op.batch_alter_table("buildings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_buildings_district_grid_code_change_no"))

    op.drop_table("buildings")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_users_district"))

    op.drop_table("users")
    with op.batch_alter_table("tombstones", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tombstones_district_grid_code_change_no"))

    op.drop_table("tombstones")
    with op.batch_alter_table("throttles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_throttles_since"))

    op.drop_table("throttles")
    op.drop_table("privacy_notices")
    with op.batch_alter_table("photos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_photos_district_visit_id"))
        batch_op.drop_index(batch_op.f("ix_photos_district_state_touched_at"))

    op.drop_table("photos")
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_persons_district_phone_index"))
        batch_op.drop_index(batch_op.f("ix_persons_district_document_number_index"))

    op.drop_table("persons")
    op.drop_table("installation")
    with op.batch_alter_table("inbox_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbox_events_district_waits_for"))
        batch_op.drop_index(batch_op.f("ix_inbox_events_district_result_received_at"))
        batch_op.drop_index(batch_op.f("ix_inbox_events_district_device_id_seq"))

    op.drop_table("inbox_events")
    with op.batch_alter_table("inbox_conflicts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbox_conflicts_district_received_at"))

    op.drop_table("inbox_conflicts")
    op.drop_table("district_heads")
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_devices_district"))

    op.drop_table("devices")
    op.drop_table("code_entries")
    op.drop_table("checklists")
    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaigns_district"))

    op.drop_table("campaigns")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_district_subject_id"))

    op.drop_table("audit_entries")
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_areas_district_parent_code"))

    op.drop_table("areas")
