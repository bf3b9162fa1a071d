/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* A TLS server on a free port of 127.0.0.1 that does to each client what its plan says, in a thread of its own.  It
 * serves one client after the other and writes down what they said. */
typedef struct _HostileServer HostileServer;

typedef enum {
  HOSTILE_AFTER_REQUEST,    /* the plan begins when the whole request was read */
  HOSTILE_AFTER_HEAD,       /* when its header was read; the body is left where it is */
  HOSTILE_AFTER_ACCEPT,     /* at once, without TLS */
  HOSTILE_AFTER_HELLO,      /* when the client has begun with TLS; without TLS from our side */
} HostileStage;

typedef enum {
  HOSTILE_CLOSE,            /* with TLS's good-bye */
  HOSTILE_CUT,              /* without */
  HOSTILE_HOLD,             /* not at all: until the client goes */
} HostileEnd;

typedef struct {
  HostileStage stage;
  const char *answer;       /* sent first; or NULL */
  GBytes *more;             /* then this; or NULL */
  const char *flood;        /* then this, again and again, as fast as can be; or NULL */
  guint drip;               /* or with so many milliseconds between one byte and the next */
  HostileEnd end;
} HostilePlan;

/* PLAN is the caller's and outlives the server; CERTIFICATE is what it presents. */
HostileServer *hostile_server_new (GTlsCertificate *certificate, const HostilePlan *plan);
void hostile_server_free (HostileServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HostileServer, hostile_server_free)

guint hostile_server_get_port (HostileServer *self);

/* "https://127.0.0.1:PORT" and PATH. */
char *hostile_server_get_url (HostileServer *self, const char *path);

/* A listener on a free port of 127.0.0.1, for other servers. */
GSocketListener *hostile_server_listen (guint *port);

/* How many have connected; and all that they said inside TLS. */
guint hostile_server_get_connections (HostileServer *self);
char *hostile_server_get_received (HostileServer *self);

/* Blocks until the plan's stage was reached, and, if it sends something, something was sent. */
void hostile_server_wait (HostileServer *self);
