Feature: Learning more only adds; a correction says what it takes back

  @promise-2
  Rule: Learning more may only add findings and referrals

    @req-43
    Scenario Outline: An answer to <question>, learnt later, takes nothing back
      Given the demo interview <interview>
      When the interview is screened
      And it is learnt as well that <question> is <answer>
      Then nothing that was established is withdrawn
      And the result is not lower than before

      Examples: Answers that sound reassuring
        | interview | question            | answer           |
        | IN-01     | free_to_leave_job   | may_leave        |
        | IN-01     | food                | enough           |
        | IN-01     | violence_happened   | no               |
        | IN-01     | agreed_to_work      | agreed_freely    |
        | IN-01     | pay_holder          | self             |
        | IN-02     | violence_happened   | no               |
        | IN-02     | documents_holder    | self             |
        | IN-03     | free_to_leave_place | free             |
        | IN-06     | phone               | own_freely       |
        | IN-13     | agreed_to_work      | agreed_freely    |
        | IN-14     | free_to_leave_job   | may_leave        |
        | IN-16     | threats_made        | none_of_these    |

      Examples: Answers that were missing
        | interview | question            | answer           |
        | IN-09     | kind_of_work        | domestic_work    |
        | IN-09     | documents_holder    | employer         |
        | IN-09     | threats_made        | police           |

    Scenario: A sign learnt later raises the result
      Given a complaint interview on 2026-11-01 in which we hear that
        | the person is an adult man      |
        | the person works for a company  |
        | the pay is two months late      |
      When the interview is screened
      And it is learnt as well that
        | the employer holds the passport and refused it when asked |
      Then the result was other_concern before
      And the result is trafficking_possible
      And nothing that was established is withdrawn
      And the route labour_complaint is recommended
      And the route anti_trafficking is recommended soon

    Scenario: The answer that was waited for closes its question
      Given an intake interview on 2026-11-01 in which we hear that
        | the employer holds the passport |
      When the interview is screened
      Then indicator.documents_refused is open
      And indicator.documents_refused waits for documents_returned_on_request
      When it is learnt as well that documents_returned_on_request is no
      Then indicator.documents_refused is established
      And the question documents_returned_on_request is no longer open

    @req-15
    Scenario: One more item of a list takes nothing back
      Given an intake interview on 2026-11-01 in which threats_made is police
      When the interview is screened
      And it is learnt as well that threats_made is police, violence
      Then nothing that was established is withdrawn

  @promise-2
  Rule: A correction shows what it withdraws to the person who corrects

    Scenario: Taking back the sign that a finding rests on is told
      Given an intake interview on 2026-11-01 in which we hear that
        | the employer holds the passport and refused it when asked |
        | the work is sixteen hours a day without a day off         |
        | there was no pay for seven months                         |
        | the person works in a household                           |
      When the interview is screened
      Then the result is trafficking_indicated
      When the answer to months_unpaid is corrected to 0
      Then the result is trafficking_possible
      And the correction says that it withdraws
        | indicator.low_or_no_pay       |
        | finding.purpose.two_kinds     |
        | outcome.trafficking_indicated |

    Scenario: A correction on which nothing rested withdraws nothing
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is in danger now |
      And sex is female
      When the interview is screened
      And the answer to sex is corrected to male
      Then the correction withdraws nothing

    Scenario: What another office concluded is no answer, so a correction of the kind of work withdraws only what depends on it
      Given an intake interview on 2026-11-01 with these answers
        | question         | answer         |
        | kind_of_work     | private_sector |
        | documents_holder | employer       |
      When the interview is screened
      Then finding.labour.papers is established
      When the answer to kind_of_work is corrected to domestic_work
      Then indicator.documents_kept is established
      And the correction says that it withdraws
        | finding.labour.papers                |
        | indicator.papers_held_private_sector |

  @promise-2
  Rule: Answers that do not fit together are shown side by side, without judging the person

    @req-44
    Scenario: A given answer stays true when another says that its question cannot apply
      Given an intake interview on 2026-11-01 with these answers
        | question         | answer            |
        | documents_holder | self              |
        | documents_asked  | asked_and_refused |
      When the interview is screened
      Then the result tells a contradiction about documents_asked, beside documents_holder
      And the first of the next questions is documents_asked

    @req-44
    Scenario: Work that was described stays a sign although the person is said not to work
      Given an intake interview on 2026-11-01 with these answers
        | question      | answer      |
        | kind_of_work  | not_working |
        | months_unpaid | 5           |
      When the interview is screened
      Then the result tells a contradiction about months_unpaid, beside kind_of_work
      And indicator.low_or_no_pay is established

    @req-44
    Scenario: Answers that fit together are no contradiction
      Given the demo interview IN-01
      When the interview is screened
      Then the result tells no contradiction
