/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/audit.h"

G_BEGIN_DECLS

/* The rows of the audit log; authority/audit.h decides what is in them. */

/* The last entry's number and hash; 0 and NULL when there is none. */
gboolean signet_database_get_audit_head (SignetDatabase *self, gint64 *number, GBytes **hash, GError **error);
gboolean signet_database_add_audit (SignetDatabase *self, const SignetAuditEntry *entry, GError **error);

/* (element-type SignetAuditEntry): at most LIMIT entries after NUMBER, in order. */
GPtrArray *signet_database_list_audit (SignetDatabase *self, gint64 number, guint limit, GError **error);

/* How many requests were refused since then, as far as LIMIT. */
gboolean signet_database_count_refused (SignetDatabase *self, gint64 since, guint limit, gint64 *count, GError **error);

G_END_DECLS
