"""Drawn hazards for pictures of the program, and what a camera sees: nobody's home, yet not a test pattern."""

import io
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFilter

from tests.photos import pictures

_SIZE = (900, 1200)
# By so much the camera is held lower, for the hazard to be in the middle.
_HIGHER = 170
_WALL, _FLOOR, _SKIRTING = "#cfc6b4", "#8d8478", "#6f675c"


def a_bicycle() -> bytes:
    """An electric bicycle that is charged in a stairwell, its cable hanging from above."""
    picture, pen = _stairwell()
    pen.line([(640, 0), (655, 300), (600, 560), (610, 760)], fill="#1d1d1d", width=9, joint="curve")
    for centre in (300, 640):
        pen.ellipse([centre - 130, 770, centre + 130, 1030], outline="#202020", width=26)
        pen.ellipse([centre - 22, 878, centre + 22, 922], fill="#3c3c3c")
    pen.line([(300, 900), (410, 700), (600, 700), (640, 900)], fill="#1f6f8b", width=34, joint="curve")
    pen.polygon([(400, 720), (600, 720), (640, 880), (440, 880)], fill="#2789aa")
    pen.line([(600, 700), (580, 590), (650, 570)], fill="#303030", width=20, joint="curve")
    pen.rounded_rectangle([340, 650, 470, 695], 20, fill="#26221f")
    pen.rounded_rectangle([560, 740, 640, 850], 12, fill="#161616")
    pen.ellipse([612, 756, 628, 772], fill="#e23b2e")
    return _as_camera_file(picture)


def a_stove(nearness: float = 1) -> bytes:
    """A corridor with boxes and a stove in the way; below 1 from a step further away."""
    picture, pen = _stairwell()
    for left, top, side, colour in (
        (90, 720, 300, "#b98b56"),
        (140, 480, 240, "#c79a63"),
        (380, 800, 220, "#a97a46"),
    ):
        pen.rectangle([left, top, left + side, top + side], fill=colour, outline="#7d5a33", width=6)
        pen.line([(left + side // 2, top), (left + side // 2, top + side)], fill="#d9b98a", width=18)
    pen.rectangle([650, 700, 850, 1040], fill="#4a4d50", outline="#2c2e30", width=8)
    pen.rectangle([690, 860, 810, 970], fill="#d5622a", outline="#26221f", width=8)
    pen.rectangle([730, 120, 775, 700], fill="#63676b")
    pen.line([(752, 140), (900, 90)], fill="#63676b", width=45)
    wide, high = (round(side * nearness) for side in _SIZE)
    seen = Image.new("RGB", _SIZE, _WALL)
    seen.paste(picture.resize((wide, high)), ((_SIZE[0] - wide) // 2, _SIZE[1] - high))
    return _as_camera_file(seen)


def a_plate(text: str) -> bytes:
    """A door plate with a code that says this, on a wall, a little askew."""
    code = io.BytesIO()
    segno.make(text, error="m", micro=False).save(code, kind="png", scale=8, border=4)
    square = Image.open(code).convert("RGB").resize((260, 260))
    picture = Image.new("RGB", (640, 480), _WALL)
    plate = Image.new("RGB", (420, 300), "#1b4a6b")
    plate.paste(square, (20, 20))
    pen = ImageDraw.Draw(plate)
    pen.rectangle([4, 4, 415, 295], outline="#f2f2f2", width=6)
    for top, wide in ((70, 90), (120, 60), (170, 80)):
        pen.line([(300, top), (300 + wide, top)], fill="#f2f2f2", width=16)
    askew = plate.rotate(4, expand=True, fillcolor=_WALL, resample=Image.Resampling.BICUBIC)
    picture.paste(askew, (100, 80))
    return pictures.saved(picture.filter(ImageFilter.GaussianBlur(0.7)), "JPEG", quality=85)


def a_lane() -> bytes:
    """A door with its plate, whose code nobody can read: a corner of it is pasted over."""
    picture, pen = _stairwell()
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


def _stairwell() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", _SIZE, _WALL)
    pen = ImageDraw.Draw(picture)
    pen.rectangle([0, 930, 900, 1200], fill=_FLOOR)
    pen.rectangle([0, 900, 900, 934], fill=_SKIRTING)
    pen.polygon([(0, 0), (260, 0), (0, 340)], fill="#bdb39f")
    for step in range(5):
        pen.line([(0, 340 - 68 * step), (52 * step + 52, 340 - 68 * step)], fill="#a89e8a", width=8)
    return picture, pen


def _as_camera_file(picture: Image.Image) -> bytes:
    framed = Image.new("RGB", _SIZE, _FLOOR)
    framed.paste(picture, (0, -_HIGHER))
    grain = Image.effect_noise(_SIZE, 22).convert("RGB")
    soft = Image.blend(framed.filter(ImageFilter.GaussianBlur(1.2)), grain, 0.08)
    return pictures.saved(soft, "JPEG", quality=85, exif=pictures.exif())
