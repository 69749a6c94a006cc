papers-page = page { $page } of { $pages }
papers-digest = SHA-256 of the data
refusal-paper-picture = The picture cannot be drawn ({ $reason }).
    .mend = Give the picture as SVG.
