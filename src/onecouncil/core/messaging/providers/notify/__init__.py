# SPDX-License-Identifier: MIT
"""GOV.UK Notify, with two templates of the council's own: e-mail and text, each holding ((subject)) and ((body))."""

from typing import Any

from django.conf import settings

from onecouncil.core.messaging.providers.base import Outcome
from onecouncil.core.problems import Unavailable


class Notify:
    def send(self, channel: str, address: str, subject: str, body: str, key: str) -> Outcome:
        from notifications_python_client.errors import HTTPError
        from requests import RequestException

        client = self._client()
        words = {"subject": subject, "body": body}
        try:
            if channel == "sms":
                answer = client.send_sms_notification(address, settings.NOTIFY_SMS_TEMPLATE, words, reference=key)
            else:
                answer = client.send_email_notification(address, settings.NOTIFY_EMAIL_TEMPLATE, words, reference=key)
        except HTTPError as error:
            if error.status_code == 429 or error.status_code >= 500:
                raise Unavailable("GOV.UK Notify is busy or down") from error
            return Outcome(accepted=False, error=f"GOV.UK Notify refused the message: {error.message}"[:300])
        except RequestException as error:
            raise Unavailable("GOV.UK Notify did not answer") from error
        return Outcome(accepted=True, reference=str(answer["id"]))

    def check_config(self) -> str:
        if not settings.NOTIFY_API_KEY:
            return "No GOV.UK Notify key. Set ONECOUNCIL_NOTIFY_KEY."
        from notifications_python_client.errors import HTTPError
        from requests import RequestException

        try:
            self._client().get_template(settings.NOTIFY_EMAIL_TEMPLATE)
        except HTTPError as error:
            return f"GOV.UK Notify refused our key or template ({error.status_code}). Check ONECOUNCIL_NOTIFY_KEY."
        except RequestException:
            return "GOV.UK Notify does not answer. Check the network."
        return ""

    def _client(self) -> Any:
        from notifications_python_client.notifications import NotificationsAPIClient

        if settings.NOTIFY_BASE_URL:
            return NotificationsAPIClient(settings.NOTIFY_API_KEY, base_url=settings.NOTIFY_BASE_URL, timeout=10)
        return NotificationsAPIClient(settings.NOTIFY_API_KEY, timeout=10)
