"""What a company's place in a group rests on, and that somebody confirmed a group's tree (domain 6.9): columns of their models."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.companies.choices import GroupBasis


class InGroup(models.Model):
    """Why a company belongs to its group. Without a basis nobody has said so yet, and the group's tree cannot be confirmed."""

    group_basis = models.CharField(_("belongs to the group by"), max_length=10, choices=GroupBasis.choices, blank=True)
    group_share = models.DecimalField(_("share in percent"), max_digits=5, decimal_places=2, null=True, blank=True)
    group_note = models.CharField(_("who controls, or what it depends on"), max_length=200, blank=True)

    class Meta:
        abstract = True


class Confirmed(models.Model):
    """That somebody looked at the whole tree of a group and found it right. Any change of its members takes this back."""

    confirmed_on = models.DateField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("confirmed by")
    )

    class Meta:
        abstract = True

    def is_confirmed(self, on: dt.date, *, since: dt.date) -> bool:
        """It was confirmed on or after `since`, and not after `on`."""
        return self.confirmed_on is not None and since <= self.confirmed_on <= on
