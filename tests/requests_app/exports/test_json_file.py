"""The report as JSON is what was stored, byte for byte."""

import hashlib
import json

from example_report import example_inputs, stored

from requests_app.exports import json_file


def test_json_is_the_stored_bytes_so_the_hash_can_be_checked():
    content = json_file.whole_report(stored(example_inputs()))

    assert hashlib.sha256(content).hexdigest() == hashlib.sha256(stored(example_inputs())).hexdigest()
    assert json.loads(content)["kind"] == "shortfall"


def test_json_holds_every_amount_of_the_tables(amounts, tables):
    found = set()

    def walk(value):
        if isinstance(value, int):
            found.add(value)
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(item)

    walk(json.loads(json_file.whole_report(stored(example_inputs()))))
    complete = next(table for table in tables if table.key == "layers").rows[3]
    # What is complete is the one row that follows from others by subtraction.
    assert complete[0] == "Complete"
    assert set(amounts) - {complete[2]} <= found
