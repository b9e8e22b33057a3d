import sys
from collections import Counter
from pathlib import Path

import chromium
import pytest
import torch
from hypothesis import HealthCheck, settings
from needs import DATA, need

from latentlib import data
from latentlib.data import Images
from latentlib.models import jin_ko
from latentlib.zoo import storage

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))  # the tools are scripts, not a package

settings.register_profile(
    "suite",
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("suite")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why tests were skipped, in one line for each reason."""
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in terminalreporter.getreports("skipped"))
    for reason, count in reasons.items():
        terminalreporter.write_line(f"SKIPPED [{count}] {reason}")


@pytest.fixture(autouse=True)
def isolated_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads the user's cache or data folder, none writes there."""
    monkeypatch.setenv("LATENTLIB_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LATENTLIB_DATA", raising=False)
    return tmp_path / "cache"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the official data sets."""
    return Path(need(DATA))


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty zoo of our own."""
    monkeypatch.setattr(storage, "WEIGHTS", tmp_path / "weights")
    return tmp_path / "weights"


@pytest.fixture
def random() -> torch.Generator:
    return torch.Generator().manual_seed(20)


@pytest.fixture(scope="session")
def generator() -> jin_ko.Generator:
    """Small, with random weights, the last of them large, so that its images have contrast and differ."""
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(0)
        network = jin_ko.Generator(latent_size=20, hidden=32, channels=(16, 8))
        network.layers[-2].weight *= 6
        network.train()(torch.randn(256, 20))  # batch norm must have seen images of the prior
    return network.eval().requires_grad_(False)


@pytest.fixture(scope="session")
def fashion() -> Images:
    return data.bundled("fashion_mnist")


@pytest.fixture(scope="session")
def targets(fashion: Images) -> torch.Tensor:
    """Three real images, (3, 1, 28, 28)."""
    return fashion.images[:3].clone()


@pytest.fixture
def one_thread() -> None:
    """For what is compared bit by bit: sums in another number of threads round differently."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def address():
    """Where the built book is served."""
    with chromium.served(Path(need("the built book"))) as served:
        yield served


@pytest.fixture(scope="module")
def browser():
    """Chromium."""
    with chromium.started() as running:
        yield running


@pytest.fixture
def page(browser):
    """A page of Chromium's that lets nothing out and keeps a list of complaints."""
    opened = chromium.watched(browser)
    yield opened
    opened.close()
