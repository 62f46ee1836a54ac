Feature: Children, and people whose age is in doubt

  @promise-3 @req-3
  Rule: Under 18, or age in doubt, no means is needed

    @L91-R-04 @OUT-TI-06
    Scenario Outline: <age> and <purpose>: indicated although no means is known
      Given an intake interview on 2026-11-01 with these answers
        | question   | answer    |
        | age_group  | <age>     |
        | made_to_do | <purpose> |
      When the interview is screened
      Then the result is trafficking_indicated
      And the line OUT-TI-06 is among those the result rests on
      And the rule L91-R-04 fires
      And nothing shows finding.means.strong
      And the route child_protection is recommended now

      Examples:
        | age      | purpose |
        | child    | begging |
        | child    | crime   |
        | child    | sex     |
        | in_doubt | begging |
        | in_doubt | crime   |
        | in_doubt | sex     |

    @OUT-TP-02
    Scenario Outline: An adult and <purpose>: possible until a means is known
      Given an intake interview on 2026-11-01 with these answers
        | question   | answer        |
        | age_group  | adult_settled |
        | made_to_do | <purpose>     |
      When the interview is screened
      Then the result is trafficking_possible
      And it may still become trafficking_indicated
      And the route child_protection is not recommended

      Examples:
        | purpose |
        | begging |
        | crime   |

    @OUT-TI-06
    Scenario: The child rule cites the treaty and says that the domestic text is silent
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is a child       |
        | the child is made to beg    |
      When the interview is screened
      Then outcome.trafficking_indicated cites palermo_protocol, "article 3(c) and (d)", secondary
      And outcome.trafficking_indicated cites law_5_2006, "approval of the protocol", secondary
      And outcome.trafficking_indicated cites constitution_1962, "article 70", verified_text
      And outcome.trafficking_indicated cites law_91_2013, "article 1(3); the domestic text is silent on means for a child", verified_text

  @promise-3 @req-4
  Rule: Whoever may be a child is treated as a child until the age is settled

    @L91-K-01a @L91-K-01b
    Scenario Outline: <question> being <answer> opens the rules for children
      Given an intake interview on 2026-11-01 in which <question> is <answer>
      When the interview is screened
      Then the rule <rule> fires
      And finding.child.rule is established
      And the route child_protection is recommended today

      Examples:
        | question     | answer         | rule      |
        | age_group    | child          | L91-K-01a |
        | age_group    | in_doubt       | L91-K-01a |
        | age_years    | 17             | L91-K-01b |
        | age_years    | 12 to 17       | L91-K-01b |
        | apparent_age | looks_under_18 | L91-K-01b |

    Scenario: An age that may be under or over 18 leaves the question open
      Given an intake interview on 2026-11-01 in which age_years is 16 to 19
      When the interview is screened
      Then finding.child is open
      And finding.child waits for age_group

    Scenario: Papers that say adult do not settle the age against the person
      Given the demo interview IN-05
      And these answers as well
        | question  | answer           |
        | age_years | 22               |
        | age_basis | document_doubted |
      When the interview is screened
      Then the result is trafficking_indicated
      And finding.child is established
      And the answer to age_basis is told as "A document that may be wrong"

    @L91-K-02
    Scenario: Whoever was a child when it began is read by the child rule, as an adult today
      Given an intake interview on 2026-11-01 with these answers
        | question            | answer        |
        | age_group           | adult_settled |
        | age_when_work_began | 15            |
        | made_to_do          | begging       |
      When the interview is screened
      Then the rule L91-K-02 fires
      And the result is trafficking_indicated
      And the route child_protection is not recommended

  @req-39
  Rule: A child goes the child's route

    @RC-CP-01
    Scenario: Harm to a child is announced at once, and the duty is explained first
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is a child                                                                        |
        | the child works for others at night instead of school, and someone else gets the pay         |
      When the interview is screened
      Then the rule RC-CP-01 fires
      And the route child_protection is recommended now
      And the route child_protection asks for consent as explain_duty
      And the exception of the route child_protection is explained beforehand, in both languages
      And the service child_line_147 of the route child_protection is met
      And the service child_protection_centre of the route child_protection is met
      And the route child_protection never sends "Anything to parents, relatives, employer or embassy before the child officer has decided"

    @RC-CP-02
    Scenario: Any child is announced to the child officer, whatever the result is
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is a child                                                              |
        | the child helps a little at home, lives with the parents and goes to school        |
      When the interview is screened
      Then the route child_protection is recommended today
      And the need child is ask_now

    Scenario: The child line is known with its number, and the centre says that it may not be open yet
      Given an intake interview on 2026-11-01 in which age_group is child
      When the interview is screened
      Then the service child_line_147 is reached by "147"
      And the service child_protection_centre warns that "open"

    Scenario Outline: <route> is not for a child to be sent to
      Given an intake interview on 2026-11-01 in which we hear that
        | the person has a nationality and fears nothing on return |
        | the person wants to go home soon                         |
      And age_group is <age>
      When the interview is screened
      Then the route <route> is not recommended

      Examples:
        | route            | age      |
        | embassy          | child    |
        | embassy          | in_doubt |
        | voluntary_return | child    |
        | voluntary_return | in_doubt |

    Scenario: A child is sheltered in the centre for children and not with adults
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is a child                      |
        | the person has nowhere to sleep tonight    |
      And sex is female
      When the interview is screened
      Then the route shelter offers only child_protection_centre

  @req-22 @req-23
  Rule: The ages at which work is lawful are flags of their own

    @SE-AG-01
    Scenario Outline: <age> years in domestic work
      Given an intake interview on 2026-11-01 with these answers
        | question     | answer        |
        | kind_of_work | domestic_work |
        | age_group    | <group>       |
        | age_years    | <age>         |
      When the interview is screened
      Then finding.separate.domestic_age is <domestic>
      And finding.child is <child>

      Examples:
        | age | group         | domestic    | child           |
        | 17  | child         | shown | shown           |
        | 18  | adult_settled | shown | not shown |
        | 20  | adult_settled | shown | not shown |
        | 21  | adult_settled | not shown | not shown |

    @SE-AG-02
    Scenario Outline: <age> years in the private sector
      Given an intake interview on 2026-11-01 with these answers
        | question     | answer         |
        | kind_of_work | private_sector |
        | age_group    | child          |
        | age_years    | <age>          |
        | daily_hours  | <hours>        |
      When the interview is screened
      Then finding.separate.private_age is <too_young>
      And finding.separate.young_worker is <overworked>

      Examples:
        | age | hours | too_young       | overworked      |
        | 14  | 6     | shown           | not shown |
        | 15  | 6     | not shown | not shown |
        | 15  | 7     | not shown | shown           |
        | 17  | 10    | not shown | shown           |
