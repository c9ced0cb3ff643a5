"""What Telegram would refuse in a text, found before it is sent: HTML that does not fit together."""

import re

# What people may put into texts.toml, of the tags Telegram knows (Bot API, "HTML style").
_TAGS = frozenset({"b", "i", "u", "s", "code", "blockquote"})
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-z]+)(?P<rest>[^<>]*)>")
_REST = frozenset({"", " expandable"})


def wrong_markup(text: str) -> str:
    """Return what is wrong with the HTML of a text, or nothing."""
    is_open: list[str] = []
    for tag in _TAG.finditer(text):
        name = tag["name"]
        if name not in _TAGS or tag["rest"] not in _REST:
            return f"{tag[0]} is not known here. Use <b> for bold or <i> for italics."
        if not tag["end"]:
            is_open.append(name)
        elif not is_open or is_open.pop() != name:
            return f"{tag[0]} closes nothing. Each <b> needs a </b>, in the right order."
    if is_open:
        return f"<{is_open[-1]}> is not closed. Write </{is_open[-1]}> where it ends."
    return '"<" cannot stand alone. Write &lt; for it.' if "<" in _TAG.sub("", text) else ""
