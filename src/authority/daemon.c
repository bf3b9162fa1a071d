/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/daemon.h"

#include "authority/crl-server.h"
#include "authority/crl.h"
#include "authority/database-users.h"
#include "authority/outbox.h"
#include "authority/serve-lock.h"
#include "authority/server.h"
#include "authority/service.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/job.h"

#include <glib-unix.h>

#define UPKEEP_PERIOD 3600         /* seconds between two looks at the list of revoked certificates and the like */
#define URGENT_PERIOD 2            /* seconds between two looks whether an administrator has revoked something */
#define DESCRIBE_PERIOD 2          /* seconds between two notes of how the daemon is doing */
#define STOP_PERIOD 20             /* ms between two looks whether everything under way is done */
#define STOP_LIMIT 500             /* such looks */

typedef struct {
  SignetServeLock *lock;
  SignetAuthority *authority;
  SignetOutbox *outbox;
  SignetService *service;
  SignetServer *server;
  SignetCrlServer *crl_server;     /* NULL: another web server offers the list */
  char *url;
  GMainLoop *loop;
  gboolean upkeep_runs;
  guint stop_looks;
} Daemon;

/* In the order in which nothing is taken from under somebody. */
static void
daemon_clear (Daemon *self)
{
  g_clear_pointer (&self->server, signet_server_free);
  g_clear_pointer (&self->crl_server, signet_crl_server_free);
  g_clear_pointer (&self->service, signet_service_free);
  g_clear_pointer (&self->outbox, signet_outbox_free);
  g_clear_pointer (&self->authority, signet_authority_close);
  g_clear_pointer (&self->lock, signet_serve_lock_free);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_free (self->url);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Daemon, daemon_clear)

/* --- upkeep: what time alone makes necessary --- */

typedef struct {
  GBytes *crl;
  SignetTlsCredentials *credentials;
} Upkeep;

static void
upkeep_free (gpointer data)
{
  Upkeep *upkeep = data;

  g_clear_pointer (&upkeep->crl, g_bytes_unref);
  g_clear_pointer (&upkeep->credentials, signet_tls_credentials_unref);
  g_free (upkeep);
}

static gboolean
prune (SignetDatabase *database, gpointer data, GError **error)
{
  SignetSettings *settings = data;

  return signet_database_prune (database, signet_clock_now (), (gint64) settings->lock_minutes * 60, error);
}

static gpointer
do_upkeep (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  SignetAuthority *authority = data;
  Upkeep *upkeep = g_new0 (Upkeep, 1);
  gint64 now = signet_clock_now ();

  if (signet_writer_run (authority->writer, prune, authority->settings, error) &&
      signet_crl_refresh (authority, now, &upkeep->crl, error))
    upkeep->credentials = signet_authority_keys_load_tls (authority->directory, authority->settings, now, error);
  if (upkeep->credentials != NULL)
    return upkeep;
  upkeep_free (upkeep);
  return NULL;
}

/* Takes UPKEEP over; NULL: ERROR.  An empty one: there was nothing to do. */
static void
use_upkeep (Daemon *self, Upkeep *upkeep, const GError *error)
{
  self->upkeep_runs = FALSE;
  if (upkeep == NULL) {
    g_message ("The authority's upkeep failed: %s", error->message);
    return;
  }
  if (upkeep->credentials != NULL)
    signet_server_set_credentials (self->server, upkeep->credentials);
  if (upkeep->crl != NULL && self->crl_server != NULL)
    signet_crl_server_set_crl (self->crl_server, upkeep->crl);
  upkeep_free (upkeep);
}

static void
upkeep_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  use_upkeep (data, signet_job_finish (NULL, result, do_upkeep, &error), error);
}

/* Whether there is something that users' programs should hear of soon. */
static gboolean
is_urgent (SignetAuthority *authority)
{
  SignetDatabase *reader = signet_authority_borrow_reader (authority);
  gboolean unlisted = FALSE;

  signet_database_has_unlisted (reader, &unlisted, NULL);
  signet_authority_return_reader (authority, reader);
  return unlisted;
}

static gpointer
do_urgent_upkeep (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  return is_urgent (data) ? do_upkeep (source, data, cancellable, error) : g_new0 (Upkeep, 1);
}

static void
urgent_upkeep_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  use_upkeep (data, signet_job_finish (NULL, result, do_urgent_upkeep, &error), error);
}

static gboolean
start_urgent_upkeep (gpointer data)
{
  Daemon *self = data;

  if (self->upkeep_runs)
    return G_SOURCE_CONTINUE;
  self->upkeep_runs = TRUE;
  signet_job_run (NULL, do_urgent_upkeep, do_urgent_upkeep, self->authority, NULL, upkeep_free, NULL,
                  urgent_upkeep_done, self);
  return G_SOURCE_CONTINUE;
}

static gboolean
start_upkeep (gpointer data)
{
  Daemon *self = data;

  if (self->upkeep_runs)
    return G_SOURCE_CONTINUE;
  self->upkeep_runs = TRUE;
  signet_job_run (NULL, do_upkeep, do_upkeep, self->authority, NULL, upkeep_free, NULL, upkeep_done, self);
  return G_SOURCE_CONTINUE;
}

static gboolean
describe (gpointer data)
{
  Daemon *self = data;

  signet_serve_lock_describe (self->lock, self->url, signet_key_pool_count (self->authority->pool));
  return G_SOURCE_CONTINUE;
}

/* --- start and stop --- */

static gboolean
start (Daemon *self, const char *listen, const char *crl_listen, GError **error)
{
  SignetSettings *settings = self->authority->settings;
  g_autoptr (GBytes) crl = NULL;
  gint64 now = signet_clock_now ();
  guint threads = MAX (2, g_get_num_processors ());

  crl_listen = crl_listen != NULL ? crl_listen : settings->crl_listen;
  if (!signet_crl_refresh (self->authority, now, &crl, error))
    return FALSE;
  g_autoptr (SignetTlsCredentials) credentials =
    signet_authority_keys_load_tls (self->authority->directory, settings, now, error);
  if (credentials == NULL)
    return FALSE;

  self->outbox = signet_outbox_new (self->authority);
  self->service = signet_service_new (self->authority, threads, (void (*) (gpointer)) signet_outbox_wake, self->outbox);
  self->server = signet_server_new (self->service, credentials);
  if (!signet_server_listen (self->server, listen != NULL ? listen : settings->listen, error))
    return FALSE;
  if (crl_listen != NULL && !g_str_equal (crl_listen, "none")) {
    self->crl_server = signet_crl_server_new (self->authority, crl);
    if (!signet_crl_server_listen (self->crl_server, crl_listen, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
look_whether_done (gpointer data)
{
  Daemon *self = data;

  if (self->upkeep_runs || (!signet_server_is_done (self->server) && ++self->stop_looks < STOP_LIMIT))
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

static gboolean
stop (gpointer data)
{
  Daemon *self = data;

  signet_server_stop (self->server);
  g_timeout_add (STOP_PERIOD, look_whether_done, self);
  return G_SOURCE_REMOVE;
}

static void
serve (Daemon *self, SignetDaemonReady ready)
{
  g_autofree char *address = signet_server_get_address (self->server);

  self->url = g_strconcat ("https://", address, NULL);
  describe (self);
  g_unix_signal_add (SIGTERM, stop, self);
  g_unix_signal_add (SIGINT, stop, self);
  g_timeout_add_seconds (DESCRIBE_PERIOD, describe, self);
  g_timeout_add_seconds (UPKEEP_PERIOD, start_upkeep, self);
  g_timeout_add_seconds (URGENT_PERIOD, start_urgent_upkeep, self);
  ready (self->url);
  g_main_loop_run (self->loop);
}

gboolean
signet_daemon_run (const char *directory, const char *listen, const char *crl_listen, SignetDaemonReady ready,
                   GError **error)
{
  g_auto (Daemon) self = { 0 };

  self.loop = g_main_loop_new (NULL, FALSE);
  self.lock = signet_serve_lock_take (directory, error);
  self.authority = self.lock != NULL ? signet_authority_open (directory, MAX (2, g_get_num_processors ()) + 2, error)
                                     : NULL;
  if (self.authority == NULL || !start (&self, listen, crl_listen, error))
    return FALSE;
  serve (&self, ready);
  return TRUE;
}
