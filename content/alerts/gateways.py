"""Mail that leaves the bank's application."""

from django.conf import settings
from django.core.mail import EmailMessage


def post(*, to: str, subject: str, text: str) -> None:
    """Send a plain text. Raises what the mail server answers, so that the outbox tries again."""
    EmailMessage(" ".join(subject.split()), text, to=[to]).send()


def address(path: str) -> str:
    """A page's full address, for a reader outside the application."""
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{path}"
