"""The interface toolkit: views, tables, filters, paging, exports and the API frame that every feature builds upon."""
