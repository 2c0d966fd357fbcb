"""`/api/v1/exposure`: what stands with each group or company, of the packs that the caller sees."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from credit.exposure import selectors
from credit.exposure.views import SHOWN

router = Router(tags=["exposure"])
