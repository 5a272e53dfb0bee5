"""Settings from the environment, each of which may lie in a file instead: ``NAME_FILE`` says where."""

from __future__ import annotations

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping


class _NamedFiles(FileAwareMapping):
    """As an editor leaves them: the newline that ends a file is no part of what it holds."""

    def __getitem__(self, name: str) -> str:
        if file := self.env.get(f"{name}_FILE"):
            if self.env.get(name):
                raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: keep one.")
            try:
                return Path(file).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise ImproperlyConfigured(f"{name}_FILE names {file}, which cannot be read: {error}") from None
        return str(self.env[name])


class Environment(environ.Env):
    """``SECRET_KEY_FILE=/run/secrets/key`` stands for ``SECRET_KEY`` with what that file holds."""

    ENVIRON = _NamedFiles()
