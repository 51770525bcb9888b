# SPDX-License-Identifier: MIT
"""Files people send us: typed by their content, limited in size, images without their hidden place data.

Never served inline from our own origin: `views` send them as attachments under a sandboxing policy.
"""

import hashlib
import io
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from onecouncil.core.calendar import now
from onecouncil.core.models import StoredFile
from onecouncil.core.problems import Invalid, NotFound

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
"""A small file may unpack to a picture that fills the memory; no phone takes a larger one than this."""
KINDS = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/heic": (".heic",),
    "text/plain": (".txt",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
}
_IMAGES = {"image/jpeg": "JPEG", "image/png": "PNG"}


@dataclass(frozen=True)
class FileView:
    id: str
    name: str
    kind: str
    size: int
    created_at: datetime


def keep(name: str, content: bytes, *, about: str, field: str = "file", keep_place: bool = False) -> FileView:
    """Check and store one file.

    Args:
        keep_place: leave the GPS position in a photo, where it is evidence of the place.

    Raises:
        Invalid: empty, too large, or not one of the kinds we take; the message names `field`.
    """
    if not content:
        raise Invalid({field: "The file is empty. Choose another file"})
    if len(content) > MAX_BYTES:
        raise Invalid({field: f"The file must be smaller than {MAX_BYTES // 1024 // 1024} MB"})
    kind = kind_of(content)
    if kind not in KINDS:
        raise Invalid({field: "The file must be a PDF, a photo (JPG, PNG or HEIC), a Word or a text file"})
    if kind in _IMAGES:
        content = _clean_image(content, _IMAGES[kind], keep_place=keep_place, field=field)
    identity = uuid.uuid4()
    stored_as = default_storage.save(f"{identity.hex[:2]}/{identity.hex}", ContentFile(content))
    row = StoredFile.objects.create(
        id=identity,
        name=_safe_name(name, kind),
        kind=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        stored_as=stored_as,
        about=about,
        created_at=now(),
    )
    return _view(row)


def kind_of(content: bytes) -> str:
    """The media type by content, never by name; "" when it is not known."""
    import puremagic

    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        return "image/heic"
    try:
        found = puremagic.from_string(content[:262_144], mime=True)
    except (puremagic.PureError, ValueError):
        found = ""
    if found == "application/zip" or content[:4] == b"PK\x03\x04":
        docx = next(kind for kind in KINDS if "wordprocessing" in kind)
        return docx if b"word/" in content else "application/zip"
    return found or ("text/plain" if _is_text(content) else "")


def file_view(file_id: str) -> FileView:
    """What is known of a stored file.

    Raises:
        NotFound: there is none; asking whether the asker may see it is the caller's work.
    """
    return _view(_row(file_id))


def read(file_id: str) -> bytes:
    with default_storage.open(_row(file_id).stored_as) as file:
        return bytes(file.read())


def attach(file_ids: list[str], about: str) -> None:
    """Say what these files belong to now (a draft's files become its case's)."""
    StoredFile.objects.filter(pk__in=file_ids).update(about=about)


def files_about(about: str) -> list[FileView]:
    return [_view(row) for row in StoredFile.objects.filter(about=about).order_by("created_at")[:100]]


def remove(file_id: str) -> None:
    row = _row(file_id)
    default_storage.delete(row.stored_as)
    row.delete()


def _row(file_id: str) -> StoredFile:
    try:
        return StoredFile.objects.get(pk=uuid.UUID(str(file_id)))
    except (StoredFile.DoesNotExist, ValueError) as error:
        raise NotFound() from error


def _clean_image(content: bytes, form: str, *, keep_place: bool, field: str) -> bytes:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Invalid({field: "The photo has too many pixels. Choose a smaller one"})
            if keep_place:
                image.verify()
                return content
            upright = ImageOps.exif_transpose(image)
            out = io.BytesIO()
            upright.save(out, form)
            return out.getvalue()
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError, ValueError) as error:
        raise Invalid({field: "We could not read that photo. Choose another file"}) from error


def _safe_name(name: str, kind: str) -> str:
    tidy = "".join(char for char in name if char.isalnum() or char in " ._-").strip(" .")[-120:] or "file"
    endings = KINDS[kind]
    return tidy if tidy.lower().endswith(endings) else tidy + endings[0]


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return not content.lstrip().startswith((b"<", b"%!", b"#!"))


def _view(row: StoredFile) -> FileView:
    return FileView(str(row.pk), row.name, row.kind, row.size, row.created_at)
