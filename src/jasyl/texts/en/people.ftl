refusal-password-too-short = The password has { $received } characters; at least { $expected } are needed.
    .mend = Choose a longer one, for example several words.
refusal-account-taken = The account “{ $received }” exists already.
    .mend = Choose another name.
refusal-sign-in-failed = The name or the password is wrong.
    .mend = Check both and try again. If the password is lost, ask the administrator.
refusal-not-allowed = You have no right to do this.
    .mend = Sign in with an account that has it, or ask the administrator.
