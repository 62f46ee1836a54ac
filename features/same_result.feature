Feature: The same answers give the same result

  @promise-8 @req-46
  Rule: The same answers, revision and date give the same result, on every executor and every way in

    Scenario Outline: Command line and HTTP give the result of <interview> as it is
      Given the demo interview <interview>
      And the interview is in the file one.json
      When the interview is screened
      And we type `screening assess one.json --format json`
      Then it is the result of the screening, to the last letter
      When the interview is posted
      Then the answer has status 200
      And the posted result is the result of the screening

      Examples:
        | interview |
        | IN-01     |
        | IN-05     |
        | IN-09     |
        | IN-14     |

    Scenario: Another process gives the same result
      Given the demo interview IN-01
      When the interview is screened
      And another process runs `screening assess - --format json`
      Then it is the result of the screening, to the last letter

    Scenario: The order of the answers makes no difference
      Given the demo interview IN-01
      When the interview is screened
      And it is screened with its answers in the opposite order
      Then the two results are the same, to the last letter

    Scenario: The rule engine and the reference evaluator were both asked, and agree
      Given the demo interview IN-01
      When the interview is screened
      Then the engine was asked and agrees with the reference
      And the result names the rule set kuwait, its revision and its digest

    Scenario: Another answer is another result
      Given the demo interview IN-01
      When the interview is screened
      And the interview is screened with months_unpaid being 0 instead
      Then the digests of the two results differ

  @promise-8 @req-19 @req-46
  Rule: Values of the law are those of the day that the screening is for

    Scenario: The contest of an absence report is open on its last day and over the day after
      Given an intake interview on 2026-11-01 with these answers
        | question          | answer         |
        | kind_of_work      | private_sector |
        | absence_report    | filed          |
        | absence_report_on | 2026-09-03     |
      When the interview is screened
      Then finding.notice.absence_contest is established
      When the interview is screened as of 2026-11-03
      Then finding.notice.absence_contest is not established
      And finding.labour.absence_report is established

    Scenario: Of a month only, the result says what every day of it would give
      Given an intake interview on 2026-11-01 with these answers
        | question          | answer         |
        | kind_of_work      | private_sector |
        | absence_report    | filed          |
        | absence_report_on | 2026-10        |
      When the interview is screened
      Then finding.notice.absence_contest is established
      When the interview is screened with absence_report_on being 2026-09 instead
      Then finding.notice.absence_contest is open
      When the interview is screened with absence_report_on being 2026-08 instead
      Then finding.notice.absence_contest is not established

    Scenario: On a day for which nobody entered a value, what needs it stays open
      Given an intake interview on 2010-01-01 with these answers
        | question     | answer         |
        | kind_of_work | private_sector |
        | daily_hours  | 16             |
      When the interview is screened
      Then finding.labour.hours is open
      And the result says that daily_hours_limit has no value on that day
