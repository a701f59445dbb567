"""What axe-core finds wrong with a page: WCAG 2.2 up to AA, and what it calls best practice."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Nothing is loaded for axe alone: the styles that it would fetch and put into the page anew breach our CSP.
OPTIONS = {"resultTypes": ["violations"], "preload": False}


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """Each with its rule, the element it is about, and what would help; none is as it should be.

    `rules` are axe's names of the only ones to ask, where the others were asked of the same page before.
    """
    page.evaluate("document.getAnimations().forEach(each => each.finish())")  # a colour half-way is nobody's
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found = Axe().run(page, options={**OPTIONS, "runOnly": only}).response["violations"]
    return [
        f"{each['id']}: {' '.join(map(str, node['target']))}: {each['help']}"
        for each in found
        for node in each["nodes"]
    ]
