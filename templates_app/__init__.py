"""What we ask: templates, requested references, surveys and questions; which template a job gets; question packs."""
