"""Photos are decoded and written anew as JPEG: places, telephones and tails stay behind."""

from io import BytesIO

import pi_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from fundmgr.examiner.refusals import Refused

MOST_PIXELS = 64_000_000
# A page of small print is still read at this size, and a reader on a slow line gets it soon.
MOST_SIDE = 2600
LEAST_SIDE = 16
QUALITY = 84
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")


def cleaned(content: bytes) -> tuple[dict[str, object], bytes]:
    """Return what the copy is, and the copy. Errors: Refused."""
    pi_heif.register_heif_opener(thumbnails=False)
    # We look at the size ourselves, before anything is decoded.
    Image.MAX_IMAGE_PIXELS = None
    try:
        image = Image.open(BytesIO(content), formats=FORMATS)
        _require_size(image.size)
        picture = _drawn(image)
    except Refused:
        raise
    except MemoryError:
        raise Refused("too_many_pixels") from None
    except UnidentifiedImageError:
        raise Refused("damaged_file") from None
    except Exception:  # decoders raise whatever they meet: SyntaxError, struct.error, ...
        raise Refused("damaged_file") from None
    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    facts: dict[str, object] = {"media_type": "image/jpeg", "width": picture.width, "height": picture.height}
    return facts, out.getvalue()


def _require_size(size: tuple[int, int]) -> None:
    if min(size) < LEAST_SIDE:
        raise Refused("too_small")
    if size[0] * size[1] > MOST_PIXELS:
        raise Refused("too_many_pixels")


def _drawn(image: Image.Image) -> Image.Image:
    """The picture upright, small enough, on white, and nothing else."""
    if image.format == "JPEG":
        # The decoder itself makes it smaller, so a large photo costs little memory.
        image.draft("RGB", (MOST_SIDE, MOST_SIDE))
    image.load()
    shrink = max(1, max(image.size) // (2 * MOST_SIDE))
    small = image.reduce(shrink) if shrink > 1 and image.mode in {"L", "RGB", "RGBA", "CMYK"} else image
    upright = ImageOps.exif_transpose(_with_notes(small, image)) or small
    upright.thumbnail((MOST_SIDE, MOST_SIDE))
    if upright.mode in {"P", "PA", "LA", "RGBA"} or "transparency" in upright.info:
        solid = upright.convert("RGBA")
        picture = Image.new("RGB", solid.size, "white")
        picture.paste(solid, mask=solid.getchannel("A"))
        return picture
    picture = Image.new("RGB", upright.size)
    picture.paste(upright.convert("RGB"))
    return picture


def _with_notes(small: Image.Image, image: Image.Image) -> Image.Image:
    """How the telephone was held stands in the notes of the whole picture."""
    if small is not image:
        small.info.update({key: value for key, value in image.info.items() if key == "exif"})
    return small
