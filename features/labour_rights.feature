Feature: Labour rights, each by its own article

  @req-19
  Rule: Hours and rest are measured by the law for the kind of work

    @LR-HO-01
    Scenario Outline: <hours> hours a day in <kind>
      Given an intake interview on 2026-11-01 with these answers
        | question     | answer  |
        | kind_of_work | <kind>  |
        | daily_hours  | <hours> |
      When the interview is screened
      Then finding.labour.hours is <breach>

      Examples:
        | kind           | hours | breach    |
        | domestic_work  | 12    | not shown |
        | domestic_work  | 13    | shown     |
        | private_sector | 8     | not shown |
        | private_sector | 9     | shown     |

    @LR-HO-01
    Scenario: With the kind of work unknown, ten hours settle nothing and eight settle something
      Given an intake interview on 2026-11-01 in which daily_hours is 10
      When the interview is screened
      Then finding.labour.hours is open
      And finding.labour.hours waits for kind_of_work

    Scenario Outline: The limit for <kind> is dated and cited
      Then the value of <parameter> for <kind> is <value>, from <source>

      Examples:
        | parameter            | kind           | value | source      |
        | daily_hours_limit    | domestic_work  | 12    | law_68_2015 |
        | daily_hours_limit    | private_sector | 8     | law_6_2010  |
        | late_wage_days       | private_sector | 7     | law_6_2010  |
        | minimum_working_age  | domestic_work  | 21    | law_68_2015 |
        | minimum_working_age  | private_sector | 15    | law_6_2010  |

    @LR-HO-02a
    Scenario: No weekly day of rest
      Given an intake interview on 2026-11-01 with these answers
        | question           | answer        |
        | kind_of_work       | domestic_work |
        | rest_days_per_week | 0             |
      When the interview is screened
      Then the rule LR-HO-02a fires
      And finding.labour.rest is shown

    Scenario: Hours beyond the limit are one matter and serious hours another
      Given an intake interview on 2026-11-01 with these answers
        | question           | answer         |
        | kind_of_work       | private_sector |
        | daily_hours        | 10             |
        | rest_days_per_week | 1              |
      When the interview is screened
      Then finding.labour.hours is shown
      And nothing shows indicator.excessive_hours
      When the interview is screened with daily_hours being 13 instead
      Then indicator.excessive_hours is established

  @req-20
  Rule: Late wages are counted in days in a company and in months in a household

    @LR-WA-02
    Scenario Outline: <days> days late in <kind>
      Given an intake interview on 2026-11-01 with these answers
        | question      | answer |
        | kind_of_work  | <kind> |
        | days_pay_late | <days> |
        | months_unpaid | 0      |
      When the interview is screened
      Then finding.labour.wages is <breach>

      Examples:
        | kind           | days | breach    |
        | private_sector | 7    | not shown |
        | private_sector | 8    | shown     |
        | domestic_work  | 8    | not shown |

    @LR-WA-01a
    Scenario Outline: <months> months unpaid in <kind>
      Given an intake interview on 2026-11-01 with these answers
        | question      | answer   |
        | kind_of_work  | <kind>   |
        | months_unpaid | <months> |
      When the interview is screened
      Then finding.labour.wages is <breach>

      Examples:
        | kind           | months | breach    |
        | domestic_work  | 0      | not shown |
        | domestic_work  | 1      | shown     |
        | private_sector | 1      | shown     |

  @req-21
  Rule: A fee taken from a domestic worker is a breach; in a company it weighs as a debt

    @LR-FE-01 @LR-FE-02
    Scenario Outline: Paid the agent for finding the job, <kind>
      Given an intake interview on 2026-11-01 with these answers
        | question     | answer      |
        | kind_of_work | <kind>      |
        | asked_to_pay | agent       |
        | paid_for     | finding_job |
      When the interview is screened
      Then finding.labour.recruitment_fee is <breach>
      And indicator.recruitment_costs_private is <costs>
      And the rule <rule> fires

      Examples:
        | kind           | breach    | costs     | rule     |
        | domestic_work  | shown     | not shown | LR-FE-01 |
        | private_sector | not shown | shown     | LR-FE-02 |

  @req-15 @req-16
  Rule: An absence report is tested and never held against the person

    @LR-N-01 @RC-AR-01
    Scenario: In a company there are sixty days to contest it
      Given the demo interview IN-14
      When the interview is screened
      Then the rules LR-N-01 and RC-AR-01 fire
      And finding.notice.absence_contest is established
      And the result compares with absence_contest_days = 60
      And these routes are recommended
        | absence_report_contest | today | required |
        | legal_aid              | today | required |
      And the note on consent of the route absence_report_contest says "sixty days to contest"

    @L91-M-21a
    Scenario: A report filed while the worker was still there is a sign of control
      Given an intake interview on 2026-11-01 with these answers
        | question            | answer         |
        | kind_of_work        | private_sector |
        | absence_report      | filed          |
        | there_when_reported | yes            |
      When the interview is screened
      Then finding.labour.absence_report_false is established
      And the result is at least trafficking_possible
      And the route absence_report_contest is recommended today

    @req-16 @LR-N-02 @LR-F-21
    Scenario: Complaint and shelter bar an absence report against a domestic worker
      Given an intake interview on 2026-11-01 with these answers
        | question               | answer          |
        | kind_of_work           | domestic_work   |
        | complaint_made         | complaint_open  |
        | registered_in_shelter  | yes             |
        | absence_report         | filed           |
        | report_after_complaint | complaint_first |
      When the interview is screened
      Then the rules LR-N-02 and LR-F-21 fire
      And finding.notice.absence_bar is established
      And finding.labour.absence_report_barred is established

    @req-16
    Scenario Outline: The bar ends two months after the complaint was settled (<closed>)
      Given an intake interview on 2026-11-01 with these answers
        | question              | answer            |
        | kind_of_work          | domestic_work     |
        | complaint_made        | complaint_settled |
        | registered_in_shelter | yes               |
        | complaint_closed_on   | <closed>          |
      When the interview is screened
      Then finding.notice.absence_bar is <bar>

      Examples:
        | closed     | bar       |
        | 2026-09-02 | shown     |
        | 2026-09-01 | not shown |
        | 2026-06-15 | not shown |

    @req-17 @LR-LL-01
    Scenario Outline: Leaving because of <reason> may have been lawful
      Given an intake interview on 2026-11-01 with these answers
        | question       | answer         |
        | kind_of_work   | private_sector |
        | how_it_ended   | got_away       |
        | left_because   | <reason>       |
        | absence_report | filed          |
      When the interview is screened
      Then finding.labour.lawful_leaving is <lawful>
      And finding.labour.absence_report is shown

      Examples:
        | reason            | lawful    |
        | contract_not_kept | shown     |
        | told_wrong        | shown     |
        | hurt              | shown     |
        | sexual_behaviour  | shown     |
        | danger_to_health  | shown     |
        | own_reasons       | not shown |

    @req-17
    Scenario: Lawful leaving cites its article
      Given an intake interview on 2026-11-01 with these answers
        | question     | answer         |
        | kind_of_work | private_sector |
        | how_it_ended | got_away       |
        | left_because | hurt           |
      When the interview is screened
      Then finding.labour.lawful_leaving cites law_6_2010, "article 48", verified_text
