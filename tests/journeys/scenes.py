"""Drawn hazards for pictures of the program, and what a camera sees: nobody's home, yet not a test pattern."""

import io
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFilter

from field.demo import drawings
from field.demo.drawings import FLOOR, SIZE, WALL
from tests.photos import pictures

# By so much the camera is held lower, for the hazard to be in the middle.
_HIGHER = 170


def a_bicycle() -> bytes:
    """An electric bicycle that is charged in a stairwell, its cable hanging from above."""
    return _as_camera_file(drawings.bicycle())


def a_stove(nearness: float = 1) -> bytes:
    """A corridor with boxes and a stove in the way; below 1 from a step further away."""
    wide, high = (round(side * nearness) for side in SIZE)
    seen = Image.new("RGB", SIZE, WALL)
    seen.paste(drawings.stove().resize((wide, high)), ((SIZE[0] - wide) // 2, SIZE[1] - high))
    return _as_camera_file(seen)


def a_plate(text: str) -> bytes:
    """A door plate with a code that says this, on a wall, a little askew."""
    code = io.BytesIO()
    segno.make(text, error="m", micro=False).save(code, kind="png", scale=8, border=4)
    square = Image.open(code).convert("RGB").resize((260, 260))
    picture = Image.new("RGB", (640, 480), WALL)
    plate = Image.new("RGB", (420, 300), "#1b4a6b")
    plate.paste(square, (20, 20))
    pen = ImageDraw.Draw(plate)
    pen.rectangle([4, 4, 415, 295], outline="#f2f2f2", width=6)
    for top, wide in ((70, 90), (120, 60), (170, 80)):
        pen.line([(300, top), (300 + wide, top)], fill="#f2f2f2", width=16)
    askew = plate.rotate(4, expand=True, fillcolor=WALL, resample=Image.Resampling.BICUBIC)
    picture.paste(askew, (100, 80))
    return pictures.saved(picture.filter(ImageFilter.GaussianBlur(0.7)), "JPEG", quality=85)


def a_lane() -> bytes:
    """A door with its plate, whose code nobody can read: a corner of it is pasted over."""
    picture = drawings.stairwell()
    pen = ImageDraw.Draw(picture)
    pen.rectangle([60, 300, 330, 1080], fill="#7a4a33", outline="#4d2d1d", width=10)
    pen.rectangle([100, 350, 290, 620], outline="#4d2d1d", width=8)
    pen.ellipse([276, 720, 312, 756], fill="#c99a4b")
    plate = Image.open(io.BytesIO(a_plate("DEMO-620402001005-01-01"))).crop((104, 84, 540, 404))
    ImageDraw.Draw(plate).rounded_rectangle([36, 50, 118, 132], 10, fill="#b9b2a2")
    picture.paste(plate, (390, 560))
    return _as_camera_file(picture)


def film(path: Path, *pictures: bytes) -> Path:
    """Write JPEGs as a film that Chromium's camera shows over and over."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(b"".join(pictures) * 2)
    return fresh.replace(path)


def _as_camera_file(picture: Image.Image) -> bytes:
    framed = Image.new("RGB", SIZE, FLOOR)
    framed.paste(picture, (0, -_HIGHER))
    grain = Image.effect_noise(SIZE, 22).convert("RGB")
    soft = Image.blend(framed.filter(ImageFilter.GaussianBlur(1.2)), grain, 0.08)
    return pictures.saved(soft, "JPEG", quality=85, exif=pictures.exif())
