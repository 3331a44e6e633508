"""`manage.py check` fails where the running role could bend the books."""

import os

import psycopg
import pytest

from fundmgr import checks

APP = os.environ["FUNDMGR_APP_ROLE"]


@pytest.fixture
def as_owner(committed_db):
    """Run one statement as the owner of the tables."""

    def run(statement):
        with psycopg.connect(os.environ["FUNDMGR_OWNER_DATABASE_URL"], autocommit=True) as owner:
            owner.execute(statement)

    return run


def told():
    found = checks.books_are_out_of_reach(None, databases=["default"])
    return sorted(error.msg.rpartition(" ")[2].rstrip(".") for error in found)


def test_the_app_role_of_the_tests_is_out_of_reach_of_the_books(committed_db):
    assert told() == []


@pytest.mark.parametrize("table", checks.BOOKS)
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE", "TRIGGER"])
def test_each_way_to_change_the_books_is_named(as_owner, table, verb):
    as_owner(f"GRANT {verb} ON {table} TO {APP}")

    assert told() == [table]


def test_one_column_is_enough(as_owner):
    as_owner(f"GRANT UPDATE (amount_cents) ON fundmgr_entry TO {APP}")

    assert told() == ["fundmgr_entry"]


def test_a_member_of_the_owning_role_owns_the_books_too(committed_db, servers, request):
    owner = servers.owner
    with servers.admin() as admin:
        admin.execute(f"GRANT {owner} TO {APP}")
        request.addfinalizer(lambda: _revoke(servers, owner))

        assert told() == sorted(checks.BOOKS)


def _revoke(servers, owner):
    with servers.admin() as admin:
        admin.execute(f"REVOKE {owner} FROM {APP}")
