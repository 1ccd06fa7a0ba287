"""Orders take from the warehouse, all or nothing."""

import logging
from dataclasses import dataclass, field

from shop.prices import gross
from shop.warehouse import OutOfStock, Warehouse

log = logging.getLogger(__name__)


@dataclass
class Order:
    lines: list[tuple[str, int, int, str]] = field(default_factory=list)

    def add(self, item: str, count: int, net: int, kind: str = "tools") -> "Order":
        self.lines.append((item, count, net, kind))
        return self

    def total(self) -> int:
        return sum(count * gross(net, kind) for _, count, net, kind in self.lines)

    def place(self, warehouse: Warehouse) -> None:
        taken = []
        try:
            for item, count, _, _ in self.lines:
                warehouse.take(item, count)
                taken.append((item, count))
        except OutOfStock:
            for item, count in taken:
                warehouse.put(item, count)
            log.warning("order of %d lines given back", len(self.lines))
            raise
