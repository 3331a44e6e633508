"""Why a file is not kept, as a code that the web process knows the words of."""


class Refused(Exception):
    """There will be no clean copy."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
