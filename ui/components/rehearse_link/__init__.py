"""A rehearsal in the browser: the prompter, the script as it was said, and two takes side by side."""

from ui.components.rehearse_link.rehearse_link import RehearseLink
from ui.components.rehearse_link.take_pair import TakePair
from ui.components.rehearse_link.take_script import TakeScript

__all__ = ["RehearseLink", "TakePair", "TakeScript"]
