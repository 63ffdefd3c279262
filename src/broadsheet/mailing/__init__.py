"""Letters to people, and the posts that carry them.

    letters   a letter, and the message it becomes
    posts     by SMTP, or into the log where no mail server is set

Knows nothing of accounts or papers. Whoever has something to say writes a Letter and gives it to a Post.
"""

from broadsheet.mailing.letters import Letter
from broadsheet.mailing.posts import ConsoleFirst, LogPost, Post, Security, SmtpPost

__all__ = ["ConsoleFirst", "Letter", "LogPost", "Post", "Security", "SmtpPost"]
