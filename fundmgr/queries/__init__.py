"""Reads of the money half, by subject: who may, what the books say, what was promised."""

from fundmgr.queries import access, books, funds, trail, work

__all__ = ["access", "books", "funds", "trail", "work"]
