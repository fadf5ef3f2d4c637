"""`make bench`: what each operation of the API costs beside a bare handler that does the same work and nothing else."""
