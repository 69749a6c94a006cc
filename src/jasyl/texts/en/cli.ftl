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
