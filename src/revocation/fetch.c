/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "revocation/fetch.h"

#include "base/error.h"
#include "base/i18n.h"
#include "net/http.h"

#define TIMEOUT 30      /* seconds */

GBytes *
signet_revocation_fetch (const char *url, GBytes *question, gsize max, GCancellable *cancellable, GError **error)
{
  SignetHttpRequest request = { .method = question != NULL ? "POST" : "GET", .url = url, .plain = TRUE,
                                .content_type = "application/ocsp-request", .body = question, .max_body = max,
                                .timeout = TIMEOUT };
  g_autoptr (SignetHttpAnswer) answer = signet_http_send (&request, cancellable, error);

  if (answer == NULL)
    return NULL;
  if (answer->status != 200) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE,
                 _("The authority's server did not give what was asked for (it answered %u). Try again later."),
                 answer->status);
    return NULL;
  }
  return g_bytes_ref (answer->body);
}
