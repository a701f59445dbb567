"""What was asked and answered: checks, references, answers; their pages, their letters, the report."""
