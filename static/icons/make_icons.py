"""Draw the app icons: a door ajar, warm light behind it. Run after a change, commit the pictures."""

from pathlib import Path

from PIL import Image, ImageDraw

HERE = Path(__file__).parent
GRID = 1024
PAPER, GREEN, DEEP, LIGHT, BRASS = "#f5f0e6", "#1b5247", "#133c34", "#f3c66b", "#e9bd6a"
FRAME = [(292, 852), (292, 172), (732, 172), (732, 852)]
OPENING = [(342, 852), (342, 222), (682, 222), (682, 852)]
LEAF = [(342, 852), (342, 222), (560, 290), (560, 912)]
FLOOR_LIGHT = [(560, 852), (682, 852), (800, 940), (600, 940)]
HANDLE = (512, 556, 540, 626)


def draw(rounded: bool, scale: float) -> Image.Image:
    """The icon at 1,024 px; `scale` shrinks the door inside its ground (maskable icons keep a margin)."""
    image = Image.new("RGBA", (GRID, GRID), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, GRID, GRID), radius=224 if rounded else 0, fill=GREEN)

    def fit(points: list[tuple[int, int]]) -> list[tuple[float, float]]:
        return [(512 + (x - 512) * scale, 540 + (y - 540) * scale) for x, y in points]

    pen.polygon(fit(FRAME), fill=PAPER)
    pen.polygon(fit(OPENING), fill=LIGHT)
    pen.polygon(fit(FLOOR_LIGHT), fill="#6d8a5b")
    pen.polygon(fit(LEAF), fill=DEEP)
    (left, top), (right, bottom) = fit([HANDLE[:2], HANDLE[2:]])
    pen.rounded_rectangle((left, top, right, bottom), radius=14 * scale, fill=BRASS)
    return image


def save(name: str, size: int, *, rounded: bool, scale: float) -> None:
    """Write one PNG, reduced from the large drawing so that edges are smooth."""
    picture = draw(rounded, scale).resize((size, size), Image.Resampling.LANCZOS)
    picture.save(HERE / name, optimize=True)


if __name__ == "__main__":
    save("icon-192.png", 192, rounded=True, scale=1.0)
    save("icon-512.png", 512, rounded=True, scale=1.0)
    save("maskable-512.png", 512, rounded=False, scale=0.8)
    save("apple-touch-180.png", 180, rounded=False, scale=0.9)
