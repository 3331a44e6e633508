"""The doors to what many use cases write: ledger, events, outbox, jobs, remembered calls.

Ports open no transaction and refuse to work outside one.
"""
