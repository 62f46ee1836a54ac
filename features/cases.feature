Feature: Cases

  @promise-9 @req-31
  Rule: A case is reached by those who work with it

    Scenario: Handed to a colleague and back
      Given a case of the interviewer
      When the supervisor gives it to the colleague
      Then the colleague reads the case
      When the supervisor ends the access of the colleague
      Then for the colleague it is as if the case did not exist

  @promise-6
  Rule: A case is closed by a person, never by a result

    Scenario Outline: <reason> is no reason
      Given a case of the interviewer
      When the interviewer closes it because of <reason>
      Then it is refused with the code S159
      And the case is open

      Examples:
        | reason               |
        | low_result           |
        | nothing_indicated    |
        | nothing_found        |

    Scenario: Closed with a reason and reopened
      Given a case of the interviewer
      When the interviewer closes it because of person_left
      Then the case is closed
      When the interviewer reopens it because of person_returned
      Then the case is open

  @promise-10 @req-29
  Rule: What the person agreed to holds for that and for nothing else

    Scenario: A yes to one service says nothing about another
      Given a case of the interviewer
      When the person says yes to a referral to own_service
      Then there is a yes for own_service
      And there is no word on embassy

    Scenario: A yes can be taken back
      Given a case of the interviewer
      When the person says yes to a referral to own_service
      And the person takes back the yes to own_service
      Then there is no yes for own_service

  @req-32 @req-14
  Rule: What could be turned against the person is warned about and never refused

    Scenario Outline: <note>
      Given a case of the interviewer
      When the interviewer closes it with the note <note>
      Then the case is closed
      And the warning is <warning>

      Examples:
        | note                          | warning                   |
        | Her boyfriend waits outside.  | consensual_sexual_conduct |
        | ذكرت أنها سرقت خاتماً         | offences_of_the_person    |
        | He absconded in May.          | residence_and_absence     |
        | She is lying about the debt.  | judging_words             |
        | The employer beat her.        | none                      |

  Rule: Cases of one workplace are linked without naming anybody

    Scenario: Two workers of one employer
      Given a case of the interviewer
      And a case of the colleague at the same workplace
      When the interviewer looks at the workplace
      Then only the own case is shown
      When the supervisor looks at the workplace
      Then both cases are shown by their numbers
