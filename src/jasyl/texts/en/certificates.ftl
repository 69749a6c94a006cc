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
refusal-certificate-words = { $field ->
        [beneficiary] The beneficiary
        [purpose] The purpose
        [reason] The reason
        [registry] The other registry
        [account] The account there
       *[factor_source] The source of the factor
    } has { $received } signs; 1 to { $expected } are kept.
    .mend = Say it in a few words.
refusal-certificate-months = Units cannot be used for { $received } months where they expire after { $expected }.
    .mend = Give --expire-months at least as many as --usable-months.
refusal-certificate-quantity = This meter measures “{ $received }”; certificates of “{ $attribute }” are issued from: { $expected }.
    .mend = Name a meter of that quantity, or another attribute (--attribute).
refusal-certificate-counter = { $received } is a running register: the record of one day alone does not tell its amount.
    .mend = Issue from a meter that gives amounts or mean power.
refusal-certificate-below-unit = { $received } measured less than one unit of “{ $attribute }” in { $period }: nothing is issued.
    .mend = Name a longer period, or days instead of hours.
refusal-certificate-factor-missing = Certificates of avoided carbon need a factor.
    .mend = Give it with its source: --factor 0.636 --factor-source "…" (grams of CO₂e avoided per Wh).
refusal-certificate-factor-source = The factor { $received } has no source.
    .mend = Say where it is from: --factor-source "…". It stands in the record for ever.
refusal-certificate-malformed = The event “{ $received }” does not say what it must: { $reason }.
    .mend = See the manual, page “Certificates”.
refusal-certificate-factor = The factor { $received } does not fit certificates of “{ $attribute }”.
    .mend = Only certificates of avoided carbon take a factor (grams per Wh), and that with its source.
refusal-certificate-source = The register knows { $facility } as a plant of the source “{ $expected }”, not “{ $received }”.
    .mend = Leave --source out or name the plant's own; correct the technology of the facility if the register is wrong.
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
refusal-certificate-training = { $received } and { $expected } are not of one kind: one of them holds training data.
    .mend = Training certificates stay among training registries.
refusal-certificate-holds-nothing = { $received } holds no units of certificate { $certificate } any more, or never did.
    .mend = Look at who holds which units: jasyl certificates show { $certificate }.
refusal-certificate-residual-unstated = Certificates without a named source stand for { $issued } Wh, more than the generation without a source ({ $generated }).
    .mend = Add a row without a source to the file, “,wh”, or name the source when issuing (--source).
refusal-certificate-factor-unread = “{ $received }” is no factor.
    .mend = Write a number above zero, with a point or as a fraction: 0.636 or 159/250 (grams of CO₂e per Wh).
refusal-certificate-home = { $received } is this registry itself.
    .mend = Name the log of the other registry (--registry), or transfer the units here.
refusal-certificate-personal = “{ $received }” holds a number or address of a person, and would be public for ever.
    .mend = Name organisations, not people; a business identification number (BIN) may stand.
refusal-certificate-residual = Of “{ $received }” more was issued ({ $issued }) than generated ({ $generated }).
    .mend = Look at both figures: no residual mix follows from them.
refusal-certificate-generation = The generation by source cannot be read: { $received }.
    .mend = A CSV file with the columns source and wh, whole numbers.
refusal-certificate-which-units = { $received } holds these ranges: { $expected }.
    .mend = Say which with --units START:END.
refusal-certificate-not-sealed = { $received } has no sealed day in { $period }.
    .mend = Readings are sealed when the day is over: jasyl monitor seal.

certificates-title = Green certificates
certificates-lead = Guarantees of origin by the hour or day, avoided carbon and recycled material: issued only from sealed readings, every unit with one owner, every step in the log.
certificates-caption = Certificates
certificates-totals = Units by attribute
certificates-retirements = Retired
certificates-clock = The times on this page are civil time of Kazakhstan; files for programs have UTC.
certificates-fields-show = Show the fields: { $count }
certificates-hashes-show = Show the hashes: { $count }
certificates-events = What happened
certificates-pieces = Who holds which units
certificates-fields = In the fields of EnergyTag and of guarantees of origin
certificates-hashes = Published attribute hashes, one for every hour
certificates-hashes-text = Another registry that certifies the same hours of the same device publishes the same hashes: so double counting shows.
certificates-own = Owners see their own certificates after signing in; totals and retirements are public.
certificates-state = State hash
certificates-none = There are no certificates.
certificates-nothing-to-do = Nothing to do.
certificates-begun = { $event }: certificate { $certificate }, { $amount } { $unit ->
        [g] g
       *[other] Wh
    }, event { $number }, record { $record }
certificates-below-unit = Less than one unit was measured in { $count ->
        [one] one of the days or hours
       *[other] { $count } of the days or hours
    }: nothing is issued for it.
certificates-done = { $event }: certificate { $certificate }, event { $number }, record { $record }
certificates-repeated = { $event }: certificate { $certificate } – was carried out before (event { $number }, record { $record })
certificates-replayed = Replayed { $events } events, state hash { $state }
certificates-agree = Every event comes to the state that the log tells; the log is checked, not the server's word.
certificates-agree-with-tables = Every event comes to the state that the log tells, and the tables hold the same.
certificates-disagree = The log and the rules part at event { $number } (certificate { $certificate }): { $reason }
certificates-kept-differs = The tables keep the state hash { $stored }, their rows give { $recomputed }; jasyl certificates rebuild makes them again from the log.
certificates-row-differs = The rows of certificate { $certificate } are not what the log says.
certificates-corrected = A day behind certificate { $certificate } was sealed again: check whether units must be cancelled.
certificate-event-issue = Issued
certificate-event-transfer = Transferred
certificate-event-retire = Retired
certificate-event-cancel = Cancelled
certificate-event-expire = Expired
certificate-event-export = Exported
certificate-event-import = Imported
certificate-standing-held = held
certificate-standing-retired = retired
certificate-standing-cancelled = cancelled
certificate-standing-expired = expired
certificate-standing-exported = exported
certificate-attribute-electricity = electricity
certificate-attribute-heat = heat
certificate-attribute-carbon = avoided carbon
certificate-attribute-recycled = recycled material
certificate-column-certificate = Certificate
certificate-column-attribute = Attribute
certificate-column-device = Device
certificate-column-from = From
certificate-column-to = To
certificate-column-units = Units
certificate-column-unit = Unit
certificate-column-standing = Standing
certificate-column-owner = Account
certificate-column-issued = Issued
certificate-column-amount = Amount
certificate-column-beneficiary = Beneficiary
certificate-column-purpose = Purpose
certificate-column-period = Period
certificate-column-event = Event
certificate-column-number = No.
certificate-column-when = When
certificate-column-expires = Expires
certificate-column-field = Field
certificate-column-energytag = EnergyTag
certificate-column-go = Guarantee of origin
certificate-residual-source = Source
certificate-residual-unstated = not stated
certificate-residual-generated = Generated, Wh
certificate-residual-tracked = Tracked, Wh
certificate-residual-rest = Residual, Wh
certificate-residual-share = Share
refusal-certificate-action = “{ $received }” is nothing that can be done with a certificate here.
    .mend = Choose one of these: { $expected }.
certificates-move = Transfer or retire
certificates-move-text = A part is taken by its first unit and the unit behind the last. Retired units are used up once and for all; beneficiary and purpose are public. Both go into the log.
certificates-first-unit = From unit
certificates-last-unit = Up to unit
certificates-to = To the account
certificates-do-transfer = Transfer
certificates-do-retire = Retire for good
refusal-certificate-rebuild = The tables cannot be made from the records: record { $received }, event { $expected }, state { $state }.
    .mend = They stay as they were. “jasyl certificates verify” says where log and rules part.
certificates-written = Wrote { $rows } rows; { $left_out } parts have no place in this scheme. Demanded, but stated by nobody: { $missing }
refusal-certificate-scheme = There is no such scheme: { $received }.
    .mend = Give one of: { $expected }.
certificates-schemes = In the fields of other registers:
certificates-scheme-energytag = Bundles of EnergyTag
certificates-scheme-cad-trust = Units of CAD Trust
certificates-scheme-lead = A row is one piece in one hand, in the names that the other register asks for; the files hold every field of it.
certificates-scheme-none = None of your certificates has a place in this scheme.
certificates-scheme-missing = Demanded, but stated by nobody
certificates-scheme-missing-text = Fill these fields in before you hand the file over:
certificates-scheme-left-out = Parts that have no place in this scheme: { $count }.
