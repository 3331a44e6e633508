"""Small bank files for tests."""

from fundmgr.domain.bank_csv import ColumnMapping

COLUMNS = "Date,Reference,Amount,Name,Text"
MAPPING = ColumnMapping(date="Date", reference="Reference", amount="Amount", payer="Name", text="Text")


def bank_file(*lines: str, columns: str = COLUMNS, codec: str = "utf-8") -> bytes:
    """A file with these lines below its names."""
    return "\r\n".join([columns, *lines, ""]).encode(codec)


def many(count: int, *, first: int = 0) -> bytes:
    """A file of so many good rows."""
    return bank_file(
        *(
            f"2023-09-18,BULK-{number},{1 + number % 90}.00,Payer {number},Gift"
            for number in range(first, first + count)
        )
    )
