# SPDX-License-Identifier: MIT
"""E-mail by SMTP, through Django's backend; settings ONECOUNCIL_SMTP_HOST, _PORT, _USER, _PASSWORD, _TLS."""

import smtplib
from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from onecouncil.core.messaging.providers.base import Outcome
from onecouncil.core.problems import Unavailable

_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class Smtp:
    def send(self, channel: str, address: str, subject: str, body: str, key: str) -> Outcome:
        if channel != "email":
            return Outcome(accepted=False, error="SMTP cannot send text messages. Set up GOV.UK Notify for these.")
        headers: Mapping[str, str] = {"Message-ID": f"<{key.replace(' ', '-')}@{settings.SITE_HOST}>"}
        mail = EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [address], headers=dict(headers))
        mail.connection = get_connection(_BACKEND, timeout=10)
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused:
            return Outcome(accepted=False, error="The mail server refused this address")
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(f"The mail server did not take the message: {type(error).__name__}") from error
        return Outcome(accepted=True, reference=headers["Message-ID"])

    def check_config(self) -> str:
        try:
            connection = get_connection(_BACKEND, timeout=5)
            connection.open()
            connection.close()
        except (OSError, smtplib.SMTPException) as error:
            return f"The mail server does not answer ({type(error).__name__}). Check ONECOUNCIL_SMTP_HOST."
        return ""
