Feature: What is not known is never a no

  A person who was not asked, does not know, or would rather not say has not said no.

  @promise-1
  Rule: Not asked, not known, declined and not relevant are four different things, and none of them is no

    @req-43
    Scenario: The four stand side by side in the result
      Given an intake interview on 2026-11-01 with these answers
        | question         | answer      |
        | documents_holder | self        |
        | danger_now       | (not known) |
        | threats_made     | (declined)  |
      When the interview is screened
      Then each question stands as it was answered
        | question                      | state        |
        | documents_holder              | value        |
        | danger_now                    | not_known    |
        | threats_made                  | declined     |
        | locked_in                     | not_asked    |
        | documents_returned_on_request | not_relevant |
      And the counts are 1 answered, 1 not known and 1 declined

    @req-43
    Scenario Outline: Of <question>, <state> leaves open what a no would close
      Given an intake interview on 2026-11-01 in which <question> is <state>
      When the interview is screened
      Then <conclusion> is open
      And <conclusion> waits for <question>
      When the interview is screened with <question> being <no> instead
      Then <conclusion> is ruled out by the answer to <question>

      Examples:
        | question                | state       | no              | conclusion                        |
        | place_to_sleep          | (not asked) | safe_place      | finding.need.shelter.now          |
        | place_to_sleep          | (not known) | safe_place      | finding.need.shelter.now          |
        | place_to_sleep          | (declined)  | safe_place      | finding.need.shelter.now          |
        | thoughts_of_ending_life | (not asked) | no              | finding.need.suicide.now          |
        | thoughts_of_ending_life | (not known) | no              | finding.need.suicide.now          |
        | thoughts_of_ending_life | (declined)  | no              | finding.need.suicide.now          |
        | fear_of_return          | (not asked) | no              | finding.separate.fear_of_return   |
        | fear_of_return          | (declined)  | no              | finding.separate.fear_of_return   |
        | danger_now              | (not known) | no              | indicator.danger_today            |
        | danger_now              | (declined)  | no              | indicator.danger_today            |
        | planned_not_happened    | (declined)  | none_of_these   | finding.purpose.planned           |
        | made_to_do              | (not known) | none_of_these   | indicator.forced_begging          |
        | charged_or_held         | (declined)  | none_of_these   | finding.separate.accused          |
        | known_scheme            | (not asked) | no              | finding.notice.reporting_duty     |

    @req-43
    Scenario Outline: A core question that is <state> keeps the result from being low
      Given an intake interview on 2026-11-01 in which every core question shows nothing
      And <question> is <state>
      When the interview is screened
      Then the result is not_enough_known
      And it may still become <outcomes>
      And of the core questions 1 are open, and the result says so in both languages

      Examples:
        | question          | state       | outcomes                                                   |
        | made_to_do        | (declined)  | trafficking_indicated, trafficking_possible, other_concern |
        | made_to_do        | (not known) | trafficking_indicated, trafficking_possible, other_concern |
        | made_to_do        | (not asked) | trafficking_indicated, trafficking_possible, other_concern |
        | threats_made      | (declined)  | trafficking_indicated, trafficking_possible, other_concern |
        | free_to_leave_job | (not known) | trafficking_indicated, trafficking_possible, other_concern |
        | fear_of_return    | (declined)  | trafficking_indicated, trafficking_possible, other_concern |
        | age_group         | (not asked) | trafficking_indicated, trafficking_possible, other_concern |

    @req-43
    Scenario: A list that was only begun leaves what was not mentioned open
      Given an intake interview on 2026-11-01 in which made_to_do is lie
      When the interview is screened
      Then indicator.made_to_lie is established
      And indicator.forced_begging is open
      And finding.purpose.direct is open

    @req-43
    Scenario: A list that was read to its end closes what was not mentioned
      Given an intake interview on 2026-11-01 in which made_to_do is lie (complete)
      When the interview is screened
      Then indicator.made_to_lie is established
      And indicator.forced_begging is ruled out by the answer to made_to_do

    @req-43
    Scenario: Saying that none of a list happened closes the list
      Given an intake interview on 2026-11-01 in which made_to_do is none_of_these
      When the interview is screened
      Then indicator.forced_begging is ruled out by the answer to made_to_do
      And indicator.forced_crime is ruled out by the answer to made_to_do

    @req-43
    Scenario: A declined gate leaves the whole group behind it open
      Given an intake interview on 2026-11-01 in which violence_happened is (declined)
      When the interview is screened
      Then these are open
        | indicator.violence_used     |
        | indicator.harmed_physically |
        | finding.means.strong        |
      And indicator.violence_used waits for violence_by

    @req-43
    Scenario: An approximate answer settles only what every number in it settles
      Given an intake interview on 2026-11-01 with these answers
        | question     | answer        |
        | kind_of_work | domestic_work |
        | age_years    | 19 to 22      |
      When the interview is screened
      Then finding.separate.domestic_age is open
      When the interview is screened with age_years being 18 to 20 instead
      Then finding.separate.domestic_age is established
      When the interview is screened with age_years being 21 to 25 instead
      Then nothing shows finding.separate.domestic_age

    Scenario: With nothing asked, nothing is concluded and everything is open
      Given an intake interview on 2026-11-01 in which nothing was asked
      When the interview is screened
      Then the result is not_enough_known
      And it may still become trafficking_indicated, trafficking_possible, other_concern
      And of the core questions 14 are open, and the result says so in both languages
      And no need is shown
      And the need danger is still to be asked, by danger_now
