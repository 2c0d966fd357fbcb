"""The witness reacts to every logged visit."""

from crm.kernel.contributions import Reaction, register
from crm.visits.choices import LOGGED

register(Reaction(event=LOGGED, task="witness.count"))
