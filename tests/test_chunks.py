import pytest
import torch

from latentlib.chunks import in_chunks


@pytest.mark.parametrize(("rows", "sizes"), [(1, [1]), (200, [200]), (450, [200, 200, 50])])
def test_rows_pass_in_chunks_and_come_back_in_order(rows, sizes):
    seen, numbers = [], torch.arange(rows * 2.0).view(rows, 2)
    assert torch.equal(in_chunks(lambda some: seen.append(len(some)) or some + 1, numbers), numbers + 1)
    assert seen == sizes
