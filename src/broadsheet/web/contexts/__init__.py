"""What each template receives: one documented dataclass, ready to print.

Text fields are plain text and are escaped by the template; only a field of type `Markup` is HTML, and it comes
from `tex.html`, which knows what may pass, or is always the same.

    frame      what every page has, and the pages about this place itself
    cards      a paper in a list
    editions   results   papers
    people     signing in, accounts, profiles
    subscribing what is sent by mail
"""

from broadsheet.web.contexts.cards import Card, Category
from broadsheet.web.contexts.citing import Alternate, Cite, Reference
from broadsheet.web.contexts.editions import AccountLine, AccountTable, EditionPage
from broadsheet.web.contexts.frame import (
    AboutPage,
    Choice,
    FeedLink,
    Frame,
    JobRow,
    JobsPage,
    Link,
    Offer,
    Pager,
    ProblemPage,
    Tab,
)
from broadsheet.web.contexts.mapping import MapPage, MapRegion
from broadsheet.web.contexts.papers import Dated, Happened, PaperPage
from broadsheet.web.contexts.people import (
    Doings,
    InvitationRow,
    InvitationsPage,
    KeyRow,
    LeavePage,
    LinkPage,
    LinkSentPage,
    PeoplePage,
    PersonRow,
    ProfilePage,
    Said,
    SecretPage,
    SessionRow,
    SettingsPage,
    SignInPage,
    Ticked,
    TokenRow,
)
from broadsheet.web.contexts.reading import NearRow, Reading, ResultRow
from broadsheet.web.contexts.results import Facet, Facets, SearchPage
from broadsheet.web.contexts.rising import (
    FormulaPage,
    Line,
    Lines,
    Move,
    MovedPage,
    Share,
    Trending,
    TrendingPage,
)
from broadsheet.web.contexts.subscribing import (
    ConfirmPage,
    Kind,
    PlanFields,
    SentRow,
    SubscribePage,
    SubscribeSentPage,
    SubscriptionPage,
    SubscriptionsPage,
    UnsubscribePage,
    Zones,
)
from broadsheet.web.contexts.topics import Beside, CategoriesPage, Counted, Heading, TopicPage, TrendLine, TrendsPage

__all__ = [
    "AboutPage",
    "AccountLine",
    "AccountTable",
    "Alternate",
    "Beside",
    "Card",
    "CategoriesPage",
    "Category",
    "Choice",
    "Cite",
    "ConfirmPage",
    "Counted",
    "Dated",
    "Doings",
    "EditionPage",
    "Facet",
    "Facets",
    "FeedLink",
    "FormulaPage",
    "Frame",
    "Happened",
    "Heading",
    "InvitationRow",
    "InvitationsPage",
    "JobRow",
    "JobsPage",
    "KeyRow",
    "Kind",
    "LeavePage",
    "Line",
    "Lines",
    "Link",
    "LinkPage",
    "LinkSentPage",
    "MapPage",
    "MapRegion",
    "Move",
    "MovedPage",
    "NearRow",
    "Offer",
    "Pager",
    "PaperPage",
    "PeoplePage",
    "PersonRow",
    "PlanFields",
    "ProblemPage",
    "ProfilePage",
    "Reading",
    "Reference",
    "ResultRow",
    "Said",
    "SearchPage",
    "SecretPage",
    "SentRow",
    "SessionRow",
    "SettingsPage",
    "Share",
    "SignInPage",
    "SubscribePage",
    "SubscribeSentPage",
    "SubscriptionPage",
    "SubscriptionsPage",
    "Tab",
    "Ticked",
    "TokenRow",
    "TopicPage",
    "TrendLine",
    "Trending",
    "TrendingPage",
    "TrendsPage",
    "UnsubscribePage",
    "Zones",
]
