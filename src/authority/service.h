/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/authority.h"
#include "authority/call.h"

G_BEGIN_DECLS

/* What the authority does for clients, without the HTTP around it: takes requests in, gives replies out. */
typedef struct _SignetService SignetService;

typedef void (*SignetCallDone) (SignetCall *call, gpointer data);

/* AUTHORITY must outlive it.  ISSUED is called, in any thread, when a reply may have become due for delivery. */
SignetService *signet_service_new (SignetAuthority *authority, guint threads, void (*issued) (gpointer data),
                                   gpointer issued_data);

/* When no call is under way any more. */
void signet_service_free (SignetService *self);

/* Answers CALL, which is the service's until DONE is called in the main context's thread, once. */
void signet_service_handle (SignetService *self, SignetCall *call, SignetCallDone done, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetService, signet_service_free)

G_END_DECLS
