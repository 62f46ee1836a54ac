Feature: Bad input is refused clearly

  Rule: An error names the question, the value and what was expected, in both languages

    Scenario Outline: <question> with <answer> is refused with <code>
      When this body is posted, to be answered in en
        """
        {"instrument": "intake", "answers": {"<question>": <answer>}}
        """
      Then the answer has status 422
      And the answer is a problem document with the codes <code>
      And the problem says "<words>"
      When this body is posted, to be answered in ar
        """
        {"instrument": "intake", "answers": {"<question>": <answer>}}
        """
      Then the answer is a problem document with the codes <code>
      And the problem is told in Arabic

      Examples:
        | question         | answer                                   | code | words                                          |
        | documents_hodler | "employer"                               | A002 | did you mean `documents_holder`?               |
        | locked_in        | true                                     | A020 | write `yes` or `no`                            |
        | locked_in        | "maybe"                                  | A021 | `maybe` is no answer to `locked_in`            |
        | locked_in        | null                                     | A010 | an empty value says nothing about `locked_in`  |
        | locked_in        | "declined"                               | A018 | `declined` is a state and no value             |
        | locked_in        | {"state": "refused"}                     | A014 | `not_known`, `declined` or `not_asked`         |
        | locked_in        | {"state": "not_relevant"}                | A015 | it follows from other answers                  |
        | locked_in        | {"state": "declined", "value": "yes"}    | A012 | has both a state and a value                   |
        | documents_holder | "emploer"                                | A023 | did you mean `employer`?                       |
        | documents_holder | ["employer"]                             | A022 | expected is one option                         |
        | made_to_do       | "sex"                                    | A024 | expected is a list of options                  |
        | made_to_do       | []                                       | A025 | is empty, which says nothing                   |
        | made_to_do       | ["sex", "sex"]                           | A027 | is listed twice                                |
        | made_to_do       | ["sex", "none_of_these"]                 | A028 | excludes the other options                     |
        | daily_hours      | "fifteen"                                | A030 | expected is a whole number                     |
        | daily_hours      | 25                                       | A032 | the largest is 24                              |
        | daily_hours      | -1                                       | A031 | the smallest is 0                              |
        | age_years        | {"from": 20, "to": 17}                   | A036 | runs backwards                                 |
        | left_on          | "last spring"                            | A040 | expected is a date                             |
        | left_on          | "2026-02-30"                             | A041 | is not in the calendar                         |

    Scenario: All faults are told at once
      When this body is posted, to be answered in en
        """
        {"instrument": "intak", "answers": {"daily_hours": 99, "locked_in": true}, "colour": "red"}
        """
      Then the answer has status 422
      And the answer is a problem document with the codes S006, S004, A032, A020
      And the problem says "did you mean `intake`?"

    Scenario Outline: A request that is wrong as a whole, <code>
      When this body is posted, to be answered in en
        """
        <body>
        """
      Then the answer has status <status>
      And the answer is a problem document with the codes <code>

      Examples:
        | body                                                           | status | code |
        | {"answers": {}}                                                | 422    | S007 |
        | {"instrument": "intake"}                                       | 422    | S007 |
        | {"instrument": "intake", "answers": [], "as_of": "2026-11-01"} | 422    | S017 |
        | {"instrument": "intake", "answers": {}, "as_of": "soon"}       | 422    | S005 |
        | {"instrument": "intake", "answers": {}, "revision": 99}        | 422    | S009 |
        | {"instrument": "intake", "answers": {}, "rule_set": "qatar"}   | 422    | S008 |

  Rule: The command line tells the same faults with file and line, and ends with status 2

    Scenario: A YAML file with a truth value and a misspelt option
      Given a file one.yaml that says
        """
        instrument: intake
        as_of: "2026-11-01"
        answers:
          locked_in: true
          documents_holder: emploer
        """
      When we type `screening assess one.yaml`
      Then the command ends with status 2
      And it writes nothing but an error
      And its error says "one.yaml:4: A020"
      And its error says "one.yaml:5: A023"
      And its error says "did you mean `employer`?"

    Scenario: The same in Arabic
      Given a file one.yaml that says
        """
        instrument: intake
        answers:
          locked_in: true
        """
      When we type `screening assess one.yaml --lang ar`
      Then the command ends with status 2
      And its error says "اكتب `yes` أو `no`"

    Scenario: A question answered twice
      Given a file one.yaml that says
        """
        instrument: intake
        answers:
          locked_in: yes
          locked_in: no
        """
      When we type `screening assess one.yaml`
      Then the command ends with status 2
      And it writes nothing but an error
      And its error says "one.yaml:4"

    Scenario Outline: `<line>` ends with status 2 and <code>
      When we type `<line>`
      Then the command ends with status 2
      And it writes nothing but an error
      And its error has the code <code>

      Examples:
        | line                                   | code |
        | screening assess missing.json          | S001 |
        | screening questions intak              | S004 |
        | screening rules show L91-M-99          | S010 |
        | screening rules check /tmp/nowhere     | S016 |
        | screening assess                       | S032 |
        | screening assess a.json --colour       | S031 |
