"""One request to a resource, and the answers that its tries get."""

from __future__ import annotations

from typing import Any

from proofkey import _native as native

from .words import word


def resource_answers(data: dict[str, Any]) -> str:
    call = native.ResourceCall(data["ceiling"])
    requested, granted = data["requested"], data["granted"]
    words = []
    over = False
    for answer in data["answers"]:
        assert not over, "an answer after the end"
        granted = granted if answer.get("granted") is None else answer["granted"]
        fields = [value for name, value in answer["headers"] if name.lower() == "www-authenticate"]
        try:
            reaction = call.answered(answer["status"], fields, requested, granted)
        except native.ProofKeyError as error:
            words.append(_given_up(error))
            over = True
            continue
        over = reaction.is_ACCEPT()
        if reaction.is_SIGN_IN():
            step_up = reaction.step_up
            words.append(
                "sign_in"
                + word("scope", " ".join(step_up.scopes) or None)
                + word("acr_values", " ".join(step_up.acr_values) or None)
                + word("max_age", step_up.max_age)
                + word("resource_metadata", step_up.resource_metadata)
            )
            assert step_up.www_authenticate == fields
            requested = granted = step_up.scopes
            continue
        kinds = ("accept", "retry", "refresh")
        words.append(next(kind for kind in kinds if getattr(reaction, f"is_{kind.upper()}")()))
    return " ".join(words)


def _given_up(error: native.ProofKeyError) -> str:
    scope = None
    if error.code == "scope_ceiling":
        # The only quoted word of the message.
        scope = error.text.split('"')[1]
    return f"give_up {error.code}" + word("scope", scope)
