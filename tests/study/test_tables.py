"""Tables on disk: every value comes back as it was, and what is damaged is not read."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentlib.study import tables


def there_and_back(folder, table, facts=frozenset()):
    tables.write(folder, "t", table, set(facts))
    return tables.read(folder, "t")


WORDS = [
    "None",
    "NA",
    "N/A",
    "nan",
    "NaN",
    "null",
    "n/a",
    "#N/A",
    "<NA>",
    "-nan",
    "two, words",
    'a "quote"',
    "é ✓",
    "a\nb",
]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_stays_a_word(tmp_path, word):
    table = pd.DataFrame({"note": [word, "other"], "score": [0.5, 0.25]})
    pd.testing.assert_frame_equal(there_and_back(tmp_path, table), table)
    assert tables.write_cell(tmp_path / "cell.csv", table)["note"].tolist() == [word, "other"]
    pd.testing.assert_frame_equal(tables.read_cell(tmp_path / "cell.csv"), table)


def test_what_is_missing_stays_missing(tmp_path):
    table = pd.DataFrame({"note": [None, "x"], "score": [np.nan, 0.5], "count": [np.nan, 7]})
    assert there_and_back(tmp_path, table).isna().equals(table.isna())


@pytest.mark.parametrize("number", [1234567, 12345678901, 2**53 - 1, -(2**40) - 1, 4294967295])
def test_a_whole_number_in_a_column_with_a_gap_keeps_its_digits(tmp_path, number):
    for column in ([number, None], [float(number), np.nan], pd.array([number, None], dtype="Int64")):
        found = there_and_back(tmp_path, pd.DataFrame({"passes": column}))
        assert int(found["passes"][0]) == number
        assert np.isnan(found["passes"][1])


@given(st.lists(st.one_of(st.none(), st.integers(-(2**52), 2**52)), min_size=2, max_size=8))
def test_counts_with_gaps_come_back(tmp_path, values):
    found = there_and_back(tmp_path, pd.DataFrame({"kind": "a", "count": pd.array(values, dtype="Int64")}))
    assert [None if np.isnan(value) else int(value) for value in found["count"]] == values


def test_measures_have_six_digits_and_settings_all(tmp_path):
    table = pd.DataFrame({"rate": [1 / 3, 0.1], "score": [2 / 3, 1e-9 / 3], "seconds": [3.0, 2.5]})
    found = there_and_back(tmp_path, table, {"rate", "seconds"})
    assert found["rate"].tolist() == table["rate"].tolist()
    assert found["score"].tolist() == [0.666667, 3.33333e-10]
    assert (tmp_path / "t.csv").read_text().splitlines()[1] == "0.3333333333333333,0.666667,3"


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e300, -1e-300, 2.0**60])
def test_large_and_infinite_numbers_come_back(tmp_path, value):
    assert there_and_back(tmp_path, pd.DataFrame({"score": [value, 0.5]}))["score"][0] == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize("digits", ["0123456789012345", "12345e678901", "1" * 16])
def test_digests_that_look_like_numbers_stay_texts(tmp_path, digits):
    table = pd.DataFrame({"commit": [digits, "a"], "code": [digits, "b"]})
    pd.testing.assert_frame_equal(there_and_back(tmp_path, table), table)


def test_files_are_utf8_whatever_the_locale_says(tmp_path, monkeypatch):
    monkeypatch.setattr("locale.getpreferredencoding", lambda *a: "ascii")
    monkeypatch.setattr("locale.getencoding", lambda: "ascii", raising=False)
    table = pd.DataFrame({"note": ["é ✓", "x"], "place": "Zürich"})
    tables.write(tmp_path, "t", table, {"place"})
    assert "é ✓".encode() in (tmp_path / "t.csv").read_bytes()
    pd.testing.assert_frame_equal(tables.read(tmp_path, "t"), table)


@pytest.mark.parametrize("damage", [lambda text: text[:-2], lambda text: text.replace("0.5", "0.6"), lambda text: ""])
def test_a_table_that_was_changed_or_cut_is_refused(tmp_path, damage):
    tables.write(tmp_path, "t", pd.DataFrame({"score": [0.5, 0.25]}), set())
    path = tmp_path / "t.csv"
    path.write_text(damage(path.read_text()))
    with pytest.raises(ValueError, match=r"t\.csv and t\.json do not belong together: run the sweep again"):
        tables.read(tmp_path, "t")


def test_facts_that_are_newer_than_their_rows_are_refused(tmp_path):
    tables.write(tmp_path, "t", pd.DataFrame({"score": [0.5, 0.25], "date": "today"}), {"date"})
    rows = (tmp_path / "t.csv").read_bytes()
    tables.write(tmp_path, "t", pd.DataFrame({"score": [0.5, 0.3], "date": "tomorrow"}), {"date"})
    (tmp_path / "t.csv").write_bytes(rows)
    with pytest.raises(ValueError, match="do not belong together"):
        tables.read(tmp_path, "t")


@pytest.mark.parametrize("content", ["{", "", "half"])
def test_facts_that_are_damaged_are_named(tmp_path, content):
    tables.write(tmp_path, "t", pd.DataFrame({"score": [0.5]}), set())
    (tmp_path / "t.json").write_text(content)
    with pytest.raises(ValueError, match=r"t\.json is damaged"):
        tables.read(tmp_path, "t")


def test_facts_of_tables_older_than_checksums_are_read(tmp_path):
    (tmp_path / "t.csv").write_text("score\n0.5\n0.25\n")
    (tmp_path / "t.json").write_text(json.dumps({"commit": "00e1", "scale": "paper"}))
    found = tables.read(tmp_path, "t")
    assert found["commit"].tolist() == ["00e1", "00e1"]
    assert set(found) == {"score", "commit", "scale"}


def test_no_cell_is_read_from_what_is_no_text(tmp_path):
    (tmp_path / "cell.csv").write_bytes(b"\xff\xfe\x00")
    assert tables.read_cell(tmp_path / "cell.csv") is None
