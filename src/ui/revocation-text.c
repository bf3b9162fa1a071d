/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/revocation-text.h"

#include "base/error.h"
#include "base/i18n.h"
#include "ui/time-text.h"

/* Each with a date; what an authority says of why is one of a few words of its own (RFC 5280 section 5.3.1). */
static const char *
get_revoked_pattern (SignetRevocationReason reason)
{
  switch (reason) {
  case SIGNET_REASON_KEY_COMPROMISE:
  case SIGNET_REASON_AA_COMPROMISE:
    return _("Revoked on %s: the key was lost");
  case SIGNET_REASON_CA_COMPROMISE:
    return _("Revoked on %s: the authority's key was lost");
  case SIGNET_REASON_AFFILIATION_CHANGED:
    return _("Revoked on %s: name or organization has changed");
  case SIGNET_REASON_SUPERSEDED:
    return _("Revoked on %s: replaced by a new one");
  case SIGNET_REASON_CESSATION_OF_OPERATION:
    return _("Revoked on %s: no longer needed");
  case SIGNET_REASON_CERTIFICATE_HOLD:
    return _("On hold since %s");
  case SIGNET_REASON_PRIVILEGE_WITHDRAWN:
    return _("Revoked on %s: the right to use it was withdrawn");
  default:
    return _("Revoked on %s");
  }
}

static char *
dup_revoked (const SignetRevocationStatus *status)
{
  g_autofree char *date = signet_time_text_date (status->revoked);

  #pragma GCC diagnostic push
  #pragma GCC diagnostic ignored "-Wformat-nonliteral"
  return g_strdup_printf (get_revoked_pattern (status->reason), date);
  #pragma GCC diagnostic pop
}

static char *
dup_good (const SignetRevocationState *state, gint64 now)
{
  g_autofree char *ago = signet_time_text_ago (state->checked, now);

  /* Translators: such as "10 minutes ago" or "on 3 May 2026". */
  return g_strdup_printf (_("Not revoked — checked %s"), ago);
}

static char *
dup_unknown (const SignetRevocationState *state, SignetCertificate *certificate, gint64 now)
{
  g_autofree char *date = state->checked != 0 ? signet_time_text_date (state->checked) : NULL;

  if (signet_certificate_get_not_after (certificate) < now)
    return g_strdup (_("Not checked any more: it has expired"));
  if (date)
    return g_strdup_printf (_("Could not be checked since %s"), date);
  if (state->problem)
    return g_strdup (_("Could not be checked"));

  return g_strdup (_("Not checked yet"));
}

static char *
dup_verdict (const SignetRevocationState *state, SignetCertificate *certificate, gint64 now)
{
  switch (state->status.verdict) {
  case SIGNET_REVOCATION_REVOKED:
    return dup_revoked (&state->status);
  case SIGNET_REVOCATION_GOOD:
    return dup_good (state, now);
  default:
    return dup_unknown (state, certificate, now);
  }
}

char *
signet_revocation_text (const SignetRevocationState *state, SignetCertificate *certificate, gint64 now)
{
  g_autofree char *verdict = state ? dup_verdict (state, certificate, now) : g_strdup (_("Checking…"));

  if (!state || !state->problem || signet_certificate_get_not_after (certificate) < now)
    return g_steal_pointer (&verdict);
  if (state->status.verdict == SIGNET_REVOCATION_UNKNOWN)
    /* Translators: such as "Could not be checked: The server could not be reached." */
    return g_strdup_printf (_("%s: %s"), verdict, state->problem->message);

  return g_strdup_printf (_("%s. It could not be checked again: %s"), verdict, state->problem->message);
}

char *
signet_revocation_text_brief (const SignetRevocationState *state, SignetCertificate *certificate, gint64 now)
{
  if (!state || signet_certificate_get_not_after (certificate) < now ||
      g_error_matches (state->problem, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND))
    return NULL;

  return dup_verdict (state, certificate, now);
}
