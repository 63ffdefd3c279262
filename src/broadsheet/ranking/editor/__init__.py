"""The automatic editor: a trained order of a day's papers, and a page that one topic does not fill."""

from broadsheet.ranking.editor.diversity import arrange
from broadsheet.ranking.editor.model import Appraisal, Editor

__all__ = ["Appraisal", "Editor", "arrange"]
