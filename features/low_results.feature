Feature: A low result closes nothing

  @promise-6
  Rule: A low or empty result says how much is unknown and never closes a case

    @req-7
    Scenario: Nothing indicated so far needs every core question answered
      Given an intake interview on 2026-11-01 in which every core question shows nothing
      When the interview is screened
      Then the result is nothing_indicated_so_far
      And of the core questions 0 are open, and the result says so in both languages
      And the route information_and_way_back is recommended when_ready
      And it may still become trafficking_indicated, trafficking_possible, other_concern

    Scenario Outline: One core question less, <question>, and not enough is known
      Given an intake interview on 2026-11-01 in which every core question shows nothing
      And the answer to <question> is left out
      When the interview is screened
      Then the result is not_enough_known
      And these questions are open
        | <question> | not_asked |

      Examples:
        | question            |
        | heard_alone         |
        | age_group           |
        | danger_now          |
        | free_to_leave_place |
        | free_to_leave_job   |
        | documents_holder    |
        | threats_made        |
        | violence_happened   |
        | pay_late_or_kept    |
        | pay_holder          |
        | debt_kind           |
        | promised_vs_real    |
        | made_to_do          |
        | fear_of_return      |

    Scenario: Whoever was not heard alone never comes out with nothing indicated
      Given an intake interview on 2026-11-01 in which every core question shows nothing
      When the interview is screened with heard_alone being no instead
      Then the result is other_concern
      And finding.separate.not_heard_safely is established
      And the route complete_the_screening is recommended today

    Scenario: A wage complaint does not end there while questions on control are open
      Given a complaint interview on 2026-11-01 in which we hear that
        | the person works for a company |
        | the pay is two months late     |
      When the interview is screened
      Then the result is other_concern
      And these routes are recommended
        | labour_complaint       | soon | required |
        | complete_the_screening | soon | required |
      And it may still become trafficking_indicated, trafficking_possible

    Scenario: The words of a low result leave the door open
      Given an intake interview on 2026-11-01 in which every core question shows nothing
      And the interview is in the file low.json
      When we type `screening assess low.json`
      Then the command ends with status 0
      And its output says
        | so the door stays open |
      And its output does not say
        | is a victim        |
        | not a victim       |
        | no trafficking     |
        | case closed        |
        | negative           |

  @promise-6 @req-7
  Rule: The result recommends and never says who is a victim

    Scenario: No rule, finding or route calls anybody a victim or not a victim
      Then no text of the rules calls anybody a victim

    Scenario Outline: The result of <interview> says that people decide
      Given the demo interview <interview>
      And the interview is in the file one.json
      When we type `screening assess one.json`
      Then its output says
        | This screening recommends. People decide on every referral |
      And its output does not say
        | is a victim  |
        | not a victim |
        | is guilty    |
        | is proved    |

      Examples:
        | interview |
        | IN-01     |
        | IN-04     |
        | IN-09     |
        | IN-10     |

    @req-13
    Scenario: No text promises immunity, compensation or residence
      Then every text that speaks of compensation|exemption|immunity from, in Arabic تعويض|إعفاء|حصانة, denies it

    @req-14 @SE-N-02a
    Scenario: The advice not to penalise is marked as policy, not law
      Given an intake interview on 2026-11-01 in which charged_or_held is things_i_was_made_to_do
      When the interview is screened
      Then the rule SE-N-02a fires
      And the route non_punishment_note is recommended soon
      And the note on consent of the route non_punishment_note says "Policy and an international standard, not a right under Law 91/2013"
      And the route non_punishment_note is founded on these sources
        | council_of_ministers_2024 | secondary  |
        | ohchr_principles          | unverified |
