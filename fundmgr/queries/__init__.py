"""Reads of the money half, by subject: who may, what the books say, what was promised."""

from fundmgr.queries import access, bank_imports, books, funds, receipts, trail, work

__all__ = ["access", "bank_imports", "books", "funds", "receipts", "trail", "work"]
