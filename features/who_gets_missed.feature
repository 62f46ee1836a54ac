Feature: Who gets missed

  People whom screening has passed over in the past. Each scenario holds one row of
  docs/reviewers/who-gets-missed.md; the answers are those of the cases that the row names.

  Rule: What must not matter does not

    @req-38 @req-49 @L91-M-10a @L91-M-09a @L91-C-02b
    Scenario: Men: a daily levy, a debt that never falls and months unpaid count as they do for a woman
      Given an intake interview on 2026-11-01 with these answers
        | question           | answer                  |
        | sex                | male                    |
        | age_group          | adult_settled           |
        | kind_of_work       | private_sector          |
        | levy_to_work       | yes                     |
        | debt_kind          | debt_that_does_not_fall |
        | debt_to            | broker                  |
        | months_unpaid      | 4                       |
        | daily_hours        | 12                      |
        | rest_days_per_week | 0                       |
      When the interview is screened
      Then the result is trafficking_indicated
      And these are established
        | indicator.levy_to_work |
        | indicator.debt_trap    |
        | indicator.wages_unpaid |
        | finding.labour.wages   |
      And the rules L91-M-10a, L91-M-09a and L91-C-02b fire
      And the route anti_trafficking is recommended today
      And the route shelter offers only pam_shelter_men
      When the interview is screened with sex being female instead
      Then only finding.aggravating.female is different
      And the routes are the same as before
      And the route shelter offers only pam_shelter_women

    @req-49 @L91-M-10b @L91-M-04c
    Scenario Outline: Men: what an inspector sees of a levy or of locked exits is a strong sign (<seen>)
      Given an inspection interview on 2026-11-01 in which <seen> is <answer>
      And sex is male
      When the interview is screened
      Then the result is trafficking_possible
      And the result has a strong basis
      And <sign> is established
      And the rule <rule> fires
      And the route anti_trafficking is recommended soon

      Examples:
        | seen              | answer              | sign                   | rule      |
        | levy_seen         | yes                 | indicator.levy_to_work | L91-M-10b |
        | exits_locked_seen | locked_from_outside | indicator.confined     | L91-M-04c |

    @req-15 @req-34 @L91-M-21a @RC-AR-01 @RC-HR-02
    Scenario: Reported absent: the report, the arrest and the employer's charge lower nothing and open help
      Given an intake interview on 2026-11-01 with these answers
        | question                      | answer         |
        | age_group                     | adult_settled  |
        | kind_of_work                  | private_sector |
        | documents_holder              | employer       |
        | documents_returned_on_request | no             |
        | daily_hours                   | 16             |
        | months_unpaid                 | 4              |
      When the interview is screened
      Then the result is trafficking_indicated
      And the route hold_removal is not recommended
      When these answers are learnt as well
        | question            | answer                                 |
        | absence_report      | filed                                  |
        | there_when_reported | yes                                    |
        | entry_mode          | detention_or_deportation               |
        | charged_or_held     | papers_or_absence, accused_by_employer |
      Then the result is trafficking_indicated
      And nothing that was established is withdrawn
      And these are established
        | indicator.false_absence_report      |
        | finding.labour.absence_report_false |
        | finding.separate.accused            |
      And the rules L91-M-21a, RC-AR-01 and RC-HR-02 fire
      And these routes are recommended
        | shelter                | today |
        | absence_report_contest | today |
        | hold_removal           | now   |

    @req-15 @req-16 @L91-M-21b @LR-AB-02 @RC-AR-01
    Scenario: Reported absent: a report after the complaint and the shelter is barred and is itself a sign
      Given an intake interview on 2026-11-01 with these answers
        | question               | answer          |
        | kind_of_work           | domestic_work   |
        | complaint_made         | complaint_open  |
        | registered_in_shelter  | yes             |
        | absence_report         | filed           |
        | report_after_complaint | complaint_first |
      When the interview is screened
      Then the result is trafficking_possible
      And the result has a strong basis
      And these are established
        | indicator.false_absence_report       |
        | finding.labour.absence_report_barred |
      And the rules L91-M-21b, LR-AB-02 and RC-AR-01 fire
      And the route absence_report_contest is recommended today

    @req-17 @LR-LL-01
    Scenario: Reported absent: he left because he was hurt and not paid, and leaving so may be lawful
      Given an intake interview on 2026-11-01 with these answers
        | question       | answer         |
        | kind_of_work   | private_sector |
        | absence_report | filed          |
        | how_it_ended   | got_away       |
        | left_on        | 2026-06        |
        | left_because   | hurt, not_paid |
        | months_unpaid  | 2              |
      When the interview is screened
      Then finding.labour.lawful_leaving is established
      And the rule LR-LL-01 fires
      And these routes are recommended
        | absence_report_contest |
        | labour_complaint       |

    @req-33 @L91-M-07a @L91-R-01b
    Scenario Outline: Without valid residence: what is said of residence, or not said, changes nothing
      Given an intake interview on 2026-11-01 with these answers
        | question                      | answer         |
        | age_group                     | adult_settled  |
        | kind_of_work                  | private_sector |
        | documents_holder              | employer       |
        | documents_returned_on_request | no             |
        | daily_hours                   | 16             |
        | months_unpaid                 | 4              |
      When the interview is screened
      And the interview is screened with residence_status being <status> instead
      Then the result is trafficking_indicated
      And not one conclusion is different
      And the routes are the same as before
      And the rules L91-M-07a and L91-R-01b fire
      And the route anti_trafficking is recommended today

      Examples:
        | status               |
        | expired_or_cancelled |
        | never_had            |
        | (declined)           |

    @L91-P-04a @L91-R-01a
    Scenario: Citizens of Kuwait and its neighbours: a citizen of this country is held and made to beg
      Given an intake interview on 2026-11-01 with these answers
        | question         | answer             |
        | age_group        | adult_settled      |
        | residence_status | citizen            |
        | has_nationality  | yes                |
        | wish_to_return   | home_is_here       |
        | fear_of_return   | no                 |
        | locked_in        | yes                |
        | confined_by      | person_who_profits |
        | made_to_do       | begging            |
        | made_to_do_gain  | person_who_profits |
      When the interview is screened
      Then the result is trafficking_indicated
      And these are established
        | indicator.confined       |
        | indicator.forced_begging |
        | finding.purpose.direct   |
      And the rules L91-P-04a and L91-R-01a fire
      And the route anti_trafficking is recommended today
      And these routes are not recommended
        | embassy          |
        | voluntary_return |
      When the interview is screened with residence_status being expired_or_cancelled instead
      Then not one conclusion is different

    @L91-M-01c @L91-R-01a
    Scenario: Citizens of Kuwait and its neighbours: a neighbour's citizen is sold for sex by her husband
      Given an intake interview on 2026-11-01 with these answers
        | question            | answer        |
        | age_group           | adult_settled |
        | sex                 | female        |
        | has_nationality     | yes           |
        | made_to_do          | sex           |
        | made_to_do_by       | partner       |
        | made_to_do_gain     | partner       |
        | made_to_do_pressure | violence      |
      When the interview is screened
      Then the result is trafficking_indicated
      And these are established
        | indicator.sexual_exploitation |
        | indicator.violence_used       |
      And the rules L91-M-01c and L91-R-01a fire
      And the route sexual_exploitation_specialist is recommended today

  Rule: What is hidden in homes, in sex and behind papers is found

    @req-18 @LR-PP-02 @L91-M-04f
    Scenario: Domestic workers: not let out, leftovers, seven months unpaid, and a passport kept unasked
      Given an intake interview on 2026-11-01 with these answers
        | question            | answer        |
        | age_group           | adult_settled |
        | sex                 | female        |
        | kind_of_work        | domestic_work |
        | free_to_leave_place | not_allowed   |
        | daily_hours         | 16            |
        | food                | not_enough    |
        | months_unpaid       | 7             |
        | violence_happened   | no            |
      When the interview is screened
      Then the result is trafficking_indicated
      And these are established
        | indicator.confined              |
        | finding.labour.wages            |
        | finding.labour.household_duties |
      And the rule L91-M-04f fires
      And nothing shows finding.labour.papers
      And these routes are recommended
        | anti_trafficking | today |
        | shelter          | today |
        | basic_needs      | today |
      When these answers are learnt as well
        | question              | answer             |
        | documents_holder      | employer           |
        | documents_kept_agreed | not_asked_to_agree |
      Then finding.labour.papers is established
      And the rule LR-PP-02 fires
      And nothing that was established is withdrawn

    @L91-M-07a @L91-C-06a
    Scenario: Domestic workers: papers refused, lent to a relative's house and taken abroad to work
      Given an intake interview on 2026-11-01 with these answers
        | question                      | answer                       |
        | kind_of_work                  | domestic_work                |
        | documents_holder              | employer                     |
        | documents_returned_on_request | no                           |
        | passed_on                     | lent_to_others, taken_abroad |
        | passed_on_by                  | employer                     |
        | daily_hours                   | 16                           |
      When the interview is screened
      Then the result is trafficking_indicated
      And these are established
        | indicator.documents_refused |
        | indicator.job_swapped       |
        | finding.labour.other_work   |
      And the rules L91-M-07a and L91-C-06a fire
      And the route anti_trafficking is recommended today

    @ST-HH-01 @ST-HH-02
    Scenario Outline: Domestic workers: the signs of the household are read together
      Given an intake interview on 2026-11-01 in which kind_of_work is domestic_work
      And <first> is <one>
      And <second> is <other>
      And <third> is <more>
      When the interview is screened
      Then the result is other_concern
      And <finding> is established
      And the rule <rule> fires
      And the route labour_complaint is recommended soon

      Examples:
        | first          | one        | second           | other      | third               | more        | finding                                    | rule     |
        | food           | not_enough | sleeping_place   | unsuitable | free_to_leave_place | with_escort | finding.setting.household                  | ST-HH-01 |
        | absence_report | filed      | documents_holder | employer   | entry_mode          | (not asked) | finding.setting.household_reported_missing | ST-HH-02 |

    @req-3 @req-4 @req-39 @L91-K-01a @L91-K-01b @L91-R-04 @RC-CP-02
    Scenario Outline: Children, or age unclear: no means is asked for, and a doubt counts for the child
      Given an intake interview on 2026-11-01 with these answers
        | question         | answer               |
        | kind_of_work     | domestic_work        |
        | daily_hours      | 16                   |
        | pay_holder       | none                 |
        | pay_holder_who   | relative_of_employer |
        | child_work       | work_for_others      |
        | child_pay_to     | someone_else         |
        | child_lives_with | employer             |
      And age_group is <said>
      And apparent_age is <seen>
      When the interview is screened
      Then the result is trafficking_indicated
      And these are established
        | finding.child              |
        | finding.child.exploitation |
      And nothing shows finding.means.strong
      And the rules <rule>, L91-R-04 and RC-CP-02 fire
      And the need child is now
      And the route child_protection is recommended now

      Examples: In doubt, a child, and papers that say adult of somebody who looks younger
        | said          | seen           | rule      |
        | in_doubt      | (not asked)    | L91-K-01a |
        | child         | (not asked)    | L91-K-01a |
        | adult_settled | looks_under_18 | L91-K-01b |

    @req-3 @L91-K-04a @L91-P-03b
    Scenario: Children, or age unclear: gifts to a girl, who is taken to others, need no pressure
      Given an intake interview on 2026-11-01 with these answers
        | question          | answer                             |
        | age_group         | child                              |
        | child_sexual_harm | gifts_or_money, arranged_by_someone |
      When the interview is screened
      Then the result is trafficking_indicated
      And finding.child.exploitation is established
      And nothing shows finding.means.strong
      And the rules L91-K-04a and L91-P-03b fire
      And these routes are recommended
        | child_protection               | now |
        | sexual_exploitation_specialist | now |

    @req-22 @SE-AG-01
    Scenario: Children, or age unclear: nineteen in domestic work is a matter of its own
      Given an intake interview on 2026-11-01 with these answers
        | question     | answer        |
        | kind_of_work | domestic_work |
        | age_group    | adult_settled |
        | age_years    | 19            |
        | apparent_age | clearly_adult |
      When the interview is screened
      Then the result is other_concern
      And finding.separate.domestic_age is established
      And the rule SE-AG-01 fires
      And nothing shows finding.child
      And the route labour_complaint is recommended when_ready

    @req-14 @req-34 @L91-P-02a @L91-P-02b @AS-F-01 @RC-SX-01 @RC-SX-03
    Scenario: Sexual exploitation: fled a household, was sold for sex, and then arrested over public morals
      Given an intake interview on 2026-11-01 with these answers
        | question        | answer                          |
        | age_group       | adult_settled                   |
        | sex             | female                          |
        | entry_mode      | arrest_public_morals            |
        | kind_of_work    | domestic_work                   |
        | how_it_ended    | got_away                        |
        | passed_on       | paid_for_me                     |
        | made_to_do      | sex                             |
        | made_to_do_by   | person_who_profits              |
        | sex_control     | took_earnings, could_not_refuse |
        | charged_or_held | things_i_was_made_to_do         |
      When the interview is screened
      Then the result is trafficking_indicated
      And these are established
        | indicator.sexual_exploitation |
        | indicator.controlled_in_sex   |
        | finding.sexual.aim            |
      And the rules L91-P-02a, L91-P-02b, AS-F-01, RC-SX-01 and RC-SX-03 fire
      And these routes are recommended
        | sexual_exploitation_specialist | today |
        | anti_trafficking               | today |
        | hold_removal                   | now   |
        | non_punishment_note            | soon  |

    @AS-F-01 @AS-P-01 @RC-SX-01
    Scenario: Sexual exploitation: one disclosure goes to a specialist without any count
      Given an intake interview on 2026-11-01 with these answers
        | question           | answer        |
        | age_group          | adult_settled |
        | documents_holder   | partner       |
        | documents_kept_for | sell_sex      |
        | made_to_do         | (declined)    |
      When the interview is screened
      Then the result is other_concern
      And indicator.sex_for_gain_aimed_at is established
      And the rules AS-F-01, AS-P-01 and RC-SX-01 fire
      And the route sexual_exploitation_specialist is recommended today

    @req-24 @req-25 @SE-F-01a @SE-VT-01 @LR-NW-01 @RC-VT-01
    Scenario: Bought visa, no work: a finding of its own, and with a levy and exploitation it is both
      Given an intake interview on 2026-11-01 with these answers
        | question            | answer            |
        | asked_to_pay        | broker            |
        | paid_for            | visa              |
        | sponsor_gave_work   | left_to_find_work |
        | kind_of_work        | self_or_casual    |
        | free_to_leave_place | free              |
        | free_to_leave_job   | no_employer       |
        | made_to_do          | none_of_these     |
        | documents_holder    | self              |
        | threats_made        | none_of_these     |
      When the interview is screened
      Then the result is other_concern
      And these are established
        | finding.separate.visa_trading |
        | finding.labour.no_work_given  |
      And the rules SE-F-01a, SE-VT-01, LR-NW-01 and RC-VT-01 fire
      And the route visa_trade_report is recommended when_ready
      And the route anti_trafficking is not recommended
      When these answers are learnt as well
        | question           | answer |
        | levy_to_work       | yes    |
        | daily_hours        | 13     |
        | rest_days_per_week | 0      |
        | months_unpaid      | 4      |
      Then the result is trafficking_indicated
      And these are established
        | finding.separate.visa_trading |
        | indicator.levy_to_work        |
      And these routes are recommended
        | anti_trafficking  | today      |
        | visa_trade_report | when_ready |

    @req-9 @req-25 @SE-F-01b
    Scenario: Bought visa, no work: a firm that exists on paper only is visa trading without a payment told
      Given an intake interview on 2026-11-01 with these answers
        | question          | answer           |
        | kind_of_work      | not_working      |
        | company_involved  | company_not_real |
        | sponsor_gave_work | no_work          |
      When the interview is screened
      Then the result is other_concern
      And finding.separate.visa_trading is established
      And the rule SE-F-01b fires
      And the route visa_trade_report is recommended when_ready

    @req-8 @SE-F-02 @SE-F-03 @L91-M-09b @L91-M-03d
    Scenario: Smuggled, then exploited: handed over, and made to work off the price of the crossing
      Given an intake interview on 2026-11-01 with these answers
        | question               | answer               |
        | kind_of_work           | farm_sea_or_herding  |
        | crossed_with_help      | yes                  |
        | crossing_paid          | to_be_repaid_by_work |
        | smuggler_after_arrival | handed_me_over       |
        | threats_made           | none_of_these        |
        | made_to_do             | other_work           |
        | made_to_do_pressure    | debt                 |
      When the interview is screened
      Then the result is trafficking_indicated
      And these are established
        | finding.separate.smuggling              |
        | finding.separate.smuggling_then_control |
        | indicator.debt_trap                     |
        | indicator.debt_bondage                  |
      And the rules SE-F-02, SE-F-03, L91-M-09b and L91-M-03d fire
      And the route anti_trafficking is recommended today

    @req-14 @L91-M-17a @SE-N-02a @RC-NP-01
    Scenario: Recruited others while controlled: the compulsion is recorded, and a lawyer is told
      Given an intake interview on 2026-11-01 with these answers
        | question            | answer                  |
        | age_group           | adult_settled           |
        | made_to_do          | recruit_others          |
        | made_to_do_by       | person_who_profits      |
        | made_to_do_pressure | threats                 |
        | charged_or_held     | things_i_was_made_to_do |
      When the interview is screened
      Then the result is trafficking_possible
      And the result has a strong basis
      And these are established
        | indicator.made_to_act_against_others |
        | indicator.threat_used                |
        | finding.notice.non_punishment        |
        | finding.separate.accused             |
      And the rules L91-M-17a, SE-N-02a and RC-NP-01 fire
      And these routes are recommended
        | anti_trafficking    | soon  |
        | non_punishment_note | soon  |
        | legal_aid           | today |

  Rule: The route fits the person, and a need never waits for a result

    @req-37 @SE-F-07 @SE-F-08 @RC-RF-01
    Scenario Outline: Stateless people and refugees: the refugee agency, and no embassy
      Given an intake interview on 2026-11-01 in which fear_of_return is <fear>
      And <question> is <answer>
      When the interview is screened
      Then the result is other_concern
      And <finding> is established
      And the rules <rule> and RC-RF-01 fire
      And the route refugee_and_stateless is recommended soon
      And the route embassy is not recommended

      Examples:
        | fear | question            | answer          | finding                        | rule    |
        | no   | has_nationality     | no              | finding.separate.statelessness | SE-F-08 |
        | yes  | fear_of_return_from | state_or_police | finding.separate.asylum        | SE-F-07 |
        | yes  | fear_of_return_from | war_or_unrest   | finding.separate.asylum        | SE-F-07 |

    @SE-F-18 @SE-F-17 @RC-PR-01 @RC-PR-02
    Scenario: Workers of diplomats and officials: few people, through a lawyer, and no department concerned
      Given an intake interview on 2026-11-01 with these answers
        | question      | answer             |
        | work_for      | official_household |
        | kind_of_work  | domestic_work      |
        | months_unpaid | 3                  |
      When the interview is screened
      Then the result is other_concern
      And these are established
        | finding.context.official_household |
        | finding.labour.wages               |
      And the rules SE-F-18 and RC-PR-02 fire
      And the route protected_routing is recommended soon
      When it is learnt as well that official_involved is helped_by_post
      Then finding.separate.official_involved is established
      And the rules SE-F-17 and RC-PR-01 fire
      And the route protected_routing is recommended today
      And the route legal_aid is recommended soon

    @req-12 @NE-PR-01 @NE-ME-01 @NE-CH-03
    Scenario Outline: Pregnant, ill, disabled, with a child: the need comes first, whatever the result
      Given an intake interview on 2026-11-01 in which <question> is <answer>
      When the interview is screened
      Then the result is other_concern
      And the need <need> is now
      And the rule <rule> fires
      And the route <route> is recommended now
      And the route anti_trafficking is not recommended

      Examples:
        | question     | answer             | need      | rule     | route            |
        | pregnancy    | pregnant_at_risk   | pregnancy | NE-PR-01 | medical          |
        | injury_now   | yes                | medical   | NE-ME-01 | medical          |
        | own_children | with_people_i_fear | child     | NE-CH-03 | child_protection |

    @req-12 @NE-ME-01 @RC-ME-01
    Scenario: Pregnant, ill, disabled, with a child: a smuggled man's wound and fever are treated now
      Given an intake interview on 2026-11-01 with these answers
        | question               | answer         |
        | injury_now             | yes            |
        | illness_now            | yes            |
        | crossed_with_help      | yes            |
        | crossing_paid          | self_or_family |
        | smuggler_after_arrival | ended          |
      When the interview is screened
      Then the result is other_concern
      And the need medical is now
      And the rules NE-ME-01 and RC-ME-01 fire
      And the route medical is recommended now

    @req-6 @L91-X-09
    Scenario: Pregnant, ill, disabled, with a child: a deaf man's special need never lowers his result
      Given an intake interview on 2026-11-01 with these answers
        | question           | answer              |
        | age_group          | adult_settled       |
        | sex                | male                |
        | kind_of_work       | farm_sea_or_herding |
        | guarded_or_watched | yes                 |
        | confined_by        | employer            |
        | months_unpaid      | 7                   |
        | daily_hours        | 15                  |
      When the interview is screened
      And it is learnt as well that special_needs is seeing_or_hearing
      Then the result is trafficking_indicated
      And nothing that was established is withdrawn
      And indicator.confined is established
      And finding.aggravating.special_needs is established
      And the rule L91-X-09 fires
      And the route anti_trafficking is recommended today

    @WG-N-01
    Scenario: Many at one place: one interview says that there are others
      Given an intake interview on 2026-11-01 with these answers
        | question                      | answer         |
        | age_group                     | adult_settled  |
        | kind_of_work                  | private_sector |
        | documents_holder              | employer       |
        | documents_returned_on_request | no             |
        | daily_hours                   | 16             |
        | months_unpaid                 | 4              |
      When the interview is screened
      Then nothing shows finding.notice.others_same_site
      When it is learnt as well that others_in_same_situation is many_others
      Then the result is trafficking_indicated
      And finding.notice.others_same_site is established
      And nothing that was established is withdrawn
      And the rule WG-N-01 fires
      And the route anti_trafficking is recommended today

    @WG-N-01 @NE-CH-04
    Scenario: Many at one place: children among the others are asked after today
      Given an intake interview on 2026-11-01 in which others_in_same_situation is children_too
      When the interview is screened
      Then these are established
        | finding.notice.others_same_site |
        | indicator.children_among_others |
      And the rules WG-N-01 and NE-CH-04 fire
      And the need child is ask_now

    @req-35 @req-43 @NE-F-19 @RC-CS-03 @RC-IN-01
    Scenario: Seen once, afraid: almost everything declined is not nothing found
      Given an intake interview on 2026-11-01 with these answers
        | question            | answer        |
        | heard_alone         | yes           |
        | age_group           | adult_settled |
        | needs_rest          | yes           |
        | danger_now          | no            |
        | threats_made        | (declined)    |
        | violence_happened   | (declined)    |
        | made_to_do          | (declined)    |
        | free_to_leave_place | (declined)    |
        | free_to_leave_job   | (declined)    |
        | pay_late_or_kept    | (declined)    |
      When the interview is screened
      Then the result is not_enough_known
      And finding.context.needs_rest is established
      And finding.means.strong is open
      And the rules NE-F-19, RC-CS-03 and RC-IN-01 fire
      And these routes are recommended
        | basic_needs              |
        | complete_the_screening   |
        | information_and_way_back |

    @req-27 @L91-R-07
    Scenario: Seen once, afraid: pay is late, and the employer stood beside the person
      Given an intake interview on 2026-11-01 with these answers
        | question         | answer         |
        | heard_alone      | no             |
        | kind_of_work     | private_sector |
        | pay_late_or_kept | late           |
      When the interview is screened
      Then the result is trafficking_possible
      And the result has an ordinary basis
      And indicator.not_heard_safely is established
      And the rule L91-R-07 fires
      And the route complete_the_screening is recommended
