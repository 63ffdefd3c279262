"""The tools, each a name, what it may be asked, what it answers, and who may use it.

tool       what a tool is
finding    search, editions, what trends, what is near
reading    one paper, its text, its discussion; some side by side; why one is here
acting     votes, what is kept, comments
following  standing queries
"""

from broadsheet.mcp.tools import acting, finding, following, reading
from broadsheet.mcp.tools.tool import Asking, Texts, Tool

__all__ = ["TOOLS", "Asking", "Texts", "Tool"]

TOOLS: tuple[Tool, ...] = (*finding.TOOLS, *reading.TOOLS, *acting.TOOLS, *following.TOOLS)
