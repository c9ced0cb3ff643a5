"""Files that were uploaded: kept once by content, found again by file_id, served for download."""

import hashlib
import re
import struct
from dataclasses import dataclass
from typing import Any

from tipbot.sandbox.parameters import Upload
from tipbot.sandbox.refusals import RefusalError, bad_request

LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_FILE = 50 * 1024 * 1024
LARGEST_DOWNLOAD = 20 * 1024 * 1024
LONGEST_SIDES = 10_000
STEEPEST = 20

_JPEG_FRAME = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]..\x08(..)(..)", re.DOTALL)
_FOLDERS = {
    "photo": "photos",
    "document": "documents",
    "animation": "animations",
    "video": "videos",
    "voice": "voice",
    "audio": "music",
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file as the bot and the people can refer to it."""

    file_id: str
    unique_id: str
    media: str
    name: str
    mime_type: str
    data: bytes
    width: int
    height: int

    @property
    def path(self) -> str:
        """The path under which the file can be downloaded."""
        ending = self.name.rpartition(".")[2] if "." in self.name else "bin"
        return f"{_FOLDERS.get(self.media, 'files')}/{self.unique_id}.{ending}"

    def as_json(self) -> Any:  # noqa: ANN401 - a list for photos, an object for everything else
        """Return the field of a Message that shows this file."""
        known = {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.data)}
        size = {"width": self.width, "height": self.height}
        if self.media == "photo":
            return [{**known, **size}]
        if self.media == "sticker":
            return {**known, **size, "type": "regular", "is_animated": False, "is_video": False}
        if self.media == "voice":
            return {**known, "mime_type": self.mime_type, "duration": 0}
        named = {**known, "file_name": self.name, "mime_type": self.mime_type}
        if self.media == "audio":
            return {**named, "duration": 0}
        return {**named, **size, "duration": 0} if self.media in ("animation", "video") else named


class Files:
    """All files; the same content sent again gets the same unique id."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        # What Telegram finds at addresses on the web; everywhere else there is nothing.
        self.web: dict[str, Upload] = {}

    def store(self, media: str, upload: Upload) -> StoredFile:
        """Keep an upload; raises RefusalError when Telegram would not take it as this kind of media."""
        if not upload.data:
            raise bad_request("file must be non-empty")
        if len(upload.data) > LARGEST_FILE:
            raise RefusalError(413, "Request Entity Too Large")
        width, height = image_size(upload.data) or (0, 0)
        if media == "photo":
            _check_photo(upload.data, width, height)
        unique = hashlib.sha256(upload.data).hexdigest()[:16]
        file_id = f"{media}-{len(self._by_id) + 1}-{unique}"
        name = upload.name if media != "photo" else f"{unique}.jpg"
        file = StoredFile(file_id, unique, media, name, upload.kind, upload.data, width, height)
        self.take(file)
        return file

    def all(self) -> list[StoredFile]:
        """Return every file, in the order of sending."""
        return list(self._by_id.values())

    def known(self, file_id: str) -> StoredFile | None:
        """Return the file of this id."""
        return self._by_id.get(file_id)

    def take(self, file: StoredFile) -> None:
        """Keep a file under the id it has."""
        self._by_id[file.file_id] = file
        self._by_path[file.path] = file

    def find(self, media: str, file_id: str) -> StoredFile:
        """Return a file that was sent before, to send it again as the same kind of media."""
        if file_id in self.web:
            return self.store(media, self.web[file_id])
        if file_id.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        file = self._by_id.get(file_id)
        if file is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if file.media != media:
            reason = f"can't use file of type {file.media.title()} as {media.title()}"
            raise bad_request(reason)
        return file

    def describe(self, file_id: str) -> dict[str, Any]:
        """Return the File object of the Bot API, with the path for downloading."""
        file = self._by_id.get(file_id)
        if file is None:
            raise bad_request("invalid file_id")
        if len(file.data) > LARGEST_DOWNLOAD:
            raise bad_request("file is too big")
        return {
            "file_id": file_id,
            "file_unique_id": file.unique_id,
            "file_size": len(file.data),
            "file_path": file.path,
        }

    def at(self, path: str) -> StoredFile | None:
        """Return the file at a download path."""
        return self._by_path.get(path)


def image_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG, GIF or JPEG in pixels, None for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:  # noqa: PLR2004 - length of the PNG head
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data.startswith((b"GIF87a", b"GIF89a")):
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    frame = _JPEG_FRAME.search(data) if data.startswith(b"\xff\xd8\xff") else None
    return (int.from_bytes(frame[2], "big"), int.from_bytes(frame[1], "big")) if frame else None


def _check_photo(data: bytes, width: int, height: int) -> None:
    if len(data) > LARGEST_PHOTO:
        raise bad_request("file is too big for a photo")
    if not width or not height:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if width + height > LONGEST_SIDES or max(width, height) > STEEPEST * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
