refusal-outgoing-forbidden = The address { $received } is not asked: it is not https, or does not lead to the public internet.
    .mend = Give a public https address without user name and password.
refusal-outgoing-failed = { $received } could not be fetched ({ $reason }).
    .mend = Check the address and the connection and try again; what has already arrived is kept.
refusal-outgoing-too-large = { $received } sends more than { $expected } bytes.
    .mend = Check that it is the right address.
