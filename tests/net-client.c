/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* net-client [--bare] URL PIN…: one exchange after the other in one process, each with the next pin ("-": the system's
 * trust), and one line on each: "200", "200 resumed" where the server says so in its answer, or "error CODE".
 * Apart from the tests, for GIO does not resume TLS sessions in a process that has called g_test_init().
 * --bare: without what signet_process_init() sets. */
#include "net/http.h"

#include "base/hex.h"
#include "base/process.h"

#include <string.h>

static void
exchange (const char *url, GBytes *pin)
{
  g_autoptr (SignetSecret) password = signet_secret_new_text ("secret");
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetHttpAnswer) answer = signet_http_send (&(SignetHttpRequest) {
    .method = "GET", .url = url, .pin = pin, .user = "asa@example.org", .password = password, .max_body = 100000,
    .timeout = 20 }, NULL, &error);

  if (answer == NULL) {
    g_print ("error %d\n", error->code);
    g_printerr ("%s\n", error->message);
  } else {
    const char *body = g_bytes_get_data (answer->body, NULL);
    gboolean resumed = body != NULL && g_strstr_len (body, g_bytes_get_size (answer->body), "\nReused, ") != NULL;
    g_print ("%u%s\n", answer->status, resumed ? " resumed" : "");
  }
}

int
main (int argc, char **argv)
{
  int first = 1;

  if (argc > 1 && g_str_equal (argv[1], "--bare"))
    first++;
  else
    signet_process_init ();
  for (int i = first + 1; i < argc; i++) {
    g_autoptr (GBytes) pin = signet_hex_decode (argv[i], 32);
    if (pin == NULL && !g_str_equal (argv[i], "-"))
      return 2;
    exchange (argv[first], pin);
  }
  return 0;
}
