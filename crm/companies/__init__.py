"""Any company that we know of: listed, prospect, client, supplier, tenant. Identity, public facts, people, coverage."""
