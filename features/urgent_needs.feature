Feature: Urgent needs come first

  @promise-4 @req-42
  Rule: Danger, injury, thoughts of suicide, a pregnancy at risk and a child come before the result and apart from it

    Scenario Outline: One answer, <question>, is enough for the need <need>
      Given an intake interview on 2026-11-01 in which <question> is <answer>
      When the interview is screened
      Then the need <need> is <level>
      And the route <route> is recommended <urgency>
      And the result is at least other_concern

      Examples: Now
        | question                | answer             | need            | level   | route            | urgency |
        | danger_now              | yes                | danger          | now     | emergency        | now     |
        | controller_near         | yes                | danger          | now     | emergency        | now     |
        | violence_when           | here_now           | danger          | now     | safety_plan      | now     |
        | injury_now              | yes                | medical         | now     | medical          | now     |
        | illness_now             | yes                | medical         | now     | medical          | now     |
        | thoughts_of_ending_life | yes                | suicide         | now     | medical          | now     |
        | thoughts_of_ending_life | yes                | psychosocial    | now     | psychosocial     | now     |
        | pregnancy               | pregnant_at_risk   | pregnancy       | now     | medical          | now     |
        | sexual_violence_when    | last_five_days     | sexual_violence | now     | medical          | now     |
        | sexual_violence_when    | last_five_days     | psychosocial    | now     | psychosocial     | now     |
        | place_to_sleep          | nowhere            | shelter         | now     | shelter          | now     |
        | place_to_sleep          | place_not_safe     | shelter         | now     | shelter          | now     |
        | food_today              | no                 | food            | now     | basic_needs      | now     |
        | exits_locked_seen       | locked_from_outside| confinement     | now     | emergency        | now     |
        | child_care_lacking      | left_alone         | child           | now     | child_protection | now     |
        | own_children            | here_not_safe      | child           | now     | child_protection | now     |

      Examples: To ask about today
        | question                | answer             | need            | level   | route            | urgency |
        | violence_happened       | yes                | danger          | ask_now | safety_plan      | today   |
        | violence_happened       | yes                | medical         | ask_now | medical          | today   |
        | violence_happened       | yes                | psychosocial    | ask_now | psychosocial     | today   |
        | locked_in               | yes                | confinement     | ask_now | safety_plan      | today   |
        | sexual_violence         | yes                | sexual_violence | ask_now | medical          | today   |
        | sexual_violence         | yes                | psychosocial    | ask_now | psychosocial     | today   |
        | made_to_do              | sex                | medical         | ask_now | medical          | today   |
        | made_to_do              | sex                | psychosocial    | ask_now | psychosocial     | today   |
        | injuries_seen           | yes                | medical         | ask_now | medical          | today   |
        | age_group               | child              | child           | ask_now | child_protection | today   |
        | age_group               | in_doubt           | child           | ask_now | child_protection | today   |
        | food                    | withheld           | food            | ask_now | basic_needs      | today   |

    Scenario: What cannot wait stands in its order, before any other recommendation
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is in danger now                    |
        | the person is injured and needs a doctor now   |
        | the employer hits the person, and the person cannot say why |
        | the pay is two months late                     |
        | the person works for a company                 |
      When the interview is screened
      Then what cannot wait is
        | danger       | now     |
        | medical      | now     |
        | psychosocial | ask_now |
      And the route emergency stands before the route labour_complaint
      And the route medical stands before the route labour_complaint
      And the route safety_plan stands before the route anti_trafficking

    Scenario: The command line tells what cannot wait before the result
      Given an intake interview on 2026-11-01 in which we hear that
        | the person is in danger now |
      And the interview is in the file danger.json
      When we type `screening assess danger.json`
      Then the command ends with status 0
      And its output says, in this order
        | What cannot wait |
        | danger           |
        | Result so far    |

    @req-12
    Scenario: A need is never removed by a result of nothing
      Given an intake interview on 2026-11-01 in which every core question shows nothing
      When the interview is screened
      Then the result is nothing_indicated_so_far
      When it is learnt as well that
        | the person has nowhere to sleep tonight |
      Then the result is other_concern
      And the route shelter is recommended now

    @req-12
    Scenario: A smuggled migrant's needs are met like anybody's
      Given an intake interview on 2026-11-01 in which we hear that
        | the family paid a man to bring the person across the border |
        | the contact with him ended on arrival                       |
        | the person does not work                                    |
        | the person is injured and needs a doctor now                |
        | the person has nowhere to sleep tonight                     |
        | the person wants to go home soon                            |
        | the person has a nationality and fears nothing on return    |
      And age_group is adult_settled
      When the interview is screened
      Then the result is other_concern
      And these routes are recommended
        | medical          | now        |
        | shelter          | now        |
        | voluntary_return | when_ready |

    Scenario: Danger is about today: harm in the past asks, unless those who are feared can still reach the person
      Given an intake interview on 2026-11-01 in which we hear that
        | the employer beats the person to make the person work |
      When the interview is screened
      Then the need danger is ask_now
      When these answers are learnt as well
        | question         | answer   |
        | afraid_of        | employer |
        | feared_can_reach | yes      |
      Then the need danger is now
      And the route emergency is recommended now

    Scenario Outline: The need <need> stays open until it was asked, and is ruled out only by an answer
      Given an intake interview on 2026-11-01 in which nothing was asked
      When the interview is screened
      Then the need <need> is still to be asked, by <question>
      When the interview is screened with <question> being <answer> instead
      Then the need <need> is ruled out

      Examples:
        | need      | question                | answer           |
        | suicide   | thoughts_of_ending_life | no               |
        | pregnancy | pregnancy               | pregnant_well    |
        | shelter   | place_to_sleep          | safe_place       |
        | food      | food_today              | yes              |

    @req-35
    Scenario: Someone who needs rest gets food and rest, and a second talk
      Given an intake interview on 2026-11-01 in which needs_rest is yes
      When the interview is screened
      Then these routes are recommended
        | basic_needs            | today      | not_needed |
        | complete_the_screening | when_ready | required   |

    @req-35
    Scenario: Whoever did not get the help that was agreed is heard again
      Given a rescreen interview on 2026-11-01 in which referral_followed is refused_me
      When the interview is screened
      Then finding.context.help_not_received is established
      And the route complete_the_screening is recommended when_ready
