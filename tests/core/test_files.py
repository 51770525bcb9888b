# SPDX-License-Identifier: MIT
"""Uploads are typed by what they are, not by what they are called, and photos lose their hidden place."""

import io

import pytest
from PIL import Image

from onecouncil.core import files
from onecouncil.core.problems import Invalid

pytestmark = pytest.mark.django_db


def photo(gps: bool) -> bytes:
    image = Image.new("RGB", (40, 30), "teal")
    exif = Image.Exif()
    if gps:
        exif.get_ifd(0x8825)[1] = "N"
        exif[0x010E] = "Taken at home"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_photo_is_kept_without_its_place() -> None:
    kept = files.keep("hole.jpg", photo(gps=True), about="LM-1")
    with Image.open(io.BytesIO(files.read(kept.id))) as image:
        assert not dict(image.getexif())


def test_a_photo_that_is_evidence_of_a_place_keeps_it() -> None:
    kept = files.keep("hole.jpg", photo(gps=True), about="LM-1", keep_place=True)
    with Image.open(io.BytesIO(files.read(kept.id))) as image:
        assert dict(image.getexif())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00 a program",
        b"<html><script>alert(1)</script></html>",
        b"PK\x03\x04 some other zip",
        b"\x00\x01",
    ],
)
def test_what_we_do_not_take_is_refused_beside_the_field(content: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        files.keep("invoice.pdf", content, about="LM-1", field="evidence")
    assert "evidence" in caught.value.fields


def test_a_name_is_made_safe_and_ends_as_its_content_says() -> None:
    kept = files.keep("../../etc/pass<wd>.exe", b"%PDF-1.7\n%text\n", about="LM-1")
    assert kept.name == "etcpasswd.exe.pdf"
    assert kept.kind == "application/pdf"


def test_a_file_over_the_limit_is_refused() -> None:
    with pytest.raises(Invalid, match="smaller than 10 MB"):
        files.keep("big.txt", b"a" * (files.MAX_BYTES + 1), about="LM-1")


def test_a_picture_that_unpacks_to_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_PIXELS", 1000)
    with pytest.raises(Invalid, match="too many pixels"):
        files.keep("huge.jpg", photo(gps=False), about="LM-1")
