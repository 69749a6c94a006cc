"""What the web server's worker processes load: the application over the folder named in the environment."""

import os
from pathlib import Path

from jasyl.jobs import end_with_parent
from jasyl.storage import open_folder

from .app import create_app

end_with_parent()
app = create_app(
    open_folder(Path(os.environ["JASYL_DATA"])), os.environ.get("JASYL_HOSTS", "127.0.0.1").split(), warmed=True
)
