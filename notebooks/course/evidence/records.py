"""One record type per table. A field is a column of the same name; units are in the names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What every row has: an id, its source, and how far to trust it."""

    id: str
    source: str
    verification: str
    date_checked: dt.date
    confidence: str


@dataclass(frozen=True, slots=True)
class Finding(Row):
    """A row that was read at one place of its source."""

    locator: str
    note: str


@dataclass(frozen=True, slots=True)
class Drug(Row):
    """A drug of the course, with the class that its action gives it."""

    drug: str
    name: str
    molar_mass_g_per_mol: float
    opioid_class: str
    primary_target: str
    summary: str


@dataclass(frozen=True, slots=True)
class Affinity(Finding):
    """One published affinity: how tightly a drug binds a target, in nmol/L (smaller is tighter)."""

    drug: str
    form: str
    target: str
    site: str
    measure: str
    relation: str
    value_nM: float | None
    low_nM: float | None
    high_nM: float | None
    hill_slope: float | None
    species: str
    assay: str
    action: str


@dataclass(frozen=True, slots=True)
class Concentration(Finding):
    """A level measured or modeled in people, in a study or from a label; total drug, in ng/mL."""

    drug: str
    context: str
    regimen: str
    matrix: str
    value_ng_per_ml: float | None
    low_ng_per_ml: float | None
    high_ng_per_ml: float | None


@dataclass(frozen=True, slots=True)
class UnboundFraction(Finding):
    """The part of the drug in plasma that is not held by proteins, 0 to 1."""

    drug: str
    matrix: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Efficacy(Finding):
    """How far a drug switches the mu-opioid receptor on, next to a reference agonist that counts as 1."""

    drug: str
    measure: str
    relation: str
    value: float | None
    low: float | None
    high: float | None
    reference: str
    readout: str
    system: str


@dataclass(frozen=True, slots=True)
class Fact(Finding):
    """A statement that the prose or a question rests on."""

    statement: str
    value: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class Ventilation(Finding):
    """A finding on breathing: measured, published as a model value, or chosen here (`kind` says which)."""

    drug: str
    with_drug: str
    quantity: str
    people: str
    participants: float | None
    dose: float | None
    dose_unit: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    spread: str
    conditions: str
    kind: str
    statement: str


@dataclass(frozen=True, slots=True)
class MechanismStep(Finding):
    """One step of a drawing of `assets/diagrams/`: its words, and how settled they are."""

    diagram: str
    step: float
    title: str
    text: str
    status: str
    basis: str


@dataclass(frozen=True, slots=True)
class MechanismEvidence(Finding):
    """A finding for or against a step of a mechanism diagram. `side` is supports or disputes."""

    step_id: str
    side: str
    text: str


@dataclass(frozen=True, slots=True)
class MechanismQuestion(Finding):
    """One of four different questions about a drug and the mu receptor, answered for one drug."""

    drug: str
    question: str
    answer: str
    words: str
    reason: str
    status: str


@dataclass(frozen=True, slots=True)
class Definition(Finding):
    """What one of four definitions of *opioid* says of one drug."""

    drug: str
    name: str
    definition: str
    answer: str
    words: str
    reason: str
    disputed: str


@dataclass(frozen=True, slots=True)
class KineticParameter(Finding):
    """One parameter of a published compartment model, in its published unit."""

    model: str
    part: str
    drug: str
    form: str
    route: str
    sampling: str
    standing: str
    parameter: str
    value: float
    unit: str
    between_person_cv_percent: float | None


@dataclass(frozen=True, slots=True)
class KineticObservation(Finding):
    """A published level, share absorbed, time or half-life in people."""

    drug: str
    form: str
    route: str
    context: str
    measure: str
    basis: str
    time_h: float | None
    value: float | None
    low: float | None
    high: float | None
    unit: str
    range_is: str
    people: float | None
    regimen: str


@dataclass(frozen=True, slots=True)
class Regimen(Finding):
    """A regimen of a supervised study or a label, in steps: amounts, starts and durations."""

    drug: str
    form: str
    name: str
    route: str
    amounts_mg: str
    times_min: str
    durations_min: str
    weight_kg: float
    setting: str
    models: str
    absorption: str
    standing: str
    drawn_from_min: float


@dataclass(frozen=True, slots=True)
class Schedule(Finding):
    """How the law of one place lists one drug, or one product of it. Dates are as precise as the source: a day,
    a month or a year. `ended` is set once it no longer holds."""

    drug: str
    name: str
    product: str
    family: str
    action: str
    jurisdiction: str
    jurisdiction_name: str
    law: str
    schedule: str
    short: str
    controlled: str
    section: str
    listed_as: str
    effective_date: str
    date_status: str
    ended: str


@dataclass(frozen=True, slots=True)
class CsaFinding(Finding):
    """What 21 USC 812(b) asks before a drug enters a schedule, or a fact on how schedules are made."""

    schedule: str
    topic: str
    abuse_potential: str
    medical_use: str
    dependence: str
    abuse_potential_short: str
    medical_use_short: str
    dependence_short: str
    statement: str


@dataclass(frozen=True, slots=True)
class Event(Finding):
    """One dated event. `landmark` says which labels come first where not all fit: 1 first, 3 last."""

    date: str
    event: str
    label: str
    landmark: float | None
    family: str
    kind: str


@dataclass(frozen=True, slots=True)
class Format(Finding):
    """A way of giving a drug: its US status, where and by whom, and the rules around it. Never a dose."""

    format_name: str
    short_name: str
    family: str
    active_substance: str
    route: str
    status_us: str
    status_words: str
    use: str
    supervision: str
    setting: str
    who_gives: str
    monitoring_rule: str
    monitoring_min_minutes: float | None
    monitoring_basis: str
    driving_rule: str
    driving_basis: str
    calendar: str
    schedule_us: str
    expires_on: dt.date | None
    expires_what: str
    rule_source: str


@dataclass(frozen=True, slots=True)
class SessionStep(Finding):
    """One step of a treatment day; minutes count from the start of the treatment."""

    format_id: str
    plan: str
    plan_name: str
    where_valid: str
    step: str
    step_text: str
    start_min: float | None
    low_minutes: float | None
    high_minutes: float | None
    until: str
    basis: str


@dataclass(frozen=True, slots=True)
class VisitPlan(Finding):
    """Visits a week and hours a visit in one phase of a published calendar."""

    format_id: str
    plan: str
    plan_name: str
    phase: str
    week_from: float
    week_to: float
    low_visits_per_week: float
    high_visits_per_week: float
    low_hours_per_visit: float | None
    high_hours_per_visit: float | None
    hours_basis: str
    hours_words: str


@dataclass(frozen=True, slots=True)
class Trial(Finding):
    """One study or review. `effect` is as published; `favors` says on which side of none ketamine does better.

    `percent_ketamine` and `percent_control` count the people of `percent_of`; times are hours after the first dose.
    """

    name: str
    year: float
    question: str
    indication: str
    population: str
    dosing: str
    design: str
    control: str
    blinding: str
    funding: str
    n: float | None
    outcome: str
    effect_measure: str
    effect: float | None
    low: float | None
    high: float | None
    favors: str
    effect_check: str
    n_ketamine: float | None
    n_control: float | None
    percent_ketamine: float | None
    percent_control: float | None
    percent_of: str
    direction: str
    result: str
    limit: str
    first_hours: float | None
    last_hours: float | None


@dataclass(frozen=True, slots=True)
class TrialParameter(Finding):
    """A number that the small-trial simulator assumes, or that says how large a difference has to be to matter."""

    name: str
    value: float
    unit: str
    statement: str


@dataclass(frozen=True, slots=True)
class TimeCourse(Finding):
    """One comparison at one time after the first dose; rows of one `series` belong together."""

    series: str
    dosing: str
    control: str
    measure: str
    hours: float
    n: float
    effect: float | None
    low: float | None
    high: float | None
    percent_ketamine: float | None
    percent_control: float | None
    effect_check: str


@dataclass(frozen=True, slots=True)
class Risk(Finding):
    """What is known of one risk, for one drug in one setting. `grade` rates the evidence, not the danger."""

    group: str
    risk: str
    family: str
    drug: str
    place: str
    finding: str
    grade: str
    short: str
    statement: str
    frequency: str
    value: float | None
    unit: str
    setting: str
    people: float | None


@dataclass(frozen=True, slots=True)
class SideEffect(Finding):
    """How many people of a drug group and of its control group had one side effect; percentages as published."""

    study: str
    study_name: str
    family: str
    drug: str
    control: str
    event: str
    people_drug: float
    count_drug: float
    percent_drug: float
    people_control: float
    count_control: float
    percent_control: float
    period: str


@dataclass(frozen=True, slots=True)
class Reproduction(Finding):
    """A published value that a model of the course is held against. `source` is where the value stands.

    `status` says what agreement would mean; `parameters_from` where the parameters of the model come from.
    """

    area: str
    model: str
    quantity: str
    setting: str
    dose_mg: float | None
    time_h: float | None
    published_value: float
    low: float | None
    high: float | None
    unit: str
    within: float | None
    status: str
    parameters_from: str


@dataclass(frozen=True, slots=True)
class Reading(Finding):
    """One thing that "naltrexone reduced the effect" could mean, and what would tell."""

    reading: str
    name: str
    term: str
    says: str
    predicts: str
    would_support: str
    speaks_against: str


@dataclass(frozen=True, slots=True)
class ReadingFinding(Finding):
    """A finding to hold the readings against. `finding` is its name in a chart, two lines parted by |."""

    finding: str
    statement: str


@dataclass(frozen=True, slots=True)
class ReadingFit(Finding):
    """This course's judgment that a finding fits a reading or speaks against it."""

    reading_id: str
    finding_id: str
    fit: str
    reason: str


@dataclass(frozen=True, slots=True)
class Claim(Finding):
    """A claim of one of two clinic articles, paraphrased, with this course's verdict.

    `rows` are the ids of the rows that the reason rests on, parted by spaces; `source` is that of the first.
    """

    article: str
    place: str
    claim: str
    topic: str
    verdict: str
    reason: str
    rows: str
    core: str
    teaches: str


@dataclass(frozen=True, slots=True)
class AuditClaim(Finding):
    """A sentence of a page that was written for this course, with this course's verdict. `rows` as in `Claim`."""

    place: str
    claim: str
    verdict: str
    reason: str
    rows: str
    teaches: str


@dataclass(frozen=True, slots=True)
class Contradiction(Finding):
    """Two claims that cannot both stand as they are: of the two articles, or of one."""

    place: str
    issue: str
    first_claim: str
    first_says: str
    second_claim: str
    second_says: str
    evidence: str


@dataclass(frozen=True, slots=True)
class MappedHeading(Row):
    """What an article raises (heading, question, key point, row of its table), the section that takes it up, and how
    fully: `strength` from 1 (named) to 5 (answered with a source, shown and asked about)."""

    article: str
    kind: str
    heading: str
    asked_by: str
    chapter: str
    section: str
    layer: str
    strength: float


@dataclass(frozen=True, slots=True)
class Word(Finding):
    """A technical word in plain words. `also` holds its other forms, parted by " | "."""

    term: str
    also: str
    definition: str
    more: str
    chapter: str
    section: str


@dataclass(frozen=True, slots=True)
class Question(Finding):
    """A question that people ask, and its short answer. Ids in square brackets name the rows behind it."""

    question: str
    answer: str
    chapter: str
    section: str


@dataclass(frozen=True, slots=True)
class HelpLine(Finding):
    """Where somebody who thinks of suicide finds help. After `expires_on` it has to be checked again."""

    place: str
    kind: str
    contact: str
    how: str
    hours: str
    words: str
    expires_on: dt.date | None


RECORDS: dict[str, type[Row]] = {
    "drugs": Drug,
    "affinities": Affinity,
    "clinical_concentrations": Concentration,
    "unbound_fractions": UnboundFraction,
    "efficacies": Efficacy,
    "facts": Fact,
    "ventilation": Ventilation,
    "mechanism_steps": MechanismStep,
    "mechanism_evidence": MechanismEvidence,
    "mechanism_questions": MechanismQuestion,
    "definitions": Definition,
    "pk_models": KineticParameter,
    "pk_observations": KineticObservation,
    "regimens": Regimen,
    "schedules": Schedule,
    "csa_findings": CsaFinding,
    "timeline": Event,
    "formats": Format,
    "session_steps": SessionStep,
    "visit_plans": VisitPlan,
    "trials": Trial,
    "trial_parameters": TrialParameter,
    "time_courses": TimeCourse,
    "readings": Reading,
    "reading_findings": ReadingFinding,
    "reading_fits": ReadingFit,
    "risks": Risk,
    "side_effects": SideEffect,
    "reproductions": Reproduction,
    "claims": Claim,
    "audit": AuditClaim,
    "contradictions": Contradiction,
    "article_map": MappedHeading,
    "glossary": Word,
    "faq": Question,
    "help_lines": HelpLine,
}
