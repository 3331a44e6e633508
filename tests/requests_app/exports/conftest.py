"""The worked example's report, as the exports get it."""

import pytest
from example_report import body_of, example_inputs

from requests_app.exports import report_rows
from requests_app.exports.report_rows import Kind


@pytest.fixture
def body():
    return body_of(example_inputs())


@pytest.fixture
def tables(body):
    return report_rows.tables(body)


@pytest.fixture
def amounts(tables):
    """Every amount of every table in cents, in order: what each format must show."""
    return [
        cell
        for table in tables
        for row in table.rows
        for cell, column in zip(row, table.columns, strict=True)
        if column.kind is Kind.CENTS and isinstance(cell, int)
    ]
