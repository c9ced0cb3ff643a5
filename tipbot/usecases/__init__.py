"""What TipBot does: one class per capability, one transaction per method."""
