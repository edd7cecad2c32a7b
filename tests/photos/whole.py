"""A whole picture of each kind that is taken."""

import pillow_heif

from tests.photos.pictures import exif, noise, saved

pillow_heif.register_heif_opener()

WHOLE = {
    "JPEG": saved(noise(), "JPEG", exif=exif()),
    "progressive": saved(noise(), "JPEG", progressive=True),
    "MPO": saved(noise(), "MPO", save_all=True, append_images=[noise(80, 60)]),
    "PNG": saved(noise(80, 60), "PNG"),
    "WEBP": saved(noise(), "WEBP"),
    "lossless": saved(noise(80, 60), "WEBP", lossless=True),
    "HEIF": saved(noise(), "HEIF"),
}
