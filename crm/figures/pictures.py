"""The points of the small pictures of figures, worked out here so that a template only draws them. Pure functions, no colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from crm.figures.rules import Split

WIDTH, HEIGHT, GAP = 240, 72, 2
FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Box:
    """A bar: its corner and its size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bars:
    """What came in, upwards, and what went out, downwards, from the line between them."""

    inward: tuple[Box, ...]
    outward: tuple[Box, ...]
    middle: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line through what is known: an SVG path, and its last point. `path` is empty without two points."""

    path: str
    end_x: float
    end_y: float


@dataclass(frozen=True, slots=True)
class Slice:
    """A product's bar: its share of the widest, in per cent, and of all income."""

    label: str
    amount: Decimal
    width: Decimal
    percent: Decimal | None


def bars(inward: Sequence[Decimal], outward: Sequence[Decimal]) -> Bars:
    """Two rows of bars on one scale, oldest first; both are as long."""
    highest_in, highest_out = max(inward, default=Decimal()), max(outward, default=Decimal())
    span = float(highest_in + highest_out) or 1.0
    middle = round(HEIGHT * float(highest_in) / span, 1)
    step = WIDTH / max(len(inward), 1)
    up, down = [], []
    for place, (came, went) in enumerate(zip(inward, outward, strict=True)):
        x, width = round(place * step + GAP / 2, 1), round(step - GAP, 1)
        tall, deep = round(HEIGHT * float(came) / span, 1), round(HEIGHT * float(went) / span, 1)
        up.append(Box(x, round(middle - tall, 1), width, tall))
        down.append(Box(x, middle, width, deep))
    return Bars(tuple(up), tuple(down), middle)


def line(values: Sequence[Decimal | None]) -> Line:
    """A line through the values that are known, over the whole width, the lowest at the bottom."""
    known = [(place, float(value)) for place, value in enumerate(values) if value is not None]
    if not known:
        return Line("", 0, 0)
    low, high = min(value for _place, value in known), max(value for _place, value in known)
    step, span = WIDTH / max(len(values) - 1, 1), (high - low) or 1.0
    points = [(round(place * step, 1), round((HEIGHT - 6) * (1 - (value - low) / span) + 3, 1)) for place, value in known]
    path = "M" + " ".join(f"{x} {y}" for x, y in points) if len(points) > 1 else ""
    return Line(path, *points[-1])


def slices(income: Split) -> list[Slice]:
    """A bar for each product that earned something, the largest first."""
    largest = max((amount for _product, amount in income.products), default=Decimal())
    return [
        Slice(
            str(product.label),
            amount,
            round(max(amount, Decimal()) * FULL / largest, 1) if largest > 0 else Decimal(),
            round(amount * FULL / income.total, 1) if income.total > 0 else None,
        )
        for product, amount in income.products
    ]
