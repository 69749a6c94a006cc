refusal-certificate-attribute = There are no certificates of “{ $received }”.
    .mend = Name one of: { $expected }.
refusal-certificate-name = “{ $received }” is no name for { $field }.
    .mend = Use 1 to 64 of the signs A–Z a–z 0–9 . _ : @ / -, the first one a letter or digit.
refusal-certificate-unknown = There is no certificate { $received }.
    .mend = jasyl certificates list names them.
refusal-certificate-taken = A certificate { $received } exists already.
    .mend = Give the new one another name, or none: then one is made.
refusal-certificate-command-reused = The command { $received } was carried out before and asked for something else then.
    .mend = Give every new command a key of its own.
refusal-certificate-range = { $received } is no range of units.
    .mend = A range is START:END, END above START, within { $expected }.
refusal-certificate-not-held = { $account } does not hold all of the units { $received }.
    .mend = Look at who holds which units: jasyl certificates list.
refusal-certificate-gone = Units { $received } cannot move: { $at } is { $standing ->
        [retired] retired
        [cancelled] cancelled
        [exported] exported
       *[expired] expired
    }.
    .mend = Choose units that are still held.
refusal-certificate-to-self = { $received } cannot transfer units to itself.
    .mend = Name another account.
refusal-certificate-too-late = The time in which certificate { $received } could be used for this is over.
    .mend = It can be transferred until “usable until” and retired until “expires”.
refusal-certificate-too-early = Certificate { $received } is not due to expire yet.
    .mend = Wait until the day “expires”, or cancel it with a reason.
refusal-certificate-too-split = The certificate would fall into { $received } pieces; at most { $expected } are kept.
    .mend = Move larger ranges, or ranges beside each other.
refusal-certificate-malformed = The event “{ $received }” does not say what it must: { $reason }.
    .mend = See the manual, page “Certificates”.
refusal-certificate-factor = The factor { $received } does not fit certificates of “{ $attribute }”.
    .mend = Only certificates of avoided carbon take a factor (grams per Wh), and that with its source.
refusal-certificate-interval = The interval of { $received } does not fit.
    .mend = Whole hours, inside one sealed day, or exactly the sealed days that are named.
refusal-certificate-device = The device { $received } and the series { $series } do not belong together.
    .mend = A device has one series for good; give another meter another device id.
refusal-certificate-batch = The record { $received } is no sealed day from which certificates of { $device } can be issued.
    .mend = Name sealed days in force, of its series and of a fitting quantity, one after the other.
refusal-certificate-issued-twice = For { $received } a certificate of the same attribute and time exists: { $other }.
    .mend = What was measured is issued once.
refusal-certificate-above-measured = { $received } cannot be issued: { $expected } is what was measured and not yet issued.
    .mend = Issue exactly what was measured, rounded down to whole units.
refusal-certificate-imported-twice = Units of { $received } from { $registry } were imported before.
    .mend = Every unit comes in once.
refusal-certificate-sold-twice = What { $received } made in this time is certified already: { $other }.
    .mend = Ask both registries: the same energy must not be sold twice.
refusal-certificate-not-cancelled = The proof from { $registry } shows no export to this registry (“{ $received }”).
    .mend = Ask the other registry to export the units to this log, and for the proof of that.
