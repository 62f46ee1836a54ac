// Every screen by name.

import { interviewView, resultView } from "./interview_views.js";
import { brokenView, lockedView, setupView } from "./locked_views.js";
import { homeView, newVisitView, visitView } from "./visit_views.js";

export const VIEWS = {
  broken: brokenView,
  setup: setupView,
  locked: lockedView,
  home: homeView,
  new_visit: newVisitView,
  visit: visitView,
  interview: interviewView,
  result: resultView,
};
