Feature: Hard pairs

  Two accounts that look alike and are not. In each pair what differs is said, and nothing else.

  @promise-7
  Rule: A wage dispute and forced labour

    Scenario: Two months late, free to leave: a dispute
      Given a complaint interview on 2026-11-01 in which we hear that
        | the person was heard alone and in safety |
        | the person is an adult man               |
        | the person works for a company           |
        | no sign of control is told               |
        | the pay is two months late               |
      When the interview is screened
      Then the result is other_concern
      And finding.labour.wages is established
      And the route labour_complaint is recommended soon
      And the route anti_trafficking is not recommended
      And nothing shows finding.means.strong

    Scenario: The same pay, kept back so that he stays, and leaving is not allowed: forced labour
      Given a complaint interview on 2026-11-01 with these answers
        | question          | answer                   |
        | age_group         | adult_settled            |
        | kind_of_work      | private_sector           |
        | months_unpaid     | 2                        |
        | pay_late_or_kept  | kept_back_so_that_i_stay |
        | free_to_leave_job | may_not                  |
        | documents_holder  | employer                 |
        | documents_asked   | asked_and_refused        |
        | daily_hours       | 16                       |
      When the interview is screened
      Then the result is trafficking_indicated
      And these are established
        | indicator.wages_withheld   |
        | indicator.documents_refused |
        | finding.involuntariness    |
        | finding.labour.wages       |
      And the route anti_trafficking is recommended today
      And the route labour_complaint is recommended soon

    Scenario: A domestic worker who may not leave the house, unpaid, hungry, at work day and night
      Given an intake interview on 2026-11-01 in which we hear that
        | the person works in a household                       |
        | the person is not allowed to leave the house          |
        | the work is sixteen hours a day                       |
        | there was no pay for seven months                     |
        | there is only what others leave to eat                |
      When the interview is screened
      Then the result is trafficking_indicated
      And indicator.confined is established
      And these routes are recommended
        | anti_trafficking | today |
        | shelter          | today |
        | basic_needs      | today |

    Scenario Outline: Her account without <question> stays at least possible
      Given an intake interview on 2026-11-01 in which we hear that
        | the person works in a household                       |
        | the person is not allowed to leave the house          |
        | the work is sixteen hours a day                       |
        | there was no pay for seven months                     |
        | there is only what others leave to eat                |
      And the answer to <question> is left out
      When the interview is screened
      Then the result is at least trafficking_possible

      Examples:
        | question      |
        | daily_hours   |
        | months_unpaid |
        | food          |
        | work_for      |
        | kind_of_work  |

  @promise-7 @req-8
  Rule: Smuggling, and smuggling followed by exploitation

    Scenario: Contact ended on arrival: smuggling
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is an adult                                      |
        | the family paid a man to bring the person across the border |
        | the contact with him ended on arrival                       |
        | the person does not work                                    |
      When the interview is screened
      Then the result is other_concern
      And finding.separate.smuggling is established
      And nothing shows finding.separate.smuggling_then_control
      And the route legal_aid is recommended soon

    Scenario: Handed over to work off a debt that does not fall: both
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is an adult                                       |
        | the family paid a man to bring the person across the border  |
        | he handed the person over to an employer                     |
        | the person works on a farm                                   |
        | there is a debt to him and the employer that does not fall   |
        | the work is sixteen hours a day without a day off            |
        | there was no pay for seven months                            |
      When the interview is screened
      Then the result is trafficking_indicated
      And these are established
        | finding.separate.smuggling              |
        | finding.separate.smuggling_then_control |
        | indicator.debt_trap                     |
      And the route anti_trafficking is recommended today

  @promise-7
  Rule: Family violence and domestic servitude

    Scenario: A husband who hits: family violence, and trafficking is not claimed
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is an adult woman |
        | the person does not work     |
        | the husband hits the person  |
        | it happens now               |
      When the interview is screened
      Then the result is other_concern
      And finding.separate.family_violence is established
      And these routes are recommended
        | family_violence | today |
        | emergency       | now   |
        | safety_plan     | now   |
      And the route anti_trafficking is not recommended

    Scenario: Relatives who make a person serve them: both
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is an adult woman                                                              |
        | the relatives make the person serve their household day and night and take the pay        |
      When the interview is screened
      Then the result is trafficking_indicated
      And these are established
        | finding.separate.family_violence |
        | indicator.servitude              |
      And these routes are recommended
        | family_violence  | today |
        | anti_trafficking | today |

  @promise-7
  Rule: Hard work that is free, and work under a menace

    Scenario: Sixteen hours, freely accepted, free to refuse and to leave: a labour-rights matter
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is an adult woman                                                      |
        | the person works in a household                                                   |
        | the work is sixteen hours a day without a day off                                 |
        | the person agreed freely to this hard work                                        |
        | the person can say no, and nothing would happen                                   |
        | the person may leave the work                                                     |
        | the person comes and goes freely                                                  |
        | the person holds the passport                                                     |
        | the pay comes on time and in full, into the person's own hands                    |
        | nobody threatens the person                                                       |
      When the interview is screened
      Then the result is other_concern
      And these are established
        | finding.labour.hours |
        | finding.labour.rest  |
      And nothing shows finding.means.strong
      And nothing shows finding.involuntariness
      And the route labour_complaint is recommended soon

    Scenario: The same hours, and a beating announced for saying no: work under a menace
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is an adult woman                                                      |
        | the person works in a household                                                   |
        | the work is sixteen hours a day without a day off                                 |
        | the person cannot say no, and was told what would follow, a beating               |
      When the interview is screened
      Then the result is trafficking_indicated
      And these are established
        | indicator.compelled_work |
        | indicator.threat_used    |
        | finding.purpose.direct   |

  @req-18
  Rule: A passport kept with free agreement, and a passport kept

    Scenario Outline: <kind>: agreed freely and handed out when asked
      Given an intake interview on 2026-11-01 in which we hear that
        | the employer holds the passport, the person agreed freely and gets it when asked |
      And kind_of_work is <kind>
      When the interview is screened
      Then finding.labour.papers is <breach>
      And nothing shows indicator.documents_refused
      And indicator.documents_kept is established
      And the result is other_concern

      Examples: A household may keep papers with free agreement; a company may not at all
        | kind                | breach    |
        | domestic_work       | not shown |
        | private_sector      | shown     |
        | government_contract | shown     |

    Scenario Outline: <kind>: refused when asked
      Given an intake interview on 2026-11-01 in which we hear that
        | the employer holds the passport and refused it when asked |
      And kind_of_work is <kind>
      When the interview is screened
      Then finding.labour.papers is shown
      And indicator.documents_refused is established
      And the result is trafficking_possible
      And the result has a strong basis

      Examples:
        | kind                |
        | domestic_work       |
        | private_sector      |
        | government_contract |

    Scenario Outline: In a household, agreement <agreed> is no free agreement
      Given an intake interview on 2026-11-01 with these answers
        | question              | answer        |
        | kind_of_work          | domestic_work |
        | documents_holder      | employer      |
        | documents_kept_agreed | <agreed>      |
      When the interview is screened
      Then finding.labour.papers is shown
      And finding.labour.papers cites law_68_2015, "articles 12 and 22(4)", verified_text

      Examples:
        | agreed             |
        | agreed_under_need  |
        | not_asked_to_agree |
        | said_no            |

  @req-22
  Rule: Nineteen and seventeen, in domestic work

    Scenario: Nineteen: too young for this work, and no child
      Given the demo interview IN-15
      When the interview is screened
      Then the result is other_concern
      And finding.separate.domestic_age is established
      And nothing shows finding.child
      And the route child_protection is not recommended

    Scenario: Seventeen: too young for this work, and a child
      Given the demo interview IN-15
      And age_group is child
      And age_years is 17
      When the interview is screened
      Then these are established
        | finding.separate.domestic_age |
        | finding.child                 |
      And the route child_protection is recommended

  @req-25
  Rule: Visa trading alone, and with means and exploitation

    Scenario: Paid every year for a visa without a job, and free
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is an adult man                                                          |
        | the person finds work from day to day                                               |
        | the person pays a broker every year for the residence, and the sponsor has no work  |
        | no sign of control is told                                                          |
      When the interview is screened
      Then the result is other_concern
      And finding.separate.visa_trading is established
      And nothing shows finding.means.strong

    Scenario: The same payments, with a passport refused and exploitation: both
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is an adult man                                                          |
        | the person works for a company                                                      |
        | the person pays a broker every year for the residence, and the sponsor has no work  |
        | the employer holds the passport and refused it when asked                           |
        | the work is sixteen hours a day without a day off                                   |
        | there was no pay for seven months                                                   |
      When the interview is screened
      Then the result is trafficking_indicated
      And finding.separate.visa_trading is established
      And these routes are recommended
        | anti_trafficking  | today      |
        | visa_trade_report | when_ready |

  @req-3
  Rule: Light family work by a child, and exploitation of a child

    Scenario: Light help at home that leaves school alone
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is a child                                                              |
        | the child helps a little at home, lives with the parents and goes to school        |
      When the interview is screened
      Then the result is other_concern
      And finding.separate.child_note is established
      And nothing shows finding.child.exploitation
      And nothing shows finding.separate.child_protection
      And the route anti_trafficking is not recommended

    Scenario: Night work for others instead of school, paid to somebody else
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is a child                                                                        |
        | the child works for others at night instead of school, and someone else gets the pay         |
      When the interview is screened
      Then the result is trafficking_indicated
      And finding.child.exploitation is established
      And the need child is now
