refusal-no-data-folder = There is no Jasyl data in { $received }.
    .mend = First run “jasyl init --data { $received } --starter kazakhstan”, or name another folder with --data.
refusal-data-folder-taken = The folder { $received } already holds data.
    .mend = Choose another folder; what is there was left as it is.
refusal-data-folder-unwritable = The folder { $received } cannot be written ({ $reason }).
    .mend = Allow writing there, or name another folder with DATA=… (--data).
refusal-folder-in-use = Another process holds the lock “{ $received }” of { $path }.
    .mend = Wait until it ends, or stop it.
refusal-database-unreachable = The database { $received } does not answer ({ $reason }).
    .mend = Check that the server runs and that the address is right.
refusal-settings-broken = The settings { $received } cannot be read ({ $reason }).
    .mend = Restore the file from a backup; it holds {"{"}"kind": "real"{"}"} and, with PostgreSQL, the address of the database.
refusal-database-not-empty = The database { $received } is not empty: it holds { $count } tables of another installation or of a start that was killed.
    .mend = Name an empty database, or empty this one (dropdb and createdb) if nothing in it is wanted; nothing was changed.
refusal-data-newer = The data were written by a newer version of Jasyl (form { $received }; this version knows up to { $expected }).
    .mend = Start the newer version, or restore a backup made before it.
refusal-data-older = The data are in an older form ({ $received }; this version uses { $expected }).
    .mend = Start the server once, “jasyl serve”: it brings them up to date.
