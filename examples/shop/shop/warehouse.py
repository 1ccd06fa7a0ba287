"""What is there, in SQLite."""

import sqlite3


class OutOfStock(LookupError):
    pass


class Warehouse:
    def __init__(self, path: str = ":memory:") -> None:
        self.db = sqlite3.connect(path)
        self.db.execute("create table if not exists stock (item text primary key, level int)")

    def put(self, item: str, count: int) -> None:
        self.db.execute(
            "insert into stock values (?, ?) on conflict (item) do update set level = level + excluded.level", (item, count)
        )

    def level(self, item: str) -> int:
        row = self.db.execute("select level from stock where item = ?", (item,)).fetchone()
        return row[0] if row else 0

    def take(self, item: str, count: int) -> None:
        if self.level(item) < count:
            raise OutOfStock(f"{item}: {count} wanted, {self.level(item)} there")
        self.put(item, -count)

    def close(self) -> None:
        self.db.close()
