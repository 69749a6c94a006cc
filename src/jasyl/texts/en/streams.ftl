refusal-live-full = Too many pages follow changes at the moment ({ $received }).
    .mend = The page works without; reload it to see newer readings, or try again later.
