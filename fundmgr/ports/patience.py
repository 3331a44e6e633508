"""How long the database may take: seconds for what people wait for, minutes for a step over a whole set."""

from django.db import connection

WHOLE_SET = "5min"


def for_whole_set() -> None:
    """This will give the statements of this transaction minutes, for they move everybody of a round at once.

    Any other statement ends after the seconds that the settings name, so that none runs away.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %(time)s, true),"
            " set_config('idle_in_transaction_session_timeout', %(time)s, true)",
            {"time": WHOLE_SET},
        )
