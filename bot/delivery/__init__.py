"""Delivery: takes what waits in the outbox to Slack."""
