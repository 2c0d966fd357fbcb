"""Gifts given and received, offered and declined: the catalogue and its stock, the register, who gave what to whom and how often."""
