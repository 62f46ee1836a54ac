Feature: Two people in one interview never overwrite one another

  @promise-5
  Rule: Two answers to one question are both shown, and neither is lost

    Scenario: Both answer the same question, each having seen it empty
      Given the interviewer holds an intake interview
      When the interviewer saves daily_hours as 12
      And the supervisor, who saw nothing there, saves daily_hours as 15
      Then that is refused with S160
      And both are shown: 12 saved by the interviewer, and 15 that was sent
      And daily_hours stands at 12

    Scenario: Who has seen the newer answer can follow it
      Given the interviewer holds an intake interview
      When the interviewer saves daily_hours as 12
      And the supervisor saves daily_hours as 15
      Then daily_hours stands at 15
      And the earlier answers to daily_hours can be read: 12

    Scenario: Different questions do not disturb one another
      Given the interviewer holds an intake interview
      When the interviewer saves daily_hours as 12
      And the supervisor, who saw nothing there, saves locked_in as yes
      Then daily_hours stands at 12
      And locked_in stands at yes

    Scenario: An answer sent twice from a bad line is saved once
      Given the interviewer holds an intake interview
      When the interviewer sends daily_hours as 12 twice under one key
      Then 1 answer is saved

    Scenario: Nobody finishes over an answer that he has not seen
      Given the interviewer holds an intake interview
      And the person tells a clear account of forced work
      When the supervisor saves danger_now as yes
      And the interviewer finishes it as it was before that
      Then that is refused with S168

  @promise-9
  Rule: An interview passes only to somebody who can hold it

    Scenario: A colleague of the site goes on
      Given the interviewer holds an intake interview
      When the colleague saves locked_in as yes
      Then that is refused with S150
      When the interviewer hands it over to the colleague
      And the colleague saves locked_in as yes
      Then locked_in stands at yes

    Scenario Outline: Not to <somebody>
      Given the interviewer holds an intake interview
      When the interviewer hands it over to the <somebody>
      Then that is refused with S167

      Examples:
        | somebody      |
        | interviewer_b |
        | reviewer      |
        | administrator |

  Rule: Answers of two interviews that differ are shown side by side, and no side is taken

    Scenario: Papers, then and now
      Given the interviewer holds an intake interview
      When the interviewer saves documents_holder as self
      And 3 days go by
      And the interviewer begins a rescreen interview that follows it after rest
      And the interviewer saves documents_holder as employer
      Then documents_holder is shown with self then and employer now
