"""What each service is called, what it is for, and how one gets an address there: the words of the pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ADDRESS, TOKEN, PLACE = "address", "token", "place"


@dataclass(frozen=True, slots=True)
class Asked:
    """A field: its name, its label and an example. A `secret` one is not shown again."""

    name: str
    label: str
    example: str
    secret: bool = False
    required: bool = True


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its name, what it is for, how to get an address, and the fields, in the order of the address."""

    text: str
    note: str
    steps: tuple[str, ...]
    fields: tuple[Asked, ...]


SERVICES: Mapping[str, Service] = MappingProxyType(
    {
        "slack": Service(
            "Slack",
            "A channel of a workspace.",
            (
                "At api.slack.com/apps make an app for your workspace, or open one.",
                "Switch “Incoming Webhooks” on, press “Add New Webhook to Workspace” and choose a channel.",
                "Copy the webhook’s address.",  # noqa: RUF001
            ),
            (Asked(ADDRESS, "The webhook’s address", "https://hooks.slack.com/services/T…/B…/…", secret=True),),  # noqa: RUF001
        ),
        "discord": Service(
            "Discord",
            "A channel of a server.",
            (
                "Open the channel’s settings, then Integrations, then Webhooks.",  # noqa: RUF001
                "Make a webhook and copy its address.",
            ),
            (Asked(ADDRESS, "The webhook’s address", "https://discord.com/api/webhooks/…/…", secret=True),),  # noqa: RUF001
        ),
        "teams": Service(
            "Microsoft Teams",
            "A channel or a chat, by a workflow.",
            (
                "In the channel open Workflows, and choose “Post to a channel when a webhook request is received”.",
                "Follow it to its end and copy the address that it gives.",
            ),
            (Asked(ADDRESS, "The workflow’s address", "https://….logic.azure.com/workflows/…", secret=True),),  # noqa: RUF001
        ),
        "telegram": Service(
            "Telegram",
            "A chat, a group or a channel, by a bot of yours.",
            (
                "Talk to @BotFather and make a bot; it gives you a token.",
                "Write to the bot, or add it to the group or channel.",
                "Find the chat’s number (a channel also has a name, with @).",  # noqa: RUF001
            ),
            (
                Asked(TOKEN, "The bot’s token", "123456789:AAE…", secret=True),  # noqa: RUF001
                Asked(PLACE, "The chat", "-1001234567890 or @channelname"),
            ),
        ),
        "matrix": Service(
            "Matrix",
            "A room that is not encrypted.",
            (
                "Make an account for the bot, invite it to the room, and let it join.",
                "Take its access token from its client’s settings, under Help.",  # noqa: RUF001
                "Take the room’s identifier from the room’s settings, under Advanced.",  # noqa: RUF001
            ),
            (
                Asked(ADDRESS, "The server", "https://matrix.example.org"),
                Asked(TOKEN, "The access token", "syt_…", secret=True),
                Asked(PLACE, "The room", "!identifier:example.org"),
            ),
        ),
        "ntfy": Service(
            "ntfy",
            "Notices on a telephone or a desktop.",
            (
                "Choose a topic that nobody guesses, at ntfy.sh or on a server of your own.",
                "Subscribe to it in the app.",
            ),
            (
                Asked(ADDRESS, "The topic’s address", "https://ntfy.sh/a-long-name", secret=True),  # noqa: RUF001
                Asked(TOKEN, "An access token, if the topic needs one", "tk_…", secret=True, required=False),
            ),
        ),
        "webhook": Service(
            "Webhook",
            "A program of yours: JSON, signed.",
            (
                "Let your program take POST requests at an address with TLS, and answer with a status from 200 to 299.",
                "You get a key with which it can tell that a message is from here; docs/channels.md has an example.",
            ),
            (Asked(ADDRESS, "The address", "https://example.org/papers", secret=True),),
        ),
    }
)
