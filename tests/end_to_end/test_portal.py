"""The portal in a browser: what staff do there, by mouse, by keyboard and on a phone."""

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from config.demo import Demo
from tests.end_to_end.people import DESK, PATIENCE, PHONE, Person
from tests.faults.processes import add_person, move, tags

SUPER_ADMIN = "ruth@northmoor.example"
LONG_NAME = "Wilhelmina-Alexandrina Papadopoulou-Featherstonehaugh"
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def visit(browser: Browser, demo: Demo) -> Iterator[Callable[..., Person]]:
    """Ruth at her desk, or with her phone: signed in once for all tests of this file."""


@pytest.fixture
def ruth(arrive: Callable[..., Person]) -> Person:
    person = arrive(DESK)
    person.sign_in(SUPER_ADMIN)
    return person
