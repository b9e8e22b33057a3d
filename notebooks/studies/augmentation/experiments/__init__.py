"""The experiments of `augmentation`: each turns the settings of one cell into rows."""
