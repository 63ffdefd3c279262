"""Settings: one table of names, types, defaults and help. Environment over file over default.

A setting `port` is read from `BROADSHEET_PORT`, else from `port = ...` in `broadsheet.toml` in the home
folder, else its default holds. Settings are read here, at the top, and passed down as plain values; no
module below `app` imports this one. `docs/settings.md` is made of this table, and a test compares them.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from broadsheet.config.checks import OTHERS, SOURCES
from broadsheet.config.setting import Setting, Value
from broadsheet.config.table import GROUPS, SETTINGS
from broadsheet.errors import BadSetting

__all__ = ["FILE", "GROUPS", "OTHERS", "SETTINGS", "SOURCES", "Setting", "Settings", "home_folder", "read"]

FILE = "broadsheet.toml"
_YES, _NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force, and where each came from ("default", the file's path, the variable).

    Its own text holds no values: some are secret.
    """

    home: Path
    values: Mapping[str, Value] = field(repr=False)
    origins: Mapping[str, str]

    def text(self, name: str) -> str:
        """The value of a text setting."""
        return str(self.values[name])

    def number(self, name: str) -> int:
        """The value of a number setting."""
        return int(str(self.values[name]))

    def flag(self, name: str) -> bool:
        """The value of a setting that is true or false."""
        return bool(self.values[name])

    def words(self, name: str) -> tuple[str, ...]:
        """The value of a setting that is a list."""
        value = self.values[name]
        return value if isinstance(value, tuple) else ()


def home_folder(given: str | Path | None, environment: Mapping[str, str]) -> Path:
    """The home folder: what was given, else BROADSHEET_HOME, else the platform's user data folder."""
    chosen = given or environment.get("BROADSHEET_HOME") or platformdirs.user_data_path("broadsheet", appauthor=False)
    return Path(chosen).expanduser().absolute()


def read(home: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Reads the settings in force for a home folder; the folder need not exist.

    Raises BadSetting, naming the place and the remedy, for an unreadable file, a name that no setting
    has, or a value that does not fit.
    """
    environment = os.environ if environment is None else environment
    file = home / FILE
    written = _read_file(file)
    if unknown := sorted(set(written) - {setting.name for setting in SETTINGS}):
        known = ", ".join(setting.name for setting in SETTINGS)
        raise BadSetting(f"{file}: there is no setting {unknown[0]!r}. The settings are: {known}.")
    values: dict[str, Value] = {}
    origins: dict[str, str] = {}
    for setting in SETTINGS:
        if setting.variable in environment:
            values[setting.name] = _parse(setting, environment[setting.variable])
            origins[setting.name] = setting.variable
        elif setting.name in written:
            values[setting.name] = _fit(setting, written[setting.name], f"{file}: {setting.name}")
            origins[setting.name] = str(file)
        else:
            values[setting.name], origins[setting.name] = setting.default, "default"
    return Settings(home, values, origins)


def _read_file(file: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSetting(f"{file} cannot be read: {error}. Mend it, or move it away to use the defaults.") from None


def _parse(setting: Setting, text: str) -> Value:
    value: object = text
    if setting.type is int:
        if not text.strip().removeprefix("-").isascii() or not text.strip().removeprefix("-").isdigit():
            raise BadSetting(f"{setting.variable} is {_shown(setting, text)}, but it must be a whole number.")
        value = int(text)
    elif setting.type is bool:
        word = text.strip().lower()
        if word not in _YES | _NO:
            raise BadSetting(f"{setting.variable} is {_shown(setting, text)}, but it must be true or false.")
        value = word in _YES
    return _fit(setting, value, setting.variable)


def _fit(setting: Setting, value: object, place: str) -> Value:
    fitting = _listed(value) if setting.type is tuple else value
    if not isinstance(fitting, setting.type) or (setting.type is int and isinstance(fitting, bool)):
        kinds: dict[type, str] = {str: "text", int: "a whole number", bool: "true or false", tuple: "a list of words"}
        raise BadSetting(f"{place} is {_shown(setting, value)}, but it must be {kinds[setting.type]}.")
    if wrong := setting.check(fitting):
        raise BadSetting(f"{place} is {_shown(setting, value)}: {wrong}.")
    return fitting


def _listed(value: object) -> object:
    """A list as it is written: words in one text, or an array of words, each once."""
    if isinstance(value, str):
        return tuple(dict.fromkeys(filter(None, re.split(r"[\s,]+", value))))
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return tuple(dict.fromkeys(value))
    return value


def _shown(setting: Setting, value: object) -> str:
    return "a secret" if setting.secret else repr(value)
