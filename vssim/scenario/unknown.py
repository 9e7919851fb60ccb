"""What the key `uncertain` may hold, for the checks of a file and the schema that editors complete from."""

from __future__ import annotations

from typing import Annotated

from pydantic import InstanceOf, PlainSerializer, WithJsonSchema

from vssim.model.beliefs import Uncertain

Unknown = Annotated[
    InstanceOf[Uncertain] | None,
    PlainSerializer(lambda uncertain: None if uncertain is None else uncertain.document()),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "description": "a Parquet file of joint members: columns are paths, rows are worlds"},
                {
                    "type": "object",
                    "properties": {
                        "correlated": {
                            "type": "array",
                            "description": "figures that go together",
                            "items": {
                                "type": "object",
                                "properties": {
                                    "figures": {"type": "array", "items": {"type": "string"}, "minItems": 2},
                                    "rank": {"type": "number", "exclusiveMinimum": -1, "exclusiveMaximum": 1},
                                },
                                "required": ["figures", "rank"],
                                "additionalProperties": False,
                            },
                        }
                    },
                    "additionalProperties": {"type": "string", "description": "between(low, high) or between(low, likely, high)"},
                },
            ]
        }
    ),
]
"""All that is not known of a scenario; the reader takes it out of the document before the schema sees it."""
