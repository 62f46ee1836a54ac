// What every page may have, each part only where the page carries it. Everything works without this file.
import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { NotificationBanner } from "govuk-frontend/dist/govuk/components/notification-banner/notification-banner.mjs";
import { PasswordInput } from "govuk-frontend/dist/govuk/components/password-input/password-input.mjs";
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";
import { watchChoices } from "./choices.js";
import { watchPrivacy } from "./privacy.js";
import { watchSaving } from "./saving.js";
import { watchSession } from "./session.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const Part of [Button, ErrorSummary, NotificationBanner, PasswordInput, SkipLink]) {
  for (const element of document.querySelectorAll(`[data-module="${Part.moduleName}"]`)) new Part(element);
}

watchChoices(document);
const privacy = watchPrivacy(document);
watchSaving(document);
watchSession(document, privacy);
