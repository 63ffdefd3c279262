"""The catalogue's verbs, grouped by what they are about: each a line that opens a transaction and asks one module.

They are one class to whoever uses them (`Catalogue`). Each group has a file because together they are more than a
page, and because papers, days and running change for different reasons.
"""
