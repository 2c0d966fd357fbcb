"""What a client may read: templates in three languages, the fields that they may name, the phrases that never leave the bank."""
