"""Who works here: organizations, people, roles, what each may see, and how they sign in."""
