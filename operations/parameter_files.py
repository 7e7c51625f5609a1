"""The parameters in force: ours, and those that the operator added since in a folder of the service."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from operations.settings import Settings
from regeneration.parameters import (
    Parameters,
    ParameterValue,
    extend_parameters,
    find_running_out,
    load_parameters,
)

_NOTICE: Final = timedelta(weeks=6)
"""How long before a parameter runs out the operator is told: a decree of December is known in time."""


def parameters_in_force(settings: Settings) -> Parameters:
    """Ours and the added ones, files in the order of their names; ``ParametersError`` names what is wrong."""
    return extend_parameters(load_parameters(), sorted(settings.added_parameters.glob("*.yaml")))


def parameters_running_out(parameters: Parameters, today: date) -> tuple[ParameterValue, ...]:
    """Those that have no value any more, or will have none in some weeks."""
    return find_running_out(parameters, today, _NOTICE)
