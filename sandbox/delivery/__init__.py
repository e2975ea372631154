"""How commands, interactions and events reach an app."""
