"""Where a number came from: commit, date, device, seed, versions."""

import datetime
import platform
import subprocess
from pathlib import Path
from typing import Any

import torch

CODE = (":/latentlib", ":/notebooks/studies")  # from the repository's root


def commit() -> str:
    """The repository's commit, with `+` where files differ from it; `unknown` outside a repository."""
    here = Path(__file__).parent
    try:
        head = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], cwd=here, capture_output=True, text=True)
        dirty = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", *CODE], cwd=here, capture_output=True)
    except OSError:
        return "unknown"
    return head.stdout.strip() + ("+" if dirty.returncode else "") if head.returncode == 0 else "unknown"


def processor(device: str | torch.device = "cpu") -> str:
    """The name of the hardware behind a torch device."""
    if torch.device(device).type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{platform.machine()} CPU, {torch.get_num_threads()} threads"


def provenance(seed: int, device: str | torch.device) -> dict[str, Any]:
    """What every stored result says of its making, ready for JSON; ask before the work starts."""
    return {
        "seed": seed,
        "device": processor(device),
        "date": datetime.date.today().isoformat(),
        "commit": commit(),
        "torch": torch.__version__,
        "python": platform.python_version(),
    }
