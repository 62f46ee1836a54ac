Feature: The interviews to try

  @promise-3 @promise-7
  Rule: Each shipped interview comes out where a careful reader would put it

    Scenario Outline: <interview>: <outcome>
      Given the demo interview <interview>
      When the interview is screened
      Then the result is <outcome>
      And the route <route> is recommended
      And the route <other> is not recommended

      Examples:
        | interview | outcome                  | route                    | other                 |
        | IN-01     | trafficking_indicated    | anti_trafficking         | family_violence       |
        | IN-02     | trafficking_indicated    | anti_trafficking         | embassy               |
        | IN-03     | trafficking_possible     | anti_trafficking         | child_protection      |
        | IN-04     | other_concern            | labour_complaint         | anti_trafficking      |
        | IN-05     | trafficking_indicated    | child_protection         | embassy               |
        | IN-06     | trafficking_indicated    | anti_trafficking         | embassy               |
        | IN-07     | other_concern            | legal_aid                | anti_trafficking      |
        | IN-08     | other_concern            | visa_trade_report        | anti_trafficking      |
        | IN-09     | not_enough_known         | information_and_way_back | anti_trafficking      |
        | IN-10     | nothing_indicated_so_far | information_and_way_back | anti_trafficking      |
        | IN-11     | other_concern            | family_violence          | anti_trafficking      |
        | IN-12     | other_concern            | refugee_and_stateless    | embassy               |
        | IN-13     | trafficking_indicated    | anti_trafficking         | embassy               |
        | IN-14     | trafficking_possible     | absence_report_contest   | embassy               |
        | IN-15     | other_concern            | labour_complaint         | child_protection      |
        | IN-16     | trafficking_indicated    | anti_trafficking         | child_protection      |
