"""Speed of exact kinetics against scipy's ODE solver, at the accuracy that each reaches, on one core.

Twice: with a model that was built before, as an explorer asks it again and again, and with fresh parameters for every
curve, so that the exact solution pays for the model and its eigenvectors each time. The ODE solver gets the
system as a matrix product with its exact Jacobian, is restarted where an input starts or stops, and runs with the
fastest method and the loosest tolerance whose error is still within a hundred times that of the exact solution; if
none is (rounding stops it earlier), with the most accurate. Errors are against a matrix exponential in extended
precision, as a share of the peak.

`python tests/benchmarks/kinetics.py` prints the tries, too.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "notebooks"))

import numpy as np  # noqa: E402
from course.models import kinetics  # noqa: E402
from scipy.integrate import solve_ivp  # noqa: E402

TIMES_H = np.linspace(0, 4, 200)
FRESH = np.random.default_rng(1).uniform(0.7, 1.4, (200, 8))


def infusion(x):
    """A three-compartment model with a constant infusion; x: eight factors that vary its parameters."""
    model = kinetics.mammillary((25 * x[0], 56 * x[1], 157 * x[2]), 84 * x[3], (161 * x[4], 79 * x[5]))
    return model, [kinetics.Infusion(35, 0.667 * x[6])]


def nasal(x):
    """A nasal dose, part absorbed in the nose and part swallowed, through gut and liver."""
    body = kinetics.mammillary((192 * x[0], 143 * x[1], 417 * x[2]), 0, (84.3 * x[3], 37.6 * x[4]))
    model = kinetics.with_first_pass_liver(body, 151 * x[5], 101, 3.88 * x[6])
    return model, [
        kinetics.FirstOrder(84, 2.93 * x[7], fraction=0.4),
        kinetics.ZeroThenFirstOrder(84, 0.53, 1.45 * x[7], into="liver", fraction=0.38),
    ]


def pieces(model, doses):
    """The plain linear system with a depot for each dose: (matrix, start, [(from, to, constant input), ...])."""
    n = len(model.names)
    matrix = np.zeros((n + len(doses), n + len(doses)))
    matrix[:n, :n] = model.matrix
    start = np.zeros(len(matrix))
    ends = {TIMES_H[0], TIMES_H[-1]}
    inputs = []
    for depot, dose in enumerate(doses, start=n):
        into, duration, ka = dose.shape
        target = model.names.index(into)
        if ka < np.inf:
            matrix[target, depot], matrix[depot, depot] = ka, -ka
            target = depot
        if duration:
            inputs.append((target, dose.effective_mg / duration, duration))
            ends.add(duration)
        else:
            start[target] += dose.effective_mg
    edges = sorted(ends)
    spans = []
    for low, high in zip(edges, edges[1:], strict=False):
        constant = np.zeros(len(matrix))
        for target, rate, stop in inputs:
            constant[target] += rate if high <= stop else 0
        spans.append((low, high, constant))
    return matrix, start, spans


def by_solver(model, doses, method, rtol):
    matrix, state, spans = pieces(model, doses)
    extra = {"jac": matrix} if method in ("Radau", "BDF") else {}
    if method == "LSODA":
        extra = {"jac": lambda t, a: matrix}
    found = np.zeros(TIMES_H.size)
    for low, high, constant in spans:
        inside = (TIMES_H >= low) & (TIMES_H <= high)
        at = np.append(TIMES_H[inside], high)
        done = solve_ivp(
            lambda t, a, constant=constant: matrix @ a + constant,
            (low, high),
            state,
            method=method,
            t_eval=np.unique(at),
            rtol=rtol,
            atol=rtol * 1e-3,
            **extra,
        )
        found[inside] = done.y[0][: inside.sum()]
        state = done.y[:, -1]
    return found * 1000 / model.volumes_l[0]


def reference(model, doses):
    """The same in 80-bit arithmetic: a Taylor series on a short step, squared up; no eigenvectors."""
    matrix, state, spans = pieces(model, doses)
    n = len(matrix)
    found = np.zeros(TIMES_H.size, dtype=np.longdouble)
    state = state.astype(np.longdouble)
    for low, high, constant in spans:
        whole = np.zeros((n + 1, n + 1), dtype=np.longdouble)
        whole[:n, :n], whole[:n, n] = matrix, constant
        for place in [*np.flatnonzero((TIMES_H >= low) & (TIMES_H <= high)), -1]:
            until = np.longdouble(TIMES_H[place] if place >= 0 else high) - np.longdouble(low)
            step = whole * (until / 1024)
            power = total = np.eye(n + 1, dtype=np.longdouble)
            for order in range(1, 25):
                power = power @ step / order
                total = total + power
            for _ in range(10):
                total = total @ total
            now = (total @ np.append(state, np.longdouble(1)))[:n]
            if place >= 0:
                found[place] = now[0]
        state = now
    return found * 1000 / np.longdouble(model.volumes_l[0])


def error(found, truth) -> float:
    return float(np.abs(found - truth).max() / truth.max())


def seconds(call, repeats: int) -> float:
    """Median of `repeats` runs, each with its own parameters."""
    spent = []
    for x in FRESH[:repeats]:
        begun = time.perf_counter()
        call(x)
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent)


def measure(say=lambda line: None) -> list[tuple[str, float, str, float]]:
    """Rows for the table: name, milliseconds of a curve, unit, milliseconds by the ODE solver."""
    rows = []
    for name, build in (("three compartments, infusion", infusion), ("nasal, two inputs and liver", nasal)):
        truths = [reference(*build(x)) for x in FRESH[:2]]

        def worst(solve, build=build, truths=truths):
            return max(error(solve(*build(x)), truth) for x, truth in zip(FRESH, truths, strict=False))

        ours = worst(lambda model, doses: kinetics.concentration_ng_per_ml(model, doses, TIMES_H))
        tries = []
        for method in ("LSODA", "DOP853", "RK45", "Radau"):
            for rtol in (1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 3e-13, 1e-13):
                if method in ("RK45", "Radau") and rtol < 1e-11:
                    continue  # hopeless: thousands of steps

                def solver(model, doses, method=method, rtol=rtol):
                    return by_solver(model, doses, method, rtol)

                spent = seconds(lambda x, solver=solver, build=build: solver(*build(x)), 5)
                tries.append((worst(solver), spent, method, rtol))
        good = [found for found in tries if found[0] <= 100 * ours]
        theirs, slow, method, rtol = min(good, key=lambda found: found[1]) if good else min(tries)
        for found in tries:
            say(f"   {found[2]:7} rtol {found[3]:.0e}  error {found[0]:.0e}  {1000 * found[1]:7.1f} ms")
        built = [build(x) for x in FRESH[:5]]
        for kind, of in (
            ("model built before", lambda x, built=built: built[int(1e6 * x[0]) % len(built)]),
            ("fresh parameters", build),
        ):
            ask = lambda x, of=of: kinetics.concentration_ng_per_ml(*of(x), TIMES_H)  # noqa: E731
            seconds(ask, 50)
            fast = seconds(ask, 200)
            slow = seconds(lambda x, of=of, m=method, r=rtol: by_solver(*of(x), m, r), 15)
            say(
                f"{name}, {kind}: exact {1 / fast:,.0f} curves/s, error {ours:.0e}; {method} at rtol {rtol:.0e} "
                f"{1 / slow:,.0f} curves/s, error {theirs:.0e}; {slow / fast:.0f} times"
            )
            what = f"a level curve of 200 points ({name}, {kind}), against scipy's ODE solver"
            rows.append((what, 1000 * fast, "ms", 1000 * slow))
    return rows


if __name__ == "__main__":
    measure(print)
