"""Where a number came from: commit, date, device, seed, versions."""

import datetime
import platform
import subprocess
from pathlib import Path
from typing import Any

import torch

CODE = (":/latentlib", ":/notebooks/studies")  # paths from the repository's root


def commit() -> str:
    """Return the repository's commit, with `+` if its code has changed; `unknown` if no repository holds this file.

    A library installed in an environment inside another repository does not belong to that repository.
    """
    here = Path(__file__)
    try:
        if git(here.parent, "ls-files", "--error-unmatch", here.name) is None:
            return "unknown"
        head, dirty = git(here.parent, "rev-parse", "--short=12", "HEAD"), git(here.parent, "status", "-s", "--", *CODE)
    except OSError:  # no git
        return "unknown"
    return f"{head}{'+' * bool(dirty)}" if head else "unknown"


def git(folder: Path, *arguments: str) -> str | None:
    """Return the output of a git command in a folder, None if it fails; raise an OSError if git is missing."""
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8")
    return done.stdout.strip() if done.returncode == 0 else None


def processor(device: str | torch.device = "cpu") -> str:
    """Return the name of the hardware behind a torch device."""
    if torch.device(device).type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{platform.machine()} CPU, {torch.get_num_threads()} threads"


def provenance(seed: int, device: str | torch.device) -> dict[str, Any]:
    """Return the provenance to store with a result, ready for JSON; call it before the work starts."""
    return {
        "seed": seed,
        "device": processor(device),
        "date": datetime.date.today().isoformat(),
        "commit": commit(),
        "torch": str(torch.__version__),
        "python": platform.python_version(),
    }
