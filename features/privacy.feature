Feature: What is held on a person, and how it goes

  @promise-9 @req-31
  Rule: Identity stands apart and every look is recorded

    Scenario: A colleague without the case sees nothing
      Given a case of the interviewer with an identity
      When the colleague asks who the person is
      Then it is as if the case did not exist

    Scenario: The look of whoever may is in the audit chain
      Given a case of the interviewer with an identity
      When the interviewer asks who the person is
      Then the name is shown
      And the audit chain names the look at the identity

    Scenario: Another case of the same document is not given away
      Given a case of the interviewer with an identity
      When somebody at another site records the same document
      Then they learn only that there is another case

    @req-29
    Scenario: A no to a record is respected
      Given a case of the interviewer
      And the person says no to the purpose record
      When the interviewer writes down a name
      Then it is refused with the code S278

  @promise-9
  Rule: Emergency access leaves a trace

    Scenario: A colleague opens a case in an emergency
      Given a case of the interviewer with an identity
      When the colleague opens it in an emergency
      Then the colleague reads the case
      And the auditor sees who opened it and why
      But after an hour the colleague reads it no more

  @promise-9
  Rule: What is erased cannot be read again

    Scenario: An erased case
      Given a case of the interviewer with an identity
      When the supervisor erases it and types its number
      Then nothing of it can be opened
      And its number stays for counts and for the audit chain

    Scenario: A slip of the pen erases nothing
      Given a case of the interviewer with an identity
      When the supervisor erases it and types another number
      Then it is refused with the code S173
      And the case is open

    Scenario: A case that a court asked for
      Given a case of the interviewer with an identity
      And the supervisor holds it
      When the supervisor erases it and types its number
      Then it is refused with the code S174
      And the case is open

    Scenario: The retention rules say first what they would take
      Given a closed case of six years ago
      When the administrator asks what the retention rules would take
      Then the case is named with its rule
      And the case is closed

  Rule: The person can have the whole record

    Scenario: An export
      Given a case of the interviewer with an identity
      When the supervisor exports the record with the identity
      Then it has the name, the consents and who looked at it
      And the parts have titles in both languages
