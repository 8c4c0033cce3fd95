"""Explorers, and the predictions that open them, which a notebook calls by name."""

from ..lazy import names

_MODULES = {
    "card_sort": "cards",
    "claim_browser": "ledger",
    "competition": "rivals",
    "concentration": "kinetics",
    "mechanism_steps": "mechanism",
    "occupancy": "binding",
    "predict_agonism": "mechanism",
    "predict_card_sort": "cards",
    "predict_cascade": "mechanism",
    "predict_claim_browser": "ledger",
    "predict_competition": "rivals",
    "predict_concentration": "kinetics",
    "predict_mechanism": "mechanism",
    "predict_naloxone": "mechanism",
    "predict_occupancy": "binding",
    "predict_own_opioids": "mechanism",
    "predict_reading": "readings_explorer",
    "predict_scheduling": "law",
    "predict_session_day": "sessions",
    "predict_small_trial": "trials",
    "predict_ten_weeks": "sessions",
    "predict_timeline": "history",
    "predict_trial_evidence": "trials",
    "predict_ventilation": "breathing",
    "reading": "readings_explorer",
    "scheduling": "law",
    "session_day": "sessions",
    "small_trial": "trials",
    "ten_weeks": "sessions",
    "timeline": "history",
    "trial_evidence": "trials",
    "ventilation": "breathing",
}
__all__ = sorted(_MODULES)
__getattr__, __dir__ = names(__name__, _MODULES, "explorer")
