"""The tests once more on PostgreSQL, where there is a server: same code, same answers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# In parts, each on a database of its own, so that processes share the work.
PARTS = (
    ("kernel", "web", "visits", "today"),
    ("clients", "companies", "prospects", "search", "staff", "policy"),
    ("crm", "approvals", "notifications", "benchmarks/test_races.py"),
    # Of access and content what stands on locks, constraints and visibility; the rest asks the database nothing that another does not.
    ("access/test_matrix.py", "access/test_leaving.py", "content/library", "content/clippings/test_adding.py",
     "content/clippings/test_stories.py", "content/clippings/test_visibility.py", "content/alerts"),
    ("credit",),
)  # fmt: skip
# What pages and the API show of what they have read is the same from either database. That each of them can be read there the matrix of
# access asks, of every address; what they write is asked by the tests of the services. Papers, machines and fuzzing ask no database more
# than those do.
ALIKE = (
    "approvals/test_api.py", "approvals/test_inbox.py", "clients/test_client_pages.py", "companies/test_company_api.py",
    "companies/test_pages.py", "content/library/test_desk.py", "credit/checklists/test_pages.py", "credit/decisions/test_letters.py",
    "credit/decisions/test_pages.py", "credit/handoff/test_api.py", "credit/handoff/test_archive.py", "credit/handoff/test_files.py",
    "credit/memos/test_rich.py", "credit/monitoring/test_flag_pages.py", "credit/packs/test_pages.py", "credit/reviews/test_pages.py",
    "credit/spreads/test_pages.py", "credit/spreads/test_reading.py", "credit/spreads/test_rules.py", "credit/test_api_examples.py",
    "credit/test_api_schema.py", "credit/test_machine.py", "crm/concessions/test_api.py", "crm/concessions/test_confirmation.py",
    "crm/concessions/test_leaks.py", "crm/concessions/test_machine.py", "crm/concessions/test_pages.py", "crm/figures/test_pages.py",
    "crm/gifts/test_machine.py", "crm/gifts/test_pages.py", "crm/hospitality/test_machine.py", "crm/hospitality/test_pages.py",
    "crm/hospitality/test_rules.py", "policy/test_pages.py", "prospects/deals/test_api.py", "prospects/deals/test_pages.py",
    "prospects/deals/test_rules.py", "prospects/directories/test_import_command.py", "prospects/directories/test_import_pages.py",
    "search/test_texts.py", "staff/test_sign_in.py", "visits/test_api.py", "visits/test_attachments.py", "visits/test_pages.py",
    "web/test_api.py", "web/test_exports.py", "web/test_frame.py", "web/test_operations.py",
)  # fmt: skip
# Kills of processes that work on SQLite's file.
KILLS = "prospects/directories/test_kills.py"
# What drives a browser or starts servers of its own runs once on SQLite.
LEFT_OUT = "not browser and not postgres and not redis"
# The index does not differ by database: one engine will do. Nor does a gate that is shut before anything is asked: other methods, headers.
# Nor how often a draw falls on whom, nor whether each reader's page is the same with and without a plan.
LEFT_OUT_BY_NAME = "not " + " and not ".join(
    ("elasticsearch", "two_hundred_words", "other_methods", "headers", "empty_post", "seven_of_ten", "without_a_pending_plan")
)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("part", range(len(PARTS)))
def test_the_same_code_gives_the_same_answers_on_postgresql(postgres, part):
    address = f"{postgres.rpartition('/')[0]}/rapport_part_{part}"
    env = os.environ | {"RAPPORT_TEST_ON_POSTGRESQL": "1", "RAPPORT_TEST_DATABASE_URL": address, "PYTEST_ADDOPTS": ""}
    # What reads the plans of SQLite leaves itself out there, so this switch is for the first run alone.
    for name in [name for name in env if name.startswith(("PYTEST_XDIST", "RAPPORT_TEST_NOTHING"))]:
        del env[name]
    command = [sys.executable, "-m", "pytest", *(f"tests/{name}" for name in PARTS[part]), "-q", "-p", "no:cacheprovider", "--no-header"]
    command += ["-x", "--create-db", "-m", LEFT_OUT, "-k", LEFT_OUT_BY_NAME, *(f"--ignore=tests/{name}" for name in (*ALIKE, KILLS))]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=1500, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
