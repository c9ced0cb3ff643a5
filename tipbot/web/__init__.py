"""HTTP: the webhook, health and metrics."""
