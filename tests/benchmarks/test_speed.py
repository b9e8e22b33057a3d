import pytest
import sets
import workload

VARIANTS = {**workload.VARIANTS, **sets.VARIANTS}


@pytest.mark.parametrize("variant", VARIANTS)
def test_speed(variant, benchmark, one_thread):
    work = VARIANTS[variant]()
    done = benchmark.pedantic(work, rounds=5, warmup_rounds=1)
    benchmark.extra_info["evaluations per second"] = round(done / benchmark.stats.stats.median)
