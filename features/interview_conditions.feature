Feature: How a person was heard

  @req-27
  Rule: Nobody tied to the work is in the room, and if one is, the talk stops safely and is held again

    @SE-NH-01
    Scenario Outline: In the room: <who>
      Given an intake interview on 2026-11-01 with these answers
        | question       | answer |
        | heard_alone    | no     |
        | who_is_present | <who>  |
      When the interview is screened
      Then the rule SE-NH-01 fires
      And finding.separate.not_heard_safely is established
      And the route complete_the_screening is recommended today
      And the route safety_plan is recommended today
      And the route complete_the_screening never sends "Anything to police, employer or embassy"

      Examples:
        | who                  |
        | employer             |
        | relative_of_employer |
        | supervisor           |
        | agent                |
        | partner              |

    @OUT-TP-06
    Scenario: A sign told while not alone is possible, and a person looks at it
      Given an intake interview on 2026-11-01 with these answers
        | question         | answer   |
        | heard_alone      | no       |
        | documents_holder | employer |
      When the interview is screened
      Then the line OUT-TP-06 is among those the result rests on
      And the result is trafficking_possible
      And a person must look at the result

    Scenario: Whether the person is heard alone is asked in every instrument
      Then every instrument counts heard_alone as a core question

  @req-28
  Rule: An interpreter is independent

    @SE-NH-01
    Scenario Outline: The interpreter is <interpreter>
      Given an intake interview on 2026-11-01 in which interpreter is <interpreter>
      When the interview is screened
      Then finding.separate.not_heard_safely is <shown>

      Examples:
        | interpreter            | shown     |
        | from_employer_or_agent | shown     |
        | relative_or_household  | shown     |
        | another_worker         | shown     |
        | link_not_clear         | shown     |
        | needed_but_missing     | shown     |
        | independent            | not shown |
        | not_needed             | not shown |

  @req-34
  Rule: From detention, prison or a round-up: screened before anybody is removed

    @RC-HR-01
    Scenario Outline: Met in <place>
      Given an intake interview on 2026-11-01 in which entry_mode is <place>
      When the interview is screened
      Then the rule RC-HR-01 fires
      And the route hold_removal is recommended today
      And the note on consent of the route hold_removal says "no article of Law 91/2013 suspends a removal"

      Examples:
        | place                    |
        | round_up                 |
        | detention_or_deportation |
        | prison                   |

    @RC-HR-02
    Scenario Outline: Held at <place> with a sign: removal waits, now
      Given an intake interview on 2026-11-01 in which we hear that
        | the employer holds the passport |
      And entry_mode is <place>
      When the interview is screened
      Then the rule RC-HR-02 fires
      And the route hold_removal is recommended now
      And the route legal_aid is recommended today

      Examples:
        | place                    |
        | round_up                 |
        | police_station           |
        | detention_or_deportation |
        | prison                   |
        | arrest_public_morals     |

    Scenario: Coming by oneself asks for no hold
      Given an intake interview on 2026-11-01 in which entry_mode is came_alone
      When the interview is screened
      Then the route hold_removal is not recommended

  @req-10
  Rule: A scheme that is about to begin is told to the interviewer as a possible duty

    @SE-F-16 @SE-N-01
    Scenario: Others are about to be brought in
      Given an intake interview on 2026-11-01 in which known_scheme is yes
      When the interview is screened
      Then the rules SE-F-16 and SE-N-01 fire
      And finding.notice.reporting_duty is established
      And finding.notice.reporting_duty cites law_91_2013, "article 7", verified_text
      And the result is other_concern

  @req-11
  Rule: Pressure on a witness is a sign and a matter of safety

    @SE-WP-01a @RC-SP-01
    Scenario Outline: <pressure>
      Given an intake interview on 2026-11-01 in which witness_pressure is <pressure>
      When the interview is screened
      Then the rules SE-WP-01a and RC-SP-01 fire
      And finding.separate.witness_pressure is established
      And the route safety_plan is recommended now
      And the route legal_aid is recommended today

      Examples:
        | pressure         |
        | offered_money    |
        | threatened       |
        | told_what_to_say |
        | made_to_sign     |

  Rule: An official who took part is named to few

    @SE-F-17 @RC-PR-01
    Scenario: Nothing goes to the department before the person and a lawyer have chosen
      Given an intake interview on 2026-11-01 in which official_involved is helped_by_post
      When the interview is screened
      Then the rules SE-F-17 and RC-PR-01 fire
      And the route protected_routing is recommended today
      And the route protected_routing never sends "A name in any summary"
