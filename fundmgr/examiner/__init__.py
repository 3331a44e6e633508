"""A process of its own that opens what strangers send: it knows no key, no database and one file."""
