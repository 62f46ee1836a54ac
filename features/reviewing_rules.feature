Feature: A reviewer changes a rule, and a second person lets it come into force

  @promise-8
  Rule: What is wrong is said at once, and nothing that was written is lost

    Scenario: A mistyped name
      Given a reviewer has begun a draft of the rules
      When the reviewer writes exits_lockd_seen for exits_locked_seen in the rule L91-M-04c
      Then the draft is told to have R011 at the line of that rule, in both languages
      And what the reviewer wrote is kept as it was written

    Scenario: Two reviewers in one file
      Given a reviewer has begun a draft of the rules
      And the reviewer has said another reason for the rule L91-M-04c
      When a colleague who has not seen that saves the same file
      Then the save is refused with S222, and the reviewer's text stands

  @promise-2
  Rule: Who would no longer be referred is seen before anything else

    Scenario: A draft that sends nobody to the shelter any more
      Given a reviewer has begun a draft of the rules
      When the reviewer sends to legal_aid whoever was sent to shelter
      Then the draft reads differently in every rule that led to shelter
      And interviews that come with the system are named that would no longer be sent to shelter

  @promise-8
  Rule: Nobody puts a rule into force alone, and old results stay what they were

    Scenario: The writer cannot approve
      Given a reviewer has begun a draft of the rules
      And the reviewer has said another reason for the rule L91-M-04c
      When the reviewer asks for approval from 2026-12-01 on
      And the reviewer, who may approve as well, approves
      Then the approval is refused with S214, in both languages

    Scenario: Approved by another, published, and in force on its day
      Given a reviewer has begun a draft of the rules
      And the reviewer has said another reason for the rule L91-M-04c
      When the reviewer asks for approval from 2026-12-01 on
      And the approver approves
      And the reviewer publishes
      Then interviews on 2026-11-30 are read by the rules as they came with the system
      And interviews on 2026-12-01 are read by revision 1, with the other reason
