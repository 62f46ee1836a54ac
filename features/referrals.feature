Feature: From a recommendation to help that arrived

  A referral is written with the person's yes to one service, or on an exception of the law that is explained.
  What happens to it afterwards is written down until help arrived, and nothing falls between two desks.

  @promise-10 @req-29
  Rule: Nothing leaves without the person's own yes for that one referral

    Background:
      Given a finished interview in which this was told
        | the person is an adult woman                                     |
        | the person works in a household                                  |
        | the person is locked in by the employer, to make the person stay |

    Scenario: Nobody asked
      When a referral along shelter to pam_shelter_women is written
      Then the referral is refused with S182

    Scenario: A yes to one service is no yes to another
      Given the person says yes to pam_shelter_men
      When a referral along shelter to pam_shelter_women is written
      Then the referral is refused with S182

    Scenario: A no is kept
      Given the person says no to pam_shelter_women
      When a referral along shelter to pam_shelter_women is written
      Then the referral is refused with S182

    Scenario: A yes, and it is written; it has not left by that
      Given the person says yes to pam_shelter_women
      When a referral along shelter to pam_shelter_women is written
      Then the referral is created
      And next can be printed, sent, cancelled

    Scenario: A yes taken back before it left
      Given the person says yes to pam_shelter_women
      When a referral along shelter to pam_shelter_women is written
      And the person takes the yes to pam_shelter_women back
      And the step sent is recorded, how: letter
      Then the referral is refused with S182
      And the referral stands in the list consent_withdrawn

    Scenario: A yes taken back after it left and the case was closed
      Given the person says yes to pam_shelter_women
      When a referral along shelter to pam_shelter_women is written
      And the step sent is recorded, how: letter
      And the case is closed
      And the person takes the yes to pam_shelter_women back
      Then the referral stands in the list consent_withdrawn

  @promise-10 @req-29 @req-39
  Rule: An exception of the law is explained, and owed to the person until it was

    Scenario: A child
      Given a finished interview in which this was told
        | the person is a child |
      When a referral along child_protection to child_line_147 is written by the exception child
      Then the referral is created
      And the exception is explained in both languages
      And the referral stands in the list to_be_explained
      When the step explained is recorded
      Then the referral does not stand in the list to_be_explained

    Scenario: An adult is no exception
      Given a finished interview in which this was told
        | the person is an adult woman |
      When a referral along child_protection to child_line_147 is written by the exception child
      Then the referral is refused with S183

    @req-30
    Scenario: No duty to report before lawyers have said that there is one
      Given a finished interview in which this was told
        | the person is locked in by the employer, to make the person stay |
      When a referral along anti_trafficking to public_prosecution is written by the exception duty_to_report
      Then the referral is refused with S183

  @promise-10 @req-37
  Rule: To an embassy only with a yes and without fear

    Scenario: No fear, and a yes
      Given a finished interview in which this was told
        | the person is an adult                                   |
        | the person has a nationality and fears nothing on return |
        | the person wants to go home soon                         |
      And the person says yes to embassy
      When a referral along embassy to embassy is written
      Then the referral is created

    Scenario: Silence about fear is not a no, whatever the writer thinks
      Given a finished interview in which this was told
        | the person is an adult           |
        | the person wants to go home soon |
      And the person says yes to embassy
      When a referral along embassy to embassy is written
      Then the referral is refused with S192

    Scenario: Fear that is told later stops what was written earlier
      Given a finished interview in which this was told
        | the person is an adult                                   |
        | the person has a nationality and fears nothing on return |
        | the person wants to go home soon                         |
      And the person says yes to embassy
      When a referral along embassy to embassy is written
      And a later interview is finished in which this was told
        | the person is an adult                                    |
        | the person fears the authorities of the country of origin |
      And the step sent is recorded, how: telephone
      Then the referral is refused with S192
      And the referral is created

  @req-12
  Rule: It is followed until help arrived

    Background:
      Given a finished interview in which this was told
        | the person is an adult woman                                     |
        | the person is locked in by the employer, to make the person stay |
      And the person says yes to pam_shelter_women
      When a referral along shelter to pam_shelter_women is written
      And the step sent is recorded, how: accompanied

    Scenario: Nobody answers
      When 4 days pass
      Then the referral stands in the list referrals_overdue

    Scenario: The service does not take the person
      When the step declined is recorded, reason: no_place
      Then the referral is declined
      And the referral does not stand in the list referrals_overdue
      When 2 days pass
      Then the referral stands in the list referrals_overdue
      And next can be closed

    Scenario: A reason is asked for
      When the step declined is recorded
      Then the referral is refused with S186

    Scenario: An answer that comes after a reminder
      When the step followed_up is recorded, reason: person_not_reached
      And the step accepted is recorded
      Then the referral is accepted

    Scenario: Help that arrives after everything was closed
      When the step declined is recorded, reason: no_place
      And the step closed is recorded, reason: other
      And the case is closed
      And the step followed_up is recorded, reason: help_arrived
      Then the referral is followed_up
