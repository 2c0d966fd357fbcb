"""Tests of the core bank's figures."""
