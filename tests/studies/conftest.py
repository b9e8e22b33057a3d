import pytest

from latentlib.study import statistics


@pytest.fixture
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Intervals from 50 to 250 resamples: enough for outcomes that are clear by construction."""
    monkeypatch.setattr(statistics, "RESAMPLES", 250)
