"""Explorers, and the predictions that open them, which a notebook calls by name."""

import inspect

from .arguments import forgiving
from .topics.lazy import names

_MODULES = {
    "answer_by_rule": "families.answer_by_rule",
    "card_sort": "families.card_sort",
    "claim_browser": "claims.explorer",
    "competition": "efficacy.explorer",
    "concentration": "kinetics.explorer",
    "mechanism_steps": "mechanism.explorer",
    "occupancy": "binding.explorer",
    "predict_agonism": "mechanism.explorer",
    "predict_card_sort": "families.card_sort",
    "predict_cascade": "mechanism.explorer",
    "predict_claim_browser": "claims.explorer",
    "predict_competition": "efficacy.explorer",
    "predict_concentration": "kinetics.explorer",
    "predict_mechanism": "mechanism.explorer",
    "predict_naloxone": "mechanism.explorer",
    "predict_occupancy": "binding.explorer",
    "predict_own_opioids": "mechanism.explorer",
    "predict_reading": "opioid_system.explorer",
    "predict_scheduling": "scheduling.explorer",
    "predict_session_day": "formats.explorer",
    "predict_small_trial": "trials.explorer",
    "predict_ten_weeks": "formats.explorer",
    "predict_timeline": "families.timeline",
    "predict_trial_evidence": "trials.explorer",
    "predict_ventilation": "breathing.explorer",
    "reading": "opioid_system.explorer",
    "scheduling": "scheduling.explorer",
    "session_day": "formats.explorer",
    "small_trial": "trials.explorer",
    "ten_weeks": "formats.explorer",
    "timeline": "families.timeline",
    "trial_evidence": "trials.explorer",
    "ventilation": "breathing.explorer",
}
__all__ = sorted(_MODULES)
__getattr__, __dir__ = names(
    f"{__package__}.topics",
    _MODULES,
    "explorer",
    lambda found: forgiving(found) if inspect.isfunction(found) else found,
)
