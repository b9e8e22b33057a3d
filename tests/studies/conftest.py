"""With this file in it, pytest makes the folder's `tables` importable."""
