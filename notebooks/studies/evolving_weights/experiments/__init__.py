"""The experiments of `evolving_weights` besides courses: each turns the settings of one cell into rows."""
