"""What machines ask for, and what they get."""
