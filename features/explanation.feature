Feature: Every conclusion can be walked back

  @promise-5
  Rule: From the recommendation back to the answers, and from every rule to its source

    @req-45
    Scenario Outline: Interview <interview> is explained to the last answer
      Given the demo interview <interview>
      When the interview is screened
      Then every conclusion is walked back to answers that were given
      And every rule that held cites a source with its place and its confidence
      And every reason is there in English and in Arabic

      Examples:
        | interview |
        | IN-01     |
        | IN-03     |
        | IN-05     |
        | IN-06     |
        | IN-08     |
        | IN-11     |
        | IN-13     |
        | IN-14     |
        | IN-16     |

    @req-2 @L91-A-02a @L91-M-07a @L91-R-01b
    Scenario: The three parts of the legal test, each with its own answers
      Given an intake interview on 2026-11-01 with these answers
        | question         | answer            |
        | age_group        | adult_settled     |
        | kind_of_work     | domestic_work     |
        | documents_holder | employer          |
        | documents_asked  | asked_and_refused |
        | daily_hours      | 16                |
        | months_unpaid    | 4                 |
      When the interview is screened
      Then the rules L91-A-02a, L91-M-07a and L91-R-01b fire
      And finding.act.use rests on the answer to kind_of_work
      And finding.means.strong rests on the answers to documents_asked, documents_holder
      And finding.purpose.two_kinds rests on the answers to daily_hours, months_unpaid
      And the result rests on the lines OUT-TI-01, OUT-TP-01, OUT-TP-03, OUT-TP-04, OUT-OC-01 and OUT-OC-02

    @req-5 @L91-A-02a
    Scenario Outline: Being in work under another's direction is an act, with no recruiter and no border (<kind>)
      Given an intake interview on 2026-11-01 in which kind_of_work is <kind>
      When the interview is screened
      Then the rule L91-A-02a fires
      And finding.act.use is established
      And finding.act is established
      And nothing shows finding.act.recruit
      And nothing shows finding.act.move
      And finding.act.use cites law_91_2013, "article 1(4)", verified_text

      Examples:
        | kind                 |
        | domestic_work        |
        | private_sector       |
        | government_contract  |
        | farm_sea_or_herding  |
        | family_help          |

    Scenario Outline: The answers that are named are enough, and none is too many (<conclusion>)
      Given the demo interview <interview>
      When the interview is screened
      Then the answers that <conclusion> rests on are enough, and none of them can be left out

      Examples:
        | interview | conclusion                    |
        | IN-01     | outcome.trafficking_indicated |
        | IN-05     | outcome.trafficking_indicated |
        | IN-06     | finding.means.strong          |
        | IN-08     | finding.separate.visa_trading |
        | IN-14     | finding.notice.absence_contest |

    @req-45 @RC-AT-01
    Scenario: A recommendation names its rule, the findings it follows from, and the text
      Given the demo interview IN-01
      When the interview is screened
      Then the rule RC-AT-01 fires
      And the recommendation of anti_trafficking follows from finding.trafficking.indicated_basis, finding.pattern.elements_strong, finding.means.strong, indicator.documents_refused
      And route.anti_trafficking cites law_91_2013, "articles 1(4) and 11", verified_text

    @req-45
    Scenario: Every shipped rule cites a source with its place and its confidence
      Then every rule cites a source, with its place in it and its confidence

    Scenario: The derivation is drawn from the answers to the referrals
      Given the demo interview IN-01
      When the interview is screened
      Then the drawing of the result shows
        | Asked “Who keeps you from going out?”  |
        | Signs of trafficking are indicated     |
        | Anti-trafficking authorities           |

    Scenario: A rule is shown as a sentence with its source
      When we type `screening rules show L91-M-07a`
      Then the command ends with status 0
      And its output says
        | L91-M-07a                                                   |
        | Who has your passport or your other papers now?             |
        | article 1(4)                                                |

  @promise-5
  Rule: Why not, what is open, what would change it and what was not asked are shown as well

    Scenario: What is ruled out names the answers that rule it out
      Given an intake interview on 2026-11-01 in which documents_holder is self
      When the interview is screened
      Then indicator.documents_refused is ruled out by the answer to documents_holder

    @req-43
    Scenario: What was not asked is listed, with what it could still settle
      Given an intake interview on 2026-11-01 in which we hear that
        | the employer holds the passport |
      When the interview is screened
      Then these questions are open
        | documents_returned_on_request | not_asked |
        | documents_asked               | not_asked |
        | made_to_do                    | not_asked |
      And finding.means.strong waits for documents_returned_on_request

    Scenario: What would change the result does change it
      Given an intake interview on 2026-11-01 in which we hear that
        | the employer holds the passport |
      When the interview is screened
      Then one answer more would establish outcome.trafficking_possible, and does

    Scenario: An answer shows with what it was compared, and where that value comes from
      Given an intake interview on 2026-11-01 with these answers
        | question     | answer        |
        | kind_of_work | domestic_work |
        | daily_hours  | 13            |
      When the interview is screened
      Then finding.labour.hours is established
      And the result compares with daily_hours_limit = 12
