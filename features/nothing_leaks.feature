Feature: Answers stay where they belong

  @promise-9 @req-31
  Rule: Logs carry no answer, name or free text

    Scenario: The log of the service says that a request was made and nothing of it
      Given the log is read along
      And an intake interview on 2026-11-01 with these answers
        | question         | answer                                   |
        | documents_holder | employer                                 |
        | made_to_do       | sex                                      |
        | own_account      | My name is Marisol and I live in Block 9 |
      When the interview is posted
      Then the answer has status 200
      And the log has 1 line about requests
      And the log says none of this
        | Marisol          |
        | Block 9          |
        | employer         |
        | made_to_do       |
        | documents_holder |
        | trafficking      |
      And the log line says only these things
        | event        |
        | level        |
        | timestamp    |
        | method       |
        | route        |
        | status       |
        | request_id   |
        | milliseconds |
        | codes        |

    Scenario: A refused request is logged by its codes only
      Given the log is read along
      When this body is posted, to be answered in en
        """
        {"instrument": "intake", "answers": {"documents_holder": "Mr Faisal of Block 9", "locked_in": true}}
        """
      Then the answer has status 422
      And the log has 1 line about requests
      And the log says none of this
        | Faisal           |
        | Block 9          |
        | documents_holder |
        | locked_in        |

    Scenario: An address that somebody typed is logged by its pattern
      Given the log is read along
      When we ask for /api/v1/rules/Marisol-of-Block-9
      Then the answer has status 404
      And the log says none of this
        | Marisol |

    Scenario: The command line logs nothing of an interview
      Given the demo interview IN-13
      And the interview is in the file one.json
      When we type `screening assess one.json --format json`
      Then the command ends with status 0
      And it writes no error

  @promise-9 @req-31
  Rule: Identity is no part of an interview

    Scenario: The person's own words are never repeated, nor read by a rule
      Given the log is read along
      And an intake interview on 2026-11-01 with these answers
        | question    | answer                                   |
        | own_account | My name is Marisol and I live in Block 9 |
        | danger_now  | yes                                      |
      When the interview is screened
      And the interview is posted
      Then nothing that was written out says any of this
        | Marisol |
        | Block 9 |
      And no rule reads any of these questions
        | own_account |

    Scenario: No question asks who somebody is
      Then no question speaks of any of these
        | your name        |
        | full name        |
        | their name       |
        | telephone number |
        | passport number  |
        | civil id number  |
        | date of birth    |
        | your address     |

    Scenario Outline: A case is a coded number, and "<label>" is refused
      When this body is posted, to be answered in en
        """
        {"instrument": "intake", "case": "<label>", "answers": {}}
        """
      Then the answer is a problem document with the codes S012

      Examples:
        | label          |
        | Maria Santos   |
        | ماريا          |
        | maria@home     |

    Scenario: A coded case number is given back and changes nothing
      When this body is posted, to be answered in en
        """
        {"instrument": "intake", "case": "K-2026-0042", "as_of": "2026-11-01", "answers": {}}
        """
      Then the answer has status 200
      And in the answer case is K-2026-0042
      And the posted result is not_enough_known
