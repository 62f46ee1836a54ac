Feature: No referral without the person's own yes for it

  @promise-10 @req-29
  Rule: Each route asks for its own consent, and its exceptions are explained beforehand

    Scenario: Every route says what consent it needs, and there is no route to the employer
      Then the routes ask for consent as follows, and there are no others
        | absence_report_contest   | required               |
        | anti_trafficking         | required_unless_child  |
        | basic_needs              | not_needed             |
        | child_protection         | explain_duty           |
        | complete_the_screening   | required               |
        | embassy                  | required               |
        | emergency                | required_unless_danger |
        | family_violence          | required_unless_child  |
        | hold_removal             | required               |
        | information_and_way_back | not_needed             |
        | labour_complaint         | required               |
        | legal_aid                | required               |
        | medical                  | required_unless_danger |
        | non_punishment_note      | required               |
        | protected_routing        | required               |
        | psychosocial             | required               |
        | refugee_and_stateless    | required               |
        | reporting_duty           | explain_duty           |
        | safety_plan              | not_needed             |
        | sexual_exploitation_specialist | required_unless_child |
        | shelter                  | required               |
        | visa_trade_report        | required               |
        | voluntary_return         | required               |

    @RC-AT-01 @req-36
    Scenario: The police route needs a yes that knows what it means, and help does not hang on it
      Given the demo interview IN-01
      When the interview is screened
      Then the route anti_trafficking asks for consent as required_unless_child
      And the note on consent of the route anti_trafficking says "shelter and help do not depend on testifying"
      And the note on consent of the route anti_trafficking says "the prosecution alone decides"
      And the route shelter asks for consent as required
      And the route psychosocial asks for consent as required

    @req-36
    Scenario: Shelter, care and support are recommended whether or not anybody testifies
      Given the demo interview IN-01
      And witness_pressure is told_what_to_say
      When the interview is screened
      Then these routes are recommended
        | shelter      |
        | psychosocial |
        | medical      |
      And no question speaks of any of these
        | testify        |
        | testimony      |
        | press charges  |

    Scenario Outline: The exception of <route> is explained beforehand
      Given an intake interview on 2026-11-01 in which <question> is <answer>
      When the interview is screened
      Then the exception of the route <route> is explained beforehand, in both languages

      Examples:
        | question     | answer   | route            |
        | danger_now   | yes      | emergency        |
        | injury_now   | yes      | medical          |
        | age_group    | child    | child_protection |
        | known_scheme | yes      | reporting_duty   |
        | violence_by  | partner  | family_violence  |
        | violence_by  | employer | anti_trafficking |

    @req-29
    Scenario Outline: Declining <question> changes no recommendation; the referral step asks
      Given the demo interview IN-01
      And <question> is <answer>
      When the interview is screened
      And the interview is screened with <question> being yes instead
      Then not one conclusion is different
      And the routes are the same as before

      Examples:
        | question          | answer     |
        | consent_to_talk   | no         |
        | consent_to_record | no         |
        | consent_to_record | (declined) |

    @req-30 @SE-N-01 @RC-RD-01
    Scenario: A duty to report is told to the interviewer, for the lawyers to answer
      Given an intake interview on 2026-11-01 in which known_scheme is yes
      When the interview is screened
      Then the rules SE-N-01 and RC-RD-01 fire
      And the route reporting_duty is recommended today
      And the route reporting_duty asks for consent as explain_duty
      And the note on consent of the route reporting_duty says "for a crime already completed, is for lawyers to say"

    @req-41
    Scenario: Shelter is official shelter; private hiding is not advised
      Given an intake interview on 2026-11-01 in which place_to_sleep is nowhere
      When the interview is screened
      Then the route shelter never sends "Do not arrange a private hiding place"
      And the route shelter never sends "any word to the employer"

  @promise-10 @req-37
  Rule: No embassy and no return without answers that were given, and never against a fear

    @RC-EB-01 @RC-VR-01
    Scenario: An adult citizen who fears nothing and wants to go home
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is an adult                                   |
        | the person has a nationality and fears nothing on return |
        | the person wants to go home soon                         |
      When the interview is screened
      Then the rules RC-EB-01 and RC-VR-01 fire
      And these routes are recommended
        | embassy          | when_ready | required |
        | voluntary_return | when_ready | required |

    Scenario Outline: No embassy when <question> is <answer>
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is an adult                                   |
        | the person has a nationality and fears nothing on return |
        | the person wants to go home soon                         |
      And <question> is <answer>
      When the interview is screened
      Then the route embassy is not recommended

      Examples:
        | question        | answer      |
        | fear_of_return  | yes         |
        | fear_of_return  | (declined)  |
        | fear_of_return  | (not known) |
        | fear_of_return  | (not asked) |
        | has_nationality | no          |
        | has_nationality | (not asked) |
        | has_nationality | (declined)  |
        | age_group       | in_doubt    |
        | age_group       | (not asked) |
        | wish_to_return  | no_wish     |
        | wish_to_return  | (not asked) |

    @RC-RF-01
    Scenario Outline: <sentence>: the refugee agency, and no embassy
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is an adult           |
        | the person wants to go home soon |
        | <sentence>                       |
      When the interview is screened
      Then the rule RC-RF-01 fires
      And the route refugee_and_stateless is recommended soon
      And these routes are not recommended
        | embassy          |
      And the note on consent of the route refugee_and_stateless says "no word to the embassy"

      Examples:
        | sentence                                                   |
        | the person fears the authorities of the country of origin  |
        | the person has no nationality                              |

  @promise-10 @req-38
  Rule: A shelter is matched to the person, and what is not known stays open

    Scenario Outline: An adult whose sex is recorded as <sex>
      Given an intake interview on 2026-11-01 with these answers
        | question       | answer        |
        | age_group      | adult_settled |
        | sex            | <sex>         |
        | place_to_sleep | nowhere       |
      When the interview is screened
      Then the route shelter offers only <service>

      Examples:
        | sex    | service           |
        | female | pam_shelter_women |
        | male   | pam_shelter_men   |

    Scenario: With the sex left out, both shelters wait for it and none is refused
      Given an intake interview on 2026-11-01 with these answers
        | question       | answer        |
        | age_group      | adult_settled |
        | place_to_sleep | nowhere       |
      When the interview is screened
      Then the service pam_shelter_women of the route shelter waits for sex
      And the service pam_shelter_men of the route shelter waits for sex
      And the service child_protection_centre of the route shelter is not_met

    @req-40
    Scenario: A person hit by an employer is not sent to the family-violence centre
      Given an intake interview on 2026-11-01 in which violence_by is employer
      When the interview is screened
      Then the route family_violence is not recommended
      And the route safety_plan is recommended today

    Scenario: A contact that was not confirmed for a year says so
      Given an intake interview on 2026-11-01 in which we hear that
        | the pay is two months late |
      When the interview is screened
      Then the contacts of the route legal_aid that are older than a year carry a warning
