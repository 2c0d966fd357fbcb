"""What clients add to shared screens."""

from crm.companies.services.identity import RENAMED
from crm.kernel.contributions import Reaction, register

register(Reaction(event=RENAMED, task="clients.follow_names"))
