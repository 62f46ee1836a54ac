Feature: Several matters may hold at once

  @promise-7
  Rule: Trafficking, smuggling, labour rights, visa trading, family violence and asylum needs are tested apart

    @req-8 @SE-F-02 @SE-F-03
    Scenario: Smuggling and trafficking both hold, each with its own finding
      Given the demo interview IN-06
      When the interview is screened
      Then the result is trafficking_indicated
      And these are established
        | finding.separate.smuggling              |
        | finding.separate.smuggling_then_control |
        | finding.act.move                        |
      And the rules SE-F-02 and SE-F-03 fire

    @req-8
    Scenario: Smuggling alone is its own matter
      Given the demo interview IN-07
      When the interview is screened
      Then the result is other_concern
      And finding.separate.smuggling is established
      And nothing shows finding.means.strong
      And nothing shows finding.separate.smuggling_then_control
      And the route anti_trafficking is not recommended

    @req-25 @SE-F-01a
    Scenario: Visa trading alone is neither trafficking nor dismissed
      Given the demo interview IN-08
      When the interview is screened
      Then the result is other_concern
      And finding.separate.visa_trading is established
      And these routes are recommended
        | visa_trade_report | when_ready | required |
        | legal_aid         | soon       | required |
      And the route anti_trafficking is not recommended

    @req-24 @LR-F-17
    Scenario: Recruited but given no work is a finding of its own
      Given an intake interview on 2026-11-01 with these answers
        | question          | answer         |
        | kind_of_work      | private_sector |
        | sponsor_gave_work | no_work        |
      When the interview is screened
      Then the rule LR-F-17 fires
      And finding.labour.no_work_given cites law_6_2010, "articles 10 and 138", verified_text
      And nothing shows finding.separate.visa_trading

    Scenario: Everything at once: each matter has its finding and its route
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is an adult woman                                                                 |
        | the person works for a company                                                               |
        | the family paid a man to bring the person across the border                                  |
        | the person pays a broker every year for the residence, and the sponsor has no work           |
        | the employer holds the passport and refused it when asked                                    |
        | the husband hits the person                                                                  |
        | the person fears the authorities of the country of origin                                    |
        | the pay is two months late                                                                   |
      When the interview is screened
      Then these are established
        | finding.separate.smuggling       |
        | finding.separate.visa_trading    |
        | finding.separate.family_violence |
        | finding.separate.asylum          |
        | finding.labour.wages             |
        | finding.labour.papers            |
        | finding.means.strong             |
      And these routes are recommended
        | anti_trafficking       |
        | family_violence        |
        | refugee_and_stateless  |
        | visa_trade_report      |
        | labour_complaint       |
        | legal_aid              |
      And these routes are not recommended
        | embassy          |
        | voluntary_return |

    @req-40
    Scenario Outline: Violence by <who>: its own route for each
      Given an intake interview on 2026-11-01 with these answers
        | question          | answer |
        | violence_happened | yes    |
        | violence_by       | <who>  |
        | violence_for      | <for>  |
      When the interview is screened
      Then finding.separate.family_violence is <family>
      And finding.means.strong is <means>
      And the route family_violence is <route>

      Examples:
        | who                  | for        | family    | means     | route           |
        | employer             | no_purpose | not shown | shown     | not recommended |
        | relative_of_employer | no_purpose | not shown | shown     | not recommended |
        | partner              | no_purpose | shown     | not shown | recommended     |
        | relative             | no_purpose | shown     | not shown | recommended     |
        | partner              | sell_sex   | shown     | shown     | recommended     |
        | stranger             | no_purpose | not shown | not shown | not recommended |

  @promise-7
  Rule: A wage dispute is not swallowed by trafficking, nor trafficking by a dispute

    Scenario: The labour claim stays when trafficking is indicated
      Given the demo interview IN-01
      When the interview is screened
      Then the result is trafficking_indicated
      And finding.labour.wages is established
      And finding.labour.papers is established
      And the route labour_complaint is recommended soon

    Scenario: What a person asks for first chooses a route and answers no question on control
      Given an intake interview on 2026-11-01 in which we hear that
        | the person works in a household                             |
        | the employer holds the passport and refused it when asked   |
        | the work is sixteen hours a day without a day off           |
        | there was no pay for seven months                           |
        | the person wants first of all to be paid                    |
      When the interview is screened
      Then the result is trafficking_indicated
      And the route labour_complaint is recommended
      And the route anti_trafficking is recommended today
