"""Finds, starts and supervises PostgreSQL, Valkey, web, worker and beat on one machine."""
