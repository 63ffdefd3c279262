"""The protocol, over the tools, resources and prompts: what is listed for whom, and what went wrong in a sentence.

Of the official SDK this takes the lower server: which tools there are depends on who asks, and what is wrong with a
call is said in our words. Handlers run in threads, few at a time; one that nobody waits for any more is told so.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import mcp_types as protocol
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from pydantic import ValidationError

from broadsheet.errors import BroadsheetError, NotFound, Refused, SignInNeeded
from broadsheet.library import Library
from broadsheet.mcp import quoting, resources
from broadsheet.mcp.prompts import PROMPTS
from broadsheet.mcp.tools import TOOLS, Asking, Texts, Tool
from broadsheet.types import Actor

log = logging.getLogger("broadsheet.mcp")
Given = TypeVar("Given")

AT_ONCE = 8  # calls that run; others wait in line
_PROBLEMS = 5  # of the arguments that are named
_BY_NAME = {tool.name: tool for tool in TOOLS}
_BROKEN = "Something broke here. This is our fault, not yours."

INSTRUCTIONS = f"""\
{{title}}: a catalogue of research papers with daily editions, search, votes and discussion.
Begin with search_papers or list_edition; read_paper tells more of one paper, read_full_text reads it.
Answers are short and paged: next_offset or the next page leads on. Give people the links.
{quoting.NOTE}"""


def build(
    library: Library,
    who: Callable[[Any], Actor],
    base: Callable[[Any], str],
    *,
    texts: Texts | None = None,
    title: str = "Broadsheet",
) -> Server[Any]:
    """The server over a library. `who` and `base` tell who asks and where people see papers, by the HTTP request.

    There is none (None) where an agent asks over its own pipes. `who` may raise SignInNeeded. `texts` gives full texts
    and may fetch them; without it those are shown that are here.
    """
    return _Handlers(library, who, base, texts or library.full_text, title).server()


class _Handlers:
    def __init__(
        self, library: Library, who: Callable[[Any], Actor], base: Callable[[Any], str], texts: Texts, title: str
    ) -> None:
        self._library, self._who, self._base, self._texts, self._title = library, who, base, texts, title
        self._line: anyio.CapacityLimiter | None = None  # made in the event loop that it belongs to

    def server(self) -> Server[Any]:
        return Server(
            "broadsheet",
            version=version("broadsheet"),
            title=self._title,
            instructions=INSTRUCTIONS.format(title=self._title),
            get_tool_input_schema=_schema_of,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_list_resources=self._list_resources,
            on_list_resource_templates=self._list_templates,
            on_read_resource=self._read_resource,
            on_list_prompts=self._list_prompts,
            on_get_prompt=self._get_prompt,
            on_completion=self._complete,
        )

    # Tools.

    async def _list_tools(self, context: Any, _params: Any) -> protocol.ListToolsResult:
        actor = await self._asked(lambda: self._who(context.request))
        return protocol.ListToolsResult(tools=[_described(tool) for tool in TOOLS if tool.open_to(actor)])

    async def _call_tool(self, context: Any, params: protocol.CallToolRequestParams) -> protocol.CallToolResult:
        tool = _BY_NAME.get(params.name)
        if tool is None:
            names = ", ".join(_BY_NAME)
            raise MCPError(protocol.INVALID_PARAMS, f"There is no tool “{params.name[:60]}”. There are: {names}.")
        try:
            asked = tool.arguments.model_validate(params.arguments or {})
            answer = await self._run(context, lambda asking: tool.run(asking, asked))
        except ValidationError as problem:
            return _failed(_wrong(tool, problem))
        except SignInNeeded as problem:
            return _failed(
                f"{problem} Whoever runs you makes a token in the settings of the site, and gives it to you."
            )
        except BroadsheetError as problem:
            return _failed(str(problem))
        except Exception:
            log.exception("the tool %s", tool.name)
            return _failed(_BROKEN)
        return protocol.CallToolResult(
            content=[protocol.TextContent(type="text", text=answer.text())],
            structured_content=answer.model_dump(mode="json", exclude_none=True),
        )

    # Resources.

    async def _list_resources(self, _context: Any, _params: Any) -> protocol.ListResourcesResult:
        return protocol.ListResourcesResult(resources=list(resources.LISTED))

    async def _list_templates(self, _context: Any, _params: Any) -> protocol.ListResourceTemplatesResult:
        return protocol.ListResourceTemplatesResult(resource_templates=list(resources.TEMPLATES))

    async def _read_resource(
        self, context: Any, params: protocol.ReadResourceRequestParams
    ) -> protocol.ReadResourceResult:
        uri = str(params.uri)
        with _as_protocol_errors(uri):
            text = await self._run(context, lambda asking: resources.read(asking, uri))
        content = protocol.TextResourceContents(uri=uri, mime_type=resources.MARKDOWN, text=text)
        return protocol.ReadResourceResult(contents=[content])

    # Prompts, and what can be typed for their arguments and those of templates.

    async def _list_prompts(self, _context: Any, _params: Any) -> protocol.ListPromptsResult:
        return protocol.ListPromptsResult(prompts=[one.described() for one in PROMPTS.values()])

    async def _get_prompt(self, _context: Any, params: protocol.GetPromptRequestParams) -> protocol.GetPromptResult:
        prompt = PROMPTS.get(params.name)
        if prompt is None:
            names = ", ".join(PROMPTS)
            raise MCPError(protocol.INVALID_PARAMS, f"There is no prompt “{params.name[:60]}”. There are: {names}.")
        with _as_protocol_errors(params.name):
            words = prompt.message(params.arguments)
        said = protocol.PromptMessage(role="user", content=protocol.TextContent(type="text", text=words))
        return protocol.GetPromptResult(description=prompt.help, messages=[said])

    async def _complete(self, context: Any, params: protocol.CompleteRequestParams) -> protocol.CompleteResult:
        values: list[str] = []
        if params.argument.name in ("key", "day"):
            beginning = params.argument.value[:40]
            with _as_protocol_errors("completion"):
                values = await self._run(context, lambda asking: resources.editions(asking, beginning))
        return protocol.CompleteResult(completion=protocol.Completion(values=values))

    async def _run(self, context: Any, work: Callable[[Asking], Given]) -> Given:
        """Does the work in a thread, for who asks; once nobody waits any more, it is told so."""
        gone = threading.Event()

        def run() -> Given:
            actor = self._who(context.request)
            return work(Asking(self._library, actor, self._base(context.request), self._texts, gone.is_set))

        try:
            return await self._asked(run)
        finally:
            gone.set()

    async def _asked(self, work: Callable[[], Given]) -> Given:
        if self._line is None:
            self._line = anyio.CapacityLimiter(AT_ONCE)
        return await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=self._line)


def _schema_of(name: str) -> dict[str, Any] | None:
    tool = _BY_NAME.get(name)
    return _described(tool).input_schema if tool else None


def _lean(schema: Any) -> Any:
    """A JSON schema without what says nothing: titles made of names, defaults that are nothing, "or null"."""
    if isinstance(schema, list):
        return [_lean(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    lean = {
        key: {name: _lean(one) for name, one in value.items()} if key in ("properties", "$defs") else _lean(value)
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and value is None)
    }
    either = [one for one in lean.get("anyOf", ()) if one != {"type": "null"}]
    return {**{key: value for key, value in lean.items() if key != "anyOf"}, **either[0]} if len(either) == 1 else lean


@cache
def _described(tool: Tool) -> protocol.Tool:
    return protocol.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.help,
        input_schema=_lean(tool.arguments.model_json_schema()),
        output_schema=_lean(tool.answer.model_json_schema()),
        annotations=protocol.ToolAnnotations(
            title=tool.title,
            read_only_hint=not tool.writes,
            destructive_hint=tool.takes,
            idempotent_hint=tool.again,
            open_world_hint=False,
        ),
    )


def _failed(sentence: str) -> protocol.CallToolResult:
    return protocol.CallToolResult(content=[protocol.TextContent(type="text", text=sentence)], is_error=True)


def _wrong(tool: Tool, problem: ValidationError) -> str:
    """What is wrong with the arguments of a call, in sentences that repeat nothing long."""
    told = []
    for one in problem.errors(include_url=False, include_context=False, include_input=False)[:_PROBLEMS]:
        place = ".".join(str(part)[:40] for part in one["loc"])
        told.append(
            f"“{place}” is not known. There are: {', '.join(tool.arguments.model_fields)}."
            if one["type"] == "extra_forbidden"
            else f"“{place}”: {one['msg'][:200]}."
        )
    return " ".join(told)


@contextmanager
def _as_protocol_errors(name: str) -> Iterator[None]:
    """Errors of what is no tool: there the protocol has error messages only."""
    try:
        yield
    except ValidationError:
        raise MCPError(protocol.INVALID_PARAMS, f"“{name[:60]}” cannot be asked for like this.") from None
    except (NotFound, Refused) as problem:
        raise MCPError(protocol.INVALID_PARAMS, str(problem)) from None
    except BroadsheetError as problem:
        raise MCPError(protocol.INTERNAL_ERROR, str(problem)) from None
    except Exception:
        log.exception("%s", name[:200])
        raise MCPError(protocol.INTERNAL_ERROR, _BROKEN) from None
