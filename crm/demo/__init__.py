"""The demo bank and operators' commands."""
