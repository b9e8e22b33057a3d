"""Install the requirements in requirements.txt, then both packages, into the environment of the running Python.

All output of pip goes to a log in the environment, since a private index makes it hundreds of lines long. A line is
printed every now and then and, after a failure, what went wrong. Usage: `.venv/bin/python tools/install.py`.
"""

import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOG = Path(sys.prefix) / "install.log"
PIP = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
LOOKED_UP = re.compile("^(?:Collecting|Processing|Requirement already satisfied:) ", re.MULTILINE)
STAGES = {
    "what requirements.txt names: about three minutes and seven gigabytes": [
        *("--require-hashes", "--requirement", "requirements.txt")
    ],
    "latentlib and studies, editable": [
        *("--no-deps", "--no-build-isolation", "--editable", ".", "--editable", "notebooks")  # builds fetch nothing
    ],
}


def progress(said: str) -> str:
    """Return in a few words how far pip is, from its output."""
    if "Installing collected packages" in said:
        return "unpacking"
    return f"packages looked up: {len(LOOKED_UP.findall(said))}"


def fault(said: str) -> str:
    """Return pip's output from its first error on, or its last lines if there is none."""
    lines = [line for line in said.splitlines() if not (line.startswith("WARNING: Location") and "is ignored" in line)]
    first = next((place for place, line in enumerate(lines) if line.startswith("ERROR")), -20)
    return "\n".join(lines[first:])


def stage(command: list[str], log: Path, every: float = 20) -> int:
    """Run a command with its output in a log, report progress every `every` seconds, and return its exit status."""
    started = time.monotonic()
    with log.open("wb") as sink, subprocess.Popen(command, cwd=ROOT, stdout=sink, stderr=sink) as running:
        while True:
            try:
                return running.wait(every)
            except subprocess.TimeoutExpired:
                said = log.read_text(errors="replace")
                print(f"  {time.monotonic() - started:.0f} s: {progress(said)}", flush=True)


def main() -> int:
    """Install stage by stage; return 0 if all is well, else pip's exit status after printing its errors."""
    for about, arguments in STAGES.items():
        print(f"Installing {about}", flush=True)
        try:
            status = stage([*PIP, *arguments], LOG)
        except KeyboardInterrupt:
            print("install: interrupted; the same command goes on", file=sys.stderr)
            return 130
        if status:
            print(f"{fault(LOG.read_text(errors='replace'))}\ninstall: pip failed; its log is {LOG}", file=sys.stderr)
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
