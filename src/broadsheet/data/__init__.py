"""What ships with the package: the starter catalogue."""
