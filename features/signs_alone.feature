Feature: One sign, and all else unasked

  @promise-3 @promise-6
  Rule: One strong sign of control is enough for trafficking to be possible

    Scenario Outline: The strong sign of <rule>, alone
      Given an intake interview on 2026-11-01 with these answers
        | question | answer |
        | <first>  | <one>  |
        | <second> | <two>  |
      When the interview is screened
      Then the rule <rule> fires
      And <sign> is established
      And the result is at least trafficking_possible
      And the result has a strong basis
      And the route anti_trafficking is recommended
      And the route complete_the_screening is recommended

      Examples: Force, abduction, being sold
        | rule      | sign                        | first              | one               | second                 | two            |
        | L91-M-01a | indicator.violence_used     | violence_happened  | yes               | violence_by            | employer       |
        | L91-M-01a | indicator.violence_used     | violence_happened  | yes               | violence_for           | work           |
        | L91-M-01b | indicator.violence_used     | sexual_violence    | yes               | sexual_violence_by     | agent          |
        | L91-M-02a | indicator.drugged           | violence_kinds     | drugged           | violence_by            | host           |
        | L91-M-03a | indicator.abducted_or_sold  | taken_against_will | broker            | sex                    | male           |
        | L91-M-03b | indicator.abducted_or_sold  | passed_on          | paid_for_me       | sex                    | female         |
        | L91-M-03b | indicator.abducted_or_sold  | passed_on          | given_for_debt    | sex                    | male           |

      Examples: Locked in, kept from leaving
        | rule      | sign                            | first               | one           | second                 | two                |
        | L91-M-04a | indicator.confined              | locked_in           | yes           | confined_by            | employer           |
        | L91-M-04a | indicator.confined              | free_to_leave_place | not_allowed   | confined_by            | agent              |
        | L91-M-04a | indicator.confined              | guarded_or_watched  | yes           | confined_for           | work               |
        | L91-M-04c | indicator.confined              | exits_locked_seen   | locked_from_outside | sex              | male               |
        | L91-M-05a | indicator.leaving_controlled    | free_to_leave_place | with_escort   | confined_by            | supervisor         |
        | L91-M-06a | indicator.kept_from_leaving_job | free_to_leave_job   | may_not       | sex                    | male               |
        | L91-M-06b | indicator.kept_from_leaving_job | stopped_from_leaving | employer     | sex                    | female             |
        | L91-M-06c | indicator.kept_from_leaving_job | exit_permit         | refused       | sex                    | male               |
        | L91-M-06d | indicator.kept_from_leaving_job | asked_to_pay        | employer      | paid_for               | transfer_or_release |

      Examples: Papers, pay, debt
        | rule      | sign                        | first              | one                      | second                        | two                   |
        | L91-M-07a | indicator.documents_refused | documents_holder   | employer                 | documents_returned_on_request | no                    |
        | L91-M-07a | indicator.documents_refused | documents_holder   | agent                    | documents_asked               | asked_and_refused     |
        | L91-M-07a | indicator.documents_refused | documents_holder   | employer                 | documents_asked               | afraid_to_ask         |
        | L91-M-08a | indicator.wages_withheld    | pay_late_or_kept   | kept_back_so_that_i_stay | sex                           | male                  |
        | L91-M-08a | indicator.wages_withheld    | pay_late_or_kept   | lost_if_i_leave          | sex                           | female                |
        | L91-M-09a | indicator.debt_trap         | debt_kind          | debt_that_does_not_fall  | debt_to                       | employer              |
        | L91-M-09a | indicator.debt_trap         | debt_kind          | debt_i_cannot_check      | debt_to                       | agent                 |
        | L91-M-09b | indicator.debt_trap         | crossed_with_help  | yes                      | crossing_paid                 | to_be_repaid_by_work  |

      Examples: Threats, reports, a weakness that was used
        | rule      | sign                           | first                  | one              | second               | two                 |
        | L91-M-11a | indicator.threat_used          | threats_made           | police           | threats_for          | work                |
        | L91-M-11a | indicator.threat_used          | threats_made           | absconding_report | threats_for         | hand_over_money     |
        | L91-M-11b | indicator.threat_used          | what_happens_if_refuse | violence         | consequence_known_from | told_to_me        |
        | L91-M-21a | indicator.false_absence_report | absence_report         | filed            | there_when_reported  | yes                 |
        | L91-M-21b | indicator.false_absence_report | absence_report         | filed            | report_after_complaint | complaint_first   |
        | L91-M-22a | indicator.vulnerability_used   | weakness_used          | illness_or_disability | weakness_used_by | employer           |

    @req-49 @L91-M-10a @L91-M-10b
    Scenario Outline: A levy to be allowed to work is a strong sign by itself (<question>)
      Given an inspection interview on 2026-11-01 in which <question> is <answer>
      When the interview is screened
      Then the rule <rule> fires
      And indicator.levy_to_work is established
      And the result is trafficking_possible
      And the result has a strong basis

      Examples:
        | question     | answer                | rule      |
        | levy_to_work | yes                   | L91-M-10a |
        | paid_for     | being_allowed_to_work | L91-M-10a |
        | levy_seen    | yes                   | L91-M-10b |

    @req-26 @LR-EX-01
    Scenario: An exit permit refused is a sign of control and has its complaint route
      Given an intake interview on 2026-11-01 with these answers
        | question     | answer         |
        | kind_of_work | private_sector |
        | exit_permit  | refused        |
      When the interview is screened
      Then the rules LR-EX-01 and L91-M-06c fire
      And finding.labour.exit_permit is established
      And the route labour_complaint is recommended soon
      And the result is at least trafficking_possible

    Scenario: A strong sign whose who is not known waits for it, at its weaker grade
      Given an intake interview on 2026-11-01 in which violence_happened is yes
      When the interview is screened
      Then indicator.harm_or_pressure_reported is established
      And indicator.violence_used is open
      And indicator.violence_used waits for violence_by, violence_for
      And the result is other_concern
      And it may still become trafficking_indicated, trafficking_possible

  @promise-3
  Rule: Each purpose alone is found

    Scenario Outline: The purpose of <rule>, alone
      Given an intake interview on 2026-11-01 with these answers
        | question | answer |
        | <first>  | <one>  |
        | <second> | <two>  |
      When the interview is screened
      Then the rule <rule> fires
      And <sign> is established
      And finding.purpose.direct is established
      And the result is at least trafficking_possible

      Examples:
        | rule      | sign                          | first             | one                     | second                 | two                    |
        | L91-P-01a | indicator.compelled_work      | made_to_do        | other_work              | made_to_do_pressure    | threats                |
        | L91-P-02a | indicator.sexual_exploitation | made_to_do        | sex                     | sex                    | male                   |
        | L91-P-02b | indicator.sexual_exploitation | made_to_do        | sex                     | sex_control            | took_earnings          |
        | L91-P-04a | indicator.forced_begging      | made_to_do        | begging                 | sex                    | male                   |
        | L91-P-05a | indicator.forced_crime        | made_to_do        | crime                   | sex                    | male                   |
        | L91-P-06a | indicator.servitude           | must_serve_no_end | yes                     | agreed_to_work         | made_to                |
        | L91-P-07a | indicator.treated_as_property | treated_as_owned  | said_bought_me          | sex                    | female                 |
        | L91-P-07a | indicator.treated_as_property | treated_as_owned  | advertised              | sex                    | female                 |
        | L91-P-08b | indicator.debt_bondage        | made_to_do        | other_work              | made_to_do_pressure    | debt                   |
        | L91-P-09a | indicator.servile_marriage    | marriage_pressure | pressed_or_forced       | marriage_made_to       | work_for_them          |
        | L91-P-10a | indicator.organ_removal       | body_procedure    | taken                   | sex                    | male                   |
        | L91-P-10a | indicator.organ_removal       | body_procedure    | asked_to_give           | sex                    | female                 |

    @OUT-TP-05
    Scenario Outline: A plan to exploit, <plan>, is possible and always goes to a person
      Given an intake interview on 2026-11-01 in which planned_not_happened is <plan>
      When the interview is screened
      Then the line OUT-TP-05 is among those the result rests on
      And the result is trafficking_possible
      And a person must look at the result

      Examples:
        | plan        |
        | forced_work |
        | sex         |
        | begging     |
        | crime       |
        | marriage    |
        | body_part   |
        | sale        |

    @OUT-TI-03
    Scenario: Act, a purpose other than labour and one ordinary sign of means are enough
      Given an intake interview on 2026-11-01 with these answers
        | question         | answer        |
        | age_group        | adult_settled |
        | made_to_do       | begging       |
        | documents_holder | host          |
      When the interview is screened
      Then the line OUT-TI-03 is among those the result rests on
      And the result is trafficking_indicated

  @promise-6
  Rule: Ordinary signs alone are not taken for control, and are not dropped

    Scenario Outline: <rule> alone is a concern with a further talk
      Given an intake interview on 2026-11-01 in which <question> is <answer>
      When the interview is screened
      Then the rule <rule> fires
      And the result is other_concern
      And it may still become trafficking_indicated, trafficking_possible
      And the route complete_the_screening is recommended soon
      And the route anti_trafficking is not recommended

      Examples:
        | rule      | question               | answer         |
        | L91-O-01a | documents_holder       | employer       |
        | L91-O-02a | promised_vs_real       | pay            |
        | L91-O-04a | pay_late_or_kept       | late           |
        | L91-O-05a | phone                  | kept_by_others |
        | L91-O-06a | paid_for               | renewal        |
        | L91-O-07a | contract_understanding | not_understood |
        | L91-O-08a | passed_on              | moved_without_asking |

    @OUT-TP-03
    Scenario: Ordinary signs in number with a serious condition call for a trained person, not for the police
      Given an intake interview on 2026-11-01 with these answers
        | question          | answer         |
        | kind_of_work      | private_sector |
        | documents_holder  | employer       |
        | pay_late_or_kept  | late           |
        | daily_hours       | 14             |
      When the interview is screened
      Then the line OUT-TP-03 is among those the result rests on
      And the result is trafficking_possible
      And the result has an ordinary basis
      And the route complete_the_screening is recommended today
      And these routes are not recommended
        | anti_trafficking |
        | shelter          |

    Scenario Outline: The circumstance <circumstance> is never a sign alone
      Given an intake interview on 2026-11-01 in which every core question shows nothing
      And circumstances is <circumstance>
      When the interview is screened
      Then the result is nothing_indicated_so_far

      Examples:
        | circumstance  |
        | need_money    |
        | debt_at_home  |
        | one_sponsor   |
        | no_language   |
        | status_worry  |

    Scenario Outline: The circumstance <circumstance>, used by an employer, is a strong sign
      Given an intake interview on 2026-11-01 with these answers
        | question         | answer         |
        | weakness_used    | <circumstance> |
        | weakness_used_by | employer       |
      When the interview is screened
      Then indicator.vulnerability_used is established
      And the result is trafficking_possible

      Examples:
        | circumstance  |
        | need_money    |
        | debt_at_home  |
        | one_sponsor   |
        | no_language   |
        | status_worry  |

    Scenario: An ordinary worker with common troubles is not indicated
      Given an intake interview on 2026-11-01 with these answers
        | question           | answer         |
        | age_group          | adult_settled  |
        | heard_alone        | yes            |
        | kind_of_work       | private_sector |
        | circumstances      | one_sponsor, debt_at_home |
        | asked_to_pay       | agent          |
        | paid_for           | visa           |
        | documents_holder   | employer       |
        | documents_returned_on_request | yes |
        | daily_hours        | 11             |
        | pay_late_or_kept   | late           |
        | free_to_leave_job  | may_leave      |
        | free_to_leave_place | free          |
        | threats_made       | none_of_these  |
        | violence_happened  | no             |
        | made_to_do         | none_of_these  |
      When the interview is screened
      Then the result is other_concern
      And the route labour_complaint is recommended soon
      And the route complete_the_screening is recommended soon
