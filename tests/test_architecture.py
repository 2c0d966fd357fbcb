"""The house rules that a machine can check: visibility stated once per model, no way round it, no loose ends in the tree."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models

from crm.kernel.contributions import SearchDocument, of
from crm.kernel.models import EventModel
from crm.kernel.querysets import VisibleQuerySet

ROOT = Path(__file__).resolve().parents[1]
FEATURES = ("crm", "prospects", "search", "content", "credit")
# Rows that are machinery: never shown, reached only through the record or service that owns them.
# Tables that no person reads by themselves: services do.
_KERNEL = ("Outbox", "Submission", "Sequence", "StoredFile", "Budget", "Window", "LimitEntry")
MACHINERY = {"approvals.Escalation"} | {f"kernel.{name}" for name in _KERNEL}


def files(pattern: str) -> Iterator[Path]:
    for folder in FEATURES:
        for path in sorted((ROOT / folder).rglob(pattern)) if (ROOT / folder).exists() else ():
            if "migrations" not in path.parts and "__pycache__" not in path.parts:
                yield path


def own_models() -> list[type[models.Model]]:
    own = [model for model in apps.get_models() if model.__module__.split(".")[0] in FEATURES]
    return [model for model in own if not model.__name__.startswith("Historical")]


def test_every_model_states_who_may_see_its_rows():
    without = [
        model._meta.label
        for model in own_models()
        if model._meta.label not in MACHINERY
        and not (
            isinstance(model._default_manager.all(), VisibleQuerySet)
            and type(model._default_manager.all()).visible_to is not VisibleQuerySet.visible_to
        )
    ]
    assert without == []


@pytest.mark.django_db
def test_whoever_holds_no_post_is_let_through_by_no_rule(django_user_model):
    nobody = django_user_model.objects.create(username="nobody", name_en="Nobody")
    rules = {m._meta.label: m._default_manager.visible_to(nobody).query for m in own_models() if m._meta.label not in MACHINERY}
    assert [label for label, query in rules.items() if not query.is_empty() and not query.where.children] == []


def test_events_carry_who_and_when_and_no_one_changes_them():
    kinds = [model for model in own_models() if issubclass(model, EventModel)]
    assert kinds
    for model in kinds:
        row = model()
        row._state.adding = False
        with pytest.raises(Exception, match="never changed"):
            row.save()
        with pytest.raises(Exception, match="never deleted"):
            row.delete()


def calls(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            yield node.lineno, ast.unparse(node)


@pytest.mark.parametrize("layer", ["views", "api", "forms", "tables", "filters"])
def test_screens_never_read_a_model_without_its_visibility(layer):
    """`Model.objects` in a view is followed by `visible_to` (or another scope that names the person)."""
    scoped = re.compile(r"\.objects\.(visible_to|colleagues_of|covered_for|none|of_company|in_full|of_team_mates|parts_for|in_order_for)\b")
    loose = [
        f"{path.relative_to(ROOT)}:{line} {text}"
        for path in files("*.py")
        if layer in path.relative_to(ROOT).parts or path.name == f"{layer}.py"
        for line, text in calls(path)
        if re.search(r"\b[A-Z]\w+\.(objects|_default_manager)\.\w+$", text) and not scoped.search(text)
    ]
    assert loose == []


def test_nothing_goes_round_escaping_csrf_or_archives():
    patterns: dict[str, set[str]] = {"|safe": set(), "csrf_exempt": set(), "extractall(": set(), "autoescape off": set()}
    patterns["mark_safe("] = {"crm/web/templatetags/ui.py", "crm/web/tables/table.py"}
    found = [
        f"{path.relative_to(ROOT)}: {pattern}"
        for path in (*files("*.py"), *files("*.html"))
        for pattern, allowed in patterns.items()
        if pattern in path.read_text(encoding="utf-8") and str(path.relative_to(ROOT)) not in allowed
    ]
    assert found == []


def test_pages_carry_no_inline_script_style_or_handler():
    forbidden = re.compile(r"<style\b|\sstyle=|<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+=", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}: {hit.group(0)}"
        for path in files("*.html")
        for hit in forbidden.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_page_asks_another_site_for_anything():
    outside = re.compile(r"""(?:src|href)=["']?(?:https?:)?//""")
    assert [str(path) for path in (*files("*.html"), *files("*.css")) if outside.search(path.read_text(encoding="utf-8"))] == []


def test_the_tree_holds_no_loose_ends():
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    assert [str(path.relative_to(ROOT)) for path in files("*.py") if words.search(path.read_text(encoding="utf-8"))] == []


def test_the_top_level_is_what_was_agreed():
    agreed = {"manage.py", "README.md", "pyproject.toml", "uv.lock", "crm", "prospects", "credit", "content", "search", "tests"}
    ignored = {"var", "node_modules"}
    assert {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} <= agreed | ignored


def test_no_secret_lies_in_the_tree():
    secret = re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|(?:password|secret|token)\s*=\s*['\"][A-Za-z0-9+/_\-]{24,}['\"]", re.IGNORECASE
    )
    assert [str(path.relative_to(ROOT)) for path in files("*.py") if secret.search(path.read_text(encoding="utf-8"))] == []


def test_anonymous_visitors_are_nobody():
    assert not hasattr(AnonymousUser(), "actor")


# SQL by hand: the health check's SELECT 1, keys inserted by the hundred thousand (with parameters), the names of the tables that are there.
BY_HAND = {"crm/companies/indexing.py", "crm/web/views/health.py", "crm/demo/guard.py", "crm/demo/planting.py"}
_MACHINES = r"^\s*(?:import|from) (?:requests|httpx|aiohttp|urllib3|urllib\.request|http\.client|ftplib|smtplib)\b"
FORBIDDEN = {
    "asks another machine outside a gateway": (_MACHINES, {"content/capture/gateways.py"}),
    "writes SQL by hand": (r"\.raw\(|\.extra\(|RawSQL\(|cursor\(\)", BY_HAND),
    "loads code or objects from data": (r"\bpickle\b|\bmarshal\b|yaml\.load\(|\beval\(|\bexec\(|\b__import__\(", set()),
    "hands a line to a shell": (r"shell=True|os\.system\(|os\.popen\(", set()),
    "reads XML without a guard": (r"xml\.etree|xml\.dom|xml\.sax|\blxml\b", set()),
    "takes all fields of a model": (r"fields\s*=\s*[\"']__all__[\"']", set()),
    "goes round who may": (r"\bcsrf_exempt\b|\bis_superuser\s*=\s*True", set()),
}  # fmt: skip


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_code_of_ours(what):
    """None but the files that are said to, and no file is said to that does not any more."""
    pattern, allowed = FORBIDDEN[what]
    wanted = re.compile(pattern, re.MULTILINE)
    found = {str(path.relative_to(ROOT)) for path in files("*.py") if wanted.search(path.read_text(encoding="utf-8"))}
    assert found == allowed


def test_each_kind_of_texts_has_a_number_of_its_own():
    codes = [kind.code for kind in of(SearchDocument)]
    assert len(codes) > 2
    assert len(set(codes)) == len(codes)
