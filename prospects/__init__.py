"""Room for references who agreed to hear about jobs, their consent, and their way into Lever."""
