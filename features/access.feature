Feature: Everybody may do what the role needs, and nothing else

  Rule: Roles are given by others

    Scenario: Nobody gives himself a role
      Given an administrator
      When the administrator gives himself the role auditor
      Then it is refused with S132

    Scenario: The last administrator stays
      Given an administrator
      When whoever runs the machine closes the administrator's account
      Then it is refused with S133

    Scenario: A role that was taken away is gone at once
      Given an administrator
      And mona, an interviewer
      When mona signs in
      And the administrator takes the role interviewer from mona
      Then she has to sign in again
      When mona signs in
      Then she may not read cases

    Scenario: A locked account
      Given an administrator
      And mona, an interviewer
      When mona signs in
      And the administrator locks mona
      Then she has to sign in again
      And mona cannot sign in

  Rule: What a role does not allow is refused and written down

    Scenario: An interviewer looks for accounts
      Given mona, an interviewer
      When mona signs in
      And she asks for the accounts
      Then it is refused with S121
      And the audit chain names her attempt

  Rule: Another system does what its token says, and no more

    Scenario: A token for reading
      Given an administrator
      And a token of another system for cases.read
      When the system asks for cases
      Then it gets them
      When the system opens a case
      Then it is refused with S121

    Scenario: A token for more than the account may do
      Given an administrator
      When the administrator asks for a token for accounts.write
      Then it is refused with S138

    Scenario: A revoked token
      Given an administrator
      And a token of another system for cases.read
      When the administrator revokes the token
      And the system asks for cases
      Then it is refused with S120
