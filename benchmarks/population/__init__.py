"""An invented population of ordinary workers, to see whom the screening would refer without need.

`conditions.yaml` says how many live under which conditions, `answers.yaml` what such a person answers,
`labels.yaml` whom a trained reader would not call ordinary. Figures found with it are synthetic: they belong
to this population and are no rate of false results in the field.
"""
