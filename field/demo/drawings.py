"""Drawn hazards: nobody's home, yet something to look at. Also what the browser journeys' camera sees."""

import io

from PIL import Image, ImageDraw, ImageFont

SIZE = (900, 1200)
WALL, FLOOR, SKIRTING = "#cfc6b4", "#8d8478", "#6f675c"


def bicycle() -> Image.Image:
    """An electric bicycle that is charged in a stairwell, its cable hanging from above."""
    picture = stairwell()
    pen = ImageDraw.Draw(picture)
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
    return picture


def stove() -> Image.Image:
    """A corridor with boxes and a stove in the way."""
    picture = stairwell()
    pen = ImageDraw.Draw(picture)
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
    return picture


def stairwell() -> Image.Image:
    """The same place with nothing in the way."""
    picture = Image.new("RGB", SIZE, WALL)
    pen = ImageDraw.Draw(picture)
    pen.rectangle([0, 930, 900, 1200], fill=FLOOR)
    pen.rectangle([0, 900, 900, 934], fill=SKIRTING)
    pen.polygon([(0, 0), (260, 0), (0, 340)], fill="#bdb39f")
    for step in range(5):
        pen.line([(0, 340 - 68 * step), (52 * step + 52, 340 - 68 * step)], fill="#a89e8a", width=8)
    return picture


def as_photo(picture: Image.Image) -> bytes:
    """A JPEG that says in the picture what it is."""
    labelled = picture.copy()
    pen = ImageDraw.Draw(labelled)
    pen.rectangle([0, SIZE[1] - 70, SIZE[0], SIZE[1]], fill="#26221f")
    font = ImageFont.load_default(36)
    pen.text((SIZE[0] / 2, SIZE[1] - 35), "DEMO - drawn, not a photo", "#f2f2f2", font=font, anchor="mm")
    out = io.BytesIO()
    labelled.save(out, "JPEG", quality=82)
    return out.getvalue()
