"""What a process has loaded once it stands: what it has not, it does not pay for."""

import json
import subprocess
import sys
from pathlib import Path

from tests.banks import ROOT, environment

_LARGE = ("numpy", "openpyxl", "pypinyin")
_TOLD = f"""
import gc, json, sys
import crm.wsgi
print(json.dumps([sorted(set({_LARGE}) & sys.modules.keys()), gc.get_threshold()[0], gc.get_freeze_count()]))
"""


def test_a_server_starts_without_large_libraries_and_does_not_look_through_what_is_loaded(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _TOLD]
    done = subprocess.run(command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, timeout=120, check=True)
    loaded, young, kept = json.loads(done.stdout)
    assert loaded == []
    assert young > 10_000
    assert kept > 100_000
