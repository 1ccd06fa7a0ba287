"""A shop: prices, a warehouse, orders."""
