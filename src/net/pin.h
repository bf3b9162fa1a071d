/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Trust by a pin instead of by a list of authorities.  A server is trusted when the chain that it presents leads, with
 * every signature, date, name and purpose in order, to a CA certificate whose SubjectPublicKeyInfo has the SHA-256 PIN
 * (RFC 7469 section 2.4 for what is hashed, RFC 5280 section 6 for the path, RFC 9110 section 4.3.4 for the name).
 *
 * The pin names a CA's key, so the server's own certificate never fits it, and the server must send the pinned
 * certificate along.  Whoever sends that could have written it: it proves nothing by being there, only by what its key
 * has signed. */
#define SIGNET_TYPE_PIN_DATABASE (signet_pin_database_get_type ())
G_DECLARE_FINAL_TYPE (SignetPinDatabase, signet_pin_database, SIGNET, PIN_DATABASE, GTlsDatabase)

GTlsDatabase *signet_pin_database_new (GBytes *pin);

G_END_DECLS
