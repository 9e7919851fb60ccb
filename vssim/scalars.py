"""What unquoted words mean in YAML: nothing, true or false, a number, or a text; and numbers that mislead."""

from __future__ import annotations

import re
from typing import Any

INT = re.compile(r"[-+]?[0-9]+\Z")
FIRST_GROUP, GROUP = re.compile(r"[-+]?[0-9]{1,3}\Z"), re.compile(r"[0-9]{3}\Z")
LEADING_ZERO = re.compile(r"[-+]?0[0-9]+\Z")
NO_LEADING_ZERO = "a number without a leading zero (010 is 8 to some programs and 10 to others), or a text in quotes"
MOST = 2**63 - 1
BASED = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
WORDS |= dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)
WORDS |= {sign + word: float(sign + "inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")}
WORDS |= dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan"))


def scalar(text: str) -> Any:
    """What an unquoted text means in YAML's core schema: nothing, true or false, a number, or the text itself."""
    if text in WORDS:
        return WORDS[text]
    if INT.match(text):
        return int(text) if len(text) <= 40 else 10**40
    if BASED.match(text):
        return int(text, 0) if len(text) <= 40 else 10**40
    return float(text) if FLOAT.match(text) else text
