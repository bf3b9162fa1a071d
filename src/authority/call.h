/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  SIGNET_CALL_INFO,
  SIGNET_CALL_SUBMIT,              /* ADDRESS, KEY, BODY */
  SIGNET_CALL_FETCH,               /* ID */
  SIGNET_CALL_CONFIRM,             /* ID, BODY */
  SIGNET_CALL_REVOKE,              /* BODY */
} SignetCallKind;

/* The answers that are given, by their numbers in HTTP (RFC 9110 section 15, RFC 6585). */
typedef enum {
  SIGNET_STATUS_OK = 200,
  SIGNET_STATUS_ACCEPTED = 202,
  SIGNET_STATUS_NO_CONTENT = 204,
  SIGNET_STATUS_BAD_REQUEST = 400,
  SIGNET_STATUS_UNAUTHORIZED = 401,
  SIGNET_STATUS_FORBIDDEN = 403,
  SIGNET_STATUS_NOT_FOUND = 404,
  SIGNET_STATUS_METHOD_NOT_ALLOWED = 405,
  SIGNET_STATUS_CONFLICT = 409,
  SIGNET_STATUS_GONE = 410,
  SIGNET_STATUS_TOO_LARGE = 413,
  SIGNET_STATUS_UNSUPPORTED_TYPE = 415,
  SIGNET_STATUS_UNPROCESSABLE = 422,
  SIGNET_STATUS_TOO_MANY = 429,
  SIGNET_STATUS_UNAVAILABLE = 503,
} SignetStatus;

/* One question and its answer. */
typedef struct {
  SignetCallKind kind;
  char *id;
  char *address;                   /* as the client wrote it; or NULL */
  SignetSecret *key;               /* likewise */
  GBytes *body;

  SignetStatus status;
  const char *content_type;        /* NULL: no body */
  GBytes *answer;
  char *location;                  /* or NULL */
  gint64 retry_after;              /* seconds; -1: not said */
} SignetCall;

SignetCall *signet_call_new (SignetCallKind kind);
void signet_call_free (SignetCall *self);

/* The request ID was taken in, now or before.  QUEUED: its reply waits for a key; the client may soon ask for it. */
void signet_call_accept (SignetCall *self, const char *id, gboolean queued);

/* The answer of an error: STATUS and { "error": "TEXT" }. */
void signet_call_refuse (SignetCall *self, SignetStatus status, const char *text);

/* SIGNET_STATUS_UNAVAILABLE, and when to come again.  ERROR, which only the log gets: why the database does not answer;
 * or NULL, when too many ask at once. */
void signet_call_refuse_busy (SignetCall *self, const GError *error);

/* SIGNET_STATUS_CONFLICT: its id is that of another request. */
void signet_call_refuse_conflict (SignetCall *self);

/* The status for a body that could not be read because of ERROR. */
SignetStatus signet_call_status_for (const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetCall, signet_call_free)

G_END_DECLS
