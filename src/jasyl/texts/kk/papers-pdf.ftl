papers-page = { $pages } беттің { $page }-беті
papers-digest = Дерек SHA-256:
refusal-paper-picture = Суретті салу мүмкін емес ({ $reason }).
    .mend = SVG пішініндегі суретті беріңіз.
