# SPDX-License-Identifier: Apache-2.0
"""What a run's answers.md says, suite by suite."""

import re
from dataclasses import dataclass, field

# A longer first paragraph is no sentence for a table.
LONGEST = 200


@dataclass
class Answer:
    """A suite's question, the paragraphs about it, and what limits the trust in them."""

    question: str = ""
    # The first one speaks of ours; those above the first table of runtimes that were asked, too.
    paragraphs: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    caveats: list = field(default_factory=list)

    @property
    def sentence(self):
        """The first paragraph, where it is short enough to stand in a table."""
        first = self.paragraphs[0] if self.paragraphs else ""
        return first if len(first) <= LONGEST else ""


def answers_of(run):
    """({suite: Answer}, what holds for the whole run); empty where nothing was written."""
    try:
        text = (run / "answers.md").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}, []
    head, *sections = ("\n" + text).split("\n## ")
    found = {}
    for section in sections:
        name, _, body = section.partition("\n")
        found[plain(name.strip())] = read(body)
    return found, read(head).caveats


def read(body):
    """One section: tables and their titles are left out, for the page has its own."""
    answer, in_caveats, has_table = Answer(), False, False
    blocks = [block.strip() for block in body.split("\n\n") if block.strip()]
    for place, block in enumerate(blocks):
        follows = blocks[place + 1] if place + 1 < len(blocks) else ""
        if block.startswith("**") and block.endswith("**") and not answer.question:
            answer.question = joined(block.strip("*"))
        elif block.startswith("|") or (block.endswith(":") and follows.startswith("|")):
            has_table = True
        elif block.rstrip(":") in ("Caveats", "What does not hold"):
            in_caveats = True
        elif block.startswith("- "):
            answer.caveats += [joined(item) for item in block[2:].split("\n- ")]
        elif not block.startswith("#"):
            is_asked = answer.paragraphs and not has_table
            found = answer.asked if is_asked else answer.paragraphs
            (answer.caveats if in_caveats else found).append(joined(block))
    return answer


def joined(block):
    """The words of several lines in one."""
    return plain(" ".join(block.split()))


def plain(text):
    """The text without what keeps its names from being Markdown."""
    text = re.sub(r"\\([\\`|\[\]#>+=~-])", r"\1", text)
    return text.replace("&lt;", "<").replace("&amp;", "&")
