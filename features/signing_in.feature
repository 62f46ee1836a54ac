Feature: Only the right person gets in, and nobody is shut out by a stranger

  Rule: There is no password until somebody chooses one

    Scenario: The first administrator
      Given an installation that nobody has used
      When the first link is opened with the password "maple river cloud seven"
      Then an authenticator app has to be set up before anything else
      When its first code is given
      Then 10 recovery codes are shown, this once
      And the accounts can be seen
      And the first link is not valid any more

    Scenario: A second first administrator
      Given an administrator
      Then no first link can be made

    Scenario: An invitation works once
      Given an administrator
      When the administrator invites huda as interviewer
      And huda accepts the invitation
      Then huda is signed in
      And the invitation is not valid any more

    Scenario Outline: Passwords that are tried first
      Given an installation that nobody has used
      When the first link is opened with the password "<password>"
      Then it is refused with <code>

      Examples:
        | password        | code |
        | short           | S129 |
        | password1234    | S130 |
        | 123456789012    | S130 |
        | كلمة السر ١٢٣٤٥ | S130 |

  Rule: A password alone opens nothing

    Scenario: The second step is missing
      Given mona, an interviewer
      When mona gives her name and password
      Then she can see nothing yet
      When she gives the code of her telephone
      Then she is signed in

    Scenario: A code is used again
      Given mona, an interviewer
      When mona signs in
      And somebody who saw her password and her code uses both
      Then it is refused with S125

    Scenario: The telephone is gone
      Given mona, an interviewer
      When mona gives her name and password
      And she gives one of her recovery codes
      Then she is signed in
      And that recovery code is used up

  Rule: Wrong names and wrong passwords are answered alike

    Scenario: Somebody tries out which names there are
      Given mona, an interviewer
      When somebody tries the name mona with a wrong password
      And somebody tries the name nobody with a wrong password
      Then both are answered alike

  Rule: Guessing takes longer and longer, and never shuts anybody out for good

    Scenario: Five wrong passwords
      Given mona, an interviewer
      When somebody tries the name mona with a wrong password 5 times
      Then the next attempt from there has to wait 30 seconds
      And after that mona can sign in from there

    Scenario: Strangers guess at one person from everywhere
      Given mona, an interviewer
      And mona has signed in from her office before
      When 20 strangers try the name mona with a wrong password
      Then a stranger has to wait
      But mona signs in from her office

  Rule: A session ends

    Scenario: Nobody is at the screen
      Given mona, an interviewer
      When mona signs in
      And 30 minutes pass
      Then she has to sign in again

    Scenario: The password was changed
      Given mona, an interviewer
      When mona signs in
      And mona signs in at a second screen
      And she changes her password there
      Then the first screen has to sign in again
      And the second screen goes on

    Scenario: The clock is set back
      Given mona, an interviewer
      When mona signs in
      And the clock is set back by 3 hours
      Then she has to sign in again

  Rule: A page of another site can do nothing

    Scenario: A forged request
      Given mona, an interviewer
      When mona signs in
      And another site makes her browser sign her out everywhere else
      Then it is refused with S127
