"""The core bank's nightly figures of clients."""
