"""Names of people are replaced by tokens: the same name always has the same token, and no name is kept."""

from __future__ import annotations

import hashlib

import polars as pl


def token(name: str, begins: str = "p") -> str:
    """The token of a name: the same in every file and every month."""
    return f"{begins}-{hashlib.blake2b(name.strip().casefold().encode(), digest_size=5, person=b'vssim').hexdigest()}"


def tokens(names: pl.Series, begins: str = "p") -> pl.Series:
    """The tokens of a column of names; null stays null."""
    distinct = names.drop_nulls().unique().to_list()
    known = {name: token(str(name), begins) for name in distinct}
    return names.replace_strict(known, default=None, return_dtype=pl.String) if known else names.cast(pl.String)
