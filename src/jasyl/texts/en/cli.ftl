init-done = The folder { $path } is ready.
init-password = First account: { $name }; password: { $password } (shown this once).
serve-address = Jasyl is at { $address } (stop: Ctrl-C)
serve-ended = The server has stopped.

refusal-unknown-starter = There is no starter “{ $received }”.
    .mend = Choose one of: { $expected }.
refusal-port-taken = Port { NUMBER($received, useGrouping: 0) } is taken.
    .mend = Choose another one, for example: make run PORT={ NUMBER($other, useGrouping: 0) }.
refusal-port-forbidden = Port { NUMBER($received, useGrouping: 0) } cannot be opened ({ $reason }).
    .mend = Choose a port above 1024, or another address.
init-step-tables = Making the tables …
init-step-regions = Loading the regions …
init-step-facilities = Loading facilities, programmes, facts …
init-step-readings = Sealing the readings of the reference plant …
init-step-atlas = Computing the clear-sky map …
init-step-log = Writing and signing the log …

refusal-data-folder-not-empty = The folder { $received } is not empty.
    .mend = Name an empty or new folder; nothing in it was changed.
