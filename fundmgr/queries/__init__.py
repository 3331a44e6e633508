"""Reads of the money half, by subject: who may, what the books say, what was promised."""

from fundmgr.queries import access, books, funds, receipts, trail, work

__all__ = ["access", "books", "funds", "receipts", "trail", "work"]
