"""Texts without the characters that control a terminal, wherever the text comes from."""

from __future__ import annotations

_CONTROLS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"} | {127: 0x2421}
_CONTROLS |= dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
"""What stands for characters by which a terminal would be told something, wherever a text comes from."""


def plain(text: str) -> str:
    """The text with a ? in place of every character that would control a terminal."""
    return text.translate(_CONTROLS)
