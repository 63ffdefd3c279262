"""Letters to people, and what carries them.

    letters     a letter of the moment, and the message it becomes: links to sign in
    posts       who carries those: a mail server, or the log where none is set
    messages    what stands in the outbox, as a message and its envelope
    signatures  DKIM
    servers     a mail server, and a connection to it
    carriers    who carries what stands in the outbox: a mail server in steps, or a folder of .eml files
    bounces     what comes back: bounces, complaints, letters that unsubscribe
    mailboxes   the mailbox they come back to, by IMAP

Knows nothing of accounts or papers. Whoever has something to say at once writes a Letter and gives it to a Post.
"""

from broadsheet.mailing.carriers import FileCarrier, SmtpCarrier
from broadsheet.mailing.letters import Letter
from broadsheet.mailing.messages import Signer, Writer
from broadsheet.mailing.posts import ConsoleFirst, LogPost, Post, SmtpPost
from broadsheet.mailing.servers import Security, Server
from broadsheet.mailing.signatures import signer

__all__ = [
    "ConsoleFirst",
    "FileCarrier",
    "Letter",
    "LogPost",
    "Post",
    "Security",
    "Server",
    "Signer",
    "SmtpCarrier",
    "SmtpPost",
    "Writer",
    "signer",
]
