"""Foreign clients, unmodified but for the address, against a real server of ours that holds invented papers."""
