"""What the editors may do with letter templates and letterheads. No "delete": letters name the template that they were written from."""

from crm.kernel.contributions import EditorsDesk, register

register(
    EditorsDesk(
        frozenset(
            {
                *(f"papers.{verb}_lettertemplate" for verb in ("add", "change", "view", "publish")),
                *(f"papers.{verb}_letterhead" for verb in ("add", "change", "view")),
            }
        )
    )
)
