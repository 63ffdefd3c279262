"""The table of settings, in the groups in which the documentation shows them.

A row is a name, a type, a default, a sentence of help and a check. A list (`tuple`) is words between spaces or commas
in the environment, and an array or such words in the file.
"""

from broadsheet.config import checks
from broadsheet.config.mail import BOUNCES, MAIL
from broadsheet.config.setting import Setting


def _source_address(source: str, default: str, what: str) -> Setting:
    return Setting(f"{source}_address", str, default, f"Where {what}.", check=checks.base_address)


def _limit(kind: str, default: int, what: str) -> Setting:
    return Setting(f"limit_{kind}", int, default, f"{what} 0 is no limit.", check=checks.from_to(0, 1_000_000))


GROUPS: dict[str, tuple[Setting, ...]] = {
    "The site": (
        Setting("host", str, "127.0.0.1", "The address `broadsheet serve` listens on. 0.0.0.0 is every network."),
        Setting(
            "port",
            int,
            8000,
            "The port `broadsheet serve` listens on; 0 takes a free one.",
            check=checks.from_to(0, 65535),
        ),
        Setting(
            "processes",
            int,
            1,
            "How many processes answer requests; each makes use of one core. With several, one more is left to the"
            " index and the jobs, and each counts by itself how often somebody reads or searches.",
            check=checks.from_to(1, 64),
        ),
        Setting("title", str, "Broadsheet", "The name in the masthead."),
        Setting("tagline", str, "The day's research papers", "The line below the name."),
        Setting(
            "address",
            str,
            "",
            "The public address of this site (https://papers.example.org), for links that leave it.",
            check=checks.address,
        ),
        Setting(
            "websub_hub",
            str,
            "",
            "The hub that hands on what is new in this site's feeds at once (WebSub). It needs `address`; a hub inside"
            " your own network also needs `websub` among `private_sources`.",
            check=checks.base_address_or_nothing,
        ),
        Setting(
            "proxies",
            tuple,
            ("127.0.0.1", "::1"),
            "The addresses of proxies before this site. What they say in X-Forwarded-For and X-Forwarded-Proto of who"
            " asks is believed; of others it is not.",
            check=checks.networks,
        ),
        Setting(
            "api_requests",
            int,
            3000,
            "How many requests a program may make in five minutes, by its address on the network; a fifth of them may"
            " be searches. 0 is no limit.",
            check=checks.from_to(0, 10_000_000),
        ),
        Setting(
            "security_contact",
            str,
            "",
            "Whom to tell of a weakness of this site: an e-mail address or that of a page. It is told at"
            " /.well-known/security.txt; empty tells nothing.",
            check=checks.contact,
        ),
        Setting(
            "bulk",
            bool,
            False,
            "Whether the whole catalogue can be fetched as files, from /bulk/manifest.json on. A job writes them once a"
            " day.",
        ),
        Setting("bulk_folder", str, "", "The folder of these files; empty is `bulk` in the home folder."),
    ),
    "People": (
        Setting(
            "access",
            str,
            "",
            "Who may have an account: `open` is everybody, `invite` is who was invited, `single` is one person, who"
            " need not sign in and may do everything, at this machine only. Empty is `single` while the site listens on"
            " this machine alone and has no `address`, and `invite` otherwise.",
            check=checks.access,
        ),
        Setting(
            "passwords",
            bool,
            False,
            "Whether people may set a password and sign in by it, besides links in letters and passkeys.",
        ),
        Setting(
            "claim_domains",
            tuple,
            (),
            "Domains of e-mail addresses (`example.edu`) whose owners are believed to be the authors they say they are."
            " Addresses at parts of such a domain count too.",
            check=checks.domains,
        ),
        _limit(
            "sign_ins",
            5,
            "How many links one e-mail address may be sent in an hour; twice as many passwords may be tried for one"
            " account. From one address on the network four times as many of each.",
        ),
        _limit("votes", 300, "How many votes one person may cast and take back in five minutes."),
        _limit("comments", 30, "How many comments one person may write in an hour; seven times as many in a day."),
        _limit("submissions", 10, "How many papers one person may submit in a day."),
        _limit("flags", 30, "How often one person may flag something in a day."),
        _limit("claims", 10, "How many papers one person may claim as author in a day."),
        _limit("invitations", 50, "How many invitations one person may make in a day."),
        _limit("groups", 10, "How many groups one person may found in a day."),
        _limit(
            "subscriptions",
            30,
            "How many things one person, or one e-mail address, may ask to be sent in a day; from one address on the"
            " network four times as many.",
        ),
        _limit("standing", 50, "How many standing queries one person may make or change in a day."),
        _limit("searches", 300, "How often one address on the network may search in five minutes, on pages."),
    ),
    "Mail": MAIL,
    "What comes back": BOUNCES,
    "Chats and webhooks": (
        Setting(
            "channel_hosts",
            tuple,
            (),
            "Hosts inside your network (`chat.internal 10.0.0.7`) that chats and webhooks may be on, also without TLS."
            " All others must be public and have TLS. Name none with more than chats on it: everybody with an account"
            " may send requests there.",
            check=checks.hosts,
        ),
        _limit("channels", 20, "How many chats and webhooks one person may add or try in a day."),
    ),
    "Editions and search": (
        Setting(
            "categories",
            tuple,
            (),
            "The arXiv categories of the editions (`cs.LG stat.ML`), and what arXiv is asked for. Empty is all.",
            check=checks.categories,
        ),
        Setting(
            "page_size", int, 20, "Papers on one page of an edition or a result list.", check=checks.from_to(1, 100)
        ),
        Setting(
            "encoder",
            str,
            "",
            "What finds papers by their meaning: a sentence-transformers model, by name or folder, in the place of the"
            " encoder that ships with Broadsheet. Needs the extra `transformers`; the index is filled anew.",
        ),
    ),
    "Work": (
        Setting(
            "worker",
            bool,
            True,
            "Whether `broadsheet serve` also does the jobs of the schedule. Set it to false where `broadsheet worker`"
            " runs beside it, or where nothing should be fetched.",
        ),
        Setting(
            "sources",
            tuple,
            ("arxiv", "arxiv-raw", "arxiv-listing", "hf-daily"),
            f"The sources that are asked on schedule, of: {', '.join(checks.SOURCES)}. Any of them can be asked by hand"
            " with `broadsheet sync`.",
            check=checks.sources,
        ),
        Setting(
            "feeds",
            tuple,
            (),
            "Addresses of RSS and Atom feeds of papers that are read every two hours.",
            check=checks.addresses,
        ),
        Setting(
            "contact",
            str,
            "",
            "An e-mail address or a web address at which whoever runs a source can reach you. It is sent with every"
            " request; please set it.",
            check=checks.contact,
        ),
        Setting(
            "arxiv_pause",
            int,
            3,
            "Seconds between two requests to arXiv, for all its sources and processes together. For arXiv's own servers"
            " it is never less than 3.",
            check=checks.from_to(0, 3600),
        ),
        Setting(
            "private_sources",
            tuple,
            (),
            "The sources that may be at addresses inside your own network, which are not asked otherwise: names as"
            f" above, and {' or '.join(checks.OTHERS)}. `zotero` needs it.",
            check=checks.private_sources,
        ),
    ),
    "Language model": (
        Setting(
            "llm_address",
            str,
            "",
            "An OpenAI-compatible interface, as `http://127.0.0.1:11434/v1`. With it and `llm_model`, a job has short"
            " summaries written of new papers, marked with the model's name. An address inside your own network also"
            " needs `llm` among `private_sources`.",
            check=checks.base_address_or_nothing,
        ),
        Setting("llm_model", str, "", "The name of the model, as that interface knows it."),
        Setting(
            "llm_daily_budget",
            int,
            50,
            "How many summaries may be asked for in a day (UTC), failures among them. 0 asks for none.",
            check=checks.from_to(0, 100_000),
        ),
    ),
    "Keys": (
        Setting("llm_key", str, "", "The key for the language model's interface.", secret=True),
        Setting(
            "openalex_key", str, "", "The key for OpenAlex (free; without it OpenAlex does not answer).", secret=True
        ),
        Setting("semanticscholar_key", str, "", "The key for Semantic Scholar.", secret=True),
        Setting("github_token", str, "", "A token for GitHub: 5,000 requests an hour in the place of 60.", secret=True),
    ),
    "Addresses of the sources": (
        _source_address("arxiv_oai", "https://oaipmh.arxiv.org/oai", "arXiv's OAI-PMH interface is"),
        _source_address("arxiv_list", "https://arxiv.org", "arXiv's listing pages are"),
        _source_address("arxiv_feed", "https://rss.arxiv.org", "arXiv's daily Atom feeds are"),
        _source_address("arxiv_html", "https://arxiv.org", "arXiv's HTML of papers is (below /html/)"),
        _source_address("arxiv_query", "https://export.arxiv.org", "arXiv's query API is"),
        _source_address("huggingface", "https://huggingface.co", "Hugging Face's daily papers are"),
        _source_address("openalex", "https://api.openalex.org", "OpenAlex is"),
        _source_address("crossref", "https://api.crossref.org", "Crossref is"),
        _source_address("semanticscholar", "https://api.semanticscholar.org", "Semantic Scholar is"),
        _source_address("github", "https://api.github.com", "GitHub's API is"),
        _source_address("zotero", "http://127.0.0.1:23119", "Zotero's local API is"),
    ),
}

SETTINGS = tuple(setting for group in GROUPS.values() for setting in group)
