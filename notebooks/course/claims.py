"""The activity of chapter 09: claims of two clinic articles, judged by the learner before the evidence is shown."""

from __future__ import annotations

from .arguments import forgiving, only
from .topics.claims.rows import claim, claims
from .topics.claims.views import ClaimsView

__all__ = ["judge"]
__getattr__ = only("claims", __all__)


@forgiving
def judge(*ids: str) -> ClaimsView:
    """Shows claims to judge: the sixteen core ones, or those that are named (`claims.judge("CL010", "CL072")`).

    Raises `KeyError` with the nearest id for an unknown one.
    """
    chosen = [claim(claim_id) for claim_id in dict.fromkeys(map(str, ids))]
    return ClaimsView(chosen or [one for one in claims() if one.core == "yes"])
