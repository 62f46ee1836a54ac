Feature: The HTTP interface

  Rule: An assessment is posted and answered, and nothing is stored

    Scenario: The result of an interview
      Given the demo interview IN-03
      When the interview is posted
      Then the answer has status 200
      And the posted result is trafficking_possible
      And the answer is not to be kept by anybody on the way

    Scenario: A body that is not JSON
      When this body is posted, to be answered in en
        """
        {"instrument": "intake", "answers":
        """
      Then the answer has status 400

    Scenario: A body of another kind
      Given the demo interview IN-01
      When the body is posted as text/plain
      Then the answer has status 415
      And the answer is a problem document with the codes S024

    Scenario: A body that is too large
      When a body of 300 KiB is posted
      Then the answer has status 413
      And the answer is a problem document with the codes S020

  Rule: What the rules and questions are can be read by other systems

    Scenario Outline: <address>
      When we ask for <address>
      Then the answer has status 200
      And the answer has <keys>

      Examples:
        | address                       | keys                                  |
        | /health                       | status                                |
        | /ready                        | status, rule_set, revision, digest    |
        | /api/v1/instruments           | instruments                           |
        | /api/v1/instruments/intake    | id, title, sections, core, questions  |
        | /api/v1/rule-sets             | rule_sets                             |
        | /api/v1/rule-sets/kuwait      | id, digest, revisions, program        |
        | /api/v1/rules/L91-M-07a       | id, lines, sources                    |
        | /api/v1/sources/law_91_2013   | id, title, confidence                 |
        | /api/v1/problems/A020         | code, message, advice                 |
        | /api/v1/openapi.json          | openapi, paths                        |

    Scenario Outline: <address> is not there
      When we ask for <address>
      Then the answer has status 404
      And the answer is a problem document with the codes <code>
      And the problem says "<words>"

      Examples:
        | address                      | code | words                           |
        | /api/v1/instruments/intak    | S004 | did you mean `intake`?          |
        | /api/v1/rules/L91-M-7a       | S010 | nothing in these rules          |
        | /api/v1/sources/law_91_2031  | S028 | did you mean `law_91_2013`?     |
        | /api/v1/rule-sets/kuwiat     | S008 | did you mean `kuwait`?          |

    Scenario: The address and a parameter that nobody reads
      When we ask for /api/v1/instruments?lang=ar
      Then the answer is a problem document with the codes S027
