"""What the bank reads and keeps: news, notes and the library."""
