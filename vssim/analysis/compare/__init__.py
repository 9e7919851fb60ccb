"""The organisation as it is against each change, under the same luck."""
