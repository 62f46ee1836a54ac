Feature: Aggravating facts stand beside the result

  @req-6
  Rule: Each fact that the law makes heavier is shown by itself and raises no step

    Scenario Outline: <fact>
      Given an intake interview on 2026-11-01 in which we hear that
        | the employer holds the passport and refused it when asked |
      When the interview is screened
      Then nothing shows <fact>
      When it is learnt as well that <question> is <answer>
      Then <fact> is established
      And the rule <rule> fires
      And the result is <outcome>

      Examples:
        | fact                               | rule      | question          | answer         | outcome              |
        | finding.aggravating.organised_group | L91-X-01 | acting_together   | three_or_more  | trafficking_possible |
        | finding.aggravating.cross_border   | L91-X-02  | prepared_abroad   | yes            | trafficking_possible |
        | finding.aggravating.several_or_armed | L91-X-04 | acting_together  | two_people     | trafficking_possible |
        | finding.aggravating.several_or_armed | L91-X-04 | violence_kinds   | weapon         | trafficking_possible |
        | finding.aggravating.grave_harm     | L91-X-05  | lasting_harm      | yes            | trafficking_possible |
        | finding.aggravating.official       | L91-X-06  | official_involved | helped_by_post | trafficking_possible |
        | finding.aggravating.child          | L91-X-07  | age_group         | child          | trafficking_possible |
        | finding.aggravating.female         | L91-X-08  | sex               | female         | trafficking_possible |
        | finding.aggravating.special_needs  | L91-X-09  | special_needs     | seeing_or_hearing | trafficking_possible |
        | finding.aggravating.death          | L91-X-10  | others_hurt       | someone_died   | trafficking_possible |

    @L91-X-03
    Scenario: Authority over the person
      Given an intake interview on 2026-11-01 in which we hear that
        | the employer beats the person to make the person work |
      When the interview is screened
      Then the rule L91-X-03 fires
      And finding.aggravating.authority is established

    Scenario: Without any ground for trafficking no aggravating fact is claimed
      Given an intake interview on 2026-11-01 with these answers
        | question        | answer        |
        | acting_together | three_or_more |
        | sex             | female        |
        | lasting_harm    | yes           |
      When the interview is screened
      Then nothing shows finding.aggravating.organised_group
      And nothing shows finding.aggravating.female
      And nothing shows finding.aggravating.grave_harm

  @req-9
  Rule: A company's part is recorded

    @SE-F-19
    Scenario Outline: <part>
      Given an intake interview on 2026-11-01 in which company_involved is <part>
      When the interview is screened
      Then the rule SE-F-19 fires
      And finding.context.company_involved is established

      Examples:
        | part             |
        | in_company_name  |
        | manager_knew     |
        | company_not_real |

    Scenario: No company
      Given an intake interview on 2026-11-01 in which company_involved is no_company
      When the interview is screened
      Then finding.context.company_involved is ruled out by the answer to company_involved
