"""Export what evolution in the browser needs: generators, recogniser and judge as int8, and a few held-out targets.

python tools/export_live.py            # writes book/web/live/weights-*.js and frontend/generated/targets.json
python tools/export_live.py --check    # exit status 1 where they are out of date
"""

import argparse
import json
import sys
from pathlib import Path

from latentlib.widgets.live import export

ROOT = Path(__file__).resolve().parents[1]


def outputs() -> dict[Path, str]:
    """Return every file with its text."""
    files = {
        ROOT / f"book/web/live/weights-{name}.js": f"latentLiveWeights({json.dumps(export.weights(name))});\n"
        for name in export.NETWORKS
    }
    targets = {name: export.targets(name) for name in export.DATASETS}
    return {**files, ROOT / "frontend/generated/targets.json": json.dumps(targets, indent=1) + "\n"}


def main(check: bool) -> int:
    """Write the files, or list those that differ; return 1 if a check finds any, else 0."""
    stale = [path for path, text in outputs().items() if not path.exists() or path.read_text() != text]
    for path in stale:
        if check:
            print(f"{path.relative_to(ROOT)} is out of date: run `make live`", file=sys.stderr)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(outputs()[path])
    return int(check and bool(stale))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    sys.exit(main(parser.parse_args().check))
