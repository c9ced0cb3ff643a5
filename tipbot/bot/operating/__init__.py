"""Conversations with operators; to everybody else they do not exist."""
