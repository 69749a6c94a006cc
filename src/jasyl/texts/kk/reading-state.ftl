reading-state = { $first } – { $last } аралығында көрсеткіштер { $completeness } % толық.
statement-readings = Санның негізіндегі көрсеткіштер, бүгінгі бағалау бойынша
