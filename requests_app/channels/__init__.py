"""Ways for a message to leave: mail, and short texts."""
