"""What known tables have in common: they are alike in every row, until a test says what differs where."""

import numpy as np

from latentlib.study import repository
from latentlib.study.claims import load_claims
from latentlib.study.findings import RULES

CLAIMS = {id: claim for name in repository.CHAPTERS for id, claim in load_claims(repository.claims(name)).items()}


def put(table, column, value, **where):
    """The table with another value, or one a run or target, where columns have a value or one of several."""
    chosen = np.ones(len(table), dtype=bool)
    for name, accepted in where.items():
        accepted = accepted if isinstance(accepted, (tuple, list, range)) else [accepted]
        chosen &= table[name].isin(accepted).to_numpy()
    assert chosen.any(), f"no rows with {where}"
    values = np.asarray(value)
    unit = "run" if "run" in table else "target"
    values = values[table[unit].to_numpy()[chosen]] if values.ndim else values
    changed = table[column].to_numpy().copy()
    changed[chosen] = values
    return table.assign(**{column: changed})


def found(claim, *tables):
    """What the rule of a claim finds in its tables, with its numbers as they stand in the book.

    Where second generators are not the point, their table has no rows.
    """
    rule, names = RULES[claim]
    if names[-1] == "replicates" and len(tables) < len(names):
        tables = (*tables, tables[0].head(0).assign(replicate=1))
    assert len(names) == len(tables)
    return rule(*tables, **CLAIMS[claim].numbers)


def outcome(claim, *tables):
    """What the rule of a claim says of its tables."""
    return found(claim, *tables).outcome
