"""Whatever `make live` generates is what the sources say."""

import re
import subprocess
from pathlib import Path

import export_live
from needs import need

ROOT = Path(__file__).parents[2]
FRONT = ROOT / "frontend"


def test_weights_and_targets_are_up_to_date():
    assert export_live.main(check=True) == 0


def test_scripts_are_up_to_date():
    need("frontend/node_modules")
    done = subprocess.run([need("node"), "build.js", "--check"], cwd=FRONT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_kernel_is_up_to_date(tmp_path):
    """Another clang makes other bytes, so only the one of Debian 12 can tell."""
    clang = need("clang 14 with lld")
    makefile = (ROOT / "Makefile").read_text().replace("\\\n", " ")
    command = re.search(r"^CLANG\s*= (.*)$", makefile, re.MULTILINE).group(1).split()
    subprocess.run([clang, *command[1:], "-o", tmp_path / "kernel.wasm", "kernel.c"], cwd=FRONT / "engine", check=True)
    assert (tmp_path / "kernel.wasm").read_bytes() == (FRONT / "engine/kernel.wasm").read_bytes()
