"""``send_email``: a mail, rendered to its last character when the rule fires.

What comes out depends on nothing but the occasion, so that every clone renders the same mail.
Without a recipient, with an unknown merge field or without its template there is no mail, and
a note says why: a mail with a hole in it cannot be taken back.
"""

from __future__ import annotations

from bluefs.core.frozen import dataclass
from bluefs.core.model import Outward
from bluefs.core.rules.actions import ACTIONS
from bluefs.core.rules.base import Action, Occasion, Outcome
from bluefs.core.rules.people import recipients
from bluefs.core.rules.shape import Option, Shape
from bluefs.core.rules.template import Template, one_line, parse_template, render
from bluefs.core.words import say

_RECIPIENTS = Option("recipient", many=True)


@ACTIONS.add
@dataclass(frozen=True, slots=True)
class SendEmail(Action):
    """Send an email. It leaves this machine, so it waits until the change is shared and this
    machine is trusted.

    `send_email: {to:, subject:, body:}` · `send_email: {to:, template: offer.md}`, and also
    `cc`, `bcc`, `from_name`, `reply_to`. Recipients are a field's key, a handle, a group, an
    address (`ana@acme.example`, `Ana <ana@acme.example>`), `assignees`, `actor`, `creator`,
    `everyone`, or a list of these. A value that does not hold exactly one address gives no
    recipient; with none at all no mail is sent.

    `template` names a file in the project's `_templates`; its front matter may hold the
    `subject`. Subject, body and `from_name` take merge fields: `"Our offer: ${title}"`.
    """

    word = "send_email"
    outward = True
    shape = Shape(
        options={
            "to": Option("recipient", many=True, required=True),
            "cc": _RECIPIENTS,
            "bcc": _RECIPIENTS,
            "from_name": Option("text"),
            "reply_to": Option("recipient"),
            "subject": Option("text"),
            "body": Option("text"),
            "template": Option("template"),
            "attach": Option("text", many=True, later=True),
        }
    )

    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    from_name: str | None = None
    reply_to: str | None = None
    subject: str | None = None
    body: str | None = None
    template: str | None = None

    def apply(self, occasion: Occasion) -> Outcome:
        to, notes = recipients(self.to, occasion)
        if not to:
            return Outcome(occasion.record, notes=(*notes, say("rules.no_recipient")))
        text = self._text(occasion)
        if isinstance(text, str):
            return Outcome(occasion.record, notes=(*notes, text))
        mail, unknown = self._mail(occasion, to, text)
        if unknown:
            holes = (say("rules.unknown_merge", name=name) for name in unknown)
            return Outcome(occasion.record, notes=(*notes, *holes))
        return Outcome(occasion.record, (mail[0],), (*notes, *mail[1]))

    def _text(self, occasion: Occasion) -> Template | str:
        """Subject and body before merging, or the note that says why there are none."""
        if self.template is None:
            return Template(self.body or "")
        return load_template(self.template, occasion)

    def _mail(
        self, occasion: Occasion, to: tuple[str, ...], text: Template
    ) -> tuple[tuple[Outward, tuple[str, ...]], tuple[str, ...]]:
        """((mail, notes), unknown merge fields)."""
        wanted = self.subject if self.subject is not None else text.subject
        subject, unknown = render(wanted if wanted is not None else "${title}", occasion)
        body, more = render(text.body, occasion)
        name, most = render(self.from_name or "", occasion)
        cc, cc_notes = recipients(self.cc, occasion)
        bcc, bcc_notes = recipients(self.bcc, occasion)
        reply, reply_notes = self._reply(occasion)
        mail = Outward(
            "email",
            occasion.rule.identity,
            to,
            one_line(subject),
            _readable(body),
            _without(cc, to),
            _without(bcc, (*to, *cc)),
            one_line(name) or None,
            reply,
        )
        notes = (*cc_notes, *bcc_notes, *reply_notes)
        return (mail, notes), tuple(dict.fromkeys((*unknown, *more, *most)))

    def _reply(self, occasion: Occasion) -> tuple[str | None, tuple[str, ...]]:
        if self.reply_to is None:
            return None, ()
        found, notes = recipients((self.reply_to,), occasion)
        if len(found) > 1:
            return None, (*notes, say("rules.many_reply_to"))
        return (found[0] if found else None), notes

    def explain(self) -> str:
        return say("rules.do.send_email", names=", ".join(self.to))


def template_path(project: str, name: str) -> str:
    """Where a project's template of this name stands: ``sales/_templates/offer.md``."""
    return f"{project}/_templates/{name}" if project else f"_templates/{name}"


def load_template(name: str, occasion: Occasion) -> Template | str:
    """A template of the record's project, or the note that says why there is none."""
    from bluefs.core.codec.compose import Malformed

    path = template_path(occasion.rule.project, name)
    text = occasion.context.config.templates.get(path)
    if text is None:
        return say("rules.no_template", name=name)
    try:
        return parse_template(text)
    except Malformed as error:
        return say("rules.bad_template", name=name, line=error.line, why=error.message)


def _without(addresses: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """Nobody gets one mail twice."""
    known = {one.casefold() for one in others}
    return tuple(one for one in addresses if one.casefold() not in known)


def _readable(body: str) -> str:
    """A body without the control characters that no mail may carry; lines end in ``\\n``."""
    unified = body.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in unified if c in "\n\t" or not (ord(c) < 32 or 127 <= ord(c) < 160))
    return kept.strip("\n") + "\n" if kept.strip() else ""
