"""The money half: rules, books, use cases."""

VERSION = "0.1.0"
