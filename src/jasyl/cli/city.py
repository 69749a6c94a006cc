"""``jasyl city``: books, evaluation, papers and proposals of cities, greenhouse-gas inventories, pathways."""

import typer

from . import city_book, city_inventory, city_pathway, city_proposals, city_report

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.command("template")(city_book.template)
app.command("import")(city_book.import_)
app.command("export")(city_book.export)
app.command("evaluate")(city_book.evaluate)
app.command("report")(city_report.report)
app.command("propose")(city_proposals.propose)
app.command("accept")(city_proposals.accept)
city_inventory.register(app)
city_pathway.register(app)
