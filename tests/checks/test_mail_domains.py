"""What an address says of where somebody works: little, and only as far as two short lists go."""

import pytest

from checks.mail_domains import FREE, THROWAWAY, domain_of, is_free, is_throwaway


@pytest.mark.parametrize("email", ["ann@gmail.com", "Ann@GMail.com", "ann@web.de", "ann@mail.yahoo.fr", "ann@qq.com."])
def test_well_known_providers_are_free(email: str) -> None:
    assert is_free(email)
    assert not is_throwaway(email)


@pytest.mark.parametrize("email", ["ann@solent.example", "ann@notgmail.com", "ann@gmail.com.example", "ann", "", "@"])
def test_everything_else_is_not(email: str) -> None:
    assert not is_free(email)
    assert not is_throwaway(email)


def test_addresses_for_an_hour_are_known_with_their_subdomains() -> None:
    assert is_throwaway("x@mailinator.com")
    assert is_throwaway("x@Box.YopMail.com")
    assert not is_free("x@mailinator.com")


def test_no_domain_is_on_both_lists_or_above_another() -> None:
    assert not FREE & THROWAWAY
    assert not [each for each in FREE | THROWAWAY if each.partition(".")[2] in FREE | THROWAWAY]


def test_the_domain_is_what_stands_after_the_last_at() -> None:
    assert domain_of('"a@b"@Solent.Example.') == "solent.example"
