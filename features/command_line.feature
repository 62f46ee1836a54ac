Feature: The command line

  Rule: `screening assess` screens a file, and standard input, in text and for programs

    Scenario: Text in the order in which it is needed
      Given the demo interview IN-01
      And the interview is in the file one.json
      When we type `screening assess one.json`
      Then the command ends with status 0
      And it writes no error
      And its output says, in this order
        | What cannot wait                        |
        | Result so far                           |
        | Signs of trafficking are indicated      |
        | Recommended referrals                   |

    @req-48
    Scenario: Arabic text
      Given the demo interview IN-01
      And the interview is in the file one.json
      When we type `screening assess one.json --lang ar`
      Then the command ends with status 0
      And its output is in Arabic
      And its output says
        | تدل العلامات على اتجار بالأشخاص |

    Scenario: JSON has what others rely on
      Given the demo interview IN-01
      And the interview is in the file one.json
      When we type `screening assess one.json --format json`
      Then the command ends with status 0
      And its output is JSON in which outcome is trafficking_indicated
      And its output is JSON with at least the keys
        | outcome          |
        | may_still_become |
        | urgent           |
        | recommendations  |
        | findings         |
        | open_questions   |
        | next_questions   |
        | rule_set         |
        | revision         |
        | digest           |
        | instrument       |
        | as_of            |

    Scenario: The day of the file gives way to the day that is asked for
      Given the demo interview IN-14
      And the interview is in the file one.json
      When we type `screening assess one.json --as-of 2027-11-01 --format json`
      Then its output is JSON in which as_of is 2027-11-01

    Scenario: Many interviews, one a line, where one cannot be read
      Given a file many.jsonl that says
        """
        {"instrument": "intake", "as_of": "2026-11-01", "answers": {"danger_now": "yes"}}
        {"instrument": "intake", "as_of": "2026-11-01", "answers": {"locked_in": true}}
        {"instrument": "intake", "as_of": "2026-11-01", "answers": {}}
        """
      When we type `screening assess many.jsonl`
      Then the command ends with status 2
      And its output is a list of 2 results, one a line: other_concern, not_enough_known
      And its error says "many.jsonl:2: A020"

    Scenario: A drawing
      Given the demo interview IN-01
      And the interview is in the file one.json
      When we type `screening assess one.json --format mermaid`
      Then the command ends with status 0
      And its output says
        | flowchart LR                |
        | Anti-trafficking authorities |

  Rule: `screening rules` checks and shows

    @req-46
    Scenario: The shipped rules have no fault
      When we type `screening rules check`
      Then the command ends with status 0
      And its output says
        | No faults. |

    Scenario: A tree with faults ends with status 1
      Given a content tree with a broken file
      When we type `screening rules check tree`
      Then the command ends with status 1
      And its output says
        | R011 unknown question |

    @req-48
    Scenario: A rule in Arabic
      When we type `screening rules show L91-M-07a --lang ar`
      Then the command ends with status 0
      And its output is in Arabic

    Scenario: Every rule in a list
      When we type `screening rules list`
      Then the command ends with status 0
      And its output says
        | L91-M-07a |
        | RC-AT-01  |
        | OUT-TI-06 |

  Rule: `screening questions` lists an instrument, for people and programs

    Scenario: For people
      When we type `screening questions intake`
      Then the command ends with status 0
      And its output says
        | Who has your passport or your other papers now? |

    @req-48
    Scenario: In Arabic
      When we type `screening questions complaint --lang ar`
      Then the command ends with status 0
      And its output is in Arabic

    Scenario: For programs, with what the contract names
      When we type `screening questions intake --format json`
      Then the command ends with status 0
      And each question of its JSON output has id, section, type, options, core, applies_when, ask_when

  Rule: `screening demo` screens every shipped interview

    Scenario: All are screened, and an authority's own label stands beside ours
      When we type `screening demo`
      Then the command ends with status 0
      And its output says
        | IN-01 |
        | IN-16 |
