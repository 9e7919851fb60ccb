"""The version, for the door and for what is printed and written."""

__version__ = "0.2.0"
