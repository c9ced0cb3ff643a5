"""TipBot: a daily back-care tip and stretch from a clinic's therapists, at each reader's own local time."""
