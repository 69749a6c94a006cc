"""The training starter: a fictional country with meters, faults and corrections, for manuals, pictures and tests.

Generated from one seed, entered by the same functions as real data: the register's assertions, deliveries of
readings, seals, rollups, figures, statements. Everything in it is of kind ``training``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from jasyl import ledger
from jasyl.figures import Parameter, Request, StoredFigure, Subject, current, make, mark_stale, publish, recompute
from jasyl.jobs import Progress, Silent
from jasyl.quantities import instant, period
from jasyl.registry.tables import facility
from jasyl.storage import Database, DataFolder
from jasyl.texts import Refusal

from .amounts import indicator_of
from .definitions import definitions as definitions_of
from .methods import GENERATED, changes, gatherers
from .series import SeriesDefinition
from .training_deliveries import AUTHOR, Delivered, corrections, deliver, deliveries, readings_digest
from .training_faults import HOUR, Fault, Told, with_faults
from .training_meters import DAY, END, Meter, training_courses, training_meters
from .training_programme import enter_programme
from .training_register import ACTOR, CENSUSES, LICENCE, SOURCE, connect_meters, enter_world, registry_digest
from .training_world import TrainingWorld, training_world

SEED = 2026
MONTHS = ("2026-09", "2026-10")
PUBLISHED_AT = END + DAY
# Energy and capacity factor of both months become statements for so many public power plants.
PUBLISHED_FACILITIES = 6
REASON = "meter readings corrected"


@dataclass(frozen=True)
class TrainingSummary:
    """What the training starter holds, counted from what was stored, and the truth about its faults.

    ``resealed`` are seals that supersede one, ``repeated`` readings that came twice, ``superseded`` statements that
    a correction replaced. The two hashes depend on the seed alone.
    """

    seed: int
    enterprises: int
    facilities: int
    installations: int
    series: int
    readings: int
    corrected: int
    repeated: int
    sealed_days: int
    resealed: int
    figures: int
    statements: int
    superseded: int
    registry_sha256: str
    readings_sha256: str
    faults: tuple[Fault, ...]


def training_faults(seed: int = SEED) -> tuple[Fault, ...]:
    """The truth table of a seed: every fault and correction in the training readings, without loading them."""
    _, faults = _planned(training_meters(training_world(seed)), seed)
    return faults


def load_training(
    folder: DataFolder, database: Database, progress: Progress | None = None, *, seed: int = SEED
) -> TrainingSummary:
    """Fill an empty folder of kind ``training`` (tables and log keys made); the log's outbox is left to the keeper.

    Raises Refusal ``training-folder`` for a folder of real data and ``training-loaded`` for one that is not empty.
    """
    progress = progress or Silent()
    _refuse_unfit(folder, database)
    progress.step("training-register", 0, 1)
    world = training_world(seed)
    meters = training_meters(world)
    definitions, registered = _register(folder, database, world, meters)
    progress.step("training-register", 1, 1)
    told, faults = _planned(meters, seed)
    delivered = _deliver_all(folder, database, definitions, told, progress)
    progress.step("training-figures", 0, 1)
    figures = _make_figures(database, folder, definitions, _preferred(meters, faults, definitions))
    late = deliver(database, folder, definitions, corrections(told))
    superseded = _correct(database, folder, definitions, late)
    progress.step("training-figures", 1, 1)
    delivered.append(late)
    with database.reading() as connection:
        digest = readings_digest(connection, folder)
    sealed = [day for each in delivered for day in each.sealed]
    return TrainingSummary(
        seed=seed,
        enterprises=len(world.enterprises),
        facilities=len(world.facilities),
        installations=sum(len(each.phases) for each in world.facilities),
        series=len(meters),
        readings=sum(each.accepted for each in delivered),
        corrected=sum(each.corrected for each in delivered),
        repeated=sum(each.repeated for each in delivered),
        sealed_days=len(sealed),
        resealed=sum(day.supersedes is not None for day in sealed),
        figures=figures[0],
        statements=figures[1],
        superseded=superseded,
        registry_sha256=registered,
        readings_sha256=digest,
        faults=faults,
    )


def _refuse_unfit(folder: DataFolder, database: Database) -> None:
    if folder.kind != "training":
        raise Refusal("training-folder", received=str(folder.path))
    with database.reading() as connection:
        if connection.execute(sa.select(sa.func.count()).select_from(facility)).scalar_one():
            raise Refusal("training-loaded", received=str(folder.path))


def _planned(meters: tuple[Meter, ...], seed: int) -> tuple[tuple[Told, ...], tuple[Fault, ...]]:
    return with_faults(seed, training_courses(seed, meters))


def _register(
    folder: DataFolder, database: Database, world: TrainingWorld, meters: tuple[Meter, ...]
) -> tuple[dict[int, SeriesDefinition], str]:
    with database.writing() as connection:
        enter_world(connection, world)
        enter_programme(connection)
        definitions = definitions_of(connection, connect_meters(connection, meters))
        digest = registry_digest(connection)
        entered = ledger.Import(
            log_origin=ledger.log_origin(folder),
            issued=ledger.issued_now(instant(CENSUSES[1])),
            author=AUTHOR,
            what="training register",
            file_name=f"seed {world.seed}",
            sha256=digest,
            rows=len(world.enterprises) + len(world.facilities),
            source=SOURCE,
            licence=LICENCE,
            actor=ACTOR,
        )
        ledger.enqueue(connection, entered)
    return definitions, digest


def _deliver_all(
    folder: DataFolder,
    database: Database,
    definitions: Mapping[int, SeriesDefinition],
    told: Sequence[Told],
    progress: Progress,
) -> list[Delivered]:
    """Every delivery in its order; days are sealed when the last of one moment is in."""
    planned = list(deliveries(told))
    done: list[Delivered] = []
    for at, delivery in enumerate(planned):
        progress.step("training-readings", at, len(planned))
        last = at + 1 == len(planned) or planned[at + 1].moment > delivery.moment
        done.append(deliver(database, folder, definitions, delivery, seal=last))
    progress.step("training-readings", len(planned), len(planned))
    return done


def _preferred(
    meters: Sequence[Meter], faults: Sequence[Fault], definitions: Mapping[int, SeriesDefinition]
) -> list[SeriesDefinition]:
    """The power plants' series, then the others; those corrected later first: their statements will change."""
    corrected = {fault.series for fault in faults if fault.corrected}

    def rank(at: int) -> tuple[bool, bool, int]:
        meter = meters[at - 1]
        return indicator_of(meter.quantity) != GENERATED, meter.key not in corrected, at

    return [definitions[at] for at in sorted(range(1, len(meters) + 1), key=rank)]


def _make_figures(
    database: Database,
    folder: DataFolder,
    definitions: Mapping[int, SeriesDefinition],
    preferred: Sequence[SeriesDefinition],
) -> tuple[int, int]:
    """What each meter counted in both months, and each power plant's capacity factor; some public ones published."""
    gathering = gatherers(definitions, "training")
    origin = ledger.log_origin(folder)
    made: dict[str, list[StoredFigure]] = {}
    with database.writing() as connection:
        for series in preferred:
            subject = Subject("facility", series.facility_id)
            asked: list[tuple[str, dict[str, Parameter]]] = [(indicator_of(series.quantity), {})]
            if asked[0][0] == GENERATED:
                asked.append(("capacity_factor", {"capacity": str(series.capacity_base)}))
            made[series.id] = [
                make(connection, gathering, name, Request(subject, period(month), parameters), PUBLISHED_AT)
                for month in MONTHS
                for name, parameters in asked
            ]
        chosen = [figure for series in _published(preferred) for figure in made[series.id]]
        signers = ledger.issuer_signers(connection, folder)
        for figure in chosen:
            publish(connection, figure.id, ACTOR, PUBLISHED_AT + HOUR, log_origin=origin, signers=signers)
    return sum(map(len, made.values())), len(chosen)


def _published(preferred: Sequence[SeriesDefinition]) -> list[SeriesDefinition]:
    """The first public power plants, and of every other quantity the first public series."""
    public = [series for series in preferred if series.publication == "public"]
    plants = [series for series in public if indicator_of(series.quantity) == GENERATED][:PUBLISHED_FACILITIES]
    others = {series.quantity: series for series in reversed(public) if indicator_of(series.quantity) != GENERATED}
    return plants + [others[quantity] for quantity in sorted(others)]


def _correct(
    database: Database, folder: DataFolder, definitions: Mapping[int, SeriesDefinition], late: Delivered
) -> int:
    """Compute again what depends on the corrected days and publish the numbers that changed; how many did."""
    origin = ledger.log_origin(folder)
    now = max(day.sealed_at for day in late.sealed) + HOUR
    with database.writing() as connection:
        mark_stale(connection, changes(late.sealed), now)
        found, signers = (
            recompute(connection, gatherers(definitions, "training"), now),
            ledger.issuer_signers(connection, folder),
        )
        for statement in found.statements:
            fresh = current(connection, [statement.key])[statement.key]
            publish(connection, fresh.id, ACTOR, now, log_origin=origin, reason=REASON, signers=signers)
    return len(found.statements)
