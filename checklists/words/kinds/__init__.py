"""The faces of the kinds of question. To add one: a module here, and a line below."""

from checklists.words.kinds.choice import Choice
from checklists.words.kinds.clear_text import ClearText
from checklists.words.kinds.control_chain import ControlChain
from checklists.words.kinds.country import Country
from checklists.words.kinds.day import Day
from checklists.words.kinds.face import Face, face_of, faces, faces_with_a_part, register, unregister

for _face in (Choice(), Day(), Country(), ControlChain(), ClearText()):
    register(_face)

__all__ = ["Face", "face_of", "faces", "faces_with_a_part", "register", "unregister"]
