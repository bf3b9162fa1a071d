/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The one error domain of Signet.  Callers and tests branch on the code; the text is for people: what happened, then
 * what to do.  A cancelled operation is G_IO_ERROR_CANCELLED, as everywhere in GLib.  A code keeps its number: pending
 * requests are stored with it. */
#define SIGNET_ERROR (signet_error_quark ())

typedef enum {
  SIGNET_ERROR_FAILED,            /* nothing finer can be said */
  SIGNET_ERROR_INVALID,           /* not well formed, or a value that is not allowed */
  SIGNET_ERROR_TOO_LARGE,         /* past a cap of base/limits.h */
  SIGNET_ERROR_UNSUPPORTED,       /* a version or an algorithm that this program does not know */
  SIGNET_ERROR_DAMAGED,           /* was ours and is no longer whole, or was altered on its way */
  SIGNET_ERROR_WRONG_PASSWORD,
  SIGNET_ERROR_UNTRUSTED,         /* wrong pin, wrong certificate, wrong signer */
  SIGNET_ERROR_EXPIRED,
  SIGNET_ERROR_NOT_FOR_US,        /* a reply that no request of this store fits */
  SIGNET_ERROR_REMOVED,           /* a reply to a request that the user removed */
  SIGNET_ERROR_ALREADY_INSTALLED,
  SIGNET_ERROR_EXISTS,            /* a keyset of that name is there already */
  SIGNET_ERROR_NOT_FOUND,
  SIGNET_ERROR_BUSY,              /* another Signet is at it, or the other side asks to wait */
  SIGNET_ERROR_UNREACHABLE,       /* the server did not answer, or not in full, or not in time */
  SIGNET_ERROR_REFUSED,           /* the authority understood and said no */
  SIGNET_ERROR_NO_STORE,          /* the desktop has no Secret Service */
  SIGNET_ERROR_LOCKED,            /* the Secret Service stays locked */
  SIGNET_ERROR_CHANGED,           /* another Signet changed it meanwhile; look again */
} SignetError;

GQuark signet_error_quark (void);

G_END_DECLS
