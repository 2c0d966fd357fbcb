"""Sends events to the addresses of credit systems: allow-listed hosts, no redirects, no private network that is not named."""

import ipaddress
import logging

from django.conf import settings

from content.capture.gateways import Address, FetchRefused, post
from credit.systems import rules

log = logging.getLogger(__name__)


def send(url: str, body: bytes, headers: dict[str, str], *, seconds: int) -> tuple[int | None, str]:
    """(status, "") of the answer, or (None, why nobody answered). The list of hosts is asked anew each time.

    Args:
        url: Where the webhook stands.
        body: What is sent, and was signed.
        headers: With the signature.
        seconds: For all of it.
    """
    if not rules.is_allowed(url, settings.WEBHOOK_HOSTS):
        return None, "not_listed"
    try:
        return post(url, body, headers, seconds=seconds, allow=_inside if url.startswith("https:") else _loopback), ""
    except FetchRefused as refusal:
        log.info("A webhook was not reached: %s", refusal.code)
        return None, refusal.code


def _inside(address: Address, port: int) -> bool:
    """A private address of a network that the bank names."""
    return any(
        address in ipaddress.ip_network(net) for net in settings.WEBHOOK_NETWORKS if address.version == ipaddress.ip_network(net).version
    )


def _loopback(address: Address, port: int) -> bool:
    return address.is_loopback
