"""What every chapter shares: claims and verdicts, statistics, sweeps and their executors, execution of notebooks."""
