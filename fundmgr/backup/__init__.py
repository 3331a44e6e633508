"""Sealed copies of a whole installation and their proven way back; docs/decisions/0011 says why here."""
