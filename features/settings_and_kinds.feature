Feature: Where it happens, and the eleven kinds of sign

  Published lists tell exploitation by place and by kind. Both are shown beside the result: a person who knows
  those lists finds them again, and no step of the result comes from them.

  @promise-5 @req-2
  Rule: The signs of a place are read together, and are not a step

    @ST-HH-01
    Scenario Outline: A household: three signs of servitude, and not two (<third> is <answer>)
      Given an intake interview on 2026-11-01 in which kind_of_work is domestic_work
      And food is withheld
      And degrading_treatment is kept_apart
      And <third> is <answer>
      When the interview is screened
      Then finding.setting.household is <shown>
      And the result is other_concern

      Examples:
        | third             | answer         | shown     |
        | sleeping_place    | unsuitable     | shown     |
        | private_contact   | others_listen  | shown     |
        | must_serve_no_end | yes            | shown     |
        | sleeping_place    | decent         | not shown |
        | private_contact   | private        | not shown |

    @ST-HH-02
    Scenario: Reported missing by those who hold the papers is a sign against them, not against the person
      Given an intake interview on 2026-11-01 with these answers
        | question         | answer        |
        | kind_of_work     | domestic_work |
        | documents_holder | employer      |
        | absence_report   | filed         |
      When the interview is screened
      Then finding.setting.household_reported_missing is established
      And the rule ST-HH-02 fires
      And the route absence_report_contest is recommended soon

    @ST-BG-01
    Scenario Outline: Begging: <question> shows an arrangement behind it
      Given an intake interview on 2026-11-01 in which made_to_do is begging
      And <question> is <answer>
      When the interview is screened
      Then finding.setting.begging is established
      And the rule ST-BG-01 fires
      And the result is at least trafficking_possible

      Examples:
        | question            | answer               |
        | made_to_do_gain     | host                 |
        | made_to_do_pressure | used_my_need         |
        | passed_on           | moved_without_asking |
        | special_needs       | moving               |
        | acting_together     | two_people           |
        | age_group           | child                |

    @ST-BG-01
    Scenario: Begging of which nothing else is known waits for what is behind it, and is possible all the same
      Given an intake interview on 2026-11-01 in which made_to_do is begging
      When the interview is screened
      Then finding.setting.begging is open
      And the result is trafficking_possible

    @ST-CR-01 @req-14
    Scenario Outline: Made to break the law: <question> shows control, and a lawyer is told
      Given an intake interview on 2026-11-01 in which made_to_do is <what>
      And <question> is <answer>
      When the interview is screened
      Then finding.setting.crime is established
      And the rule ST-CR-01 fires
      And the route non_punishment_note is recommended soon

      Examples:
        | what                 | question            | answer             |
        | crime                | made_to_do_gain     | person_who_profits |
        | crime                | made_to_do_pressure | drugged            |
        | recruit_others       | made_to_do_pressure | threats            |
        | harm_or_watch_others | age_group           | child              |

    @ST-CS-01
    Scenario: A child kept in a house: away from parents, without school
      Given an intake interview on 2026-11-01 with these answers
        | question          | answer           |
        | age_group         | in_doubt         |
        | child_work        | work_at_home     |
        | child_lives_with  | other_adults     |
        | school_attendance | kept_from_school |
      When the interview is screened
      Then finding.setting.child_servitude is established
      And the rule ST-CS-01 fires
      And the route child_protection is recommended today

    @ST-CS-01
    Scenario: A child who helps in the family's shop and goes to school
      Given an intake interview on 2026-11-01 with these answers
        | question              | answer        |
        | age_group             | child         |
        | child_work            | work_at_home  |
        | child_lives_with      | parents       |
        | school_attendance     | attends       |
        | child_pay_to          | parents       |
        | child_work_conditions | none_of_these |
        | child_care_lacking    | none_of_these |
        | must_serve_no_end     | no            |
      When the interview is screened
      Then nothing shows finding.setting.child_servitude
      And nothing shows finding.child.exploitation

    @ST-CM-01
    Scenario Outline: A child cannot be held to a marriage, made or planned
      Given an intake interview on 2026-11-01 in which <question> is <answer>
      And age_group is <age>
      When the interview is screened
      Then finding.setting.child_marriage is <shown>

      Examples:
        | question             | answer               | age           | shown     |
        | marriage_pressure    | given_for_money      | child         | shown     |
        | marriage_pressure    | planned_against_will | in_doubt      | shown     |
        | planned_not_happened | marriage             | child         | shown     |
        | marriage_pressure    | not_concerned        | child         | not shown |

    @ST-OR-01
    Scenario Outline: A part of the body: two signs, and not one (<procedures>)
      Given an intake interview on 2026-11-01 in which body_procedure is <procedures>
      And planned_not_happened is none_of_these
      When the interview is screened
      Then finding.setting.organ_removal is <shown>
      And the result is <result>

      Examples:
        | procedures                             | shown     | result               |
        | money_offered, unexplained_tests       | shown     | trafficking_possible |
        | unexplained_tests, signed_unclear_papers | shown   | other_concern        |
        | none_of_these                          | not shown | not_enough_known     |

  @promise-5 @req-2
  Rule: Each of the eleven kinds has its sharp sense and the sense that is not meant

    Scenario Outline: <kind>, in the sharp sense
      Given an intake interview on 2026-11-01 in which kind_of_work is private_sector
      And <first> is <one>
      And <second> is <other>
      When the interview is screened
      Then finding.ilo11.<kind> is established
      And the rule <rule> fires

      Examples:
        | kind          | first             | one                    | second           | other                | rule    |
        | vulnerability | weakness_used     | status_worry           | weakness_used_by | employer             | I11-01  |
        | deception     | promised_vs_real  | job                    | false_promise_by | agent                | I11-02a |
        | deception     | job_swapped       | other_work_not_agreed  | sex              | male                 | I11-02b |
        | movement      | free_to_leave_job | may_not                | sex              | male                 | I11-03  |
        | isolation     | phone             | kept_by_others         | private_contact  | others_listen        | I11-04  |
        | violence      | violence_happened | yes                    | violence_by      | supervisor           | I11-05  |
        | threats       | absence_report    | threatened             | sex              | male                 | I11-06  |
        | documents     | documents_holder  | employer               | documents_asked  | afraid_to_ask        | I11-07  |
        | wages         | pay_late_or_kept  | lost_if_i_leave        | sex              | male                 | I11-08a |
        | wages         | pay_deductions    | handed_back_in_cash    | sex              | male                 | I11-08b |
        | debt          | debt_kind         | debt_that_does_not_fall | debt_to         | broker               | I11-09  |
        | conditions    | hazardous_work    | without_protection     | free_to_leave_job | may_leave_at_a_price | I11-10 |
        | overtime      | daily_hours       | 16                     | overtime         | needed_to_reach_pay  | I11-11a |
        | overtime      | overtime          | punished_for_refusing  | sex              | male                 | I11-11b |

    Scenario Outline: <kind>, in the sense that is not meant
      Given an intake interview on 2026-11-01 in which kind_of_work is private_sector
      And <first> is <one>
      And <second> is <other>
      When the interview is screened
      Then the rules <rules> stay silent

      Examples:
        | kind          | first            | one                | second                        | other         | rules            |
        | vulnerability | circumstances    | status_worry       | weakness_used                 | none_of_these | I11-01           |
        | deception     | promised_vs_real | none_of_these      | job_swapped                   | extra_tasks   | I11-02a, I11-02b |
        | movement      | free_to_leave_place | reasonable_rules | free_to_leave_job            | may_leave     | I11-03           |
        | isolation     | meets_others     | place_too_far      | phone                         | own_freely    | I11-04           |
        | documents     | documents_holder | employer           | documents_returned_on_request | yes           | I11-07           |
        | wages         | pay_late_or_kept | late               | pay_deductions                | fines         | I11-08a, I11-08b |
        | debt          | debt_kind        | plain_loan         | sex                           | male          | I11-09           |
        | conditions    | hazardous_work   | without_protection | free_to_leave_job             | may_leave     | I11-10           |
        | overtime      | daily_hours      | 16                 | overtime                      | none_or_agreed | I11-11a, I11-11b |

    Scenario: Kinds are counted to describe, and the count is not a step
      Given an intake interview on 2026-11-01 with these answers
        | question         | answer              |
        | kind_of_work     | private_sector      |
        | phone            | kept_by_others      |
        | private_contact  | others_listen       |
        | absence_report   | threatened          |
        | pay_deductions   | handed_back_in_cash |
      When the interview is screened
      Then the rules I11-K1 and I11-K3 fire
      And the rule I11-K6 stays silent
      And the result is other_concern

  @promise-4 @req-39
  Rule: One word of sex for the gain of others goes to a specialist

    @RC-SX-01
    Scenario: An adult chooses whom to speak with, and whether
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is an adult woman                                       |
        | someone makes the person have sex for money and takes the money    |
      When the interview is screened
      Then the route sexual_exploitation_specialist is recommended today
      And the route sexual_exploitation_specialist asks for consent as required_unless_child
      And the note on consent of the route sexual_exploitation_specialist says "whether that is a woman or a man"
      And the route sexual_exploitation_specialist never sends "consensual relations"
      And the route sexual_exploitation_specialist offers only own_service, moh_hospitals, social_work_society, legal_advice_kshr

    @RC-SX-02
    Scenario: A child, now, and with the child line
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is a child                                              |
        | someone makes the person have sex for money and takes the money    |
      When the interview is screened
      Then the route sexual_exploitation_specialist is recommended now
      And the route child_protection is recommended now
      And the route sexual_exploitation_specialist offers only own_service, moh_hospitals, social_work_society, legal_advice_kshr, child_line_147

    @RC-SX-01
    Scenario: Where the age is not known, the child line waits for it and nothing else does
      Given an intake interview on 2026-11-01 in which we hear that
        | someone makes the person have sex for money and takes the money    |
      When the interview is screened
      Then the route sexual_exploitation_specialist is recommended today
      And the service child_line_147 of the route sexual_exploitation_specialist waits for age_group

    @RC-SX-03
    Scenario: Arrested over public morals, and nothing else told
      Given an intake interview on 2026-11-01 in which entry_mode is arrest_public_morals
      When the interview is screened
      Then the route sexual_exploitation_specialist is recommended soon
      And the rules RC-SX-01 and RC-SX-02 stay silent
