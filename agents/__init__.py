"""Who acts in the neighbourhood (邻里): the stakeholders, what they know and how they decide.

`agents.rules` holds the rules as pure functions and the columns each stakeholder owns; the other
modules hold the Mesa classes, which gather from the columns, call the rules and write back. The Mesa
classes are imported from their own modules, so that the compiled engine never loads Mesa.
"""

LINLI_AGENTS = True
"""Marker by which `sim` recognises this package: another distribution also installs `agents`."""
