"""Finds the picture, animation, video or document that a call sends."""

from typing import Any

from tipbot.sandbox.files import StoredFile
from tipbot.sandbox.formatting import Formatted, read_caption
from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.refusals import bad_request
from tipbot.sandbox.state import Telegram

KINDS = ("photo", "animation", "video", "document", "audio")


def sent_media(telegram: Telegram, parameters: Parameters, media: str) -> dict[str, Any]:
    """Return the content of a message that shows the file in the parameter named like its kind."""
    file = _file(telegram, parameters, media, media, parameters.text(media))
    return shown(parameters, file)


def described_media(telegram: Telegram, parameters: Parameters, item: object) -> dict[str, Any]:
    """Return the content of a message that shows one InputMedia object."""
    if not isinstance(item, dict) or item.get("type") not in KINDS:
        raise bad_request("can't parse InputMedia: unsupported type specified")
    media = str(item["type"])
    file = _file(telegram, parameters, media, "media", str(item.get("media", "")))
    return shown(Parameters(item), file)


def shown(parameters: Parameters, file: StoredFile) -> dict[str, Any]:
    """Return the content of a message with this file and the caption of the call."""
    content: dict[str, Any] = {file.media: file.as_json(), **captioned(read_caption(parameters))}
    if file.media == "animation":
        content["document"] = content["animation"]
    if parameters.flag("has_spoiler"):
        content["has_media_spoiler"] = True
    if parameters.flag("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return content


def captioned(caption: Formatted) -> dict[str, Any]:
    """Return the fields of a message that hold its caption."""
    if not caption.text:
        return {}
    entities = {"caption_entities": list(caption.entities)} if caption.entities else {}
    return {"caption": caption.text, **entities}


def _file(telegram: Telegram, parameters: Parameters, media: str, name: str, value: str) -> StoredFile:
    attached = value.removeprefix("attach://") if value.startswith("attach://") else name
    upload = parameters.uploads.get(attached)
    if upload is not None:
        return telegram.files.store(media, upload)
    if not value or value.startswith("attach://"):
        reason = f"there is no {media} in the request"
        raise bad_request(reason)
    return telegram.files.find(media, value)
