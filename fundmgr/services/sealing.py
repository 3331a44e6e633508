"""Seal a text for a column that is not ours, such as the sign-in library's."""

import base64

from fundmgr.models.encrypted import seal, unseal


def seal_text(text: str, *, place: str) -> str:
    """This will encrypt text for one place and return it as plain letters."""
    return base64.b64encode(seal(text, place=place)).decode()


def unseal_text(sealed: str, *, place: str) -> str:
    """This will decrypt what `seal_text` wrote for the same place.

    Errors: as for `unseal`, where the key is gone or a byte differs.
    """
    return unseal(base64.b64decode(sealed), place=place)
