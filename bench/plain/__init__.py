"""The typical way, to measure against: one model, one serializer, one viewset, the same server."""
