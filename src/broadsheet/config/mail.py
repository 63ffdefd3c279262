"""The settings of mail: by whom it leaves, how fast, signed with what, and where what comes back is read."""

from broadsheet.config import checks
from broadsheet.config.setting import Setting

MAIL = (
    Setting(
        "mail_server",
        str,
        "",
        "The mail server that takes letters (`smtp.example.org`). Without one, those with a link to sign in are printed"
        " in the log, and all others are written to `letters` in the home folder, as .eml files.",
        check=checks.host,
    ),
    Setting(
        "mail_port",
        int,
        0,
        "Its port; 0 is 465 for `tls`, 587 for `starttls`, 25 for `none`.",
        check=checks.from_to(0, 65535),
    ),
    Setting(
        "mail_security",
        str,
        "starttls",
        "How the connection to it is kept secret: `tls` from its start, `starttls` after a command, `none` not at"
        " all, which is for a server on this machine.",
        check=checks.mail_security,
    ),
    Setting("mail_user", str, "", "The name to sign in to it with; empty is not at all."),
    Setting("mail_password", str, "", "The password to sign in to it with.", secret=True),
    Setting(
        "mail_from",
        str,
        "",
        "The e-mail address that letters are from. It must be set where `mail_server` is.",
        check=checks.email,
    ),
    Setting(
        "mail_dkim_key",
        str,
        "",
        "The file of a private RSA key (PEM) that letters are signed with by DKIM, for the domain of `mail_from`. Leave"
        " it empty where the mail server signs.",
    ),
    Setting(
        "mail_dkim_selector",
        str,
        "broadsheet",
        "The selector of that key: its public half stands in the DNS at SELECTOR._domainkey.DOMAIN.",
        check=checks.label,
    ),
    Setting(
        "mail_rate",
        int,
        10,
        "How many letters of editions and alerts leave in a second at most, by one process. 0 is no limit.",
        check=checks.from_to(0, 100_000),
    ),
    Setting(
        "mail_host_rate",
        int,
        300,
        "How many of them go to readers at one domain in a minute at most, by one process. 0 is no limit.",
        check=checks.from_to(0, 1_000_000),
    ),
    Setting(
        "mail_connections",
        int,
        4,
        "How many connections to the mail server are used at a time, by one process.",
        check=checks.from_to(1, 64),
    ),
    Setting(
        "mail_in_doubt",
        int,
        4,
        "How many letters of one process may be between their last word and the mail server's answer at a time: so many"
        " may arrive a second time after a crash. 1 is fewest, and slower.",
        check=checks.from_to(1, 64),
    ),
    Setting(
        "mail_doubtful",
        str,
        "send",
        "What is done with a letter of which nobody knows whether it arrived, after a crash or a broken connection:"
        " `send` it again, by the same Message-ID, or `hold` it until somebody decides.",
        check=checks.doubtful,
    ),
)

BOUNCES = (
    Setting(
        "bounce_address",
        str,
        "",
        "The mailbox to which servers return letters that they cannot deliver (`bounces@papers.example.org`). Each"
        " letter has an address of its own there (`bounces+TOKEN@…`). Empty is `mail_from`, which nobody reads.",
        check=checks.email,
    ),
    Setting("bounce_server", str, "", "The IMAP server of that mailbox; empty is not to read it.", check=checks.host),
    Setting("bounce_port", int, 0, "Its port; 0 is 993 for `tls`, 143 otherwise.", check=checks.from_to(0, 65535)),
    Setting(
        "bounce_security",
        str,
        "tls",
        "How the connection to it is kept secret: `tls`, `starttls`, or `none`, which is for a server on this machine.",
        check=checks.mail_security,
    ),
    Setting("bounce_user", str, "", "The name to sign in to it with."),
    Setting("bounce_password", str, "", "The password to sign in to it with.", secret=True),
    Setting("bounce_folder", str, "INBOX", "The folder that is read. All that is read there is marked so."),
    Setting(
        "bounce_secret",
        str,
        "",
        "The secret by which a mail server may hand over what came back at `/mail/bounce`; empty closes that address.",
        secret=True,
    ),
)
