/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "revocation/check.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "cert/crl.h"
#include "cert/ocsp.h"
#include "crypto/random.h"
#include "revocation/fetch.h"

#define DAY (24 * 3600)
#define NONCE_LENGTH 16     /* RFC 9654 section 2.1 allows 1 to 128; 16 is what responders of RFC 8954 take */

typedef struct {
  SignetRevocationCache *cache;
  SignetCertificate *certificate;
  SignetCertificate *issuer;
  GCancellable *cancellable;
  gint64 now;
  SignetRevocationState *state;
} Check;

static SignetCertificate *
find_issuer (SignetCertificate *certificate, GPtrArray *issuers)
{
  for (guint i = 0; issuers != NULL && i < issuers->len; i++)
    if (signet_certificate_names_issuer (certificate, issuers->pdata[i]))
      return issuers->pdata[i];
  return NULL;
}

static char *
name_crl (Check *self, const char *url)
{
  return signet_revocation_cache_make_name ("crl", signet_certificate_get_spki (self->issuer), url);
}

static char *
name_ocsp (Check *self, const char *url)
{
  return signet_revocation_cache_make_name ("ocsp", signet_certificate_get_der (self->certificate), url);
}

/* --- what is known --- */

/* STATUS, asked for at FETCHED, beside what was found before: what can never change wins, else the newest.  Whether it
 * did. */
static gboolean
take (Check *self, const SignetRevocationStatus *status, gint64 fetched)
{
  SignetRevocationStatus *known = &self->state->status;
  gboolean final = signet_revocation_is_final (status), known_final = signet_revocation_is_final (known);

  if (final != known_final ? known_final : status->this_update < known->this_update)
    return FALSE;
  *known = *status;
  self->state->checked = fetched;
  return TRUE;
}

/* A file that claims to be from the future is as old as its answer. */
static gint64
get_age (Check *self, const SignetRevocationStatus *status, gint64 fetched)
{
  return fetched <= self->now && fetched >= status->this_update ? fetched : MIN (status->this_update, self->now);
}

static void
take_cached (Check *self, GBytes *answer, gint64 fetched, gboolean is_crl)
{
  SignetRevocationStatus status = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean counts = is_crl ? signet_crl_read (answer, self->certificate, self->issuer, self->now, &status, &error)
                           : signet_ocsp_read (answer, self->certificate, self->issuer, NULL, self->now, &status,
                                               &error);

  if (counts)
    take (self, &status, get_age (self, &status, fetched));
  else if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_EXPIRED) && fetched <= self->now)
    self->state->checked = MAX (self->state->checked, fetched);      /* since then nothing is known */
}

static void
load_cached (Check *self, const char *name, gsize max, gboolean is_crl)
{
  gint64 fetched = 0;
  g_autoptr (GBytes) answer = signet_revocation_cache_load (self->cache, name, max, &fetched);

  if (answer != NULL)
    take_cached (self, answer, fetched, is_crl);
}

static void
load_all (Check *self, char **crl_urls, char **ocsp_urls)
{
  for (guint i = 0; crl_urls[i] != NULL; i++) {
    g_autofree char *name = name_crl (self, crl_urls[i]);
    load_cached (self, name, SIGNET_MAX_CRL, TRUE);
  }
  for (guint i = 0; ocsp_urls[i] != NULL; i++) {
    g_autofree char *name = name_ocsp (self, ocsp_urls[i]);
    load_cached (self, name, SIGNET_MAX_OCSP, FALSE);
  }
}

gint64
signet_revocation_get_due (const SignetRevocationState *state)
{
  const SignetRevocationStatus *status = &state->status;

  if (signet_revocation_is_final (status))
    return G_MAXINT64;
  if (state->checked == 0 || status->this_update == 0)
    return 0;
  gint64 half = status->next_update != 0 ? MAX (status->next_update - state->checked, 0) / 2 : DAY / 2;
  return state->checked + MIN (half, DAY);
}

/* --- asking --- */

/* What could not be kept is asked for again next time. */
static void
keep (Check *self, const char *name, GBytes *answer, const SignetRevocationStatus *status)
{
  g_autoptr (GError) error = NULL;

  if (take (self, status, self->now) &&
      !signet_revocation_cache_save (self->cache, name, answer, self->now, &error))
    g_info ("%s", error->message);
}

static gboolean
ask_crl (Check *self, const char *url, GError **error)
{
  g_autoptr (GBytes) crl = signet_revocation_fetch (url, NULL, SIGNET_MAX_CRL, self->cancellable, error);
  g_autofree char *name = name_crl (self, url);
  SignetRevocationStatus status;

  if (crl == NULL || !signet_crl_read (crl, self->certificate, self->issuer, self->now, &status, error))
    return FALSE;
  keep (self, name, crl, &status);
  return TRUE;
}

static gboolean
ask_ocsp (Check *self, const char *url, GError **error)
{
  g_autoptr (GBytes) nonce = signet_random_bytes (NONCE_LENGTH);
  g_autoptr (GBytes) question = signet_ocsp_make_request (self->certificate, self->issuer, nonce, error);
  g_autofree char *name = name_ocsp (self, url);
  SignetRevocationStatus status;

  if (question == NULL)
    return FALSE;
  g_autoptr (GBytes) answer = signet_revocation_fetch (url, question, SIGNET_MAX_OCSP, self->cancellable, error);
  if (answer == NULL ||
      !signet_ocsp_read (answer, self->certificate, self->issuer, nonce, self->now, &status, error))
    return FALSE;
  keep (self, name, answer, &status);
  return TRUE;
}

/* The last failure is the one that is told. */
static gboolean
ask_each (Check *self, char **urls, gboolean (*ask) (Check *, const char *, GError **))
{
  for (guint i = 0; urls[i] != NULL && !g_cancellable_is_cancelled (self->cancellable); i++) {
    g_clear_error (&self->state->problem);
    if (ask (self, urls[i], &self->state->problem))
      return TRUE;
  }
  return FALSE;
}

static void
ask_all (Check *self, char **crl_urls, char **ocsp_urls)
{
  if (ask_each (self, crl_urls, ask_crl))
    return;

  g_autoptr (GError) first = g_steal_pointer (&self->state->problem);
  if (!ask_each (self, ocsp_urls, ask_ocsp) && self->state->problem == NULL)
    self->state->problem = g_steal_pointer (&first);
}

static void
check (Check *self, SignetCheckHow how)
{
  g_auto (GStrv) crl_urls = signet_revocation_get_crl_urls (self->certificate);
  g_auto (GStrv) ocsp_urls = signet_revocation_get_ocsp_urls (self->certificate);

  if (crl_urls[0] == NULL && ocsp_urls[0] == NULL) {
    g_set_error_literal (&self->state->problem, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND,
                         _("The certificate does not say where to ask."));
    return;
  }
  load_all (self, crl_urls, ocsp_urls);
  if (how == SIGNET_CHECK_NOW || (how == SIGNET_CHECK_DUE && signet_revocation_get_due (self->state) <= self->now))
    ask_all (self, crl_urls, ocsp_urls);
}

SignetRevocationState *
signet_revocation_check (SignetRevocationCache *cache, SignetCertificate *certificate, GPtrArray *issuers,
                         SignetCheckHow how, GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetRevocationState) state = signet_revocation_state_new ();
  Check self = { cache, certificate, find_issuer (certificate, issuers), cancellable, signet_clock_now (), state };

  if (self.issuer == NULL)
    g_set_error_literal (&state->problem, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND,
                         _("The certificate of the authority that issued it is missing."));
  else
    check (&self, how);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&state);
}
