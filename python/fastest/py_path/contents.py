"""Reading and writing the file at a path."""

from _pytest._py.error import checked_call


class Contents:
    """What a file holds, of a `PathName`."""

    def open(self, mode="r", ensure=False, encoding=None):
        """The file object. `ensure` makes the directories above."""
        if ensure:
            self.dirpath().ensure(dir=1)
        return checked_call(open, self.strpath, mode, **({"encoding": encoding} if encoding else {}))

    def _take(self, mode, reading, **options):
        with self.open(mode, **options) as file:
            return reading(file)

    def read(self, mode="r"):
        return self._take(mode, lambda file: file.read())

    def read_binary(self):
        return self.read("rb")

    def read_text(self, encoding):
        return self._take("r", lambda file: file.read(), encoding=encoding)

    def readlines(self, cr=1):
        """The lines, with their ends unless `cr` is false."""
        return self._take("r", lambda file: file.readlines() if cr else file.read().split("\n"))

    def load(self):
        """What `dump` left there."""
        import pickle

        return self._take("rb", lambda file: checked_call(pickle.load, file))

    def dump(self, obj, bin=1):
        """Pickle with the protocol `bin`."""
        import pickle

        self._take("wb", lambda file: checked_call(pickle.dump, obj, file, bin))

    def write(self, data, mode="w", ensure=False):
        """Write bytes in a binary mode, else `data` as text. `ensure` makes the directories above."""
        if ensure:
            self.dirpath().ensure(dir=1)
        if "b" in mode:
            if not isinstance(data, bytes):
                raise ValueError("can only process bytes")
        elif not isinstance(data, str):
            data = data.decode() if isinstance(data, bytes) else str(data)
        self._put(data, mode)

    def write_binary(self, data, ensure=False):
        self._put(data, "wb", ensure=ensure)

    def write_text(self, data, encoding, ensure=False):
        self._put(data, "w", ensure=ensure, encoding=encoding)

    def _put(self, data, mode, **options):
        with self.open(mode, **options) as file:
            file.write(data)

    def computehash(self, hashtype="md5", chunksize=524288):
        """The hexadecimal digest by an algorithm of `hashlib`."""
        import hashlib

        try:
            digest = getattr(hashlib, hashtype)()
        except AttributeError:
            raise ValueError(f"Don't know how to compute {hashtype!r} hash")  # noqa: B904 - the context is shown, as py shows it
        with self.open("rb") as file:
            for chunk in iter(lambda: file.read(chunksize), b""):
                digest.update(chunk)
        return digest.hexdigest()
