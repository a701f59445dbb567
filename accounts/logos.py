"""An organization's logo: made small and plain from whatever was uploaded, so that every page and mail can show it."""

import struct
import warnings
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, ImageStat, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
LARGEST_UPLOAD = 2_000_000  # bytes
MOST_PIXELS = 12_000_000  # of the upload; a small file can hold a huge picture
BOX = (480, 160)  # pixels; shown at half the size, for sharp screens
LARGEST = 40_000  # bytes of what is kept, before its colours are reduced; every mail carries it
MARGIN = 12  # pixels around a logo that came without a ground
PAPER, INK = "#ffffff", "#201f1c"
LIGHT = 186  # of 255: a logo that is lighter on the whole is seen on INK, and hardly on PAPER


def made_from(upload: File[bytes]) -> bytes:
    """A PNG that fits into BOX, with nothing but its pixels; ValidationError says in words what is wrong."""
    if (upload.size or 0) > LARGEST_UPLOAD:
        raise ValidationError(_("The file is larger than two megabytes. Save the logo smaller, about 480 pixels wide."))
    data = upload.read(LARGEST_UPLOAD + 1)
    if b"<svg" in data[:2000].lower():
        raise ValidationError(_("Mail programs show no SVG. Save the logo as PNG, about 480 pixels wide."))
    return _encoded(_on_ground(_opened(data)))


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height at which a PNG of ours is shown."""
    width, height = struct.unpack(">II", png[16:24])
    share = 2 if width > BOX[0] // 2 or height > BOX[1] // 2 else 1
    return max(1, width // share), max(1, height // share)


def _opened(data: bytes) -> Image.Image:
    """The picture, upright and small."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            picture = Image.open(BytesIO(data), formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise ValidationError(_("The picture has too many pixels. Save it about 480 pixels wide.")) from None
        except UnidentifiedImageError:
            raise ValidationError(_("This is no picture that we can read. Save the logo as PNG or JPEG.")) from None
        except (OSError, ValueError, SyntaxError, EOFError, struct.error):
            raise ValidationError(_("The picture is damaged. Save it again, as PNG or JPEG.")) from None
    upright.thumbnail(BOX)
    return upright


def _on_ground(picture: Image.Image) -> Image.Image:
    """Without see-through parts: on white, or on black when the logo itself is light. It is seen on any page then."""
    alpha = picture.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return picture.convert("RGB")
    lightness = ImageStat.Stat(picture.convert("L"), mask=alpha.point(lambda value: 255 * (value > 127))).mean
    behind = INK if lightness and lightness[0] > LIGHT else PAPER
    ground = Image.new("RGB", picture.size, behind)
    ground.paste(picture, mask=alpha)
    grown = ImageOps.expand(ground, MARGIN, fill=behind)
    grown.thumbnail(BOX)
    return grown


def _encoded(picture: Image.Image) -> bytes:
    whole = _png(picture)
    return whole if len(whole) <= LARGEST else _png(picture.quantize(256))


def _png(picture: Image.Image) -> bytes:
    kept = BytesIO()
    picture.save(kept, "PNG", optimize=True)
    return kept.getvalue()
