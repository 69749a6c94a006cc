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
