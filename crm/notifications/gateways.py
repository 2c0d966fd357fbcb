"""The one place from which mail to staff leaves: a mail server where one is named, else a file in the mail folder."""

from email.message import EmailMessage
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMessage as OutgoingMail

from crm.notifications.models import Mail


def send(mail: Mail) -> None:
    """Send it, or write `<id>.eml`. Writing the same mail again leaves one file. OSError (SMTPException too) where that fails."""
    address = mail.to.email
    if settings.MAIL_LEAVES:
        if address:
            OutgoingMail(mail.subject, mail.body, to=[address], headers={"Message-ID": f"<rapport-mail-{mail.pk}@rapport.invalid>"}).send()
        return
    message = EmailMessage()
    message["Subject"], message["To"] = mail.subject, address or f"{mail.to.username}@rapport.invalid"
    message["From"], message["Date"] = settings.DEFAULT_FROM_EMAIL, format_datetime(mail.written_at)
    message["Message-ID"] = f"<rapport-mail-{mail.pk}@rapport.invalid>"
    message.set_content(mail.body)
    settings.MAIL_DIR.mkdir(parents=True, exist_ok=True)
    aside = settings.MAIL_DIR / f"{mail.pk}.part"
    aside.write_bytes(bytes(message))
    aside.replace(settings.MAIL_DIR / f"{mail.pk}.eml")
