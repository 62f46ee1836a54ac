Feature: What never lowers a result

  @promise-3
  Rule: Consent, residence status, an offence, work in commercial sex, sex, nationality or religion lower nothing

    @req-1 @req-33
    Scenario Outline: With <question> being <answer>, no conclusion on trafficking is lost (<interview>)
      Given the demo interview <interview>
      And the answer to <question> is taken out if there is one
      When the interview is screened
      And the interview is screened with <question> being <answer> instead
      Then nothing that was established is withdrawn
      And the result is not lower than before

      Examples: Consent and agreement
        | interview | question              | answer        |
        | IN-01     | agreed_to_work        | agreed_freely |
        | IN-06     | agreed_to_work        | agreed_freely |
        | IN-13     | agreed_to_work        | agreed_freely |
        | IN-01     | documents_kept_agreed | agreed_freely |
        | IN-01     | consent_to_talk       | no            |
        | IN-01     | consent_to_record     | no            |

      Examples: Residence, reports and offences
        | interview | question         | answer                     |
        | IN-01     | residence_status | expired_or_cancelled       |
        | IN-03     | residence_status | never_had                  |
        | IN-06     | residence_status | never_had                  |
        | IN-13     | residence_status | expired_or_cancelled       |
        | IN-01     | absence_report   | filed                      |
        | IN-03     | absence_report   | filed                      |
        | IN-01     | charged_or_held  | papers_or_absence          |
        | IN-03     | charged_or_held  | accused_by_employer        |
        | IN-13     | charged_or_held  | things_i_was_made_to_do    |
        | IN-02     | charged_or_held  | another_matter             |
        | IN-13     | entry_mode       | arrest_public_morals       |
        | IN-06     | entry_mode       | detention_or_deportation   |

      Examples: Who the person is
        | interview | question         | answer  |
        | IN-01     | sex              | male    |
        | IN-06     | sex              | female  |
        | IN-03     | sex              | male    |
        | IN-01     | has_nationality  | no      |
        | IN-01     | has_nationality  | yes     |
        | IN-03     | residence_status | citizen |
        | IN-02     | residence_status | citizen |

    @req-1
    Scenario Outline: <answer> to the question on agreement leaves the result where it is
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is an adult                                    |
        | the person works in a household                           |
        | the employer holds the passport and refused it when asked |
        | the work is sixteen hours a day without a day off         |
        | there was no pay for seven months                         |
      And agreed_to_work is <answer>
      When the interview is screened
      Then the result is trafficking_indicated
      And the route anti_trafficking is recommended today

      Examples:
        | answer             |
        | agreed_freely      |
        | agreed_under_need  |
        | not_told           |
        | made_to            |
        | (declined)         |
        | (not asked)        |

    @req-1 @req-33 @req-29
    Scenario: No rule reads consent, residence status or the person's own words
      Then no rule reads any of these questions
        | consent_to_talk   |
        | consent_to_record |
        | limits_explained  |
        | residence_status  |
        | own_account       |
        | age_basis         |

    Scenario: Sex is read to choose a service and for the aggravating fact that the law names, and for nothing else
      Then the question sex is read only by conclusions of service and by finding.aggravating.female

    Scenario: No question asks for religion, belief in a faith, race or political opinion
      Then no question speaks of any of these
        | religion   |
        | religious  |
        | faith      |
        | race       |
        | ethnic     |
        | political  |
        | tribe      |

    @req-33
    Scenario: Residence status is asked last, may be left unanswered, and is no core question
      Then the instrument intake asks residence_status only in its section closing
      And the section closing of intake comes after every question to the person
      And no instrument counts residence_status as a core question

    @req-32
    Scenario: No question asks about consensual relationships
      Then no question speaks of any of these
        | boyfriend         |
        | girlfriend        |
        | adultery          |
        | lover             |
        | pregnant by       |
        | sexual relations? |
        | slept with        |
      And the only questions that speak of sex are confined_for, documents_kept_for, left_because, made_to_do, marriage_made_to, planned_not_happened, sex, sexual_harassment, sexual_violence, sexual_violence_for, threats_for, threats_made, violence_for, weakness_used_for

    Scenario Outline: Women and men with the same account get the same steps (<interview>)
      Given the demo interview <interview>
      And sex is female
      When the interview is screened
      And the interview is screened with sex being male instead
      Then only finding.aggravating.female is different
      And the routes are the same as before

      Examples:
        | interview |
        | IN-01     |
        | IN-03     |
        | IN-06     |
        | IN-13     |
        | IN-08     |

    @req-15
    Scenario: An absence report is a matter to test, and shelter and care are offered all the same
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is an adult woman                              |
        | the person works in a household                           |
        | the employer holds the passport and refused it when asked |
        | the employer filed an absence report                      |
      When the interview is screened
      Then the result is trafficking_possible
      And finding.labour.absence_report is established
      And these routes are recommended
        | shelter                | today |
        | absence_report_contest | soon  |
        | anti_trafficking       | soon  |
