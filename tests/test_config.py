"""Settings: environment over file over default, and clear words for what does not fit."""

from pathlib import Path

import pytest

from broadsheet import config
from broadsheet.errors import BadSetting


def test_without_file_and_environment_the_defaults_hold(tmp_path: Path) -> None:
    settings = config.read(tmp_path / "nowhere", {})
    assert settings.number("port") == 8000
    assert set(settings.origins.values()) == {"default"}


def test_the_file_is_over_the_default_and_the_environment_over_the_file(tmp_path: Path) -> None:
    (tmp_path / config.FILE).write_text('port = 9000\ntitle = "The Lab Times"\n')
    settings = config.read(tmp_path, {"BROADSHEET_PORT": "9001"})
    assert settings.number("port") == 9001
    assert settings.text("title") == "The Lab Times"
    assert settings.origins["port"] == "BROADSHEET_PORT"
    assert settings.origins["title"] == str(tmp_path / config.FILE)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("port = ", "cannot be read"),
        ("port = 'many'", "must be a whole number"),
        ("port = true", "must be a whole number"),
        ("port = 70000", "from 0 to 65535"),
        ("page_size = 0", "1 to 100"),
        ("address = 'papers.example.org'", "begins with http"),
        ("prot = 1", "there is no setting 'prot'"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / config.FILE).write_text(text)
    with pytest.raises(BadSetting, match=complaint) as caught:
        config.read(tmp_path, {})
    assert config.FILE in str(caught.value)


@pytest.mark.parametrize("value", ["eighty", "8e3", "٨٠", "", "-"])
def test_a_variable_that_is_no_number_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(BadSetting, match="BROADSHEET_PORT"):
        config.read(tmp_path, {"BROADSHEET_PORT": value})


def test_the_home_folder_is_what_was_given_else_the_variable_else_the_platforms(tmp_path: Path) -> None:
    assert config.home_folder(tmp_path / "a", {"BROADSHEET_HOME": str(tmp_path / "b")}) == tmp_path / "a"
    assert config.home_folder(None, {"BROADSHEET_HOME": str(tmp_path / "b")}) == tmp_path / "b"
    assert config.home_folder(None, {}).name == "broadsheet"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('categories = "cs.LG, stat.ML\\tcs.LG"', ("cs.LG", "stat.ML")),
        ('categories = ["cs.LG", "stat.ML"]', ("cs.LG", "stat.ML")),
        ('categories = ""', ()),
        (
            'feeds = ["https://example.org/a,b", "http://127.0.0.1/x?y=1"]',
            ("https://example.org/a,b", "http://127.0.0.1/x?y=1"),
        ),
    ],
)
def test_a_list_is_words_or_an_array(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    (tmp_path / config.FILE).write_text(text)
    assert config.read(tmp_path, {}).words(text.split(maxsplit=1)[0]) == words


def test_a_list_in_the_environment_is_words(tmp_path: Path) -> None:
    settings = config.read(tmp_path, {"BROADSHEET_SOURCES": "crossref,  arxiv", "BROADSHEET_WORKER": "off"})
    assert settings.words("sources") == ("crossref", "arxiv")
    assert not settings.flag("worker")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("categories = 'cs.LG nonsense'", "'nonsense' is no category of arXiv"),
        ("categories = [1]", "must be a list of words"),
        ("sources = 'arxiv arXive'", "there is no source 'arXive'; there are arxiv, "),
        ("private_sources = 'all'", "there is no source 'all'"),
        ("feeds = 'example.org/feed'", "begins with http"),
        ("github_address = 'https://api.example.org?x=1'", "without parameters"),
        ("github_address = ''", "begins with http"),
        ("contact = 'me'", "must be an e-mail address"),
        ("contact = 'a@example.org\\r\\nX-Evil: 1'", "must be an e-mail address"),
        ('contact = "a@example.org\\r\\nX-Evil: 1"', "must be an e-mail address"),
        ("arxiv_pause = -1", "from 0 to 3600"),
        ("access = 'closed'", "must be open, invite or single"),
        ("proxies = '10.0.0.0/8 proxy'", "'proxy' is no address on the network"),
        ("limit_votes = -1", "from 0 to 1000000"),
        ("mail_server = 'smtp.example.org:465'", "must be the name of a machine"),
        ("mail_server = 'smtp .example.org'", "must be the name of a machine"),
        ("mail_security = 'ssl'", "must be tls, starttls or none"),
        ("mail_from = 'papers'", "must be an e-mail address"),
        ('mail_from = "a@example.org\\r\\nBcc: b@example.org"', "must be an e-mail address"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / config.FILE).write_text(text)
    with pytest.raises(BadSetting, match=complaint):
        config.read(tmp_path, {})


def test_no_secret_is_ever_shown(tmp_path: Path) -> None:
    secrets = {setting.name for setting in config.SETTINGS if setting.secret}
    keys = {"openalex_key", "semanticscholar_key", "github_token", "llm_key"}
    assert secrets == keys | {"mail_password", "bounce_password", "bounce_secret"}
    (tmp_path / config.FILE).write_text("github_token = ['hush']")
    with pytest.raises(BadSetting, match="github_token is a secret, but it must be text") as caught:
        config.read(tmp_path, {})
    assert "hush" not in str(caught.value)
    assert "hush" not in repr(config.read(tmp_path / "other", {"BROADSHEET_GITHUB_TOKEN": "hush"}))
