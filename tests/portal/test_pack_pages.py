"""Packs in the portal: choose, see what would change, import; and write out."""

import io

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import Organization
from accounts.roles import Role
from templates_app.models import Question, ReferenceTemplate, Survey
from templates_app.pack_forms import LONGEST
from templates_app.packs import export, load
from tests.factories import make_operator, make_organization, make_template, make_user
from tests.templates_app.packs import SOUND, bent, contents

pytestmark = pytest.mark.django_db

IMPORT, EXPORT, EXPORT_ALL = (
    f"admin:templates_app_referencetemplate_{page}" for page in ("import", "export", "export_all")
)


@pytest.fixture
def organization() -> Organization:
    return make_organization(name="Tern Mapping")


@pytest.fixture
def admin(organization: Organization) -> Client:
    browser = Client()
    browser.force_login(make_user(organization, Role.ADMIN))
    return browser


def upload(browser: Client, pack: str | bytes, **more: str) -> BeautifulSoup:
    """The page after a file was chosen."""
    file = io.BytesIO(pack if isinstance(pack, bytes) else pack.encode())
    file.name = "pack.yaml"
    answer = browser.post(reverse(IMPORT), {"file": file, **more})
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def go_on(browser: Client, page: BeautifulSoup, ticks: int = 0) -> str:
    """Press Import, with the first so many boxes ticked; a browser ends lines in its own way."""
    text = page.find("textarea", {"name": "text"}).text.removeprefix("\n").replace("\n", "\r\n")
    boxes = [box["value"] for box in page.find_all("input", {"name": "replace"})]
    hidden = {field["name"]: field["value"] for field in page.select('main input[type="hidden"]')}
    sent = {**hidden, "text": text, "replace": boxes[:ticks], "import": "1"}
    return " ".join(browser.post(reverse(IMPORT), sent, follow=True).text.split())


def words(page: BeautifulSoup) -> str:
    return " ".join(page.find("main").get_text(" ").split())


def test_nothing_changes_before_the_button(admin: Client) -> None:
    before = contents()

    page = words(upload(admin, SOUND))

    assert "New" in page
    assert "What does {name} do best?" in page
    assert contents() == before


def test_what_was_done_is_said(admin: Client) -> None:
    told = go_on(admin, upload(admin, SOUND))

    assert "Survey “Deck”: new, 2 questions." in told
    assert "Template “Deck officers”: new, 2 references." in told
    assert Survey.objects.get().versions.get().published_by.email.startswith("person")


def test_a_file_of_another_organization_goes_to_the_reader_s_own(admin: Client, organization: Organization) -> None:
    other = make_organization(name="Northmoor Ferries")

    page = upload(admin, SOUND)
    go_on(admin, page)

    assert "The file names Northmoor Ferries. What is in it goes to Tern Mapping." in words(page)
    assert ReferenceTemplate.objects.get().organization == organization
    assert not other.surveys.exists()


def test_what_differs_stays_unless_it_is_ticked(admin: Client) -> None:
    load(SOUND.encode(), organization="Tern Mapping")
    page = upload(admin, bent("What does {name} do best?", "What is {name} good at?"))

    assert "question “strength”: text What does {name} do best? What is {name} good at?" in words(page)
    assert "Survey “Deck”: left as it is here." in go_on(admin, page)
    assert Question.objects.get(key="strength").text == "What does {name} do best?"
    assert "now version 2; checks that have begun keep their questions" in go_on(admin, page, ticks=1)
    assert Question.objects.get(key="strength").text == "What is {name} good at?"


def test_what_is_all_here_has_nothing_to_import(admin: Client) -> None:
    load(SOUND.encode(), organization="Tern Mapping")

    page = upload(admin, SOUND)

    assert "All of it is here already" in words(page)
    assert page.find("button", {"name": "import"}) is None


def test_a_new_default_has_a_tick_of_its_own(admin: Client, organization: Organization) -> None:
    make_template(organization, name="General", is_default=True)

    page = upload(admin, SOUND)
    go_on(admin, page, ticks=1)

    assert "Make “Deck officers” the default instead of “General”" in words(page)
    assert ReferenceTemplate.objects.get(is_default=True).name == "Deck officers"


def test_mistakes_are_shown_with_their_lines(admin: Client) -> None:
    page = words(upload(admin, bent("kind: text", "kind: txt", bent("note:", "nota:"))))

    assert "There are 2 things to put right" in page
    assert "Line 11 kind: “txt” is none of" in page
    assert "kind: txt" in page
    assert not Survey.objects.exists()


@pytest.mark.parametrize("file", [b"", b"\xff\xfe", b"[" * 1000, b"a: &x [1]\nb: *x", "text: é".encode("latin-1")])
def test_a_file_that_is_no_pack_is_refused_in_words(admin: Client, file: bytes) -> None:
    assert "Nothing has been imported" in words(upload(admin, file))


def test_a_file_that_is_too_long_is_not_read(admin: Client) -> None:
    assert "longer than 256 kB" in words(upload(admin, b"#" * (LONGEST + 1)))


def test_a_text_is_looked_at_again_when_it_is_imported(admin: Client) -> None:
    """What travels in the form may have been changed on the way."""
    answer = admin.post(reverse(IMPORT), {"text": bent("survey: Deck", "survey: Dekc"), "import": "1"})

    assert "there is no survey “Dekc”" in answer.text
    assert not Survey.objects.exists()


def test_markup_in_a_file_is_shown_as_text(admin: Client) -> None:
    page = upload(admin, bent("What does {name} do best?", '"</textarea><script>alert(1)</script>"'))

    assert not [script for script in page.find_all("script") if "alert" in script.text]


def test_no_file_and_no_pack(admin: Client) -> None:
    answer = admin.post(reverse(IMPORT), {})

    assert "Choose a file, or one of the packs below." in answer.text


def test_every_shipped_pack_can_be_chosen_and_imported(admin: Client) -> None:
    page = BeautifulSoup(admin.get(reverse(IMPORT)).content, "html.parser")
    chosen = [button["value"] for button in page.find_all("button", {"name": "pack"})]

    for pack in ("sales", "first-job"):
        assert pack in chosen
        answer = admin.post(reverse(IMPORT), {"pack": pack})
        go_on(admin, BeautifulSoup(answer.content, "html.parser"))

    assert set(ReferenceTemplate.objects.values_list("ats_tag", flat=True)) == {"sales", "first-job"}
    assert len(chosen) == 11


def test_a_pack_that_does_not_exist_is_not_looked_for(admin: Client) -> None:
    assert "Choose a file" in admin.post(reverse(IMPORT), {"pack": "../../settings"}).text


def test_the_operator_chooses_whose_it_becomes(organization: Organization) -> None:
    make_organization(name="Northmoor Ferries")
    browser = Client()
    browser.force_login(make_operator())

    assert "This field is required" in words(upload(browser, SOUND))
    go_on(browser, upload(browser, SOUND, organization=str(organization.pk)))

    assert ReferenceTemplate.objects.get().organization == organization


def test_staff_cannot_choose_another_organization(admin: Client, organization: Organization) -> None:
    other = make_organization()

    go_on(admin, upload(admin, SOUND, organization=str(other.pk)))

    assert ReferenceTemplate.objects.get().organization == organization


def test_a_template_goes_out_as_a_file_with_a_safe_name(admin: Client, organization: Organization) -> None:
    template = make_template(organization, name='Köche & "Co"/../..\r\nX-Evil: 1')

    answer = admin.get(reverse(EXPORT, args=[template.pk]))

    assert answer["Content-Disposition"] == 'attachment; filename="koche-co-x-evil-1.yaml"'
    assert answer["Content-Type"] == "text/yaml; charset=utf-8"
    assert "organization: Tern Mapping" in answer.text


def test_all_go_out_and_nobody_else_s(admin: Client, organization: Organization) -> None:
    make_template(organization, name="Cooks")
    make_template(make_organization(), name="Magpie")

    answer = admin.get(reverse(EXPORT_ALL))

    assert answer.text == export([organization])
    assert "Magpie" not in answer.text


def test_too_many_are_left_to_the_command(admin: Client, organization: Organization) -> None:
    Survey.objects.bulk_create(Survey(organization=organization, name=f"Survey {n}") for n in range(301))

    assert "export_templates writes them all" in admin.get(reverse(EXPORT_ALL), follow=True).text


def test_team_members_may_take_out_and_not_bring_in(organization: Organization) -> None:
    browser = Client()
    browser.force_login(make_user(organization, Role.TEAM_MEMBER))

    assert browser.get(reverse(EXPORT_ALL)).status_code == 200
    assert browser.post(reverse(IMPORT), {"pack": "sales", "import": "1"}).status_code == 403
    assert not Survey.objects.exists()
