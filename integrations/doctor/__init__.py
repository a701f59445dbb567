"""The doctor: one line for each thing that a connection needs, and what puts it right."""
