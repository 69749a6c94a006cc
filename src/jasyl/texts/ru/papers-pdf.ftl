papers-page = страница { $page } из { $pages }
papers-digest = SHA-256 данных
refusal-paper-picture = Картинку нельзя нарисовать ({ $reason }).
    .mend = Передайте картинку в формате SVG.
