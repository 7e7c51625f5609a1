"""What the page of agencies says to operators; a test follows its example."""

from __future__ import annotations

from typing import Final

CORRECTING_AGENCIES: Final = """## Correcting: for operators

What is corrected or added is a YAML file, `agencies.yaml` of the data folder (or the file that
`VENTANILLA_AGENCIES_FILE` names). All it does not say stays:

```yaml
agencies:
  - id: quito-sur                        # a known agency: only what is said of it changes
    address: "Av. Quitumbe y Lira, Quito"
    verified: true
    source: "oficio of the provincial direction, its number and date"
    opens: "08:30"                       # hours between quotes
    capacity: 3                          # places of one hour
  - id: duran                            # a new one; hours, capacity and horizon as in our file if not said
    name: "Durán"
    province: "09"
    address: "Durán"
    verified: false
    source: "its own notice at the door"
  - id: playas
    procedures: []                       # closed to new appointments; those that were made stand
decreed_rest_days:
  2027-01-04: "bridge day, its decree"   # an example
local_rest_days:
  cuenca: {2026-11-03: "Independencia de Cuenca"}
most_per_person: 2
```

- A known agency keeps its name, for cases and people are of the office of that name; none is taken away, for
  appointments are there.
- A file that names an unknown province, procedure or key, says a thing twice, or has a datum of another kind
  stops the service with the file and the fault. `ventanilla check` reads it as the service does, and tells
  how many agencies it corrects and adds, and how many are unverified still: run it before the restart.
- It counts from the next start of `serve` and `worker`."""
