Feature: The record of who did what

  @promise-9 @req-31
  Rule: Every look at a case is recorded, and the record proves itself

    Scenario: A look is an entry
      Given a case of the interviewer
      When the interviewer looks at the case
      Then the record says that the interviewer looked at the case
      And the record is whole

    Scenario: A look that was refused is no look, and nothing of the record is lost by it
      Given a case of the interviewer
      When a stranger to the case looks at the case
      Then it is refused with the code S150
      And the record is whole

    Scenario Outline: <what> is found
      Given a case of the interviewer
      And the interviewer looks at the case 5 times
      And the auditor keeps the head of the record
      When somebody with the database in hand <does>
      Then the record is broken with the code <code>

      Examples:
        | what                       | does                                     | code |
        | Another name in an entry   | puts another name into an entry          | S201 |
        | A look that is taken out   | takes an entry out                       | S202 |
        | Two entries exchanged      | exchanges two entries                    | S203 |
        | The newest entries cut off | cuts off the newest entries              | S204 |
        | All of it written anew     | writes all of it anew without one look   | S204 |
        | The guards taken away      | takes the guards of the table away       | S208 |

    Scenario: The clock that was set back is noted and no reason to lose anything
      Given a case of the interviewer
      When the clock of the records goes back by 3 hours
      And the interviewer looks at the case
      Then the record notes a clock that was set back
      And the record is whole

  @promise-9
  Rule: The record holds no answer, no name and no text

    Scenario: What somebody typed is not in it
      Given a case of the interviewer
      When the interviewer closes it with the note ZAMARKER she was afraid
      Then nothing of ZAMARKER is in the record
