"""The shared fields of forms."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from crm.web.forms import Amount


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1200000", "1200000"),
        ("1,200,000", "1200000"),
        ("1,200,000.50", "1200000.50"),
        ("１，２００，０００．５０", "1200000.50"),
        ("１２００", "1200"),
        (" 12,000 ", "12000"),
        ("-1,200", "-1200"),
        ("", None),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed, amount):
    assert Amount(required=False, max_digits=14, decimal_places=2).clean(typed) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize("typed", ["1,2", "12,34", "1,2000", "1,,000", ",100", "1200,000", "1.200,50", "1,200,00"])
def test_a_comma_that_parts_no_thousands_is_never_guessed_at(typed):
    with pytest.raises(ValidationError, match="between thousands only"):
        Amount(max_digits=14, decimal_places=2).clean(typed)


@pytest.mark.parametrize("typed", ["many", "1.2.3", "NaN", "1e"])
def test_what_is_no_figure_is_refused(typed):
    with pytest.raises(ValidationError, match="Enter a number"):
        Amount(max_digits=14, decimal_places=2).clean(typed)
