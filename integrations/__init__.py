"""The door to the ATS: connections, the inbox of deliveries, the outbox of actions, and what talks to Lever."""
