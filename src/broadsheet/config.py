"""Settings: one table of names, types, defaults and help. Environment over file over default.

A setting `port` is read from `BROADSHEET_PORT`, else from `port = ...` in `broadsheet.toml` in the home
folder, else its default holds. Settings are read here, at the top, and passed down as plain values; no
module below `app` imports this one. `docs/settings.md` is made of this table, and a test compares them.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from broadsheet.errors import BadSetting

FILE = "broadsheet.toml"
Value = str | int | bool
_YES, _NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table. `check` returns what is wrong with a value, or an empty string."""

    name: str
    type: type[Value]
    default: Value
    help: str
    secret: bool = False
    check: Callable[[Value], str] = lambda _: ""

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"BROADSHEET_{self.name.upper()}"


def _port(value: Value) -> str:
    return "" if isinstance(value, int) and 0 <= value <= 65535 else "a port is a number from 0 to 65535"


def _page_size(value: Value) -> str:
    return "" if isinstance(value, int) and 1 <= value <= 100 else "a page holds 1 to 100 papers"


def _address(value: Value) -> str:
    if not value or str(value).startswith(("http://", "https://")):
        return ""
    return "an address begins with http:// or https://"


SETTINGS = (
    Setting("host", str, "127.0.0.1", "The address `broadsheet serve` listens on. 0.0.0.0 is every network."),
    Setting("port", int, 8000, "The port `broadsheet serve` listens on; 0 takes a free one.", check=_port),
    Setting("title", str, "Broadsheet", "The name in the masthead."),
    Setting("tagline", str, "The day's research papers", "The line below the name."),
    Setting("page_size", int, 20, "Papers on one page of an edition or a result list.", check=_page_size),
    Setting(
        "address",
        str,
        "",
        "The public address of this site (https://papers.example.org), for links that leave it.",
        check=_address,
    ),
    Setting(
        "encoder",
        str,
        "",
        "What finds papers by their meaning: a sentence-transformers model, by name or folder, in the place of the"
        " encoder that ships with Broadsheet. Needs the extra `transformers`; the index is filled anew.",
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force, and where each came from ("default", the file's path, the variable)."""

    home: Path
    values: Mapping[str, Value]
    origins: Mapping[str, str]

    def text(self, name: str) -> str:
        """The value of a text setting."""
        return str(self.values[name])

    def number(self, name: str) -> int:
        """The value of a number setting."""
        return int(self.values[name])


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
    if not isinstance(value, setting.type) or (setting.type is int and isinstance(value, bool)):
        kind = {str: "text", int: "a whole number", bool: "true or false"}[setting.type]
        raise BadSetting(f"{place} is {_shown(setting, value)}, but it must be {kind}.")
    if wrong := setting.check(value):
        raise BadSetting(f"{place} is {_shown(setting, value)}: {wrong}.")
    return value


def _shown(setting: Setting, value: object) -> str:
    return "a secret" if setting.secret else repr(value)
