Feature: What a person told is kept as it was told, and comes to a result that stays

  @promise-1
  Rule: Every answer is kept; the newest counts, and what stood there before can be read

    Scenario: A corrected answer leaves the earlier one readable
      Given the interviewer holds an intake interview
      When the interviewer saves daily_hours as 12
      And the interviewer saves daily_hours as 16
      Then daily_hours stands at 16
      And the earlier answers to daily_hours can be read: 12

    Scenario Outline: What was not said is kept as what it is: <state>
      Given the interviewer holds an intake interview
      When the interviewer saves locked_in as <state>
      Then locked_in stands at <state>
      And the result so far is not_enough_known

      Examples:
        | state       |
        | (not known) |
        | (declined)  |
        | (not asked) |

    Scenario: A wrong answer is refused with its question, and nothing is saved
      Given the interviewer holds an intake interview
      When the interviewer saves locked_in as perhaps
      Then that is refused with A021
      And nothing is saved

  @promise-2
  Rule: A correction says what no longer holds; learning more takes nothing back

    Scenario: A second look at the locked door
      Given the interviewer holds an intake interview
      When the interviewer saves locked_in as yes
      And the interviewer saves danger_now as no
      Then nothing is said to be withdrawn
      When the interviewer saves locked_in as no
      Then it is said that finding.act.harbour no longer holds

    Scenario: A second conversation in which little is said takes nothing back from the first
      Given the interviewer holds an intake interview
      And the person tells a clear account of forced work
      And the interviewer has finished it
      When 3 days go by
      And the interviewer begins a rescreen interview that follows it after rest
      Then the result so far is not_enough_known
      And it is said that trafficking_indicated was found before and still stands

  @promise-6
  Rule: What somebody told does not end in nothing

    Scenario: A person leaves in the middle
      Given the interviewer holds an intake interview
      When the interviewer saves locked_in as yes
      And the interviewer ends the interview because person_left
      Then that is refused with S255
      When the interviewer finishes the interview
      Then the final result is other_concern

    Scenario: A person leaves before anything was said
      Given the interviewer holds an intake interview
      When the interviewer ends the interview because person_left
      Then the interview is abandoned

    Scenario: Someone differs downwards, and is told what that does not do
      Given the interviewer holds an intake interview
      And the person tells a clear account of forced work
      And the interviewer has finished it
      When the supervisor differs with nothing_indicated_so_far, giving a reason
      Then the decision is lower than the result, and says that this closes no case
      And the final result is trafficking_indicated

    Scenario: Nobody can decide that somebody is not a victim
      Given the interviewer holds an intake interview
      And the interviewer has finished it
      When the supervisor differs with not_a_victim, giving a reason
      Then that is refused with S252

    Scenario: Who differs says why
      Given the interviewer holds an intake interview
      And the interviewer has finished it
      When the supervisor differs with other_concern, giving no reason
      Then that is refused with S251

  @promise-8
  Rule: The final result is the same for ever

    Scenario: Years later, by the stored answers and the stored rules
      Given the interviewer holds an intake interview
      And the person tells a clear account of forced work
      And the interviewer has finished it
      When 900 days go by
      Then the final result reads as on the first day
      And evaluating it again gives the same

    Scenario: A finished interview takes no more answers
      Given the interviewer holds an intake interview
      And the interviewer has finished it
      When the interviewer saves locked_in as yes
      Then that is refused with S162

  @promise-4
  Rule: A person who needs rest gets it

    Scenario: Before the rest is over nobody goes on, unless the person asks
      Given the interviewer holds an intake interview
      When the interviewer pauses it for 2 days of rest
      And the interviewer saves locked_in as yes
      Then that is refused with S163
      When the interviewer resumes it
      Then that is refused with S166
      When the interviewer resumes it because the person asks
      And the interviewer saves locked_in as yes
      Then locked_in stands at yes

    Scenario: What was open last time is at hand when the person comes back
      Given the interviewer holds an intake interview
      When the interviewer saves threats_made as (declined)
      And 3 days go by
      And the interviewer begins a rescreen interview that follows it after rest
      Then threats_made is listed as open last time, as (declined)
