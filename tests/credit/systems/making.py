"""Credit systems as the tests need them: made by one administrator, posted and given tokens under the eyes of another."""

from typing import Any

from crm.staff import services, systems
from crm.staff.models import User
from tests.cast import NOW, Bank, fresh


def account(bank: Bank, *, unit: str = "credit", name: str = "loan-system") -> User:
    made = systems.create_system(actor=bank.admin, username=name, name_en=name)
    told = {"role": "SYS", "unit_id": bank.units[unit].pk, "reason": "The bank’s credit system"}
    change = services.propose_post_change(user_id=made.pk, actor=bank.admin, now=NOW, **told)
    services.decide_post_change(change_id=change.pk, approve=True, actor=bank.admin2, now=NOW)
    return fresh(made)


def token(bank: Bank, user: Any, *, confirmed: bool = True, scopes: tuple[str, ...] = ("read", "write")) -> str:
    text = systems.make_token(user_id=user.pk, actor=bank.admin, scopes=scopes)
    if confirmed:
        systems.confirm_token(token_id=user.bearer_tokens.latest("pk").pk, actor=bank.admin2, now=NOW)
    return text
