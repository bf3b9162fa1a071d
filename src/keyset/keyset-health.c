/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-health.h"

#include "base/error.h"
#include "base/i18n.h"
#include "cert/path.h"
#include "crypto/cms-trial.h"

#define DAY (24 * 3600)
#define SOON (30 * DAY)       /* when reminders begin */

static const char *const health_names[] = { "good", "warning", "failed" };
static const char *const check_names[] = {
  "password", "chain", "purpose", "address", "dates", "revocation", "key",
};

const char *
signet_health_to_name (SignetHealth health)
{
  return health_names[health];
}

const char *
signet_health_check_to_name (SignetHealthCheck check)
{
  return check_names[check];
}

void
signet_finding_free (SignetFinding *self)
{
  g_clear_pointer (&self->id, signet_digital_id_unref);
  g_free (self->text);
  g_free (self->advice);
  g_free (self);
}

/* Takes TEXT. */
static void
add (GPtrArray *findings, SignetDigitalId *id, SignetHealthCheck check, SignetHealth health, char *text,
     const char *advice)
{
  SignetFinding *finding = g_new0 (SignetFinding, 1);

  finding->id = id != NULL ? signet_digital_id_ref (id) : NULL;
  finding->check = check;
  finding->health = health;
  finding->text = text;
  finding->advice = g_strdup (advice);
  g_ptr_array_add (findings, finding);
}

static char *
format_day (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (time);

  return date != NULL ? g_date_time_format (date, _("%-e %B %Y")) : g_strdup ("—");
}

/* --- the keyset --- */

static void
check_password (GPtrArray *findings, SignetKeyset *keyset, GPtrArray *keys, const GError *locked)
{
  gboolean high = signet_keyset_get_level (keyset) == SIGNET_LEVEL_HIGH;

  if (keys != NULL)
    add (findings, NULL, SIGNET_CHECK_PASSWORD, SIGNET_HEALTH_GOOD,
         g_strdup (high ? _("The password is known, and opens the keyset.") : _("The keyset can be opened.")), NULL);
  else if (g_error_matches (locked, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    add (findings, NULL, SIGNET_CHECK_PASSWORD, SIGNET_HEALTH_WARNING,
         g_strdup (high ? _("The password was not given, so the keys were not tried.")
                        : _("The use was not allowed, so the keys were not tried.")),
         high ? _("If you have forgotten it, your organization can give your keys back under a new keyset name.")
              : _("Test again and allow it."));
  else
    add (findings, NULL, SIGNET_CHECK_PASSWORD, SIGNET_HEALTH_FAILED, g_strdup (locked->message),
         _("Restore the keyset from a backup, or ask your organization to recover it."));
}

static void
check_current (GPtrArray *findings, SignetKeyset *keyset)
{
  SignetDigitalId *signing = signet_keyset_get_current (keyset, SIGNET_ID_SIGNING);
  SignetDigitalId *encryption = signet_keyset_get_current (keyset, SIGNET_ID_ENCRYPTION);

  if (signing == NULL)
    add (findings, NULL, SIGNET_CHECK_PURPOSE, SIGNET_HEALTH_WARNING, g_strdup (_("It cannot sign mail.")),
         _("Get a digital ID for signing if you want to."));
  if (encryption == NULL)
    add (findings, NULL, SIGNET_CHECK_PURPOSE, SIGNET_HEALTH_WARNING,
         g_strdup (_("Nobody can send you encrypted mail with it.")),
         _("Get a digital ID for encryption if you want to."));
}

/* --- one ID --- */

/* Not at a time when the dates of the ID itself, which have a line of their own, stand against it. */
static void
check_chain (GPtrArray *findings, SignetDigitalId *id, gint64 at)
{
  g_autoptr (GPtrArray) others = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  gint64 then = CLAMP (at, signet_certificate_get_not_before (id->certificate),
                       signet_certificate_get_not_after (id->certificate) - 1);

  if (id->chain == NULL || id->chain->len == 0) {
    add (findings, id, SIGNET_CHECK_CHAIN, SIGNET_HEALTH_WARNING,
         g_strdup (_("The certificates of the authority that issued it are missing.")),
         _("Others may not be able to check your signatures. Import the ID again from a file that holds them."));
    return;
  }
  for (guint i = 0; i + 1 < id->chain->len; i++)
    g_ptr_array_add (others, id->chain->pdata[i]);
  SignetCertificate *root = id->chain->pdata[id->chain->len - 1];
  if (signet_path_validate (id->certificate, others, root, SIGNET_PATH_MAIL, then, &error))
    add (findings, id, SIGNET_CHECK_CHAIN, SIGNET_HEALTH_GOOD,
         g_strdup_printf (_("It was issued under “%s”."), signet_certificate_get_subject (root)), NULL);
  else
    add (findings, id, SIGNET_CHECK_CHAIN, SIGNET_HEALTH_FAILED,
         g_strdup_printf (_("Mail programs will not see that it was issued under “%s”."),
                          signet_certificate_get_subject (root)), error->message);
}

static void
check_purpose (GPtrArray *findings, SignetDigitalId *id)
{
  gboolean signing = id->use == SIGNET_ID_SIGNING;

  if (signing ? signet_certificate_can_sign (id->certificate) : signet_certificate_can_encrypt (id->certificate))
    add (findings, id, SIGNET_CHECK_PURPOSE, SIGNET_HEALTH_GOOD,
         g_strdup (signing ? _("It may sign mail.") : _("Mail may be encrypted with it.")), NULL);
  else
    add (findings, id, SIGNET_CHECK_PURPOSE, SIGNET_HEALTH_FAILED,
         g_strdup (signing ? _("It was not issued for signing mail.") : _("It was not issued for encrypting mail.")),
         _("Mail programs will not use it. Ask your organization for one for mail."));
}

static gboolean
share_address (SignetCertificate *a, SignetCertificate *b)
{
  const char *const *addresses = signet_certificate_get_addresses (a);

  for (guint i = 0; addresses[i] != NULL; i++)
    if (signet_certificate_has_address (b, addresses[i]))
      return TRUE;
  return FALSE;
}

static void
check_address (GPtrArray *findings, SignetKeyset *keyset, SignetDigitalId *id)
{
  const char *const *list = signet_certificate_get_addresses (id->certificate);
  g_autofree char *addresses = g_strjoinv (", ", (char **) list);
  SignetDigitalId *signing = signet_keyset_get_current (keyset, SIGNET_ID_SIGNING);

  if (list[0] == NULL)
    add (findings, id, SIGNET_CHECK_ADDRESS, SIGNET_HEALTH_FAILED, g_strdup (_("It names no mail address.")),
         _("Mail programs will not find it. Ask your organization for one with your address."));
  else if (id->use == SIGNET_ID_ENCRYPTION && signing != NULL &&
           !share_address (signing->certificate, id->certificate))
    add (findings, id, SIGNET_CHECK_ADDRESS, SIGNET_HEALTH_WARNING,
         g_strdup_printf (_("It is for %s, and the signing ID for another address."), addresses),
         _("Whoever answers your signed mail will not find it. Get both for the same address."));
  else
    add (findings, id, SIGNET_CHECK_ADDRESS, SIGNET_HEALTH_GOOD, g_strdup_printf (_("It is for %s."), addresses), NULL);
}

static void
check_dates (GPtrArray *findings, SignetDigitalId *id, gint64 at)
{
  gint64 begin = signet_certificate_get_not_before (id->certificate);
  gint64 end = signet_certificate_get_not_after (id->certificate);
  g_autofree char *first = format_day (begin), *last = format_day (end);

  if (at > end)
    add (findings, id, SIGNET_CHECK_DATES, SIGNET_HEALTH_FAILED, g_strdup_printf (_("It expired on %s."), last),
         id->use == SIGNET_ID_SIGNING
           ? _("Renew it, or ask your organization for a new one.")
           : _("Renew it, or ask your organization for a new one. It still opens old mail."));
  else if (at < begin)
    add (findings, id, SIGNET_CHECK_DATES, SIGNET_HEALTH_FAILED, g_strdup_printf (_("It is not valid before %s."),
                                                                                first),
         _("Check the date of this computer, or wait."));
  else if (end - at < SOON)
    add (findings, id, SIGNET_CHECK_DATES, SIGNET_HEALTH_WARNING, g_strdup_printf (_("It expires on %s."), last),
         _("Renew it before."));
  else
    add (findings, id, SIGNET_CHECK_DATES, SIGNET_HEALTH_GOOD, g_strdup_printf (_("It is valid until %s."), last),
         NULL);
}

static char *
describe_unknown (const SignetRevocationState *state)
{
  g_autofree char *day = state != NULL && state->checked != 0 ? format_day (state->checked) : NULL;

  return day != NULL ? g_strdup_printf (_("Whether it was revoked could not be checked since %s."), day)
                     : g_strdup (_("Whether it was revoked could not be checked."));
}

static void
check_revocation (GPtrArray *findings, SignetDigitalId *id, const SignetRevocationState *state, gint64 at)
{
  SignetRevocationVerdict verdict = state != NULL ? state->status.verdict : SIGNET_REVOCATION_UNKNOWN;
  g_autofree char *day = verdict == SIGNET_REVOCATION_REVOKED ? format_day (state->status.revoked) : NULL;

  if (verdict == SIGNET_REVOCATION_REVOKED)
    add (findings, id, SIGNET_CHECK_REVOCATION, SIGNET_HEALTH_FAILED,
         g_strdup_printf (_("Its authority has revoked it on %s."), day),
         _("Mail programs will refuse it. Ask your organization for a new one."));
  else if (verdict == SIGNET_REVOCATION_GOOD)
    add (findings, id, SIGNET_CHECK_REVOCATION, SIGNET_HEALTH_GOOD, g_strdup (_("It has not been revoked.")), NULL);
  else if (at <= signet_certificate_get_not_after (id->certificate))     /* after that nobody is asked any more */
    add (findings, id, SIGNET_CHECK_REVOCATION, SIGNET_HEALTH_WARNING, describe_unknown (state),
         state != NULL && state->problem != NULL ? state->problem->message : _("Try again later."));
}

static void
check_key (GPtrArray *findings, SignetDigitalId *id, SignetPrivateKey *key)
{
  GBytes *der = signet_certificate_get_der (id->certificate);
  gboolean signing = id->use == SIGNET_ID_SIGNING;
  g_autoptr (GError) error = NULL;

  if (signing ? signet_cms_try_signing (key, der, &error) : signet_cms_try_encryption (key, der, &error))
    add (findings, id, SIGNET_CHECK_KEY, SIGNET_HEALTH_GOOD,
         g_strdup (signing ? _("Its key signs, and the signature is good.")
                           : _("Its key opens what was encrypted with it.")), NULL);
  else
    add (findings, id, SIGNET_CHECK_KEY, SIGNET_HEALTH_FAILED, g_strdup (error->message),
         _("Restore the keyset from a backup, or ask your organization to recover it."));
}

static void
check_id (GPtrArray *findings, SignetKeyset *keyset, SignetDigitalId *id, SignetPrivateKey *key,
          const SignetRevocationState *state, gint64 at)
{
  if (id->current) {
    check_chain (findings, id, at);
    check_purpose (findings, id);
    check_address (findings, keyset, id);
    check_dates (findings, id, at);
    check_revocation (findings, id, state, at);
  }
  if (key != NULL)
    check_key (findings, id, key);
}

GPtrArray *
signet_keyset_check_health (SignetKeyset *keyset, GPtrArray *keys, const GError *locked, GPtrArray *states, gint64 at,
                            GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_finding_free);
  GPtrArray *ids = signet_keyset_get_ids (keyset);

  check_password (findings, keyset, keys, locked);
  check_current (findings, keyset);
  for (guint i = 0; i < ids->len; i++) {
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return NULL;
    check_id (findings, keyset, ids->pdata[i], keys != NULL ? keys->pdata[i] : NULL, states->pdata[i], at);
  }
  return g_steal_pointer (&findings);
}

SignetHealth
signet_findings_get_worst (GPtrArray *findings)
{
  SignetHealth worst = SIGNET_HEALTH_GOOD;

  for (guint i = 0; i < findings->len; i++)
    worst = MAX (worst, ((SignetFinding *) findings->pdata[i])->health);
  return worst;
}
