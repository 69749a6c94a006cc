papers-page = { $pages } беттің { $page }-беті
papers-digest = Деректердің SHA-256 коды
refusal-paper-picture = Суретті салу мүмкін емес ({ $reason }).
    .mend = SVG пішініндегі суретті беріңіз.
