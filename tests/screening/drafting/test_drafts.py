"""Drafts in the database: nobody overwrites anybody, and what is broken is kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from screening.drafting.drafts import (
    Draft,
    drop_draft,
    keep_judgement,
    list_drafts,
    make_draft,
    read_draft,
    save_file,
    take_back,
)
from screening.drafting.overlays import read_content
from screening.refusals import Refused
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.drafts import RuleDraft, RuleDraftFile
from screening.work import Service
from tests.services import World

PATH = "rules/sets/kuwait/law_91/observations.yaml"


@pytest.fixture
def draft(service: Service, world: World) -> str:
    with service.work(world["reviewer"]) as work:
        return make_draft(work, "Work in summer")


def read(world: World, id: str) -> Draft:
    with world.service.work(world["reviewer"], writes=False) as work:
        return read_draft(work, id)


def save(world: World, id: str, text: str, seen: int, *, who: str = "reviewer", path: str = PATH) -> int:
    with world.service.work(world[who]) as work:
        return save_file(work, id, path, text, seen)


def refused_with(code: str, world: World, id: str, text: str, seen: int, **more: str) -> None:
    with pytest.raises(Refused) as caught:
        save(world, id, text, seen, **more)
    assert [one.code for one in caught.value.faults] == [code]


def test_two_reviewers_never_overwrite_each_other(world: World, draft: str) -> None:
    save(world, draft, "first", 0)
    refused_with("S222", world, draft, "second, who has not seen the first", 0, who="approver")
    assert read(world, draft).files[PATH].text == "first"
    save(world, draft, "second, who has", 1, who="approver")
    refused_with("S222", world, draft, "first again", 1)
    found = read(world, draft).files[PATH]
    assert (found.text, found.version) == ("second, who has", 2)
    assert found.changed_by == world["approver"].account_id


def test_what_is_broken_is_kept_as_it_was_written(world: World, draft: str) -> None:
    broken = "- id: [\n\tnot yaml: ‏عربي\n"
    save(world, draft, broken, 0)
    assert read(world, draft).files[PATH].text == broken


def test_only_content_files_can_be_changed(world: World, draft: str) -> None:
    for path in (
        "../../etc/passwd",
        "rules/sets/kuwait/revisions/1.json",
        "screening/people/roles.yaml",
        "rules/models.py",
        "",
    ):
        refused_with("S221", world, draft, "x", 0, path=path)
    assert not read(world, draft).files


def test_a_change_is_taken_back_by_who_has_seen_it(world: World, draft: str) -> None:
    save(world, draft, "first", 0)
    with pytest.raises(Refused, match="S222"), world.service.work(world["reviewer"]) as work:
        take_back(work, draft, PATH, 0)
    with world.service.work(world["reviewer"]) as work:
        take_back(work, draft, PATH, 1)
    assert not read(world, draft).files
    with pytest.raises(Refused, match="S221"), world.service.work(world["reviewer"]) as work:
        take_back(work, draft, PATH, 1)


def test_a_draft_that_was_put_aside_takes_no_changes_and_leaves_the_list(world: World, draft: str) -> None:
    with world.service.work(world["reviewer"]) as work:
        assert [one.id for one in list_drafts(work)] == [draft]
        drop_draft(work, draft)
        assert not list_drafts(work)
    refused_with("S223", world, draft, "late", 0)
    refused_with("S220", world, "0" * 32, "nowhere", 0)


def test_a_judgement_is_of_one_version(world: World, draft: str) -> None:
    version = save(world, draft, "first", 0)
    with world.service.work(world["reviewer"]) as work:
        keep_judgement(work, draft, version - 1, "of what was before")
    assert read(world, draft).judged is None
    with world.service.work(world["reviewer"]) as work:
        keep_judgement(work, draft, version, "of what is")
    assert read(world, draft).judged == "of what is"
    save(world, draft, "second", 1)
    assert read(world, draft).judged is None


def test_a_file_says_when_the_system_has_another_one_now(world: World, draft: str) -> None:
    save(world, draft, read_content(PATH) + "# more\n", 0)
    assert not read(world, draft).files[PATH].aged
    with world.service.work(world["reviewer"]) as work:
        row = work.session.scalars(select(RuleDraftFile)).one()
        row.based_on = "sha256:of an earlier version of the system"
    assert read(world, draft).files[PATH].aged


def test_what_people_type_is_sealed_and_what_they_do_is_audited(world: World, draft: str) -> None:
    save(world, draft, "a word in the file", 0)
    with world.service.work(world["reviewer"]) as work:
        take_back(work, draft, PATH, 1)
        save_file(work, draft, PATH, "a word in the file", 0)
        drop_draft(work, draft)
    with world.service.work(world["reviewer"], writes=False) as work:
        row = work.session.scalars(select(RuleDraft)).one()
        file = work.session.scalars(select(RuleDraftFile)).one()
        assert b"summer" not in row.name
        assert b"a word" not in file.text
        entries = work.session.scalars(
            select(AuditEntry).where(AuditEntry.object_kind == "rule_draft").order_by(AuditEntry.seq)
        ).all()
        actions = [one.action for one in entries]
        assert actions == ["draft.create", "draft.change", "draft.take_back", "draft.change", "draft.drop"]
        assert all("word" not in str(one.detail) for one in entries)
