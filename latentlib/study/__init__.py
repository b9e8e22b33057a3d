"""What all chapters share: claims and verdicts, statistics, sweeps and their executors, execution of notebooks."""
