"""Phone numbers: read however people write them, kept in one form (E.164, like +12135550142)."""

_MOST_LETTERS = 40
HOME = "US"


def read(text: str) -> str | None:
    """This will read a number that can take texts, or return None; without a country it is a US one.

    Shapes: spaces, dots, dashes, brackets and a leading 1, 001 or +1 are all the same number.
    """
    # The tables of the world's numbers take a tenth of a second to load, which no start should wait for.
    import phonenumbers  # noqa: PLC0415  # see above

    if len(text) > _MOST_LETTERS:
        return None
    try:
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        return None
    kinds = phonenumbers.PhoneNumberType
    texted = {kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE, kinds.VOIP, kinds.PERSONAL_NUMBER}
    if number.extension or phonenumbers.number_type(number) not in texted:
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def region(number: str) -> str:
    """This will return the country of a number in E.164, like US; empty where it has none."""
    import phonenumbers  # noqa: PLC0415  # as above

    return phonenumbers.region_code_for_number(phonenumbers.parse(number, None)) or ""


def shown(number: str) -> str:
    """This will write a number in E.164 as people read it: (213) 555-0142, others with their country."""
    import phonenumbers  # noqa: PLC0415  # as above

    parsed = phonenumbers.parse(number, None)
    forms = phonenumbers.PhoneNumberFormat
    is_home = parsed.country_code == phonenumbers.country_code_for_region(HOME)
    return str(phonenumbers.format_number(parsed, forms.NATIONAL if is_home else forms.INTERNATIONAL))
