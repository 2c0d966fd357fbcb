"""The editors' screens for letter templates. The templates themselves belong to `crm.papers`."""
