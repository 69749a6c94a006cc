"""The installation that a server process has open."""

from dataclasses import dataclass, field

from jasyl.atlas.recompute import Planner
from jasyl.monitoring.gateways import GatewayBook
from jasyl.monitoring.gathering import Gatherer
from jasyl.monitoring.known_series import KnownSeries
from jasyl.storage import Database, DataFolder, database_of

from .bearers import Bearers
from .cache import Revision
from .kept_totals import KeptTotals
from .live_hub import LiveHub
from .tile_store import TileStore
from .token_uses import TokenUses


@dataclass
class House:
    """Data folder, database and what this process knows of their state."""

    folder: DataFolder
    database: Database
    revision: Revision = field(init=False)
    training: bool = field(init=False)
    tiles: TileStore = field(init=False)
    totals: KeptTotals = field(init=False)
    series: KnownSeries = field(init=False)
    gatherer: Gatherer = field(init=False)
    gateways: GatewayBook = field(init=False)
    bearers: Bearers = field(init=False)
    uses: TokenUses = field(init=False)
    live: LiveHub = field(init=False)
    planner: Planner = field(init=False)

    def __post_init__(self) -> None:
        self.revision = Revision(self.database)
        self.tiles = TileStore(self.database)
        self.totals = KeptTotals()
        self.series = KnownSeries(self.database)
        self.gatherer = Gatherer(self.database, self.folder, self.series)
        self.gateways = GatewayBook(self.database)
        self.bearers = Bearers(self.database)
        self.uses = TokenUses(self.database)
        self.live = LiveHub(self.database, self.folder)
        self.planner = Planner(self.folder)
        self.training = self.folder.kind == "training"


def open_house(folder: DataFolder) -> House:
    """Open the installation in ``folder``."""
    return House(folder, database_of(folder))
