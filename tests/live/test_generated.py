"""Whatever `make live` generates is what the sources say."""

import re
import shutil
import subprocess
from pathlib import Path

import export_live
from needs import missing

ROOT = Path(__file__).parents[2]
FRONT = ROOT / "frontend"


def test_weights_and_targets_are_up_to_date():
    assert export_live.main(check=True) == 0


def test_scripts_are_up_to_date():
    if not (FRONT / "node_modules/esbuild").exists():
        missing("esbuild is not installed: run `npm --prefix frontend ci`")
    done = subprocess.run(["node", "build.js", "--check"], cwd=FRONT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_kernel_is_up_to_date(tmp_path):
    """Another clang makes other bytes, so only the one of Debian 12 can tell."""
    if shutil.which("clang") is None or shutil.which("wasm-ld") is None:
        missing("clang and lld are not installed")
    if " 14." not in subprocess.run(["clang", "--version"], capture_output=True, text=True).stdout:
        missing("the kernel is compiled with clang 14, that of Debian 12")
    makefile = (ROOT / "Makefile").read_text().replace("\\\n", " ")
    command = re.search(r"^CLANG\s*= (.*)$", makefile, re.MULTILINE).group(1).split()
    subprocess.run([*command, "-o", tmp_path / "kernel.wasm", "kernel.c"], cwd=FRONT / "engine", check=True)
    assert (tmp_path / "kernel.wasm").read_bytes() == (FRONT / "engine/kernel.wasm").read_bytes()
