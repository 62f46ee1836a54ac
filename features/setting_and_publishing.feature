Feature: What people set, and what two people approve

  @promise-8
  Rule: What was published stays what it was, and nobody publishes alone

    @req-47 @req-46
    Scenario: One person alone cannot publish the rules
      When the rules are published with the approval of
        | a reviewer |
      Then publishing is refused with P090, in both languages
      And no revision exists

    @req-47 @req-46
    Scenario: The same person twice is one person
      When the rules are published with the approval of
        | a reviewer |
        | a reviewer |
      Then publishing is refused with P090, in both languages
      And no revision exists

    @req-47 @req-46
    Scenario: Two people publish the rules, and the revision keeps its digest
      When the rules are published with the approval of
        | a reviewer  |
        | a colleague |
      Then revision 1 holds the program of the draft and its digest
      And an edit of the revision's file is noticed with P094

  @promise-10
  Rule: The stages of the referral mechanism and the duty to report are set by people

    @req-50
    Scenario: Six stages, with titles that say they are ours
      When the referral mechanism is read
      Then it has 6 stages, each with an owner, an input and an output in both languages
      And its titles are marked as working titles

    @req-50
    Scenario: A stage can be renamed and given another time limit
      Given a copy of the referral mechanism in which the first stage has 5 days
      When the copy is read
      Then the first stage has 5 days

    @req-30
    Scenario: The duty to report is a setting, explained beforehand
      When the duty to report is read
      Then each of its values says in both languages what happens and what the person is told before
