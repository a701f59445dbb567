"""The practice Lever, a connection to it and a candidate there, as in the integrations' own tests."""

from tests.integrations.conftest import connection, lever, marcus

__all__ = ["connection", "lever", "marcus"]
