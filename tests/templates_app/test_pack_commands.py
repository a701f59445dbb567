"""`import_templates` and `export_templates`, as they are typed."""

import io
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from templates_app.models import ReferenceTemplate
from tests.factories import make_organization
from tests.templates_app.packs import SOUND, bent

pytestmark = pytest.mark.django_db


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    file = tmp_path / "pack.yaml"
    file.write_text(SOUND)
    return file


def said(*words: str) -> str:
    """What a command prints."""
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_importing_says_what_has_changed(pack: Path) -> None:
    assert said("import_templates", str(pack)) == (
        "Northmoor Ferries\n"
        "  a new organization\n"
        "  survey “Deck”: new, 2 questions\n"
        "  template “Deck officers”: new, 2 references\n"
    )


def test_importing_again_says_that_nothing_has(pack: Path) -> None:
    said("import_templates", str(pack))

    assert said("import_templates", str(pack)) == f"Nothing to change: all that is in {pack} is here already.\n"


def test_a_dry_run_says_that_it_was_one(pack: Path) -> None:
    words = said("import_templates", str(pack), "--dry-run")

    assert "survey “Deck”: new" in words
    assert words.endswith("This was a dry run: nothing has been changed.\n")
    assert not ReferenceTemplate.objects.exists()


def test_mistakes_are_told_with_file_and_line(pack: Path) -> None:
    pack.write_text(bent("kind: text", "kind: txt", bent("note:", "nota:")))

    with pytest.raises(CommandError) as refused:
        said("import_templates", str(pack))

    assert str(refused.value) == (
        "Nothing has been imported, for 2 reasons:\n"
        f"{pack}:11: kind: “txt” is none of scale, yes-no, choice, choices, forced, fact, line, text. "
        "Did you mean “text”?\n"
        f"{pack}:21: “nota” is not a field of a request. Did you mean “note”?"
    )


def test_a_notice_is_told_with_file_and_line(pack: Path) -> None:
    pack.write_text(bent("ats_tag: deck", "ats_tag: DECK"))

    assert said("import_templates", str(pack)).startswith(
        f"{pack}:15: The tag “DECK” is kept as “deck”: tags are lower case.\n"
    )


def test_replace_lets_the_file_win(pack: Path) -> None:
    said("import_templates", str(pack))
    pack.write_text(bent("priority: 10", "priority: 20"))

    with pytest.raises(CommandError, match="With --replace"):
        said("import_templates", str(pack))
    said("import_templates", str(pack), "--replace")

    assert ReferenceTemplate.objects.get().priority == 20


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(CommandError, match=r"^/nowhere.yaml cannot be read: No such file or directory\.$"):
        said("import_templates", "/nowhere.yaml")


def test_a_pack_comes_through_a_pipe_and_goes_out_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SOUND.encode())))

    said("import_templates", "-", "--organization", "Tern Mapping")

    assert said("export_templates").endswith(bent("Northmoor Ferries", "Tern Mapping"))


def test_exporting_to_a_file_says_whose_it_is(pack: Path, tmp_path: Path) -> None:
    said("import_templates", str(pack))
    file = tmp_path / "again.yaml"

    assert said("export_templates", str(file)) == f"{file} holds the surveys and templates of Northmoor Ferries.\n"
    assert file.read_text().endswith(SOUND)


def test_exporting_one_organization_leaves_the_others_out(pack: Path) -> None:
    make_organization(name="Tern Mapping")
    said("import_templates", str(pack))

    assert "Tern Mapping" not in said("export_templates", "--organization", "Northmoor Ferries")
    assert "organization: Tern Mapping" in said("export_templates")


def test_exporting_an_organization_that_is_not_there() -> None:
    with pytest.raises(CommandError, match="There is no organization yet"):
        said("export_templates")

    make_organization(name="Tern Mapping")
    with pytest.raises(CommandError, match=r"There is no organization Ferries\. There is Tern Mapping\."):
        said("export_templates", "--organization", "Ferries")


def test_exporting_to_where_nothing_can_be_written(tmp_path: Path) -> None:
    make_organization()

    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        said("export_templates", str(tmp_path / "nowhere" / "pack.yaml"))
