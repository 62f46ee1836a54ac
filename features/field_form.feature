Feature: What an inspector finished on a device reaches the service once, sealed, and is evaluated again

  @promise-8
  Rule: The service comes to the same result, and its result is the record

    Scenario: A screening of this morning arrives
      Given an inspector with a device that was set up
      When the inspector finishes a screening in which documents_holder is employer
      And the device sends it
      Then there is 1 case with a finished interview
      And the two results are the same

    Scenario: It arrives nine days later
      Given an inspector with a device that was set up
      When the inspector finishes a screening in which documents_holder is employer
      And 9 days go by on the way
      And the device sends it
      Then it was evaluated as of the day of the screening

    Scenario: A device that came to something else is looked into, and the service's result stands
      Given an inspector with a device that was set up
      When the inspector finishes a screening in which documents_holder is employer
      And the device had come to another result
      And the device sends it
      Then there is 1 case with a finished interview
      And an incident is recorded

  @promise-9
  Rule: Nobody but the service reads a finished screening, and nobody sends what another made

    Scenario: It was changed on the way
      Given an inspector with a device that was set up
      When the inspector finishes a screening in which documents_holder is employer
      And somebody changes one letter of it
      And the device sends it
      Then the record is refused with S290
      And there is no case from the field

    Scenario: A supervisor picks the device up
      Given an inspector with a device that was set up
      When the inspector finishes a screening in which documents_holder is employer
      And the supervisor sends it
      Then the record is refused with S293

  Rule: A bad line doubles nothing and loses nothing

    Scenario: The answer was lost, and the device sends again
      Given an inspector with a device that was set up
      When the inspector finishes a screening in which documents_holder is employer
      And the device sends it
      And the device sends it
      Then there is 1 case with a finished interview
