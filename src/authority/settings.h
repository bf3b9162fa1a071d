/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "crypto/private-key.h"

G_BEGIN_DECLS

typedef enum {
  SIGNET_DELIVERY_NONE,
  SIGNET_DELIVERY_MAILDIR,
  SIGNET_DELIVERY_SENDMAIL,
  SIGNET_DELIVERY_SMTP,
} SignetDeliveryMethod;

/* What the administrator decided: authority.conf, checked, with every default filled in. */
typedef struct {
  char *name;
  char **domains;                    /* whose mailboxes may be invited */
  char *url;                         /* what invitations name: https, without a trailing slash */
  char *host;                        /* of url: what the TLS certificate is for */
  char *listen;                      /* ADDRESS:PORT */
  char *notice;                      /* the escrow notice; NULL: the usual one */

  char *crl_url;                     /* plain http (RFC 5280 section 8: https here can go round in circles) */
  char *crl_path;                    /* of crl_url, "/authority.crl" */
  char *crl_listen;                  /* ADDRESS:PORT; NULL: another web server offers it */

  guint signing;                     /* accepted keys: bits 1 << SignetKeyAlgorithm */
  SignetKeyAlgorithm encryption;     /* the keys that the authority makes */
  guint lifetime_days;
  guint temporary_key_hours;
  guint reply_days;
  guint renewal_days;                /* from which on, before its end, an ID may be renewed; 0: always */
  guint recovery_hours;              /* within which officers must approve */
  guint key_pool;                    /* RSA keys made ahead */

  SignetDeliveryMethod delivery;
  char *maildir;                     /* absolute; {address} stands for the address */
  char *sendmail;
  char *smtp;                        /* smtp:// or smtps:// URL */
  char *smtp_user;                   /* or NULL */
  char *smtp_password_file;          /* or NULL */
  char *smtp_ca_file;                /* or NULL: the system's */
  char *from;

  guint wrong_keys;
  guint lock_minutes;
  guint renewals_per_day;            /* of one keyset */
} SignetSettings;

/* Reads the text of a configuration file.  DIRECTORY is where {DIR} and the default Maildir are.  An unknown group, key
 * or value is SIGNET_ERROR_INVALID with a sentence that names it. */
SignetSettings *signet_settings_parse (const char *text, gsize length, const char *directory, GError **error);
SignetSettings *signet_settings_load (const char *directory, GError **error);
void signet_settings_free (SignetSettings *self);

/* What `init` was told; NULL stands for the default. */
typedef struct {
  const char *name;
  const char *domain;
  const char *url;
  const char *listen;
  const char *crl_url;
  const char *crl_listen;
  const char *encryption;
  const char *delivery;
  const char *maildir;
} SignetSettingsSeed;

/* The text of a first configuration file, every setting explained. */
char *signet_settings_write (const SignetSettingsSeed *seed);

/* Whether the authority serves ADDRESS, a normalized mail address: its domain is one of its own. */
gboolean signet_settings_serves (SignetSettings *self, const char *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetSettings, signet_settings_free)

G_END_DECLS
