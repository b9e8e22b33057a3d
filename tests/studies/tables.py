"""What known tables have in common: they are alike in every row, until a test says what differs where."""

import numpy as np

from latentlib.study.findings import RULES


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
    """What the rule of a claim finds in its tables."""
    rule, names = RULES[claim]
    assert len(names) == len(tables)
    return rule(*tables)


def outcome(claim, *tables):
    """What the rule of a claim says of its tables."""
    return found(claim, *tables).outcome
