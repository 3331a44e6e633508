"""Where a request comes from. People share an address, so it may make them wait, never shut them out."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

_HOUSE_BITS = 64  # a house has so many IPv6 addresses that each call could come from another


def of(request: HttpRequest) -> str:
    """This will return a caller's address; of an IPv6 address its house, of one that is none what was said.

    So many proxies as the settings name are believed, for each of them adds whom it heard.
    """
    said = str(request.META.get("REMOTE_ADDR", ""))
    heard = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if 0 < settings.PROXIES <= len(heard):
        said = heard[-settings.PROXIES].strip() or said
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return said[:_HOUSE_BITS]
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.ip_network((address, _HOUSE_BITS), strict=False))
    return said
