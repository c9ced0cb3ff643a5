"""The feed of the clinic's blog: fetched from the web with suspicion, read apart from everything else."""
